"""Reading iCalendar files: whole days, zones, repeats, doubles; files made to do harm."""

from __future__ import annotations

import contextlib
import time
from datetime import date, datetime, timedelta

import pytest
from dateutil.rrule import rrulestr  # type: ignore[import-untyped]
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from amanat.desk.lib.refusals import Refused
from amanat.desk.registry.imports import ics
from amanat.desk.registry.imports.repeats import Rule, Steps

TODAY = date(2026, 6, 30)


def event(*lines: str, summary: str = "A day") -> str:
    return "\r\n".join(["BEGIN:VEVENT", f"SUMMARY:{summary}", *lines, "END:VEVENT"])


def file(*events: str) -> bytes:
    return "\r\n".join(["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//x//y//EN", *events, "END:VCALENDAR", ""]).encode()


def days(*lines: str) -> list[str]:
    return [str(day) for day in ics.read(file(event(*lines)), TODAY).days]


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (["DTSTART;VALUE=DATE:20260814"], ["2026-08-14"]),
        (["DTSTART;VALUE=DATE:20260320", "DTEND;VALUE=DATE:20260323"], ["2026-03-20", "2026-03-21", "2026-03-22"]),
        (["DTSTART;VALUE=DATE:20260320", "DTEND;VALUE=DATE:20260320"], ["2026-03-20"]),
        (["DTSTART;VALUE=DATE:20260320", "DURATION:P2D"], ["2026-03-20", "2026-03-21"]),
        (["DTSTART:20260814T000000", "DTEND:20260815T000000"], ["2026-08-14"]),
        (["DTSTART;TZID=Asia/Dhaka:20260814T000000", "DTEND;TZID=Asia/Dhaka:20260815T000000"], ["2026-08-14"]),
        (["DTSTART:20260813T190000Z", "DTEND:20260814T190000Z"], ["2026-08-14"]),  # midnight in Karachi
        (["DTSTART:20260814T090000Z", "DTEND:20260814T110000Z"], []),
        (["DTSTART;TZID=Asia/Karachi:20260814T000000", "DTEND;TZID=Asia/Karachi:20260814T120000"], []),
        (["DTSTART:20260814T000000"], []),
        (["DTSTART;VALUE=DATE:20260814", "STATUS:CANCELLED"], []),
        (["DTSTART;VALUE=DATE:20240814"], []),
        (["DTSTART;VALUE=DATE:20260101", "DTEND;VALUE=DATE:20270101"], []),
        (["DTSTART;VALUE=DATE:20260110", "DTEND;VALUE=DATE:20260101"], []),
        ([], []),
        (["DTSTART;VALUE=DATE:20260230"], []),
    ],
)
def test_whole_days_are_read_and_nothing_else(lines: list[str], expected: list[str]) -> None:
    assert days(*lines) == expected


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        ("FREQ=YEARLY", ["2025-08-14", "2026-08-14", "2027-08-14", "2028-08-14"]),
        ("FREQ=YEARLY;COUNT=79", ["2025-08-14"]),
        ("FREQ=YEARLY;UNTIL=20270814", ["2025-08-14", "2026-08-14", "2027-08-14"]),
        ("FREQ=YEARLY;UNTIL=20270813T235959Z", ["2025-08-14", "2026-08-14", "2027-08-14"]),  # the 14th in Karachi
        ("FREQ=YEARLY;INTERVAL=3", ["2025-08-14", "2028-08-14"]),
        ("FREQ=YEARLY;BYMONTH=11;BYDAY=4TH", ["2025-11-27", "2026-11-26", "2027-11-25", "2028-11-23"]),
    ],
)
def test_repeated_days_are_written_out_for_three_years(rule: str, expected: list[str]) -> None:
    found = days("DTSTART;VALUE=DATE:19470814", f"RRULE:{rule}")
    assert [day for day in found if day > "2025"] == expected


def test_a_leap_day_repeats_in_leap_years() -> None:
    assert days("DTSTART;VALUE=DATE:20240229", "RRULE:FREQ=YEARLY") == ["2028-02-29"]


def test_single_days_are_taken_out_added_and_moved() -> None:
    repeated = event(
        "UID:a", "DTSTART;VALUE=DATE:20260105", "RRULE:FREQ=MONTHLY;COUNT=4", "EXDATE;VALUE=DATE:20260205",
        "RDATE;VALUE=DATE:20260501",
    )  # fmt: skip
    moved = event("UID:a", "RECURRENCE-ID;VALUE=DATE:20260305", "DTSTART;VALUE=DATE:20260306", summary="Moved")
    found = ics.read(file(repeated, moved), TODAY).days
    assert {str(day): one.name for day, one in found.items()} == {
        "2026-01-05": "A day", "2026-03-06": "Moved", "2026-04-05": "A day", "2026-05-01": "A day",
    }  # fmt: skip


def test_doubles_are_said_once_and_two_names_of_a_day_are_kept() -> None:
    once = event("DTSTART;VALUE=DATE:20260814", summary="Independence Day")
    other = event("DTSTART;VALUE=DATE:20260814", "STATUS:TENTATIVE", summary="یوم آزادی")
    found = ics.read(file(once, once, other), TODAY)
    (day,) = found.days.values()
    assert (day.name, day.local_name, day.is_tentative) == ("Independence Day; یوم آزادی", "یوم آزادی", False)
    assert found.left_out == {"double": 1}
    assert ics.read(file(other), TODAY).days[day.on].is_tentative


