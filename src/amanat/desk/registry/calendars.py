"""The working calendar of an office: its own, that of the nearest office above, or what its country has."""

from __future__ import annotations

import tomllib
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

from amanat.desk.lib.workdays import Workdays
from amanat.desk.registry.law import rulebook
from amanat.desk.registry.models import Calendar, Holiday, Office

_FILE = Path(__file__).parent / "data" / "weekends.toml"
_NOWHERE = frozenset({5, 6})
"""Where nobody says anything: Saturday and Sunday."""


@dataclass(frozen=True)
class Weekend:
    """On which days of the week an office rests, and who says so: an office, or what is usual (`grade`, no office)."""

    days: frozenset[int]
    office: int | None = None
    grade: str = ""


def workdays(office: Office) -> Workdays:
    """On which days `office` works. For several at once: `workdays_of`."""
    return workdays_of([office])[office.pk]


def workdays_of(offices: Iterable[Office]) -> dict[int, Workdays]:
    """On which days each of `offices` works, by its number: three queries, however many they are."""
    offices = list(offices)
    weekends = weekends_of(offices)
    holidays: dict[int, set[date]] = defaultdict(set)
    for number, day in Holiday.objects.filter(office__in=_above(offices)).values_list("office", "on"):
        holidays[number].add(day)
    return {
        office.pk: Workdays(
            weekends[office.pk].days,
            frozenset[date]().union(*(holidays[number] for number in office.ancestors() if number in holidays)),
        )
        for office in offices
    }


def weekends_of(offices: Iterable[Office]) -> dict[int, Weekend]:
    """The weekend of each of `offices`, by its number: the nearest that is set, else the usual one of its rules."""
    offices = list(offices)
    above = _above(offices)
    own = {row.office_id: row for row in Calendar.objects.filter(office__in=above)}
    packs = dict(Office.objects.filter(pk__in=above).exclude(pack="").values_list("pk", "pack"))
    found = {}
    for office in offices:
        path = office.ancestors()[::-1]
        setter = next((number for number in path if number in own), None)
        if setter is None:
            found[office.pk] = usual(next((packs[number] for number in path if number in packs), ""))
        else:
            found[office.pk] = Weekend(own[setter].days, setter)
    return found


def usual(pack: str) -> Weekend:
    """The weekend that is usual where those rules hold."""
    known = rulebook().packs.get(pack) if pack else None
    told = _usual().get(pack) or (_usual().get(known.country) if known else None)
    return told or Weekend(_NOWHERE, grade="unverified")


@cache
def _usual() -> dict[str, Weekend]:
    rows = tomllib.loads(_FILE.read_text(encoding="utf-8"))
    return {name: Weekend(frozenset(row["days"]), grade=row["grade"]) for name, row in rows.items()}


def _above(offices: Iterable[Office]) -> set[int]:
    return {number for office in offices for number in office.ancestors()}
