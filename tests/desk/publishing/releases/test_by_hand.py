"""Channels to which the desk has no key: a person copies, posts, and gives the address."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from amanat.desk.audit.models import Event
from amanat.desk.lib.refusals import Overtaken, Refused
from amanat.desk.publishing.actions import editing, releases
from amanat.desk.publishing.models import Draft, Release
from amanat.desk.publishing.today import waiting
from amanat.desk.registry.models import Channel
from tests.cast import Cast, items_of
from tests.desk.publishing.releases import making
from tests.desk.publishing.releases.making import now_due, scheduled
from tests.desk.publishing.releases.test_bluesky import PNG, again

HOME = "https://www.youtube.com/@lahore"
LINK = "https://m.youtube.com/watch?v=1"


@pytest.fixture
def channel(cast: Cast) -> Channel:
    return making.channel_of(cast, "youtube", "@lahore", HOME)


@pytest.fixture
def row(cast: Cast, channel: Channel) -> Release:
    return scheduled(cast, [channel])[0]


def test_it_waits_for_a_person_and_says_what_to_copy(
    cast: Cast, row: Release, signed_in: Callable[[str], Client]
) -> None:
    assert releases.send_due(now_due()) == 0
    urls = [item.url for item in items_of(waiting, cast["moderator@own"])]
    assert row.get_absolute_url() in urls
    client = signed_in("moderator@own")
    assert "A person posts it" in client.get(row.get_absolute_url()).text
    page = client.get(f"{row.get_absolute_url()}post/")
    assert making.TEXT in page.text
    assert client.post(f"{row.get_absolute_url()}post/", {"address": LINK}).status_code == 302
    row = again(row)
    assert (row.state, row.address, row.draft.state) == ("released", LINK, "released")
    assert list(Event.objects.values_list("verb", flat=True).order_by("pk")) == ["schedule", "release", "post"]
    assert client.post(f"{row.get_absolute_url()}post/", {"address": LINK}).status_code == 409


@pytest.mark.parametrize(
    "address", [HOME, f"{HOME}/", "https://elsewhere.example/1", "http://www.youtube.com/watch?v=1", "javascript:1"]
)
def test_only_the_address_of_a_post_on_that_channels_platform(
    row: Release, signed_in: Callable[[str], Client], address: str
) -> None:
    answer = signed_in("moderator@own").post(f"{row.get_absolute_url()}post/", {"address": address})
    assert answer.status_code in (200, 403)
    assert address in answer.text
    assert again(row).state == "pending"


def test_one_address_is_one_release(cast: Cast, channel: Channel, row: Release) -> None:
    (other,) = scheduled(cast, [channel], "Another")
    releases.post(row, by=cast["head@own"], address=LINK)
    with pytest.raises(Refused):
        releases.post(other, by=cast["head@own"], address=LINK)


def test_wrong_role_and_twice(cast: Cast, row: Release) -> None:
    with pytest.raises(Refused):
        releases.post(row, by=cast["officer@own"], address=LINK)
    copy = again(row)
    releases.post(row, by=cast["head@own"], address=LINK)
    with pytest.raises(Overtaken):
        releases.post(copy, by=cast["moderator@own"], address=f"{LINK}2")


def test_what_the_desk_sends_itself_nobody_posts_by_hand(
    cast: Cast, channel: Channel, row: Release, signed_in: Callable[[str], Client]
) -> None:
    making.entrust(channel, "https://videos.example", cast["head@own"], token="x")
    address = f"{row.get_absolute_url()}post/"
    client = signed_in("moderator@own")
    assert client.get(address).status_code == 403
    assert client.post(address, {"address": LINK}).status_code == 403
    assert client.post(f"{row.get_absolute_url()}skip/").status_code == 403
    assert again(row).state == "pending"


def test_a_text_that_may_not_go_out_is_not_shown_to_copy_but_said_to_be_out(
    channel: Channel, row: Release, signed_in: Callable[[str], Client], django_assert_max_num_queries: Any
) -> None:
    Channel.objects.filter(pk=channel.pk).update(state="claimed")
    client, address = signed_in("moderator@own"), f"{row.get_absolute_url()}post/"
    client.get(address)
    with django_assert_max_num_queries(12):
        page = client.get(address).text
    assert "quoted" not in page
    assert "not proved official" in page
    assert client.post(address, {"address": LINK}).status_code == 302
    assert again(row).state == "released"


def test_what_may_be_out_by_hand_is_not_taken_back_unasked(cast: Cast, channel: Channel, row: Release) -> None:
    draft = Draft.objects.select_related("office").get(pk=row.draft_id)
    with pytest.raises(Refused, match="posted by hand already"):
        editing.recall(draft, by=cast["officer@own"])
    assert again(row).draft.state == "scheduled"
    (early,) = scheduled(cast, [channel], "Later", at=timezone.now() + making.HOUR)
    editing.recall(early.draft, by=cast["officer@own"])
    assert not Release.objects.filter(pk=early.pk).exists()


def test_what_was_not_posted_is_said_so_and_can_be_taken_back(
    cast: Cast, row: Release, signed_in: Callable[[str], Client]
) -> None:
    client, address = signed_in("moderator@own"), f"{row.get_absolute_url()}skip/"
    assert address in client.get(row.get_absolute_url()).text
    assert client.post(address).status_code == 302
    assert client.post(address).status_code == 409
    assert (again(row).state, again(row).draft.state) == ("failed", "scheduled")
    assert Event.objects.filter(verb="skip").count() == 1
    editing.recall(Draft.objects.select_related("office").get(pk=row.draft_id), by=cast["officer@own"])
    assert not Release.objects.filter(pk=row.pk).exists()


def test_the_pictures_can_be_opened(cast: Cast, channel: Channel, signed_in: Callable[[str], Client]) -> None:
    (row,) = scheduled(cast, [channel], pictures=[PNG])
    page = signed_in("moderator@own").get(f"{row.get_absolute_url()}post/").text
    assert reverse("publishing:picture", args=[row.draft.pictures.get().pk]) in page


def test_without_the_address_of_the_channel_no_address_is_taken(cast: Cast, channel: Channel, row: Release) -> None:
    Channel.objects.filter(pk=channel.pk).update(address="")
    with pytest.raises(Refused, match="Give its address there first"):
        releases.post(again(row), by=cast["head@own"], address="https://elsewhere.example/1")
    assert again(row).state == "pending"
