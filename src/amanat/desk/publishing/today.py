"""What waits for a person in publishing: Today shows it."""

from __future__ import annotations

from amanat.desk.lib.waiting import Item
from amanat.desk.registry.models import Person


def waiting(person: Person) -> list[Item]:  # noqa: ARG001
    """Nothing yet."""
    return []
