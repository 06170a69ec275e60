"""What the check is told of permissions, and clause pages of guidance: `urls` hands it down to `rules`."""

from __future__ import annotations

from datetime import date

from amanat.desk.permits.models import Guidance, Permit
from amanat.desk.registry.models import Person
from amanat.ruling import Permit as Permission


def permissions(person: Person, day: date) -> tuple[Permission, ...]:
    """The permissions that cover `day` for this person, the one that lasts longest first. It only reads."""
    rows = Permit.objects.in_force(day).filter(person=person).prefetch_related("cited").order_by("-ends_on")
    return tuple(_permission(row) for row in rows)


def guidance(clause: str) -> list[Guidance]:
    """What is published as guidance on a clause, the newest first."""
    return list(Guidance.objects.published().filter(permit__cited__clause=clause)[:20])


def _permission(row: Permit) -> Permission:
    assert row.number
    assert row.starts_on
    assert row.last_day
    # each is for one kind of act, some for one channel or on conditions, and no check can judge those
    return Permission(row.number, frozenset(row.clauses()), row.starts_on, row.last_day, has_conditions=True)
