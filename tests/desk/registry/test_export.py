"""Taking lists out: what one may see, in a form that can be brought in again."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.test import Client
from openpyxl import load_workbook

from amanat.desk.audit.models import Event
from amanat.desk.registry.models import Administrator, Appointment, Channel, Group, Office, Person
from tests.cast import Cast
from tests.desk.registry.sheets import faults_of, load

Browser = Callable[[str], Client]
LISTS = ["offices", "people", "channels", "groups", "events"]


@pytest.fixture
def full(cast: Cast) -> Cast:
    Office.objects.filter(pk=cast.own.pk).update(name="=1+1", local_name="'=x", code="ED-۱")
    Office.objects.filter(pk=cast.field.pk).update(state="closed")
    Person.objects.filter(pk=cast["officer@own"].pk).update(
        name="+Asma, \"the\" 'first'", local_name="-آسمہ", service="education", cadre="@x", language="ur", email=None
    )
    person = cast["head@own"]
    Appointment.objects.create(
        person=person, office=cast.sister, title="Second, post", starts_on=date(2024, 1, 1), ends_on=date(2024, 2, 1)
    )
    shared = {"office": cast.own, "platform": "x"}
    Channel.objects.create(
        **shared, handle="@Lahore", languages="ur, en", recovery_person=person, inspection_due_on=date(2027, 1, 1)
    )
    Channel.objects.create(**shared, handle="old", state="closed")
    Channel.objects.create(**shared, handle="old", address="https://x.com/old", state="verified")
    group = Group.objects.create(office=cast.own, name="=Staff", members=12)
    Administrator.objects.create(group=group, person=person)
    return cast


def body_of(answer: Any) -> bytes:
    return b"".join(answer.streaming_content)


def table(answer: Any) -> list[list[str]]:
    return list(csv.reader(io.StringIO(body_of(answer).decode("utf-8-sig"))))


@pytest.mark.parametrize("kind", ["offices", "people", "channels"])
@pytest.mark.parametrize("form", ["csv", "xlsx"])
@pytest.mark.parametrize("who", ["steward@top", "steward@own"])
def test_what_goes_out_comes_in_unchanged(full: Cast, signed_in: Browser, kind: str, form: str, who: str) -> None:
    body = body_of(signed_in(who).get(f"/export/{kind}.{form}"))
    kept = load(full[who], kind, body)
    summary = kept.summary()
    assert (faults_of(kept), summary["unread"]) == ([], [])
    assert (summary["counts"]["new"], summary["counts"]["changed"]) == (0, 0)
    assert summary["counts"]["same"] == Event.objects.get().facts["rows"] >= 2


@pytest.mark.parametrize("what", LISTS)
def test_both_forms_hold_the_same(full: Cast, signed_in: Browser, what: str) -> None:
    browser = signed_in("auditor@top")
    rows = table(browser.get(f"/export/{what}.csv"))
    book = load_workbook(io.BytesIO(body_of(browser.get(f"/export/{what}.xlsx"))))
    found = [["" if cell is None else cell for cell in row] for row in book.active.iter_rows(values_only=True)]  # type: ignore[union-attr]
    assert found[0] == rows[0]
    extra = 1 if what == "events" else 0
    assert len(found) == len(rows) + extra
    assert all(cell.data_type != "f" for row in book.active.iter_rows() for cell in row)  # type: ignore[union-attr]


@pytest.mark.parametrize("what", LISTS)
def test_one_line_in_the_log(full: Cast, signed_in: Browser, what: str) -> None:
    answer = signed_in("auditor@top").get(f"/export/{what}.csv")
    rows = table(answer)
    event = Event.objects.get()
    assert (event.verb, event.office, event.actor) == ("export", full.top.pk, full["auditor@top"])
    assert event.facts["what"] == what
    assert event.facts["rows"] == len(rows) - 1 - (1 if what == "events" else 0)
    assert answer["Content-Disposition"].startswith(f'attachment; filename="amanat-{what}-')


def test_no_cell_is_run_by_a_spreadsheet(full: Cast, signed_in: Browser) -> None:
    for what in LISTS:
        for row in table(signed_in("auditor@top").get(f"/export/{what}.csv")):
            assert not [cell for cell in row if cell[:1] in ("=", "+", "-", "@", "\t", "\r")]
    offices = table(signed_in("auditor@top").get("/export/offices.csv"))
    assert ["ED-۱", "'=1+1", "''=x"] in [row[:3] for row in offices]


def test_only_visible_rows_go_out(full: Cast, signed_in: Browser) -> None:
    assert {row[0] for row in table(signed_in("head@sister").get("/export/offices.csv"))} == {"code", "ED-MUX"}
    assert len(table(signed_in("steward@foreign").get("/export/channels.csv"))) == 1
    names = {row[1] for row in table(signed_in("head@foreign").get("/export/people.csv"))}
    assert "Head At Foreign" in names
    assert "Head At Own" not in names


def test_numbers_and_addresses_only_to_those_who_oversee(full: Cast, signed_in: Browser) -> None:
    rows = {row[1]: row for row in table(signed_in("officer@sister").get("/export/people.csv"))}
    assert (rows["Head At Sister"][0], rows["Head At Sister"][3]) == ("", "")
    assert rows["Officer At Sister"][3] == "officer.sister@example.org"
    rows = {row[1]: row for row in table(signed_in("head@sister").get("/export/people.csv"))}
    assert rows["Officer At Sister"][0] == "officer@sister"


def test_the_log_is_narrowed_as_on_its_page(full: Cast, signed_in: Browser) -> None:
    browser = signed_in("auditor@top")
    for what in ("offices", "groups"):
        body_of(browser.get(f"/export/{what}.csv"))
    assert len(table(browser.get("/export/events.csv?verb=export"))) == 4
    assert len(table(browser.get("/export/events.csv?verb=close"))) == 1


def test_rubbish_and_strangers(full: Cast, signed_in: Browser) -> None:
    browser = signed_in("officer@own")
    for address in ("/export/cats.csv", "/export/people.pdf", "/export/people"):
        assert browser.get(address).status_code == 404
    assert browser.post("/export/people.csv").status_code == 405
    assert Client().get("/export/people.csv").status_code == 302
    assert not Event.objects.exists()


def test_few_queries_however_many_rows(full: Cast, signed_in: Browser, django_assert_max_num_queries: Any) -> None:
    browser = signed_in("auditor@top")
    for what in LISTS:
        with django_assert_max_num_queries(12):
            body_of(browser.get(f"/export/{what}.csv"))
