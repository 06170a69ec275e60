"""Who may open what: every page for every role at one's own, a sister and a foreign office; and who may press what."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.http import FileResponse
from django.test import Client
from django.urls import reverse

from amanat.desk.circulars.actions import enclosures, lists
from amanat.desk.circulars.audience import Audience
from tests.cast import ROLES
from tests.desk.circulars.conftest import Letters

PEOPLE = [f"{role}@{place}" for role in ROLES for place in ("own", "top", "sister", "foreign")]
OWN = {f"{role}@own" for role in ROLES}
ABOVE = {f"{role}@top" for role in ("head", "authority", "steward", "auditor")}
SEES = OWN | ABOVE
"""Those who see what the office `own` has."""
WRITES = (OWN - {"auditor@own"}) | {"authority@top", "steward@top"}
LEADS = {f"{role}@own" for role in ("head", "authority", "steward")} | {"authority@top", "steward@top"}

# On what, and who gets the page. `draft`: a draft of `own`; `sent`: issued by `own` to `field`. Whoever sees the thing
# and is not named is refused (403); for whoever does not see it there is nothing (404).
PAGES: dict[str, tuple[str, set[str]]] = {
    "circular": ("draft", SEES),
    "write": ("draft+en", WRITES),
    "settle": ("draft", WRITES),
    "address": ("draft", WRITES),
    "enclose": ("draft", WRITES),
    "dispatch": ("draft", LEADS),
    "correct": ("sent+en", LEADS),
    "correct-enclosures": ("sent", LEADS),
    "enclosure": ("enclosure", SEES),
    "endorse": ("copy", LEADS),
    "enter-list": ("own", WRITES),
    "list": ("list", WRITES),
    "numbers": ("own", LEADS),
}
LISTS: dict[str, set[str]] = {
    "mine": set(PEOPLE),
    "circulars": set(PEOPLE),
    "lists": set(PEOPLE),
    "begin": {who for who in PEOPLE if not who.startswith("auditor")},
}
# A verb: on what, what is sent with it, and who may. (Who acknowledges for themselves: test_acknowledge.py.)
VERBS: dict[str, tuple[str, dict[str, str], set[str]]] = {
    "drop": ("draft", {}, WRITES),
    "take-out": ("enclosure", {}, WRITES),
    "acknowledge": ("came", {"version": "1", "language": "en"}, OWN),
    "receive": ("copy", {"version": "1"}, {f"{role}@own" for role in ("head", "authority", "steward")}),
}


def number_of(letters: Letters, what: str) -> list[Any]:
    """What stands in the address of a thing of that name."""
    cast, (what, _plus, more) = letters.cast, what.partition("+")
    officer = cast["officer@own"]
    if what == "own":
        return [cast.own.pk]
    if what == "list":
        return [lists.enter(cast.own, by=officer, name="All", audience=Audience(trees=(cast.own.pk,))).pk]
    if what == "copy":
        return [letters.copy(letters.sent("head@top", to=Audience(offices=(cast.own.pk,))), "own").pk]
    if what == "came":
        return [letters.sent("head@top", to=Audience(offices=(cast.own.pk,))).pk]
    if what == "sent":
        sent = letters.sent("head@own", to=Audience(offices=(cast.field.pk,)))
        return [sent.pk, more] if more else [sent.pk]
    draft = letters.draft("officer@own")
    if what == "enclosure":
        return [enclosures.enclose(draft, by=officer, upload=SimpleUploadedFile("a.txt", b"text")).pk]
    return [draft.pk, more] if more else [draft.pk]


@contextmanager
def undone() -> Iterator[None]:
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def status(client: Client, address: str, sent: dict[str, str] | None = None) -> int:
    """The status of the answer; what it did is undone."""
    with undone():
        answer = client.get(address) if sent is None else client.post(address, sent)
        if isinstance(answer, FileResponse):
            for close in answer._resource_closers:
                close()
    return answer.status_code


@pytest.mark.parametrize("name", PAGES)
def test_a_page_is_open_to_these_and_to_nobody_else(
    letters: Letters, signed_in: Callable[[str], Client], name: str
) -> None:
    what, may = PAGES[name]
    address = reverse(f"circulars:{name}", args=number_of(letters, what))
    expected = {who: 200 if who in may else 403 if who in SEES else 404 for who in PEOPLE}
    assert {who: status(signed_in(who), address) for who in PEOPLE} == expected
    assert Client().get(address).status_code == 302


@pytest.mark.parametrize("name", LISTS)
def test_a_page_without_a_thing(letters: Letters, signed_in: Callable[[str], Client], name: str) -> None:
    address = reverse(f"circulars:{name}")
    expected = {who: 200 if who in LISTS[name] else 403 for who in PEOPLE}
    assert {who: status(signed_in(who), address) for who in PEOPLE} == expected
    assert Client().get(address).status_code == 302


@pytest.mark.parametrize("name", VERBS)
def test_a_verb_is_open_to_these_and_to_nobody_else(
    letters: Letters, signed_in: Callable[[str], Client], name: str
) -> None:
    what, sent, may = VERBS[name]
    address = reverse(f"circulars:{name}", args=number_of(letters, what))
    sees = SEES | {f"{role}@top" for role in ROLES} if what == "came" else SEES
    expected = {who: 302 if who in may else 403 if who in sees else 404 for who in PEOPLE}
    assert {who: status(signed_in(who), address, sent) for who in PEOPLE} == expected
    assert Client().post(address, sent).status_code == 302
    assert signed_in("steward@own").get(address).status_code == 405
