"""Every page of drafts stays within its queries, however much there is, and has what every page must have."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import time, timedelta
from time import process_time
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from amanat.desk.home.views import FINDING
from amanat.desk.publishing.actions import drafts, editing, pictures, votes
from amanat.desk.publishing.models import Draft, Slot, Target, Version
from amanat.desk.publishing.search import find
from amanat.desk.registry.models import Channel, PanelSeat
from tests.cast import items_of
from tests.desk.publishing.conftest import STOPPED, Press, juror, photo
from tests.desk.publishing.test_access import LISTS, PAGES, number_of

SignedIn = Callable[[str], Client]
STATES = ["draft", "stopped", "in-review", "returned", "scheduled", "expired", "released", "emergency"]


@pytest.fixture
def crowd(press: Press) -> Press:
    """Many channels with slots, many drafts."""
    hands = [juror(press.cast.own, f"Hand {n}") for n in range(6)]
    late = timezone.localdate() - timedelta(days=60)
    channels = Channel.objects.bulk_create(
        Channel(office=press.cast.own, platform="mastodon", handle=f"@lahore{n}@example.org", state="verified",
                inspection_due_on=late)
        for n in range(12)
    )  # fmt: skip
    PanelSeat.objects.bulk_create(PanelSeat(channel=one, person=hands[n % 6]) for n, one in enumerate(channels))
    Slot.objects.bulk_create(Slot(channel=one, weekday=n % 7, at=time(9, 30)) for n, one in enumerate(channels))
    author, wanted = press.cast["officer@own"], timezone.now() + timedelta(days=2)
    rows = Draft.objects.bulk_create(
        Draft(office=press.cast.own, author=author, title=f"Notice {n}", wanted_at=wanted) for n in range(12)
    )
    Target.objects.bulk_create(
        Target(draft=row, channel=one, language="en") for row, one in zip(rows, channels, strict=True)
    )
    Version.objects.bulk_create(Version(draft=row, language="en", text="Open.") for row in rows)
    return press


def one(press: Press, state: str) -> Draft:
    """A draft in that state, with texts, pictures, several channels and rounds."""
    channels = [press.page, press.wall, *Channel.objects.filter(platform="mastodon")[:2]]
    more: dict[str, Any] = {"emergency_reason": "It burns."} if state == "emergency" else {}
    draft = press.write(channels=channels, text=STOPPED if state == "stopped" else "Open from nine to three.", **more)
    for n in range(3):
        pictures.add(draft, photo(size=(20 + n, 20)), by=draft.author, alts={"en": "A door"})
    editing.write(draft, by=draft.author, texts={("en", "bluesky"): "Short.", ("ur", ""): "مختصر۔"})
    if state in ("draft", "stopped"):
        return draft
    drafts.submit(draft, by=draft.author)
    editing.recall(draft, by=draft.author)
    drafts.submit(draft, by=draft.author)
    votes.cast(draft, by=press.jurors[0], vote="against", reason="No.")
    if state in ("returned", "expired", "released"):
        draft.rounds.filter(outcome="").update(outcome="returned", closed_at=timezone.now())
    if state in ("scheduled", "released"):
        Draft.objects.filter(pk=draft.pk).update(approved_hash="x")
    Draft.objects.filter(pk=draft.pk).update(state="in-review" if state == "emergency" else state)
    return Draft.objects.get(pk=draft.pk)


def checked(html: str) -> None:
    assert html.count("<h1") == 1
    assert re.search(r"<title>\S.* · Amanat</title>", html)
    assert " style=" not in html
    assert "<script" not in html
    labelled = set(re.findall(r'<label[^>]* for="([^"]+)"', html))
    asked = set(re.findall(r'<(?:input|select|textarea)(?! type="hidden")[^>]* id="([^"]+)"', html))
    assert asked <= labelled


@pytest.mark.parametrize("name", [*LISTS, *PAGES])
def test_a_page_asks_at_most_twelve_times(
    crowd: Press, signed_in: SignedIn, name: str, django_assert_max_num_queries: Any
) -> None:
    address = reverse(f"publishing:{name}", args=number_of(crowd, PAGES[name][0]) if name in PAGES else [])
    client = signed_in("head@own")
    with django_assert_max_num_queries(12):
        page = client.get(address)
    assert page.status_code == 200
    checked(page.text)


@pytest.mark.parametrize("who", ["head@own", "officer@own"])
@pytest.mark.parametrize("state", STATES)
def test_a_draft_in_every_state_too(
    crowd: Press, signed_in: SignedIn, state: str, who: str, django_assert_max_num_queries: Any
) -> None:
    draft, client = one(crowd, state), signed_in(who)
    with django_assert_max_num_queries(12):
        page = client.get(draft.get_absolute_url())
    checked(page.text)
    with django_assert_max_num_queries(12):
        client.get(reverse("publishing:history", args=[draft.pk]))


def test_today_stays_within_its_queries(crowd: Press, signed_in: SignedIn, django_assert_max_num_queries: Any) -> None:
    from amanat.desk.publishing.today import waiting

    for state in ("in-review", "returned", "expired", "emergency"):
        one(crowd, state)
    person = crowd.cast["head@own"]
    assert person.posts
    with django_assert_max_num_queries(9):
        items_of(waiting, person)


@pytest.mark.parametrize("lang", ["ur", "hi", "bn"])
@pytest.mark.parametrize("name", [*LISTS, "draft"])
def test_a_page_opens_in_every_language(crowd: Press, signed_in: SignedIn, name: str, lang: str) -> None:
    client = signed_in("head@own")
    client.cookies["language"] = lang
    args = number_of(crowd, "draft") if name == "draft" else []
    assert f'<html lang="{lang}"' in client.get(reverse(f"publishing:{name}", args=args)).text


@pytest.mark.parametrize(
    "model", ["draft", "version", "picture", "target", "round", "ballot", "slot", "practice", "lift"]
)
def test_the_tables_show_and_change_nothing(crowd: Press, signed_in: SignedIn, model: str) -> None:
    one(crowd, "in-review")
    client = signed_in("auditor@own")
    assert client.get(f"/tables/publishing/{model}/").status_code == 200
    assert client.get(f"/tables/publishing/{model}/add/").status_code == 403


def test_the_tables_keep_votes_hidden_too(press: Press, signed_in: SignedIn) -> None:
    draft = press.hand_in()
    votes.cast(draft, by=press.jurors[0], vote="against", reason="Wrong hours.")
    page = signed_in("auditor@own").get("/tables/publishing/ballot/").text
    assert "Juror One" not in page


def test_a_panel_page_hides_votes_from_who_has_not_voted(press: Press, signed_in: SignedIn) -> None:
    draft = press.hand_in(channels=[press.page, press.wall])
    votes.cast(draft, by=press.jurors[0], vote="against", reason="Wrong hours.")
    client = signed_in("moderator@own")
    for address in (draft.get_absolute_url(), reverse("publishing:history", args=[draft.pk])):
        assert "Wrong hours." not in client.get(address).text
    page = client.get(draft.get_absolute_url()).text
    assert "has voted" in page
    client.post(reverse("publishing:vote", args=[draft.pk]), {"vote": "for"})
    assert "Wrong hours." in client.get(draft.get_absolute_url()).text
    assert "Cast the vote" not in client.get(draft.get_absolute_url()).text


def test_a_vote_without_its_reason_keeps_what_was_chosen(press: Press, signed_in: SignedIn) -> None:
    draft = press.hand_in(channels=[press.wall])
    page = signed_in("moderator@own").post(reverse("publishing:vote", args=[draft.pk]), {"vote": "against"})
    assert page.status_code == 200
    assert "Say why" in page.text
    assert re.search(r'value="against"[^>]*checked', page.text)


def test_a_draft_is_found_by_its_title(press: Press) -> None:
    draft = press.write()
    assert [hit.url for hit in find(press.cast["auditor@top"], "hours counter")] == [draft.get_absolute_url()]
    assert list(find(press.cast["head@sister"], "counter")) == []
    assert find in FINDING


def test_the_list_is_filtered(press: Press, signed_in: SignedIn) -> None:
    mine = press.write()
    other = press.write("moderator@own", [press.wall])
    Draft.objects.filter(pk=other.pk).update(title="Another matter")
    client = signed_in("officer@own")
    address = reverse("publishing:drafts")
    assert mine.wanted_at is not None
    day = timezone.localdate(mine.wanted_at).isoformat()
    for asked, found in (
        ({"words": "another"}, [other]), ({"channel": str(press.page.pk)}, [mine]), ({"mine": "on"}, [mine]),
        ({"state": "released"}, []), ({"on": day}, [other, mine]), ({"on": "2020-01-01"}, []),
        ({"state": "nonsense"}, [other, mine]),
    ):  # fmt: skip
        page = client.get(address, asked)
        assert list(page.context["page"].object_list) == found, asked


def test_a_month_of_a_thousand_drafts_is_quick(press: Press, signed_in: SignedIn) -> None:
    """The full size, five thousand, is measured by ./bench."""
    now = timezone.now()
    author = press.cast["officer@own"]
    rows = Draft.objects.bulk_create(
        Draft(office=press.cast.own, author=author, title=f"Notice {n}", state="released", approved_hash="x",
              wanted_at=now + timedelta(minutes=n))
        for n in range(1000)
    )  # fmt: skip
    Target.objects.bulk_create(Target(draft=row, channel=press.page, language="en") for row in rows)
    Version.objects.bulk_create(Version(draft=row, language="en", text="Open.") for row in rows)
    client = signed_in("officer@own")
    for name in ("month", "week", "cadence", "drafts"):
        address = reverse(f"publishing:{name}")
        client.get(address)
        begun = process_time()
        page = client.get(address)
        assert process_time() - begun < 0.5
        assert len(page.content) < 60_000
