"""Who may open what after release, and who may press what: every role at one's own, a sister and a foreign office."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.db import transaction
from django.http import FileResponse
from django.test import Client
from django.urls import reverse

from amanat.desk.publishing import urls_corrections
from amanat.desk.publishing.models import Correction, Mending
from tests.desk.publishing.corrections.conftest import REASON, Desk
from tests.desk.publishing.test_access import EVERYBODY, PEOPLE, SEES

READS = SEES - {"officer@own", "moderator@own"}
CORRECTS = {"officer@own", "moderator@own", "head@own"}
RELEASES = {f"{role}@own" for role in ("moderator", "head", "authority", "steward")} | {"authority@top", "steward@top"}
LEADS = {"head@own", "authority@own", "authority@top"}
LISTS = ["posts", "corrections"]
PUBLIC = ["public", "put-right"]
# Everything here stands at the office `own`. Whoever sees the thing and is not named is refused (403); for whoever does
# not see it there is nothing (404).
PAGES: dict[str, tuple[str, set[str]]] = {
    "record": ("release", READS),
    "kept": ("kept", READS),
    "export-posts": ("export", READS),
    "correct": ("draft", CORRECTS),
    "withdraw": ("draft", CORRECTS),
    "correction": ("correction", SEES),
    "confirm-mending": ("failed", RELEASES),
}
VERBS: dict[str, tuple[str, set[str]]] = {
    "check-records": ("office", READS),
    "lift-correction": ("held", LEADS),
    "abandon-correction": ("held", CORRECTS | LEADS),
    "look-at-correction": ("correction", (CORRECTS | LEADS) - {"officer@own"}),
    "retry-mending": ("failed", RELEASES),
    "resend-mending": ("unknown", RELEASES),
    "waive-mending": ("failed", RELEASES),
}


def things(desk: Desk, what: str) -> list[object]:
    """What stands in the address of a thing of that name."""
    draft = desk.out(desk.channel(panel=["moderator@own"]))
    release = draft.releases.get()
    found: dict[str, list[object]] = {
        "release": [release.pk], "kept": [release.pk, release.sent], "export": [draft.office_id, "csv"],
        "draft": [draft.pk], "office": [draft.office_id],
    }  # fmt: skip
    if what in found:
        return found[what]
    row = desk.correct(draft)
    if what == "held":
        Correction.objects.filter(pk=row.pk).update(state="held", level="stop")
    if what in ("correction", "held"):
        return [row.pk]
    Mending.objects.update(state=what)
    return [Mending.objects.get().pk]


def answer(client: Client, address: str, *, post: bool = False) -> int:
    """The status of the answer; what it did is undone."""
    with transaction.atomic():
        sent = client.post(address, {"reason": REASON}) if post else client.get(address)
        if isinstance(sent, FileResponse):
            for close in sent._resource_closers:
                close()
        transaction.set_rollback(True)
    return sent.status_code


@pytest.mark.parametrize("name", PAGES)
def test_a_page_is_open_to_these_and_to_nobody_else(desk: Desk, signed_in: Callable[[str], Client], name: str) -> None:
    what, may = PAGES[name]
    address = reverse(f"publishing:{name}", args=things(desk, what))
    people = EVERYBODY if name in ("correction", "record", "correct") else PEOPLE
    expected = {who: 200 if who in may else 403 if who in SEES else 404 for who in people}
    assert {who: answer(signed_in(who), address) for who in people} == expected
    assert Client().get(address).status_code == 302


@pytest.mark.parametrize("name", LISTS)
def test_a_list_is_open_to_whoever_is_signed_in(desk: Desk, signed_in: Callable[[str], Client], name: str) -> None:
    things(desk, "correction")
    address = reverse(f"publishing:{name}")
    for who in EVERYBODY:
        page = signed_in(who).get(address)
        assert page.status_code == 200
        assert len(page.context["page"].object_list) == (who in SEES), who
    assert Client().get(address).status_code == 302


@pytest.mark.parametrize("name", VERBS)
def test_a_verb_is_open_to_these_and_to_nobody_else(desk: Desk, signed_in: Callable[[str], Client], name: str) -> None:
    what, may = VERBS[name]
    address = reverse(f"publishing:{name}", args=things(desk, what))
    expected = {who: 302 if who in may else 403 if who in SEES else 404 for who in PEOPLE}
    assert {who: answer(signed_in(who), address, post=True) for who in PEOPLE} == expected
    assert Client().post(address).status_code == 302
    assert signed_in("steward@top").get(address).status_code == 405


def test_pages_for_everybody(desk: Desk, signed_in: Callable[[str], Client]) -> None:
    row = desk.correct(desk.out(desk.channel()))
    desk.work()
    for name in PUBLIC:
        address = reverse(f"publishing:{name}", args=["ED-LHR", row.pk][: 1 + (name == "put-right")])
        assert {answer(signed_in(who), address) for who in PEOPLE} == {200}
        assert Client().get(address).status_code == 200


def test_every_address_stands_in_a_table() -> None:
    assert {one.name for one in urls_corrections.urlpatterns} == {*PAGES, *VERBS, *LISTS, *PUBLIC}
