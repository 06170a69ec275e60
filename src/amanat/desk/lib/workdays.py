"""Working days: plain arithmetic on dates, given a weekend and holidays."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

_DAY = timedelta(days=1)
_LONGEST = 3660
"""How many days are looked at before a calendar without a working day is told apart from a long holiday."""


@dataclass(frozen=True)
class Workdays:
    """The days on which an office works. `weekend` holds days of the week, 0 for Monday to 6 for Sunday."""

    weekend: frozenset[int]
    holidays: frozenset[date] = frozenset()

    def is_open(self, day: date) -> bool:
        """Whether the office works on `day`."""
        return day.weekday() not in self.weekend and day not in self.holidays

    def later(self, day: date, number: int) -> date:
        """The day by which `number` working days have passed after `day`; with 0 the first working day from `day` on.

        Raises ValueError where the calendar has no working days within ten years.
        """
        days = self._from(day if number == 0 else day + _DAY)
        for _ in range(number - 1):
            next(days)
        return next(days)

    def between(self, first: date, last: date) -> int:
        """How many working days lie after `first` up to and with `last`; negative where `last` comes first."""
        if last < first:
            return -self.between(last, first)
        return sum(self.is_open(first + n * _DAY) for n in range(1, (last - first).days + 1))

    def _from(self, day: date) -> Iterator[date]:
        shut = 0
        while shut < _LONGEST:
            if self.is_open(day):
                shut = 0
                yield day
            else:
                shut += 1
            day += _DAY
        raise ValueError("this calendar has no working day")
