"""What rooms tell Today: one thing that waits for somebody."""

from __future__ import annotations

from datetime import date, datetime
from typing import NamedTuple

from django.utils import timezone

LATE, DUE, SOON = 3, 2, 1
"""How heavy a thing weighs: late, so that harm is done; due now; coming."""


class Item(NamedTuple):
    """One thing that waits: since or until when, how heavy it weighs (LATE, DUE, SOON), what, why, where, the verb."""

    since: date | datetime
    weight: int
    what: str
    why: str
    url: str
    verb: str

    @property
    def day(self) -> date:
        """The day of `since`, here."""
        return timezone.localdate(self.since) if isinstance(self.since, datetime) else self.since

    @property
    def is_late(self) -> bool:
        """Whether waiting does harm already."""
        return self.weight >= LATE

    @property
    def is_ahead(self) -> bool:
        """Whether its day is still to come: the thing is due then."""
        return self.day > timezone.localdate()
