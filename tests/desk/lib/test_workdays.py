from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from amanat.desk.lib.workdays import Workdays

SUNDAY_ONLY, PAKISTAN, BANGLADESH = Workdays(frozenset({6})), Workdays(frozenset({5, 6})), Workdays(frozenset({4, 5}))
THURSDAY = date(2026, 1, 1)
DAYS = st.dates(date(2020, 1, 1), date(2030, 1, 1))


@pytest.mark.parametrize(
    ("calendar", "number", "expected"),
    [
        (PAKISTAN, 0, date(2026, 1, 1)),
        (PAKISTAN, 1, date(2026, 1, 2)),
        (PAKISTAN, 2, date(2026, 1, 5)),
        (BANGLADESH, 1, date(2026, 1, 4)),
        (SUNDAY_ONLY, 3, date(2026, 1, 5)),
        (Workdays(PAKISTAN.weekend, frozenset({date(2026, 1, 2)})), 1, date(2026, 1, 5)),
    ],
)
def test_a_time_limit_ends_on_a_working_day(calendar: Workdays, number: int, expected: date) -> None:
    assert calendar.later(THURSDAY, number) == expected


def test_a_day_off_counts_from_the_next_working_day() -> None:
    assert PAKISTAN.later(date(2026, 1, 3), 0) == date(2026, 1, 5)
    assert PAKISTAN.later(date(2026, 1, 3), 1) == date(2026, 1, 5)


@given(DAYS, st.integers(1, 60), st.sets(st.dates(date(2020, 1, 1), date(2020, 3, 1)), max_size=9))
def test_later_and_between_agree(day: date, number: int, holidays: set[date]) -> None:
    calendar = Workdays(frozenset({4, 5}), frozenset(holidays))
    end = calendar.later(day, number)
    assert calendar.is_open(end)
    assert calendar.between(day, end) == number
    assert calendar.between(end, day) == -number
    assert calendar.between(day, end - timedelta(days=1)) == number - 1


def test_a_calendar_without_a_working_day_is_told() -> None:
    with pytest.raises(ValueError, match="no working day"):
        Workdays(frozenset(range(7))).later(THURSDAY, 1)
