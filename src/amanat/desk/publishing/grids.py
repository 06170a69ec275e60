"""The grids of the calendar: what stands in which square. Pure: rows in, squares out."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from datetime import date, datetime, time, timedelta
from typing import NamedTuple

from django.utils import timezone

from amanat.desk.publishing.cadence import Week
from amanat.desk.publishing.models.drafts import start_of
from amanat.desk.publishing.workflow import OUT

__all__ = ["Cell", "Dot", "Entry", "Month", "Square", "Strip", "cells", "count", "month", "start_of", "strip"]

_WIDE, _HIGH, _HEAD = 100, 64, 28
"""Width and height of a day in the drawing of a month, and of its head."""
_BOX, _GAP = 22, 4
"""Size of a week in the drawing of the cadence, and the space between two."""
_MOST = 3
"""Drafts named in one square of the week; how many more there are is said."""


class Square(NamedTuple):
    """A day in the drawing of a month: where it is drawn, and how many drafts are out, planned and expired."""

    day: date
    x: int
    y: int
    is_in_month: bool
    is_today: bool
    out: int
    planned: int
    expired: int

    @property
    def number(self) -> int:
        """All of them."""
        return self.out + self.planned + self.expired


class Month(NamedTuple):
    """A month as squares, by weeks; `width` and `height` are those of the drawing."""

    weeks: list[list[Square]]
    heads: list[tuple[int, date]]
    width: int
    height: int


class Entry(NamedTuple):
    """A draft in a square of the week."""

    pk: int
    title: str
    state: str
    at: datetime


class Cell(NamedTuple):
    """A square of the week: what is said, how much more there is, which slots are free."""

    entries: list[Entry]
    more: int
    free: list[time]


class Dot(NamedTuple):
    """A week of a channel in the drawing of the cadence."""

    x: int
    week: Week
    kind: str


class Strip(NamedTuple):
    """The cadence as a drawing: a row of weeks for each channel."""

    rows: list[tuple[int, list[Dot]]]
    width: int
    height: int


def count(rows: Iterable[tuple[str, datetime | None]]) -> Mapping[date, Counter[str]]:
    """How many drafts of each state stand on each day."""
    found: defaultdict[date, Counter[str]] = defaultdict(Counter)
    zone = timezone.get_current_timezone()
    for state, moment in rows:
        if moment is not None:
            found[moment.astimezone(zone).date()][state] += 1
    return found


def month(counted: Mapping[date, Counter[str]], mondays: list[date], day: date, today: date, *, is_rtl: bool) -> Month:
    """The month of `day` from the `mondays` of its weeks; drawn from right to left where the page runs so."""
    weeks = []
    for row, monday in enumerate(mondays):
        days = [monday + timedelta(days=n) for n in range(7)]
        weeks.append(
            [_square(counted.get(one, Counter()), one, n, row, day, today, is_rtl) for n, one in enumerate(days)]
        )
    heads = [(_across(n, is_rtl), mondays[0] + timedelta(days=n)) for n in range(7)]
    return Month(weeks, heads, 7 * _WIDE, _HEAD + len(mondays) * _HIGH)


def _square(states: Counter[str], one: date, column: int, row: int, day: date, today: date, is_rtl: bool) -> Square:
    out, expired = sum(states[state] for state in OUT), states["expired"]
    return Square(
        one, _across(column, is_rtl), _HEAD + row * _HIGH, one.month == day.month, one == today, out,
        states.total() - out - expired, expired,
    )  # fmt: skip


def _across(column: int, is_rtl: bool) -> int:
    return (6 - column if is_rtl else column) * _WIDE


def cells(
    entries: Iterable[tuple[int, int, str, str, datetime | None]], slots: Iterable[tuple[int, int, time]],
    monday: date, now: datetime,
) -> Mapping[tuple[int, date], Cell]:  # fmt: skip
    """The squares of a week by channel and day."""
    said: defaultdict[tuple[int, date], list[Entry]] = defaultdict(list)
    for channel, pk, title, state, moment in entries:
        if moment is not None:
            here = timezone.localtime(moment)
            said[channel, here.date()].append(Entry(pk, title, state, here))
    free: defaultdict[tuple[int, date], list[time]] = defaultdict(list)
    for channel, weekday, at in slots:
        day = monday + timedelta(days=weekday)
        taken = {entry.at.time() for entry in said.get((channel, day), ()) if entry.state != "expired"}
        if at not in taken and timezone.make_aware(datetime.combine(day, at)) > now:
            free[channel, day].append(at)
    keys = said.keys() | free.keys()
    return {key: Cell(said[key][:_MOST], max(0, len(said[key]) - _MOST), sorted(free.get(key, []))) for key in keys}


def strip(rows: list[list[Week]], this: date, *, is_rtl: bool) -> Strip:
    """The cadence of some channels, a row each."""
    size = max((len(row) for row in rows), default=0)
    drawn = []
    for number, row in enumerate(rows):
        dots = [
            Dot((size - 1 - n if is_rtl else n) * (_BOX + _GAP), week, _kind(week, this)) for n, week in enumerate(row)
        ]
        drawn.append((number * (_BOX + _GAP), dots))
    return Strip(drawn, size * (_BOX + _GAP), len(rows) * (_BOX + _GAP))


def _kind(week: Week, this: date) -> str:
    """How a week is drawn: met, short of what is wanted, or still to come."""
    if week.wanted is None:
        return "quiet" if not week.posts else "clear"
    if not week.missing:
        return "clear"
    return "late" if week.monday < this else "care"
