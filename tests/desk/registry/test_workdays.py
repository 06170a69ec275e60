"""On which days an office works: its own calendar, the nearest above, what is usual."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from amanat.desk.registry.calendars import usual, weekends_of, workdays, workdays_of
from amanat.desk.registry.models import Calendar, Holiday, Office
from tests.cast import Cast

FRIDAY, SATURDAY, SUNDAY, MONDAY = (date(2026, 1, day) for day in (2, 3, 4, 5))


def open_days(office: Office) -> list[bool]:
    calendar = workdays(office)
    return [calendar.is_open(day) for day in (FRIDAY, SATURDAY, SUNDAY, MONDAY)]


@pytest.mark.parametrize(
    ("pack", "expected"),
    [
        ("pk-federal", {5, 6}), ("pk-punjab", {5, 6}), ("pk-kp", {5, 6}), ("bd", {4, 5}), ("in-cg", {5, 6}),
        ("", {5, 6}), ("nowhere", {5, 6}),
    ],
)  # fmt: skip
def test_what_is_usual_is_never_called_certain(pack: str, expected: set[int]) -> None:
    assert usual(pack).days == expected
    assert usual(pack).grade == "unverified"


def test_the_country_decides_until_an_office_does(cast: Cast) -> None:
    assert open_days(cast.field) == [True, False, False, True]
    assert open_days(cast.foreign) == [False, False, True, True]
    Calendar.objects.create(office=cast.top, weekend=64)
    assert open_days(cast.field) == open_days(cast.sister) == [True, True, False, True]
    Calendar.objects.create(office=cast.own, weekend=0)
    assert open_days(cast.field) == [True, True, True, True]
    assert open_days(cast.sister) == [True, True, False, True]
    assert [weekends_of([one])[one.pk].office for one in (cast.top, cast.own, cast.field, cast.sister)] == [
        cast.top.pk, cast.own.pk, cast.own.pk, cast.top.pk,
    ]  # fmt: skip
    assert weekends_of([cast.foreign])[cast.foreign.pk].office is None


def test_holidays_hold_for_all_below_and_for_nobody_else(cast: Cast) -> None:
    Holiday.objects.create(office=cast.top, on=MONDAY, name="A day for all")
    Holiday.objects.create(office=cast.own, on=FRIDAY, name="A day for Lahore")
    assert open_days(cast.field) == open_days(cast.own) == [False, False, False, False]
    assert open_days(cast.sister) == open_days(cast.top) == [True, False, False, False]
    assert open_days(cast.foreign) == [False, False, True, True]
    assert workdays(cast.own).later(date(2026, 1, 1), 1) == date(2026, 1, 6)


def test_a_leap_day_is_a_day(cast: Cast) -> None:
    Calendar.objects.create(office=cast.top, weekend=64)
    assert workdays(cast.own).is_open(date(2028, 2, 29))
    Holiday.objects.create(office=cast.top, on=date(2028, 2, 29), name="A leap day")
    assert workdays(cast.own).later(date(2028, 2, 28), 1) == date(2028, 3, 1)


def test_many_offices_want_three_queries(cast: Cast, django_assert_max_num_queries: Callable[[int], Any]) -> None:
    offices = [Office.objects.create(code=f"X{n}", name=f"X{n}", parent=cast.field) for n in range(40)]
    with django_assert_max_num_queries(3):
        found = workdays_of([*offices, cast.foreign])
    assert len(found) == 41
    assert workdays_of([]) == {}


def test_a_week_without_a_working_day_is_refused_by_the_database(cast: Cast) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Calendar.objects.create(office=cast.top, weekend=127)
