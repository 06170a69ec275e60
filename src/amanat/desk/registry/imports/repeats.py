"""The days of a repeated event (RFC 5545, RRULE): the parts that lists of holidays use, and each step counted.

Written out here because a rule that never comes true (30 February) keeps general readers busy until the year 9999.
"""

from __future__ import annotations

import calendar
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

_KNOWN = {"FREQ", "INTERVAL", "COUNT", "UNTIL", "BYMONTH", "BYMONTHDAY", "BYDAY", "BYSETPOS", "WKST"}
_WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_DAY = timedelta(days=1)
_MOST = 62


@dataclass
class Steps:
    """How much work is left; shared by all rules of a file."""

    left: int

    def take(self, number: int = 1) -> None:
        """Count. Raises OverflowError where it is too much."""
        self.left -= number
        if self.left < 0:
            raise OverflowError("too many repeats")


@dataclass(frozen=True)
class Rule:
    """A rule that is understood. `weekdays` are (ordinal or 0, day of the week)."""

    often: str
    interval: int
    count: int
    months: tuple[int, ...]
    month_days: tuple[int, ...]
    weekdays: tuple[tuple[int, int], ...]
    positions: tuple[int, ...]
    week_begins: int

    @classmethod
    def of(cls, parts: Mapping[str, Any]) -> Rule:
        """The rule of its parts, as icalendar reads them. Raises ValueError for one that is not read."""
        told = {key.upper(): value if isinstance(value, list) else [value] for key, value in parts.items()}
        often, interval, count = str(told["FREQ"][0]).upper(), _one(told, "INTERVAL", 1), _one(told, "COUNT", 0)
        if not set(told) <= _KNOWN or often not in ("YEARLY", "MONTHLY", "WEEKLY", "DAILY"):
            raise ValueError("a rule that is not read")
        if not 1 <= interval <= 1000 or count < 0 or any(len(value) > _MOST for value in told.values()):
            raise ValueError("a rule out of bounds")
        if often == "WEEKLY" and "BYMONTHDAY" in told:
            raise ValueError("a week has no such days")
        months, days, positions = (_numbers(told, key) for key in ("BYMONTH", "BYMONTHDAY", "BYSETPOS"))
        weekdays = tuple(_weekday(str(one)) for one in told.get("BYDAY", []))
        begins = _WEEKDAYS.index(str(told.get("WKST", ["MO"])[0]).upper())
        return cls(often, interval, count, months, days, weekdays, positions, begins)

    def days(self, start: date, first: date, last: date, steps: Steps) -> Iterator[date]:
        """Its days from `first` to `last`, of an event that began on `start`."""
        number = 0
        for period in self._periods(start, first, last):
            steps.take()
            found = sorted({day for day in self._within(period, start) if self._fits(day)})
            steps.take(len(found))
            for day in self._chosen(found):
                if day < start:
                    continue
                number += 1
                if day > last or (self.count and number > self.count):
                    return
                if day >= first:
                    yield day

    def _periods(self, start: date, first: date, last: date) -> Iterator[date]:
        """The first day of each period, from that of `start` on; where nothing is counted, from about `first` on."""
        skips = not self.count and start < first
        if self.often in ("YEARLY", "MONTHLY"):
            width = 12 if self.often == "YEARLY" else 1
            at, end = start.year * 12 + (0 if width == 12 else start.month - 1), last.year * 12 + last.month
            pace = width * self.interval
            at += max(0, (first.year * 12 - at) // pace * pace) if skips else 0
            for month in range(at, end, pace):
                yield date(month // 12, month % 12 + 1, 1)
            return
        begin = start - (start.weekday() - self.week_begins) % 7 * _DAY if self.often == "WEEKLY" else start
        pace_days = self.interval * (7 if self.often == "WEEKLY" else 1)
        begin += max(0, (first - begin).days // pace_days * pace_days) * _DAY if skips else 0 * _DAY
        while begin <= last:
            yield begin
            begin += pace_days * _DAY

    def _within(self, period: date, start: date) -> Iterator[date]:
        """The days that the rule names in a period, before its other parts leave some out."""
        if self.often == "DAILY":
            yield period
        elif self.often == "WEEKLY":
            wanted = {weekday for _ordinal, weekday in self.weekdays} or {start.weekday()}
            yield from (day for day in (period + n * _DAY for n in range(7)) if day.weekday() in wanted)
        elif self.often == "YEARLY" and self.weekdays and not self.months and not self.month_days:
            yield from self._of_weekdays(period, date(period.year, 12, 31))
        else:
            for month in self._months(period, start):
                begin = date(period.year, month, 1)
                end = date(period.year, month, calendar.monthrange(period.year, month)[1])
                if self.weekdays and not self.month_days:
                    yield from self._of_weekdays(begin, end)
                else:
                    yield from _of_numbers(self.month_days or (start.day,), end)

    def _months(self, period: date, start: date) -> tuple[int, ...]:
        if self.often == "MONTHLY":
            return (period.month,)
        return self.months or (tuple(range(1, 13)) if self.month_days else (start.month,))

    def _of_weekdays(self, begin: date, end: date) -> Iterator[date]:
        """The days of the week asked for between two days, all or the one of that ordinal."""
        for ordinal, weekday in self.weekdays:
            day = begin + (weekday - begin.weekday()) % 7 * _DAY
            all_days = [day + 7 * n * _DAY for n in range((end - day).days // 7 + 1)]
            if not ordinal:
                yield from all_days
            elif abs(ordinal) <= len(all_days):
                yield all_days[ordinal - 1 if ordinal > 0 else ordinal]

    def _fits(self, day: date) -> bool:
        length = calendar.monthrange(day.year, day.month)[1]
        return (
            (not self.months or day.month in self.months)
            and (not self.month_days or bool({day.day, day.day - length - 1} & set(self.month_days)))
            and (not self.weekdays or day.weekday() in {weekday for _ordinal, weekday in self.weekdays})
        )

    def _chosen(self, days: list[date]) -> list[date]:
        if not self.positions:
            return days
        return sorted({days[n - 1 if n > 0 else n] for n in self.positions if n and -len(days) <= n <= len(days)})


def _of_numbers(numbers: tuple[int, ...], end: date) -> Iterator[date]:
    for number in set(numbers):
        day = number if number > 0 else end.day + 1 + number
        if 1 <= day <= end.day:
            yield end.replace(day=day)


def _one(told: Mapping[str, list[Any]], key: str, usual: int) -> int:
    return int(told.get(key, [usual])[0])


def _numbers(told: Mapping[str, list[Any]], key: str) -> tuple[int, ...]:
    return tuple(int(one) for one in told.get(key, []))


def _weekday(text: str) -> tuple[int, int]:
    ordinal, name = text[:-2], text[-2:].upper()
    return int(ordinal or 0), _WEEKDAYS.index(name)
