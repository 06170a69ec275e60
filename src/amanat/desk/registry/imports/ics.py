"""Holidays out of an iCalendar file (RFC 5545). A file may be hostile, so everything in it is counted and bounded."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from amanat.desk.lib.numerals import local
from amanat.desk.lib.refusals import Refused
from amanat.desk.registry.imports.repeats import Rule, Steps

EVENTS = 2_000
STEPS = 100_000
"""How much work the repeats of a file may be: days that are looked at."""
LONGEST = 100
"""Days one event may last."""
YEARS = 3
"""For how many years repeated events are written out, this one included."""
_OLDEST = 1900
_DAY = timedelta(days=1)
LEFT_OUT = {
    "timed": gettext_lazy("do not take whole days"),
    "cancelled": gettext_lazy("are cancelled"),
    "past": gettext_lazy("are long past"),
    "unread": gettext_lazy("have no day, or repeat in a way that is not read"),
    "double": gettext_lazy("say again what is said already"),
}
"""Why an event is left out."""


@dataclass(frozen=True)
class Day:
    """One holiday of a file."""

    on: date
    name: str
    local_name: str
    is_tentative: bool


@dataclass
class Found:
    """What a file holds: its days in their order, and how many events were left out and why."""

    days: dict[date, Day] = field(default_factory=dict)
    left_out: Counter[str] = field(default_factory=Counter)


@dataclass
class _Reading:
    first: date
    last: date
    steps: Steps


def read(data: bytes, today: date) -> Found:
    """The holidays in an iCalendar file, from the last year on. Raises Refused for what is none, or is too much."""
    events = _events(data)
    reading = _Reading(date(today.year - 1, 1, 1), date(today.year + YEARS - 1, 12, 31), Steps(STEPS))
    moved = {(str(one.get("UID")), _date(one.get("RECURRENCE-ID"))) for one in events if "RECURRENCE-ID" in one}
    found = Found()
    for event in events:
        try:
            if reason := _take(event, reading, found, moved):
                found.left_out[reason] += 1
        except OverflowError:
            if reading.steps.left < 0:
                raise Refused(_("Too many events of the file repeat too often. Export it without them.")) from None
            found.left_out["unread"] += 1
        except (ValueError, TypeError, AttributeError, IndexError, KeyError):
            found.left_out["unread"] += 1
    found.days = dict(sorted(found.days.items()))
    return found


def _events(data: bytes) -> list[Any]:
    from icalendar import Calendar

    number = data.upper().count(b"BEGIN:VEVENT")
    if number > EVENTS:
        reason = _("There are too many events in the file: at most {number}.")
        raise Refused(reason.format(number=local(EVENTS)))
    try:
        calendars = Calendar.from_ical(data, multiple=True)
        events = [event for one in calendars for event in one.walk("VEVENT")]
    except Exception:  # a file made to do harm may break its reader anywhere
        calendars = []
    if not calendars:
        reason = _("This is no iCalendar file that can be read. Its name ends with .ics; calendars offer it as export.")
        raise Refused(reason)
    return events


def _take(event: Any, reading: _Reading, found: Found, moved: set[tuple[str, date | None]]) -> str:
    """Add the days of an event; why it was left out, or ""."""
    if str(event.get("STATUS", "")).upper() == "CANCELLED":
        return "cancelled"
    start = _date(event.get("DTSTART"))
    if start is None:
        return "timed" if event.get("DTSTART") is not None else "unread"
    length = _length(event)
    if not 0 < length <= LONGEST:
        return "timed" if length == 0 else "unread"
    name, local_name = _names(event)
    is_tentative = str(event.get("STATUS", "")).upper() == "TENTATIVE"
    outcome = "past"
    skipped = {day for uid, day in moved if uid == str(event.get("UID"))} if "RRULE" in event else set()
    for begun in _starts(event, start, reading):
        if begun in skipped:
            continue
        for day in (begun + number * _DAY for number in range(length)):
            if day >= reading.first:
                is_new = _add(found, Day(day, name, local_name, is_tentative))
                outcome = "" if is_new or outcome == "" else "double"
    return outcome


def _add(found: Found, day: Day) -> bool:
    """Whether it says anything new. Two holidays on one day are one day off with both names."""
    there = found.days.get(day.on)
    if there is None:
        found.days[day.on] = day
        return True
    if day.name in there.name.split("; "):
        return False
    found.days[day.on] = Day(
        day.on, f"{there.name}; {day.name}"[:200], "; ".join(filter(None, (there.local_name, day.local_name)))[:200],
        there.is_tentative and day.is_tentative,
    )  # fmt: skip
    return True


def _starts(event: Any, start: date, reading: _Reading) -> Iterator[date]:
    """The days on which an event begins, within the years that are read."""
    without = set(_listed(event.get("EXDATE")))
    days = {start, *_listed(event.get("RDATE"))}
    if "RRULE" in event:
        days |= set(_repeated(event["RRULE"], start, reading))
    return iter(sorted(days - without))


def _repeated(parts: Any, start: date, reading: _Reading) -> Iterator[date]:
    """The days of a rule within the years that are read. Raises ValueError for a rule that is not read."""
    rule = Rule.of(parts)
    if start.year < _OLDEST:
        raise ValueError("too long ago")
    last = min(reading.last, _plain(parts["UNTIL"][0])) if "UNTIL" in parts else reading.last
    return rule.days(start, reading.first, last, reading.steps)


def _date(value: Any) -> date | None:
    """The whole day that a property names; None for a moment within a day, and for none."""
    moment = getattr(value, "dt", None)
    if not isinstance(moment, datetime):
        return moment if isinstance(moment, date) else None
    if moment.time() == time.min:
        return moment.date()
    here = timezone.localtime(moment) if moment.tzinfo else moment
    return here.date() if here.time() == time.min else None


def _plain(moment: date | datetime) -> date:
    if isinstance(moment, datetime):
        return timezone.localtime(moment).date() if moment.tzinfo else moment.date()
    return moment


def _length(event: Any) -> int:
    """How many whole days it takes; 0 where it ends within a day."""
    begun, ended, lasts = (_value(event, key) for key in ("DTSTART", "DTEND", "DURATION"))
    if ended is None and lasts is None:
        return 0 if isinstance(begun, datetime) else 1
    if isinstance(begun, datetime) and isinstance(ended, datetime):
        begun, ended = (one if one.tzinfo else one.replace(tzinfo=UTC) for one in (begun, ended))
    length: timedelta = lasts if ended is None else ended - begun
    days, rest = divmod(length, _DAY)
    return 0 if rest or days < 0 else days or (0 if isinstance(begun, datetime) else 1)


def _value(event: Any, key: str) -> Any:
    return getattr(event.get(key), "dt", None)


def _names(event: Any) -> tuple[str, str]:
    """Its name in English, or as it stands; and in the local language, where it is in one."""
    told = event.get("SUMMARY") or []
    told = told if isinstance(told, list) else [told]
    names = [" ".join(str(one).split())[:200] for one in told]
    english = next((name for name in names if name.isascii() and name), "")
    other = next((name for name in names if name and not name.isascii()), "")
    return english or other or "Holiday", other


def _listed(value: Any) -> Iterator[date]:
    """The days of EXDATE or RDATE, which may stand there several times."""
    for some in value if isinstance(value, list) else [value] if value else []:
        for one in some.dts:
            day = _date(one)
            if day:
                yield day
