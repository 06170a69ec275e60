"""The register: filters, pages, files; and the figures."""

from __future__ import annotations

import csv
import io
from typing import Any

import pytest
from django.test import Client
from openpyxl import load_workbook

from amanat.desk.audit.models import Event
from amanat.desk.lib.waiting import DUE, LATE
from amanat.desk.permits import search, statistics
from amanat.desk.permits.actions import deciding
from amanat.desk.permits.models import Permit
from amanat.desk.permits.today import waiting
from amanat.desk.registry.models import Office
from tests.cast import items_of
from tests.desk.permits.conftest import CLAUSE, Asked, SignedIn, in_days, today


def rows(client: Client, **query: str) -> set[int]:
    page = client.get("/permits/", query)
    assert page.status_code == 200
    return {permit.pk for permit in page.context["page"].object_list}


@pytest.fixture
def many(asked: Asked) -> dict[str, Permit]:
    found = {
        "draft": asked.draft(), "sent": asked.sent(), "late": asked.sent(), "granted": asked.granted(),
        "refused": asked.refused(), "question": asked.question(), "answered": asked.answered(),
        "foreign": asked.sent("officer@foreign", clauses=("bdcr79-press",)),
        "other": asked.sent("officer@sister", clauses=()),
    }  # fmt: skip
    Permit.objects.filter(pk=found["late"].pk).update(submitted_on=in_days(-40), due_on=in_days(-20))
    return {name: asked.fetch(permit) for name, permit in found.items()}


def test_everybody_sees_their_own_and_deciders_what_they_decide(many: dict[str, Permit], signed_in: SignedIn) -> None:
    own = {many[name].pk for name in many if name not in ("foreign", "other")}
    assert rows(signed_in("officer@own")) == own
    assert rows(signed_in("authority@top")) == own - {many["draft"].pk} | {many["other"].pk}
    assert rows(signed_in("officer@field")) == set()
    assert "No request yet." in signed_in("officer@field").get("/permits/").text


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({"state": "refused"}, {"refused"}),
        ({"kind": "advice"}, {"question", "answered"}),
        ({"which": "decide"}, {"sent", "late", "question", "other"}),
        ({"which": "mine"}, set()),
        ({"overdue": "on"}, {"late"}),
        ({"clause": "bdcr79-press"}, set()),
        ({"clause": CLAUSE, "state": "submitted"}, {"sent", "late", "question"}),
        ({"office": "ED-MUX"}, {"other"}),
        ({"office": "multan"}, {"other"}),
        ({"decider": "authority at"}, {"granted", "refused", "answered"}),
        ({"decider": "nobody"}, set()),
        ({"number": "pk-"}, {"granted"}),
        ({"number": "PK-1"}, set()),
        ({"until": str(in_days(-30))}, {"late"}),
        ({"since": str(in_days(-30)), "state": "submitted"}, {"sent", "question", "other"}),
        ({"state": "rubbish"}, {"sent", "late", "granted", "refused", "question", "answered", "other"}),
    ],
    ids=str,
)
def test_filters(many: dict[str, Permit], signed_in: SignedIn, query: dict[str, str], expected: set[str]) -> None:
    assert rows(signed_in("authority@top"), **query) == {many[name].pk for name in expected}


