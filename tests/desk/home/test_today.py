"""Today: one list of what waits, the most harmful first. Search: only what one may see."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.template.loader import render_to_string
from django.test import Client
from django.utils import timezone

from amanat.desk.lib.waiting import DUE, Item
from amanat.desk.registry.models import Channel
from tests.cast import Cast

SignedIn = Callable[[str], Client]


def channel(cast: Cast, handle: str, due: int) -> Channel:
    day = timezone.localdate() + timedelta(days=due)
    return Channel.objects.create(
        office=cast.own, platform="x", handle=handle, state="verified", inspection_due_on=day
    )  # fmt: skip


def test_what_waits_longest_stands_first(cast: Cast, signed_in: SignedIn) -> None:
    channel(cast, "@later", -2)
    channel(cast, "@earlier", -40)
    channel(cast, "@not-yet", 40)
    page = signed_in("moderator@own").get("/today/").text
    assert page.index("@earlier") < page.index("@later")
    assert "@not-yet" not in page
    assert "@earlier" not in signed_in("moderator@sister").get("/today/").text


def test_only_what_is_late_is_called_overdue(cast: Cast, signed_in: SignedIn) -> None:
    Channel.objects.create(office=cast.own, platform="x", handle="@unproved", inspection_due_on=None)
    client = signed_in("moderator@own")
    page = client.get("/today/").text
    assert "@unproved" in page
    assert "overdue" not in page
    channel(cast, "@uninspected", -2)
    assert client.get("/today/").text.count("overdue") == 1


@pytest.mark.parametrize(("days", "word"), [(3, "by"), (0, "since"), (-3, "since")])
def test_a_day_to_come_is_a_day_by_which(days: int, word: str) -> None:
    item = Item(timezone.localdate() + timedelta(days=days), DUE, "A letter", "It is due.", "/", "Answer")
    assert f"{word} <time" in render_to_string("home/today.html", {"items": [item], "posts": [1]})


def test_an_empty_day_teaches(signed_in: SignedIn) -> None:
    assert "Nothing waits for you" in signed_in("officer@foreign").get("/today/").text


def test_today_and_search_want_few_queries(
    cast: Cast, signed_in: SignedIn, django_assert_max_num_queries: Callable[[int], Any]
) -> None:
    for number in range(30):
        channel(cast, f"@page{number}", -number - 1)
    client = signed_in("steward@top")
    for address in ("/today/", "/search/?q=page"):
        with django_assert_max_num_queries(12):
            assert client.get(address).status_code == 200


def test_search_shows_only_what_one_may_see(cast: Cast, signed_in: SignedIn) -> None:
    channel(cast, "@lahore-directorate", 40)
    own, foreign = (signed_in(name).get("/search/?q=lahore").text for name in ("head@own", "head@foreign"))
    for title in ("@lahore-directorate", "Directorate Lahore"):
        assert title in own
        assert title not in foreign


def test_every_word_must_occur_and_the_law_is_found_too(cast: Cast, signed_in: SignedIn) -> None:
    client = signed_in("head@own")
    assert "Directorate Lahore" not in client.get("/search/?q=lahore+zzzz").text
    assert "/rules/" in client.get("/search/?q=newspaper").text.split("<main", 1)[1]
    assert "نظامت لاہور" in client.get("/search/?q=نظامت", headers={"accept-language": "ur"}).text


def test_rubbish_finds_nothing_and_breaks_nothing(signed_in: SignedIn) -> None:
    client = signed_in("head@own")
    for words in ("", "   ", "%%%", "\x00", "a" * 500, "'; drop table", "<script>"):
        assert client.get("/search/", {"q": words}).status_code == 200


def test_signed_out_one_is_asked_to_sign_in() -> None:
    for address in ("/today/", "/search/"):
        assert Client().get(address).status_code == 302
