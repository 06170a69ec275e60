"""What rooms tell Today: where to look for things that wait for somebody, and what to say of each."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date, datetime
from typing import Any, NamedTuple

from django.db.models import Exists, QuerySet
from django.utils import timezone

LATE, DUE, SOON = 3, 2, 1
"""How heavy a thing weighs: late, so that harm is done; due now; coming."""
MOST = 50
"""How many rows of one source Today reads; the lists of the rooms show them all."""


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


class Source(NamedTuple):
    """Rows among which something may wait for a person, the most pressing first, and what to tell of them."""

    rows: QuerySet[Any]
    tell: Callable[[list[Any]], Iterable[Item]]


def gathered(person: QuerySet[Any], sources: Iterable[Source]) -> list[Item]:
    """What waits, of all sources. `person` is the one row of whoever asks.

    One question finds out which sources hold anything, and only those are read: most of them are empty on most days.
    """
    sources = list(sources)
    if not sources:
        return []
    holding = {f"s{number}": Exists(source.rows.order_by()) for number, source in enumerate(sources)}
    found = person.order_by().annotate(**holding).values_list(*holding).get()
    held = [source for source, is_held in zip(sources, found, strict=True) if is_held]
    return [item for source in held for item in source.tell(list(source.rows[:MOST]))]