def test_pages(asked: Asked, signed_in: SignedIn, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("amanat.desk.lib.views.PER_PAGE", 3)
    for _ in range(3):
        asked.sent()
    assert len(rows(signed_in("officer@own"), page="1")) == 3
    assert len(rows(signed_in("officer@own"), page="rubbish")) == 3


def test_csv_and_xlsx_hold_what_is_seen_as_it_is_filtered(many: dict[str, Permit], signed_in: SignedIn) -> None:
    client = signed_in("authority@top")
    response = client.get("/permits/export.csv", {"state": "granted"})
    text = b"".join(response.streaming_content).decode("utf-8-sig")  # type: ignore[attr-defined]
    table = list(csv.reader(io.StringIO(text)))
    assert len(table) == 2
    assert table[1][0] == many["granted"].number
    assert table[1][8] == CLAUSE
    assert "I was invited" not in text
    workbook = client.get("/permits/export.xlsx")
    sheet = load_workbook(io.BytesIO(b"".join(workbook.streaming_content)))["permits"]  # type: ignore[attr-defined]
    assert sheet.max_row == 8
    assert Event.objects.filter(verb="export").count() == 2
    assert client.get("/permits/export.pdf").status_code == 404


def test_a_formula_in_a_subject_is_not_run(asked: Asked, signed_in: SignedIn) -> None:
    asked.sent(subject="=1+1")
    response = signed_in("officer@own").get("/permits/export.csv")
    assert ",'=1+1," in b"".join(response.streaming_content).decode()  # type: ignore[attr-defined]


def test_figures_count_what_came_of_what_was_sent(many: dict[str, Permit], asked: Asked, signed_in: SignedIn) -> None:
    year, quarter = today().year, (today().month - 1) // 3
    Permit.objects.exclude(submitted_on=None).update(submitted_on=today())
    for name, took in (("granted", 2), ("refused", 5), ("answered", 6)):
        Permit.objects.filter(pk=many[name].pk).update(took=took)
    top = Office.objects.filter(pk=asked.cast.top.pk)
    found = statistics.by_quarter(top, year)
    one = found[quarter]
    assert (one.asked, one.granted, one.refused, one.answered, one.overdue, one.median) == (7, 1, 1, 1, 1, 5)
    assert sum(each.asked for each in found) == 7
    assert one.bars[0][3] == statistics.HEIGHT
    (row,) = statistics.by_office([asked.cast.top], year)
    assert (row.office, row.asked, row.median) == (asked.cast.top, 7, 5)
    assert statistics.by_office([asked.cast.own], year) == []
    page = signed_in("auditor@top").get("/permits/statistics/", {"year": year})
    assert "Education Department" in page.text
    assert "Officer" not in page.text
    for query in ({"year": "1999"}, {"year": "x"}, {"year": year - 1}):
        assert signed_in("auditor@top").get("/permits/statistics/", query).status_code == 200


def test_figures_are_of_the_offices_one_oversees(many: dict[str, Permit], signed_in: SignedIn) -> None:
    for who, sees in (("head@top", True), ("head@sister", False), ("officer@top", False), ("steward@foreign", False)):
        page = signed_in(who).get("/permits/statistics/")
        assert ("Education Department" in page.text) == sees, who


@pytest.mark.parametrize(("counts", "expected"), [([(3, 1)], 3), ([(1, 1), (4, 1)], 2.5), ([(0, 5), (9, 4)], 0),
                                                  ([(1, 2), (2, 2)], 1.5)])  # fmt: skip
def test_the_median(counts: list[tuple[int, int]], expected: float) -> None:
    assert statistics._median(counts) == expected


@pytest.mark.parametrize("typed", ["{0}", "{1}", "{2}", "{3}"])
def test_a_permit_is_found_by_its_number(asked: Asked, signed_in: SignedIn, typed: str) -> None:
    permit = asked.granted()
    number = str(permit.number)
    urdu = number.translate(str.maketrans("0123456789", "۰۱۲۳۴۵۶۷۸۹"))
    words = typed.format(number, number.lower(), number[-6:], urdu)
    page = signed_in("officer@own").get("/search/", {"q": words})
    assert permit.get_absolute_url() in page.text
    assert permit.get_absolute_url() not in signed_in("head@own").get("/search/", {"q": words}).text
    assert list(search.find(asked.cast["officer@own"], "12")) == []
    assert list(search.find(asked.cast["officer@own"], "talk")) == []


def test_today_shows_what_waits(many: dict[str, Permit], asked: Asked, signed_in: SignedIn) -> None:
    mine = {(item.what, item.verb) for item in items_of(waiting, asked.cast["officer@own"])}
    assert mine == {(str(many["draft"]), "Read it and send it")}
    deciding.give_back(many["sent"], by=asked.cast["authority@top"], reason="more")
    Permit.objects.filter(pk=many["granted"].pk).update(ends_on=in_days(5))
    verbs = {item.verb for item in items_of(waiting, asked.cast["officer@own"])}
    assert verbs == {"Read it and send it", "Add it", "Look at it"}
    decide = items_of(waiting, asked.cast["authority@top"])
    assert decide[0].what == str(many["late"])
    assert [item.weight for item in decide] == [LATE, DUE, DUE]
    assert "overdue" in decide[0].why
    assert items_of(waiting, asked.cast["head@own"]) == []
    asked.cast.people["officer@own"].is_active = False
    assert items_of(waiting, asked.cast.people["officer@own"]) == []
    assert many["late"].get_absolute_url() in signed_in("authority@top").get("/today/").text


def test_today_shows_guidance_that_wants_a_second_reader(asked: Asked) -> None:
    from amanat.desk.permits.actions import guidance
    from amanat.desk.registry.models import Appointment

    guidance.propose(asked.answered(), by=asked.cast["authority@top"], question="q", answer="a")
    assert items_of(waiting, asked.cast["authority@top"]) == []
    Appointment.objects.create(person=asked.cast["head@top"], office=asked.cast.top, role="authority")
    assert [item.verb for item in items_of(waiting, asked.cast["head@top"])] == ["Compare and decide"]


def test_the_windows_of_the_admin(many: dict[str, Permit], signed_in: SignedIn, asked: Asked) -> None:
    from tests.desk.permits.test_deputies import name

    name(asked)
    for model, who in (("permit", 1), ("cited", 1), ("letter", 1), ("deputy", 1), ("guidance", 0), ("period", 0)):
        page = signed_in("auditor@top").get(f"/tables/permits/{model}/")
        assert page.status_code == 200
        assert (page.context["cl"].result_count > 0) == bool(who), model
    assert signed_in("steward@sister").get("/tables/permits/permit/").context["cl"].result_count == 0


def test_queries_of_the_list_do_not_grow(asked: Asked, signed_in: SignedIn, django_assert_max_num_queries: Any) -> None:
    for n in range(30):
        asked.sent(subject=f"Request {n}")
    client = signed_in("authority@top")
    with django_assert_max_num_queries(12):
        assert len(rows(client)) == 30