def test_what_is_left_out_is_counted() -> None:
    found = ics.read(
        file(
            event("DTSTART:20260814T090000Z", "DTEND:20260814T110000Z"),
            event("DTSTART;VALUE=DATE:20260814", "STATUS:CANCELLED"),
            event("DTSTART;VALUE=DATE:20200814"),
            event("DTSTART;VALUE=DATE:20260814", "RRULE:FREQ=SECONDLY"),
            event(),
        ),
        TODAY,
    )
    assert found.left_out == {"timed": 1, "cancelled": 1, "past": 1, "unread": 2}
    assert set(found.left_out) <= set(ics.LEFT_OUT)


@pytest.mark.parametrize(
    "rule",
    [
        "FREQ=DAILY;INTERVAL=0", "FREQ=DAILY;BYHOUR=1,2,3", "FREQ=HOURLY", "FREQ=YEARLY;BYEASTER=1",
        "FREQ=DAILY;COUNT=-5", "FREQ=", "FREQ=YEARLY;BYMONTHDAY=" + ",".join(["1"] * 70), "FREQ=DAILY;INTERVAL=9999999",
        "FREQ=YEARLY;UNTIL=nonsense", "FREQ=WEEKLY;BYMONTHDAY=3",
    ],
)  # fmt: skip
def test_rules_that_are_not_read(rule: str) -> None:
    assert len(days("DTSTART;VALUE=DATE:20260814", f"RRULE:{rule}")) <= 1


@pytest.mark.parametrize(
    "data",
    [
        b"", b"hello", b"\xff\xfe\x00", file(event("DTSTART;VALUE=DATE:20260814"))[:-30], b"BEGIN:VCALENDAR\r\n" * 9000,
        file(*[event("DTSTART;VALUE=DATE:20260814")] * (ics.EVENTS + 1)),
        file(*[event("DTSTART;VALUE=DATE:20260101", "RRULE:FREQ=DAILY")] * 90),
    ],
)  # fmt: skip
def test_what_is_no_calendar_or_too_much_is_refused(data: bytes) -> None:
    with pytest.raises(Refused):
        ics.read(data, TODAY)


@pytest.mark.parametrize(
    "rule",
    [
        "FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30", "FREQ=DAILY;COUNT=9;BYMONTH=2;BYMONTHDAY=30", "FREQ=WEEKLY;COUNT=99999",
        "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30", "FREQ=MONTHLY;BYMONTHDAY=31;BYDAY=MO,TU;BYSETPOS=9", "FREQ=DAILY",
        "FREQ=YEARLY;BYDAY=MO,TU,WE,TH,FR,SA,SU;COUNT=99999",
    ],
)  # fmt: skip
def test_the_worst_files_take_a_moment(rule: str) -> None:
    data = file(*[event("DTSTART;VALUE=DATE:19000101", f"RRULE:{rule}")] * ics.EVENTS)
    begun = time.monotonic()
    with contextlib.suppress(Refused):
        ics.read(data, TODAY)
    assert time.monotonic() - begun < 8  # most of it is icalendar's own reading


RULES = st.builds(
    lambda often, interval, count, rest: f"FREQ={often};INTERVAL={interval}{count}{rest}",
    st.sampled_from(["YEARLY", "MONTHLY", "WEEKLY", "DAILY"]),
    st.integers(1, 5),
    st.sampled_from(["", ";COUNT=7", ";COUNT=40"]),
    st.sampled_from(
        [
            "", ";BYMONTH=2,8", ";BYMONTHDAY=29,-1", ";BYDAY=FR,SU", ";BYMONTH=3;BYDAY=MO", ";BYMONTHDAY=13;BYDAY=FR",
            ";BYMONTH=2;BYMONTHDAY=29", ";BYDAY=MO,TU,WE;BYSETPOS=-1",
        ]
    ),
)  # fmt: skip


@settings(max_examples=80, deadline=None)
@given(RULES, st.dates(date(2019, 1, 1), date(2028, 6, 1)))
def test_repeats_are_those_of_the_general_reader(rule: str, start: date) -> None:
    assume(not ("WEEKLY" in rule and "BYMONTHDAY" in rule))  # the two never stand together
    first, last = date(2025, 1, 1), date(2028, 12, 31)
    parts = {key: value.split(",") for key, value in (part.split("=") for part in rule.split(";"))}
    ours = set(Rule.of(parts).days(start, first, last, Steps(10**9)))
    theirs = rrulestr(rule, dtstart=datetime.combine(start, datetime.min.time()))
    midnight = [datetime.combine(day, datetime.min.time()) for day in (first, last)]
    expected = {when.date() for when in theirs.between(*midnight, inc=True)}
    assert ours == expected


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=300), st.integers(0, 200))
def test_a_damaged_file_is_read_or_refused_and_never_breaks(noise: bytes, place: int) -> None:
    good = file(event("DTSTART;VALUE=DATE:20260814", "RRULE:FREQ=YEARLY"))
    try:
        found = ics.read(good[:place] + noise + good[place:], TODAY)
    except Refused:
        return
    assert all(TODAY - timedelta(days=600) < day < date(2030, 1, 1) for day in found.days)
