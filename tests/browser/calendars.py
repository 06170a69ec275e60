"""Calendars, notices and the worker for the browser: holidays, something told, a task that failed; every address."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.core import signing
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from amanat.desk.lib import files
from amanat.desk.registry.actions import calendars, notices, workers
from amanat.desk.registry.forms.calendars import LIMIT
from tests.cast import Cast
from tests.desk.home import work

STEWARD = "steward@top"
PAGES = {
    STEWARD: (
        "/offices/{top}/calendar/ /offices/{own}/calendar/?year=2027 /offices/{top}/calendar/weekend/"
        " /offices/{top}/calendar/add/ /offices/{top}/calendar/load/ /offices/{top}/calendar/load/{token}/ /worker/"
        " /notices/ /notices/?show=unread"
    ),
    "auditor@foreign": "/notices/",
}
OTHERS = {
    STEWARD: (
        "/offices/{top}/calendar/inherit/ /offices/{top}/calendar/load/rubbish/ /holidays/{holiday}/strike/"
        " /notices/read/ /notices/{notice}/read/ /notices/mail/ /worker/{task}/rerun/ /worker/{task}/discard/"
    )
}
FILE = (
    "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//x//y//EN\r\nBEGIN:VEVENT\r\nSUMMARY:A day of rest\r\n"
    "DTSTART;VALUE=DATE:{day:%Y%m%d}\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
)


def fill(cast: Cast) -> dict[str, Any]:
    """Put them in; the numbers by which the addresses name them."""
    steward, now = cast[STEWARD], timezone.now()
    day = timezone.localdate()
    facts: dict[str, Any] = {"name": "Day of the counters", "local_name": "یوم", "is_tentative": True}
    holiday = calendars.observe(cast.top, by=steward, on=day + timedelta(days=9), **facts)
    calendars.rest(cast.top, frozenset({4, 6}), by=steward)
    upload = SimpleUploadedFile("holidays.ics", FILE.format(day=day).encode())
    kept = files.keep(upload, LIMIT, [files.TEXT])
    shown = [cast.top.pk, steward.pk, kept.sha256, kept.name]
    notices.tell([steward], "first", lambda: ("Something was decided", "You asked for it."), "/today/")
    notices.tell([steward], "second", lambda: ("Something else", ""), "/offices/")
    told = steward.notices.order_by("pk")
    notices.read(told.filter(key="first"), by=steward)
    workers.begin("host-1", now=now - timedelta(hours=1))
    workers.begin("host-2", now=now)
    workers.tell_round("host-2", now=now, faults=["permits.timed.run: ValueError"])
    failed = work.queued(
        work.fail, "word", status="FAILED", worker_ids=["a"] * 5, exception_class_path="builtins.ValueError",
        started_at=now, finished_at=now,
    )  # fmt: skip
    return {
        "top": cast.top.pk, "own": cast.own.pk, "holiday": holiday.pk, "notice": told[0].pk, "task": failed.pk,
        "token": signing.dumps(shown, salt="registry.calendar"),
    }  # fmt: skip
