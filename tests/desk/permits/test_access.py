"""Who may open what of permits: every page for every role at one's own, a sister and a foreign office."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse

from amanat.desk.permits.actions import guidance as guiding
from amanat.desk.permits.models import Letter
from tests.cast import ROLES
from tests.desk.permits.conftest import Asked, SignedIn
from tests.desk.permits.test_deputies import name as name_deputy

PEOPLE = [f"{role}@{place}" for role in ROLES for place in ("own", "top", "sister", "foreign")]
SEES = {"officer@own", "authority@top", "auditor@own", "auditor@top"}
DECIDES = {"authority@top"}
DECIDING_POSTS = {f"{role}@{place}" for role in ("head", "authority") for place in ("own", "top", "sister", "foreign")}
LEADS = {"head@own", "authority@own", "steward@own", "authority@top", "steward@top"}
OWN = {f"{role}@own" for role in ROLES} | {f"{role}@top" for role in ("head", "authority", "steward", "auditor")}

LISTS = ["permits", "statistics", "ask", "deputies", "guidance"]
PUBLIC = ["verify-form", "verify"]
# A page of a request of officer@own that authority@top decides: its name, the state it is in, and who gets it.
PAGES: dict[str, tuple[str, set[str]]] = {
    "permit": ("sent", SEES),
    "change": ("draft", {"officer@own"}),
    "withdraw": ("sent", {"officer@own"}),
    "grant": ("sent", DECIDES),
    "refuse": ("sent", DECIDES),
    "give-back": ("sent", DECIDES),
    "answer": ("question", DECIDES),
    "revoke": ("granted", DECIDES),
    "propose": ("answered", DECIDES),
    "letter": ("granted", SEES),
}
PRESSED = {"submit", "end-deputy", "decide-guidance"}
OTHERS = {"export", "pdf", "name-deputy", "period"}


def number_of(asked: Asked, name: str) -> list[Any]:
    permit = getattr(asked, PAGES[name][0])()
    return [permit.pk, Letter.objects.get(permit=permit, language="en").pk] if name == "letter" else [permit.pk]


def status(client: Client, address: str, *, post: bool = False) -> int:
    with transaction.atomic():
        sent = client.post(address, {"reason": "because"}) if post else client.get(address)
        if sent.streaming:
            b"".join(sent.streaming_content)  # type: ignore[attr-defined]
        transaction.set_rollback(True)
    return sent.status_code


@pytest.mark.parametrize("name", PAGES)
def test_a_page_is_open_to_these_and_to_nobody_else(asked: Asked, signed_in: SignedIn, name: str) -> None:
    address = reverse(f"permits:{name}", args=number_of(asked, name))
    sees = {"officer@own"} if name == "change" else SEES
    expected = {who: 200 if who in PAGES[name][1] else 403 if who in sees else 404 for who in PEOPLE}
    assert {who: status(signed_in(who), address) for who in PEOPLE} == expected
    assert Client().get(address).status_code == 302


@pytest.mark.parametrize("name", LISTS)
def test_a_list_is_open_to_whoever_is_signed_in(asked: Asked, signed_in: SignedIn, name: str) -> None:
    address = reverse(f"permits:{name}")
    assert {who: status(signed_in(who), address) for who in PEOPLE} == dict.fromkeys(PEOPLE, 200)
    assert Client().get(address).status_code == 302


def test_what_is_open_to_everybody(asked: Asked, signed_in: SignedIn) -> None:
    code = asked.granted().code
    for address in (reverse("permits:verify-form"), reverse("permits:verify", args=[code])):
        assert Client().get(address).status_code == 200
        assert signed_in("officer@foreign").get(address).status_code == 200
        assert Client().post(address).status_code == 405


def test_the_others(asked: Asked, signed_in: SignedIn) -> None:
    export, name = reverse("permits:export", args=["csv"]), reverse("permits:name-deputy")
    period = reverse("permits:period", args=[asked.cast.own.pk])
    for who in PEOPLE:
        client = signed_in(who)
        assert status(client, export) == 200
        assert status(client, name) == (200 if who in DECIDING_POSTS else 403), who
        assert status(client, period) == (200 if who in LEADS else 403 if who in OWN else 404), who
    for address in (export, name, period):
        assert Client().get(address).status_code == 302


def test_what_is_pressed(asked: Asked, signed_in: SignedIn) -> None:
    submit = reverse("permits:submit", args=[asked.draft().pk])
    end = reverse("permits:end-deputy", args=[name_deputy(asked).pk])
    row = guiding.propose(asked.answered(), by=asked.cast["authority@top"], question="q", answer="a")
    publish = reverse("permits:decide-guidance", args=[row.pk, "publish"])
    overseers = {"head@top", "steward@top", "auditor@top", "officer@top"}
    for who in PEOPLE:
        client = signed_in(who)
        assert status(client, submit, post=True) == (302 if who == "officer@own" else 404), who
        expected = 302 if who == "authority@top" else 403 if who in overseers else 404
        assert status(client, end, post=True) == expected, who
        expected = {"authority@top": 403, "officer@top": 302}.get(who, 404)  # a deputy is a second person too
        assert status(client, publish, post=True) == expected, who
    for address in (submit, end, publish):
        assert Client().post(address).status_code == 302
        assert signed_in("authority@top").get(address).status_code == 405
    assert signed_in("authority@top").post(f"/permits/guidance/{row.pk}/rubbish/").status_code == 404


@pytest.mark.parametrize("name", [*LISTS, *PAGES])
def test_a_page_asks_at_most_twelve_times(
    asked: Asked, signed_in: SignedIn, name: str, django_assert_max_num_queries: Any
) -> None:
    for _ in range(4):
        guiding.propose(asked.answered(), by=asked.cast["authority@top"], question="q", answer="a")
        asked.granted()
        asked.refused()
    name_deputy(asked)
    may = PAGES.get(name, ("", {"authority@top"}))[1]
    address = reverse(f"permits:{name}", args=number_of(asked, name) if name in PAGES else [])
    for who in sorted(may & {"authority@top", "officer@own"}):
        client = signed_in(who)
        with django_assert_max_num_queries(12):
            page = client.get(address)
        assert page.status_code == 200
        html = page.text
        assert html.count("<h1") == 1
        assert re.search(r"<title>\S.* · Amanat</title>", html)
        assert " style=" not in html
        labelled = set(re.findall(r'<label[^>]* for="([^"]+)"', html))
        inputs = set(re.findall(r'<(?:input|select|textarea)(?! type="hidden")[^>]* id="([^"]+)"', html))
        assert inputs <= labelled
