"""Who may open what, and who may press what, of drafts: every address for every role at four offices."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from amanat.desk.publishing.actions import drafts, pictures
from amanat.desk.publishing.models import Draft
from amanat.desk.registry.models import Channel
from tests.cast import ROLES
from tests.desk.publishing.conftest import STOPPED, Press, photo

OWN = {f"{role}@own" for role in ROLES}
SEES = OWN | {f"{role}@top" for role in ("head", "authority", "steward", "auditor")}
WRITES = {"officer@own", "moderator@own", "head@own"}
STANDS_IN = {"head@own", "authority@own", "authority@top"}
PLANS = {"moderator@own", "head@own"}
EVERYBODY = [f"{role}@{place}" for role in ROLES for place in ("own", "top", "sister", "foreign")]
STRANGERS = ("head@sister", "steward@sister", "authority@foreign", "auditor@foreign")
PEOPLE = [who for who in EVERYBODY if who.endswith(("@own", "@top")) or who in STRANGERS]
"""Who is asked about every address. Strangers are told apart by what they may see: all of them ask for each thing."""

LISTS = ["drafts", "month", "week", "cadence", "slots"]
# A page at the office `own`: on what, and who gets it. Who sees the thing and is not named is refused; others get 404.
PAGES: dict[str, tuple[str, set[str]]] = {
    "begin": ("office", WRITES),
    "practice": ("office", STANDS_IN),
    "set-slots": ("channel", PLANS),
    "ungate": ("late", STANDS_IN),
    "draft": ("draft", SEES),
    "history": ("draft", SEES),
    "texts": ("draft", WRITES),
    "plan": ("draft", WRITES),
    "add-picture": ("draft", WRITES),
    "describe-picture": ("picture", WRITES),
    "remove-picture": ("picture", WRITES),
    "lift": ("stopped", STANDS_IN),
}
# A verb, pressed: on what, and who may.
VERBS: dict[str, tuple[str, set[str]]] = {
    "submit": ("draft", WRITES),
    "recall": ("submitted", WRITES),
    "discard": ("draft", WRITES),
    "copy": ("expired", WRITES),
}
FILES = ["picture", "small-picture"]
VOTES = ["vote"]


def number_of(press: Press, what: str) -> list[int]:
    """The numbers in the address of a thing of that name."""
    if what == "office":
        return [press.cast.own.pk]
    if what in ("channel", "late"):
        if what == "late":
            Channel.objects.update(inspection_due_on=timezone.localdate() - timedelta(days=60))
        return [press.page.pk]
    draft = press.write(text=STOPPED) if what == "stopped" else press.write()
    if what == "picture":
        return [draft.pk, pictures.add(draft, photo(), by=draft.author, alts={"en": "A door"}).pk]
    if what == "submitted":
        drafts.submit(draft, by=draft.author)
    if what == "expired":
        Draft.objects.filter(pk=draft.pk).update(state="expired")
    return [draft.pk]


def answer(client: Client, address: str, *, post: bool = False) -> int:
    """The status of the answer; what it did is undone."""
    with transaction.atomic():
        sent = client.post(address, {"reason": "because"}) if post else client.get(address)
        transaction.set_rollback(True)
    for close in getattr(sent, "_resource_closers", ()):
        close()
    return sent.status_code


@pytest.mark.parametrize("name", PAGES)
def test_a_page_is_open_to_these_and_to_nobody_else(
    press: Press, signed_in: Callable[[str], Client], name: str
) -> None:
    what, may = PAGES[name]
    address = reverse(f"publishing:{name}", args=number_of(press, what))
    people = EVERYBODY if name in ("draft", "begin", "set-slots") else PEOPLE
    expected = {who: 200 if who in may else 403 if who in SEES else 404 for who in people}
    assert {who: answer(signed_in(who), address) for who in people} == expected
    assert Client().get(address).status_code == 302


@pytest.mark.parametrize("name", LISTS)
def test_a_list_is_open_to_whoever_is_signed_in(press: Press, signed_in: Callable[[str], Client], name: str) -> None:
    address = reverse(f"publishing:{name}")
    assert {who: answer(signed_in(who), address) for who in PEOPLE} == dict.fromkeys(PEOPLE, 200)
    assert Client().get(address).status_code == 302


@pytest.mark.parametrize("name", VERBS)
def test_a_verb_is_open_to_these_and_to_nobody_else(
    press: Press, signed_in: Callable[[str], Client], name: str
) -> None:
    what, may = VERBS[name]
    address = reverse(f"publishing:{name}", args=number_of(press, what))
    expected = {who: 302 if who in may else 403 if who in SEES else 404 for who in PEOPLE}
    assert {who: answer(signed_in(who), address, post=True) for who in PEOPLE} == expected
    assert Client().post(address).status_code == 302
    assert signed_in("head@own").get(address).status_code == 405


@pytest.mark.parametrize("name", FILES)
def test_a_picture_is_there_for_those_who_see_the_draft(
    press: Press, signed_in: Callable[[str], Client], name: str
) -> None:
    address = reverse(f"publishing:{name}", args=[number_of(press, "picture")[1]])
    expected = {who: 200 if who in SEES else 404 for who in EVERYBODY}
    assert {who: answer(signed_in(who), address) for who in EVERYBODY} == expected
    assert Client().get(address).status_code == 302


def test_a_vote_is_for_those_who_were_asked(press: Press, signed_in: Callable[[str], Client]) -> None:
    draft = press.hand_in(channels=[press.wall])
    address = reverse("publishing:vote", args=[draft.pk])
    assert answer(signed_in("moderator@own"), address) == 200
    # the page of the draft instead, for whoever sees it and has no vote
    expected = {who: 302 if who in SEES else 404 for who in PEOPLE if who != "moderator@own"}
    assert {who: answer(signed_in(who), address) for who in expected} == expected
    sent = {"vote": "for"}
    for who in expected:
        assert signed_in(who).post(address, sent).status_code == (403 if who in SEES else 404), who
    assert signed_in("moderator@own").post(address, sent).status_code == 302
    assert Draft.objects.get().state == "scheduled"
    assert Client().get(address).status_code == 302


@pytest.mark.parametrize("name", ["set-slots", "practice", "ungate", "lift", "texts", "plan"])
def test_whoever_may_not_open_a_form_may_not_send_it(
    press: Press, signed_in: Callable[[str], Client], name: str
) -> None:
    what, may = PAGES[name]
    address = reverse(f"publishing:{name}", args=number_of(press, what))
    for who in set(PEOPLE) - may:
        assert answer(signed_in(who), address, post=True) == (403 if who in SEES else 404), who
