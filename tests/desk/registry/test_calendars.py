"""The pages of working calendars: who sets what, what a file would do, what comes of it."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from amanat.desk.audit.models import Event
from amanat.desk.registry.calendars import workdays
from amanat.desk.registry.models import Calendar, Holiday
from tests.cast import Cast
from tests.desk.registry.test_ics import event, file

SignedIn = Callable[[str], Client]
YEAR = timezone.localdate().year


def page_of(cast: Cast) -> str:
    return f"/offices/{cast.own.pk}/calendar/"


def holiday(cast: Cast, day: date, name: str = "A day", place: str = "own", source: str = "") -> Holiday:
    return Holiday.objects.create(office=getattr(cast, place), on=day, name=name, source=source)


def send(client: Client, cast: Cast, data: bytes, name: str = "days.ics") -> Any:
    return client.post(f"{page_of(cast)}load/", {"file": SimpleUploadedFile(name, data)})


def test_a_year_shows_what_is_worked_and_who_says_so(cast: Cast, signed_in: SignedIn) -> None:
    holiday(cast, date(YEAR, 8, 14), "Independence Day", "top")
    page = signed_in("officer@own").get(page_of(cast)).text
    assert "Independence Day" in page
    assert "Education Department" in page
    assert "what is usual" in page
    assert page.count('<td class="day feast"') == 1
    assert page.count("<caption") == 13
    assert "Set the weekend" not in page
    Calendar.objects.create(office=cast.top, weekend=64)
    page = signed_in("head@own").get(f"{page_of(cast)}?year=2028").text
    assert "those of Education Department" in page
    assert "No holiday is entered" in page
    assert "29" in page.split("February")[1].split("March")[0]


@pytest.mark.parametrize("year", ["1", "9999", "x", "٢٠٢٦", "20260"])
def test_a_year_out_of_reach_is_this_one(cast: Cast, signed_in: SignedIn, year: str) -> None:
    assert f"<strong>{YEAR}</strong>" in signed_in("head@own").get(page_of(cast), {"year": year}).text


def test_the_weekend_is_set_once_and_given_up(cast: Cast, signed_in: SignedIn) -> None:
    client, address = signed_in("head@own"), f"{page_of(cast)}weekend/"
    assert 'value="5"' in client.get(address).text
    assert client.post(address, {"days": ["4", "5"]}).status_code == 302
    assert Calendar.objects.get().days == {4, 5}
    assert "Nothing is different" in client.post(address, {"days": ["4", "5"]}).text
    assert client.post(address, {}).status_code == 302  # an office that works all days
    assert Calendar.objects.get().days == frozenset()
    assert client.post(f"{page_of(cast)}inherit/").status_code == 302
    assert client.post(f"{page_of(cast)}inherit/").status_code == 409
    assert list(Event.objects.order_by("pk").values_list("verb", "facts__days")) == [
        ("weekend", [4, 5]), ("weekend", []), ("weekend", None),
    ]  # fmt: skip


@pytest.mark.parametrize("days", [["0", "1", "2", "3", "4", "5", "6"], ["7"], ["x"]])
def test_a_week_without_work_is_refused(cast: Cast, signed_in: SignedIn, days: list[str]) -> None:
    answer = signed_in("head@own").post(f"{page_of(cast)}weekend/", {"days": days})
    assert "errorlist" in answer.text
    assert not Calendar.objects.exists()


def test_a_holiday_is_added_and_taken_away(cast: Cast, signed_in: SignedIn) -> None:
    client, day = signed_in("steward@top"), {"on": f"{YEAR}-08-14", "name": "Independence Day"}
    assert client.post(f"{page_of(cast)}add/", day).status_code == 302
    assert not workdays(cast.field).is_open(date(YEAR, 8, 14))
    again = client.post(f"{page_of(cast)}add/", day)
    assert again.status_code == 403
    assert "already" in again.text
    assert 'value="Independence Day"' in again.text
    (row,) = Holiday.objects.all()
    assert client.post(f"/holidays/{row.pk}/strike/").headers["Location"].endswith(f"?year={YEAR}")
    assert client.post(f"/holidays/{row.pk}/strike/").status_code == 404
    assert list(Event.objects.order_by("pk").values_list("verb", flat=True)) == ["observe", "strike"]


@pytest.mark.parametrize("day", ["", "2026-02-30", "yesterday"])
def test_a_day_that_is_none_is_said(cast: Cast, signed_in: SignedIn, day: str) -> None:
    answer = signed_in("head@own").post(f"{page_of(cast)}add/", {"on": day, "name": "x"})
    assert "errorlist" in answer.text
    assert not Holiday.objects.exists()


def test_a_file_is_shown_first_and_written_once(cast: Cast, signed_in: SignedIn) -> None:
    client = signed_in("head@own")
    holiday(cast, date(YEAR, 1, 1), "Gone", source="old.ics")
    holiday(cast, date(YEAR, 2, 5), "Old name", source="old.ics")
    holiday(cast, date(YEAR, 5, 1), "By hand")
    holiday(cast, date(YEAR + 1, 1, 1), "Another year", source="old.ics")
    data = file(
        event(f"DTSTART;VALUE=DATE:{YEAR}0205", summary="New name"),
        event(f"DTSTART;VALUE=DATE:{YEAR}0501", summary="Labour Day"),
        event(f"DTSTART;VALUE=DATE:{YEAR}0814", "STATUS:TENTATIVE", summary="Moon Day"),
        event(f"DTSTART:{YEAR}0815T090000Z", f"DTEND:{YEAR}0815T110000Z", summary="A meeting"),
    )
    plan = send(client, cast, data).headers["Location"]
    page = client.get(plan).text
    for word in ("New name", "Old name", "Moon Day", "may still change", "Gone", "do not take whole days"):
        assert word in page
    assert "A meeting" not in page
    assert Holiday.objects.count() == 4
    found = re.search(r'name="fingerprint" value="(\w+)"', page)
    assert found
    assert client.post(plan, {"fingerprint": found[1]}).status_code == 302
    assert dict(Holiday.objects.values_list("name", "source")) == {
        "New name": "days.ics", "By hand": "", "Moon Day": "days.ics", "Another year": "old.ics",
    }  # fmt: skip
    assert client.post(plan, {"fingerprint": found[1]}).status_code == 409
    assert "nothing to write" in client.get(plan).text
    (told,) = Event.objects.all()
    assert told.facts | {"new": 1, "changed": 1, "gone": 1, "what": "holidays"} == told.facts


def test_a_plan_is_nobody_elses(cast: Cast, signed_in: SignedIn) -> None:
    plan = send(signed_in("head@own"), cast, file(event(f"DTSTART;VALUE=DATE:{YEAR}0814"))).headers["Location"]
    assert signed_in("steward@own").get(plan).status_code == 404
    assert signed_in("head@own").get(f"{plan[:-3]}x/").status_code == 404
    assert signed_in("officer@own").get(plan).status_code == 403
    assert signed_in("head@sister").get(plan).status_code == 404


@pytest.mark.parametrize("data", [b"hello", b"\x00\x01", b"%PDF-1.4", b"", b"x" * 1_000_001, file()[:20]])
def test_a_file_that_is_no_calendar_is_refused_beside_the_field(cast: Cast, signed_in: SignedIn, data: bytes) -> None:
    answer = send(signed_in("head@own"), cast, data)
    assert answer.status_code == 200
    assert "errorlist" in answer.text


def test_the_list_goes_out_as_it_holds(cast: Cast, signed_in: SignedIn) -> None:
    for place in ("top", "own", "sister"):
        holiday(cast, date(YEAR, 8, 14), f"Of {place}", place)
    holiday(cast, date(YEAR + 1, 8, 14), "Next year")
    client = signed_in("officer@own")

    def names(query: dict[str, str | int]) -> set[str]:
        answer = client.get("/export/holidays.csv", query)
        text = b"".join(answer.streaming_content).decode()  # type: ignore[attr-defined]
        return {line.split(",")[2] for line in text.splitlines()[1:]}

    assert names({"office": cast.own.pk, "year": YEAR}) == {"Of top", "Of own"}
    assert names({}) == {"Of own", "Next year"}
    assert names({"office": cast.sister.pk}) == set()
    assert names({"office": "x", "year": "x"}) == {"Of own", "Next year"}


def test_few_queries(cast: Cast, signed_in: SignedIn, django_assert_max_num_queries: Callable[[int], Any]) -> None:
    for day in range(1, 29):
        holiday(cast, date(YEAR, 3, day), place="top" if day % 2 else "own")
    client = signed_in("head@own")
    plan = send(client, cast, file(event(f"DTSTART;VALUE=DATE:{YEAR}0814"))).headers["Location"]
    for address in (page_of(cast), f"{page_of(cast)}weekend/", f"{page_of(cast)}add/", f"{page_of(cast)}load/", plan):
        with django_assert_max_num_queries(12):
            page = client.get(address, headers={"accept-encoding": "gzip"})
        assert page.status_code == 200
        assert len(page.content) < 15_000
