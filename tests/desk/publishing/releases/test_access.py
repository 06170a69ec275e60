"""Who may open what, and who may press what, of releases and keys; and that the pages ask the database little."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from amanat.desk.lib import files
from amanat.desk.publishing.models import Credential, Release, Watch
from amanat.desk.registry.models import Channel
from tests.cast import Cast
from tests.desk.publishing.releases import making
from tests.desk.publishing.releases.making import scheduled
from tests.desk.publishing.test_access import EVERYBODY, PEOPLE, SEES, answer

RELEASES = {f"{role}@own" for role in ("moderator", "head", "authority", "steward")} | {"authority@top", "steward@top"}
LEADS = RELEASES - {"moderator@own"}
READS = SEES - {"officer@own", "moderator@own"}
LISTS = ["releases"]
# A page at the office `own`: the state in which the release is, and who gets it. Others who see it are refused.
PAGES: dict[str, tuple[str, set[str]]] = {
    "release": ("pending", SEES),
    "post-release": ("pending", RELEASES),
    "find-release": ("unknown", RELEASES),
    "release-sent": ("released", READS),
    "release-answer": ("released", READS),
    "connection": ("", SEES),
    "give-key": ("", LEADS),
}
VERBS: dict[str, tuple[str, set[str]]] = {
    "skip-release": ("pending", RELEASES),
    "retry-release": ("failed", RELEASES),
    "resend-release": ("unknown", RELEASES),
    "remove-key": ("", LEADS),
    "own-face": ("", LEADS),
    "disown-face": ("", LEADS),
}


@pytest.fixture
def row(cast: Cast) -> Release:
    """A release on a channel that has a key and looks different."""
    channel = making.channel_of(cast, "mastodon", "@lahore", "https://social.example/@lahore")
    making.entrust(channel, "https://social.example", cast["head@own"], token="x")
    face = {"name": "Lahore", "bio": "", "picture": ""}
    Watch.objects.create(
        channel=channel, known=face, seen=face | {"name": "Crypto"}, looked_at=timezone.now(), state="differs",
        differs_since=timezone.now(),
    )  # fmt: skip
    return scheduled(cast, [channel], at=timezone.now() + making.HOUR)[0]


def address_of(row: Release, name: str, state: str) -> str:
    if not state:
        return reverse(f"publishing:{name}", args=[row.channel_id])
    facts: dict[str, Any] = {"state": state}
    if state == "released":
        kept = files.keep_bytes(b"said")
        facts |= {"sent": kept, "answer": kept, "platform_id": "1", "address": "https://social.example/1"}
    if name in ("post-release", "skip-release"):
        Credential.objects.all().delete()
    Release.objects.filter(pk=row.pk).update(**facts)
    return reverse(f"publishing:{name}", args=[row.pk])


@pytest.mark.parametrize("name", PAGES)
def test_a_page_is_open_to_these_and_to_nobody_else(
    row: Release, signed_in: Callable[[str], Client], name: str
) -> None:
    state, may = PAGES[name]
    address = address_of(row, name, state)
    people = EVERYBODY if name in ("release", "connection") else PEOPLE
    expected = {who: 200 if who in may else 403 if who in SEES else 404 for who in people}
    assert {who: answer(signed_in(who), address) for who in people} == expected
    assert Client().get(address).status_code == 302


@pytest.mark.parametrize("name", VERBS)
def test_a_verb_is_open_to_these_and_to_nobody_else(
    row: Release, signed_in: Callable[[str], Client], name: str
) -> None:
    state, may = VERBS[name]
    address = address_of(row, name, state)
    expected = {who: 302 if who in may else 403 if who in SEES else 404 for who in PEOPLE}
    assert {who: answer(signed_in(who), address, post=True) for who in PEOPLE} == expected
    assert Client().post(address).status_code == 302
    assert signed_in("head@own").get(address).status_code == 405


def test_the_list_shows_to_each_what_they_may_see(row: Release, signed_in: Callable[[str], Client]) -> None:
    address = reverse("publishing:releases")
    assert {who: answer(signed_in(who), address) for who in PEOPLE} == dict.fromkeys(PEOPLE, 200)
    assert Client().get(address).status_code == 302
    assert str(row.draft) in signed_in("officer@own").get(address).text
    assert str(row.draft) not in signed_in("steward@foreign").get(address).text
    assert str(row.draft) not in signed_in("officer@own").get(f"{address}?state=failed").text


@pytest.mark.parametrize("name", ["releases", *(name for name in PAGES if "-" not in name)])
def test_pages_ask_little_however_much_there_is(
    cast: Cast, row: Release, signed_in: Callable[[str], Client], django_assert_max_num_queries: Any, name: str
) -> None:
    others = [Channel.objects.create(office=cast.own, platform="x", handle=f"own{n}") for n in range(8)]
    scheduled(cast, others, at=timezone.now() + making.HOUR)
    state = PAGES[name][0] if name in PAGES else ""
    address = reverse("publishing:releases") if name == "releases" else address_of(row, name, state)
    client = signed_in("head@own")
    client.get(address)
    with django_assert_max_num_queries(12):
        page = client.get(address)
    assert page.text.count("<h1") == 1
    assert len(page.content) < 60_000


@pytest.mark.parametrize("state", ["pending", "sending", "released", "failed", "unknown"])
def test_every_state_has_its_words_and_only_buttons_that_work(
    row: Release, signed_in: Callable[[str], Client], state: str
) -> None:
    address = address_of(row, "release", state)
    Release.objects.update(fault="unsure" if state == "unknown" else "refused" if state == "failed" else "")
    head, officer = (signed_in(who).get(address).text for who in ("head@own", "officer@own"))
    buttons = {"failed": ["retry/"], "unknown": ["resend/", "find/"]}.get(state, [])
    for verb in ("retry/", "resend/", "find/", "post/", "skip/"):
        assert (f"{address}{verb}" in head) == (verb in buttons), verb
        assert f"{address}{verb}" not in officer
    if state in ("failed", "unknown"):
        assert "try again" in head or "look, then say" in head


def test_the_record_is_linked_only_where_it_opens(row: Release, signed_in: Callable[[str], Client]) -> None:
    address_of(row, "release", "released")
    for who, may in (("head@own", True), ("auditor@own", True), ("officer@own", False), ("moderator@own", False)):
        page = signed_in(who).get(row.get_absolute_url()).text
        assert (reverse("publishing:release-sent", args=[row.pk]) in page) == may, who
