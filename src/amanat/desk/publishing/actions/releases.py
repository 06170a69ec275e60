"""What is done with releases."""

from __future__ import annotations

from amanat.desk.publishing.models import Draft


def schedule(draft: Draft) -> None:
    """Plan the release of an approved draft on each of its targets, at the moment it is wanted."""
