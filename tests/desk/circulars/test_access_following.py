"""Who may follow a circular, and who is asked what: every address, every role, at every office."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse

from amanat.desk.circulars.actions import quizzes
from tests.cast import ROLES
from tests.desk.circulars.conftest import Letters
from tests.desk.circulars.test_quiz import WORDS

PLACES = ("top", "own", "sister", "field", "foreign")
PEOPLE = [f"{role}@{place}" for place in PLACES for role in ROLES]


def at(places: str, roles: str = " ".join(ROLES)) -> set[str]:
    return {f"{role}@{place}" for place in places.split() for role in roles.split()}


OVERSEE, LEAD = "head authority steward auditor", "head authority steward"
FOLLOW = at("top own field", OVERSEE)
LEAD_OWN = at("own", LEAD) | at("top", "authority steward")
SEE_OWN = at("own") | at("top", OVERSEE)
# Everything is about a circular of `top` to `own` and `field`: who gets the page; of the rest, who is refused (403).
# To everybody else it is not there (404).
PAGES: dict[str, tuple[set[str], set[str]]] = {
    "missing": (FOLLOW, set()),
    "tree": (FOLLOW, set()),
    "missing-export": (FOLLOW, set()),
    "rhythm": (LEAD_OWN, SEE_OWN),
    "questions": (at("top", "officer moderator head authority steward"), at("top", "auditor")),
    "quiz": (at("own field"), set()),
    "sheet": (LEAD_OWN, SEE_OWN),
    "blank": (LEAD_OWN, SEE_OWN),
}
PRESSED: dict[str, tuple[set[str], set[str]]] = {
    "remind": (at("top", LEAD), FOLLOW),
    "withdraw": (at("top", LEAD), at("top own field")),
    "hand-in": (set(), SEE_OWN),
}
PUBLIC = {"public-list", "public", "public-file"}
ELSEWHERE = {"scan", "outside", "outside-file"}
"""Has a table of its own among the tests of sheets; and what is opened by the link of a mail (test_outside.py)."""
EVERY = {*PAGES, *PRESSED, *PUBLIC, *ELSEWHERE}


def address(letters: Letters, name: str) -> str:
    if name == "rhythm":
        return reverse("circulars:rhythm", args=[letters.cast.own.pk])
    if name == "questions":
        return reverse("circulars:questions", args=[letters.draft().pk])
    circular = letters.draft()
    quizzes.ask(circular, by=letters.cast["head@top"], questions=[{"words": WORDS, "right": 1}])
    circular = letters.send(circular, "head@top")
    own = [letters.cast.own.pk]
    of: dict[str, list[Any]] = {"missing-export": ["csv"], "sheet": own, "blank": own, "hand-in": own}
    return reverse(f"circulars:{name}", args=[circular.pk, *of.get(name, [])])


def answer(client: Client, where: str, *, post: bool = False) -> int:
    """The status of the answer; what it did is undone."""
    with transaction.atomic():
        sent = client.post(where, {"reason": "because"}) if post else client.get(where)
        transaction.set_rollback(True)
    return sent.status_code


@pytest.mark.parametrize("name", PAGES)
def test_a_page_is_open_to_these(letters: Letters, signed_in: Callable[[str], Client], name: str) -> None:
    may, sees = PAGES[name]
    where = address(letters, name)
    expected = {who: 200 if who in may else 403 if who in sees else 404 for who in PEOPLE}
    assert {who: answer(signed_in(who), where) for who in PEOPLE} == expected
    assert Client().get(where).status_code == 302


@pytest.mark.parametrize("name", PRESSED)
def test_a_button_is_for_these(letters: Letters, signed_in: Callable[[str], Client], name: str) -> None:
    may, sees = PRESSED[name]
    where = address(letters, name)
    expected = {who: 302 if who in may else 403 if who in sees else 404 for who in PEOPLE}
    assert {who: answer(signed_in(who), where, post=True) for who in PEOPLE} == expected
    assert Client().post(where).status_code == 302
    assert signed_in("head@own").get(where).status_code == 405
