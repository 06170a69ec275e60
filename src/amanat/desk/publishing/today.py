"""What waits for a person in publishing: Today shows it."""

from __future__ import annotations

from amanat.desk.lib.waiting import Item
from amanat.desk.publishing.today_corrections import waiting as after_release
from amanat.desk.registry.models import Person


def waiting(person: Person) -> list[Item]:
    """What of its posts has to be put right, or looked at."""
    return after_release(person)
