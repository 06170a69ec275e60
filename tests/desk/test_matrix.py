"""Every address of the desk stands in a table of who gets it; here is the rest, and the count."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.http import FileResponse
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from amanat.desk.registry.models import Channel, Verification
from tests.cast import ROLES, Cast
from tests.desk.circulars import test_access as circulars
from tests.desk.circulars import test_access_following as following
from tests.desk.permits import test_access as permits
from tests.desk.publishing import test_access as drafts
from tests.desk.publishing.corrections import test_access as corrections
from tests.desk.publishing.releases import test_access as releases
from tests.desk.registry import test_access as registry
from tests.desk.rules import test_access as rules

EVERYBODY = [f"{role}@{place}" for role in ROLES for place in ("own", "top", "sister", "foreign")]
STEWARDS = {who for who in EVERYBODY if who.startswith("steward@")}
WORKS = {f"{role}@own" for role in ("moderator", "head", "authority", "steward")} | {"authority@top", "steward@top"}
SEES = registry.SEES
# Addresses without a thing: who gets the page; whoever is signed in and not named is refused.
PLAIN: dict[str, tuple[list[Any], set[str]]] = {
    "home:today": ([], set(EVERYBODY)),
    "home:search": ([], set(EVERYBODY)),
    "audit:events": ([], set(EVERYBODY)),
    "registry:import": ([], STEWARDS),
    "registry:import-template": (["people"], STEWARDS),
    "registry:export": (["offices", "csv"], set(EVERYBODY)),
    "registry:notices": ([], set(EVERYBODY)),
    "registry:worker": ([], STEWARDS),
}
# Things at the office `own`: who gets the page or may press; who sees the thing is refused, to others it is not there.
CHANNELS = {"registry:prove": SEES, "registry:letter": SEES}
PRESSED = {"registry:prove-domain": WORKS, "registry:prove-letter": WORKS, "registry:decide-letter": WORKS}
GUARDED_BY_A_TOKEN_OR_A_FILE = {
    "registry:accept",
    "registry:import-plan",
    "registry:import-faults",
    "registry:load-plan",
}
"""Opened by who holds the secret link, or loaded the file: their own tests say so."""
OPEN_TO_WATCHERS = {"health", "ready"}
INVITES = {"registry:invite"}
NOTICES = {"registry:read-notices", "registry:read-notice", "registry:mail"}
QUEUE = {"registry:rerun-task", "registry:discard-task"}
"""Pressed on what is one's own, or by stewards: registry/test_notices.py and test_queue.py say so."""


@pytest.fixture
def letter(cast: Cast) -> Verification:
    channel = Channel.objects.create(office=cast.own, platform="x", handle="@own", address="https://x.example/own")
    return Verification.objects.create(
        channel=channel, method="letter", letter="0" * 64, letter_name="a.pdf", by=cast["moderator@own"]
    )


def status(client: Client, address: str) -> int:
    response = client.get(address)
    if isinstance(response, FileResponse):
        for close in response._resource_closers:
            close()
    return response.status_code


@pytest.mark.parametrize("name", PLAIN)
def test_pages_without_a_thing(signed_in: Callable[[str], Client], name: str) -> None:
    args, may = PLAIN[name]
    address = reverse(name, args=args)
    expected = {who: 200 if who in may else 403 for who in EVERYBODY}
    assert {who: status(signed_in(who), address) for who in EVERYBODY} == expected
    assert Client().get(address).status_code == 302


def test_proofs_are_there_for_those_who_see_the_channel(
    letter: Verification, signed_in: Callable[[str], Client]
) -> None:
    address = reverse("registry:prove", args=[letter.channel_id])
    assert {who: status(signed_in(who), address) for who in EVERYBODY} == {
        who: 200 if who in SEES else 404 for who in EVERYBODY
    }
    for name, number in (("prove", letter.channel_id), ("letter", letter.pk)):
        assert Client().get(reverse(f"registry:{name}", args=[number])).status_code == 302
    gone = {who: status(signed_in(who), reverse("registry:letter", args=[letter.pk])) for who in EVERYBODY}
    assert set(gone.values()) == {404}  # nobody handed this file in: it is told to nobody that it ever was


def test_whoever_may_not_work_on_a_channel_proves_nothing(
    letter: Verification, signed_in: Callable[[str], Client]
) -> None:
    before = Verification.objects.count()
    for who in set(EVERYBODY) - WORKS:
        expected = 403 if who in SEES else 404
        for name in ("prove-domain", "prove-letter"):
            answer = signed_in(who).post(reverse(f"registry:{name}", args=[letter.channel_id]))
            assert answer.status_code in (expected, 200), (who, name)
        answer = signed_in(who).post(reverse("registry:decide-letter", args=[letter.pk, "accept"]))
        assert answer.status_code == expected, who
    letter.refresh_from_db()
    assert Verification.objects.count() == before
    assert not letter.is_proved


def named(patterns: list[Any], space: str = "") -> Iterator[str]:
    for one in patterns:
        if isinstance(one, URLResolver):
            yield from named(one.url_patterns, f"{one.namespace}:" if one.namespace else space)
        elif isinstance(one, URLPattern) and one.name:
            yield f"{space}{one.name}"


def test_no_address_of_ours_is_missing_from_the_tables() -> None:
    ours = {
        name
        for name in named(get_resolver().url_patterns)
        if name.split(":")[0] in ("home", "audit", "circulars", "permits", "publishing", "registry", "rules")
    }
    covered = {
        *PLAIN, *CHANNELS, *PRESSED, *GUARDED_BY_A_TOKEN_OR_A_FILE, *INVITES, *NOTICES, *QUEUE,
        *(f"registry:{name}" for name in (*registry.PAGES, *registry.LISTS, *registry.VERBS)),
        *(f"permits:{name}" for name in (*permits.LISTS, *permits.PUBLIC, *permits.PAGES)),
        *(f"permits:{name}" for name in (*permits.PRESSED, *permits.OTHERS)),
        *(f"circulars:{name}" for name in (*circulars.PAGES, *circulars.LISTS, *circulars.VERBS)),
        *(f"circulars:{name}" for name in following.EVERY),
        *(f"rules:{name}" for name in (*rules.PUBLIC, *rules.STEWARDS, *rules.SIGNED_IN, *rules.PRESSED)),
        *(f"publishing:{name}" for name in (*drafts.PAGES, *drafts.LISTS, *drafts.VERBS, *drafts.FILES, *drafts.VOTES)),
        *(f"publishing:{name}" for name in (*corrections.PAGES, *corrections.LISTS)),
        *(f"publishing:{name}" for name in (*corrections.VERBS, *corrections.PUBLIC)),
        *(f"publishing:{name}" for name in (*releases.PAGES, *releases.LISTS, *releases.VERBS)),
    }  # fmt: skip
    assert ours - covered == set()
    assert covered - ours == set()
