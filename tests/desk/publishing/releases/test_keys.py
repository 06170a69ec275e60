"""Keys of channels: tried, sealed, renewed, taken away; never shown, never logged, never typed back."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from amanat.desk.audit.models import Event
from amanat.desk.lib import seals
from amanat.desk.lib.refusals import Refused
from amanat.desk.publishing.actions import corrections, keys, mending, releases, sending, watching
from amanat.desk.publishing.attention import waiting
from amanat.desk.publishing.models import Credential, Mending, Release, Watch
from amanat.desk.registry.models import Channel
from tests.cast import Cast, items_of
from tests.desk.publishing.releases import making
from tests.desk.publishing.releases.making import scheduled
from tests.desk.publishing.releases.test_bluesky import again
from tests.desk.publishing.releases.test_mastodon import server
from tests.desk.publishing.servers import mastodon

Browser = Callable[[str], Client]
TOKEN = "right"
__all__ = ["server"]


@pytest.fixture
def channel(cast: Cast) -> Channel:
    return making.channel_of(cast, "mastodon", "@lahore", "https://social.example/@lahore")


def typed(server: mastodon.Server, token: str = TOKEN) -> dict[str, str]:
    return {"server": server.address, "token": token}


def test_a_key_is_tried_sealed_and_noted_once(channel: Channel, server: mastodon.Server, signed_in: Browser) -> None:
    address = reverse("publishing:give-key", args=[channel.pk])
    answer = signed_in("head@own").post(address, typed(server), follow=True)
    assert answer.status_code == 200
    credential = Credential.objects.get()
    assert TOKEN.encode() not in bytes(credential.sealed)
    assert credential.secrets() == {"token": TOKEN}
    assert Event.objects.get().verb == "entrust"
    assert Watch.objects.get().known["bio"] == "Schools of Lahore"
    assert TOKEN not in answer.text.replace("copyright", "")


def test_a_wrong_key_is_told_on_the_form_and_comes_not_back_onto_the_page(
    channel: Channel, server: mastodon.Server, signed_in: Browser
) -> None:
    address = reverse("publishing:give-key", args=[channel.pk])
    answer = signed_in("head@own").post(address, typed(server, "my-wrong-token"))
    assert answer.status_code == 403
    assert "does not take this key" in answer.text
    assert "my-wrong-token" not in answer.text
    assert server.address in answer.text
    assert not Credential.objects.exists()
    assert not Event.objects.exists()


@pytest.mark.parametrize("bad", [{"server": "https://10.0.0.1"}, {"token": "../../etc/passwd"}, {"token": ""}])
def test_rubbish(channel: Channel, server: mastodon.Server, signed_in: Browser, bad: dict[str, str]) -> None:
    address = reverse("publishing:give-key", args=[channel.pk])
    assert signed_in("head@own").post(address, typed(server) | bad).status_code in (200, 403)
    assert not Credential.objects.exists()


def test_what_is_typed_is_not_kept_over_the_question_who_is_there(
    channel: Channel, server: mastodon.Server, signed_in: Browser
) -> None:
    client = signed_in("head@own")
    session = client.session
    for record in session["account_authentication_methods"]:
        record["at"] -= 3600
    session.save()
    address = reverse("publishing:give-key", args=[channel.pk])
    answer = client.post(address, typed(server, "typed-too-late"))
    assert (answer.status_code, answer["Location"]) == (302, address)
    asked = client.get(address)
    assert "reauthenticate" in asked["Location"]
    assert "typed-too-late" not in str(dict(client.session))


def test_only_those_who_lead_the_office(channel: Channel, server: mastodon.Server, cast: Cast) -> None:
    with pytest.raises(Refused):
        keys.give(channel, by=cast["moderator@own"], server=server.address, secrets={"token": TOKEN})
    assert not Credential.objects.exists()


def test_taken_away_the_channel_is_served_by_hand(
    cast: Cast, channel: Channel, server: mastodon.Server, signed_in: Browser
) -> None:
    making.entrust(channel, server.address, cast["head@own"], token=TOKEN)
    (row,) = scheduled(cast, [channel])
    client = signed_in("steward@own")
    assert client.post(reverse("publishing:remove-key", args=[channel.pk])).status_code == 302
    assert client.post(reverse("publishing:remove-key", args=[channel.pk])).status_code == 404
    sending.send(row.pk)
    assert (again(row).state, server.statuses) == ("pending", [])
    assert Event.objects.filter(verb="disarm").count() == 1


def test_old_keys_open_and_the_newest_seals_at_the_next_look(
    cast: Cast, channel: Channel, server: mastodon.Server, settings: Any
) -> None:
    credential = making.entrust(channel, server.address, cast["head@own"], token=TOKEN)
    now = timezone.now()
    face = {"name": "Lahore", "bio": "Schools of Lahore", "picture": "https://social.example/avatar.png"}
    Watch.objects.create(channel=channel, known=face, seen=face, looked_at=now - timedelta(days=2))
    settings.AMANAT_TOKEN_KEYS = ["b" * 50, "a" * 50]
    assert credential.secrets() == {"token": TOKEN}
    watching.look_due(now)
    credential.refresh_from_db()
    assert seals.is_new(bytes(credential.sealed))
    assert Event.objects.get().verb == "reseal"
    settings.AMANAT_TOKEN_KEYS, settings.SECRET_KEY = ["b" * 50], "x" * 60
    assert credential.secrets() == {"token": TOKEN}
    settings.AMANAT_TOKEN_KEYS = ["c" * 50]
    (row,) = scheduled(cast, [channel])
    sending.send(row.pk)
    assert (again(row).state, again(row).fault) == ("failed", "key-unreadable")


def test_it_stands_in_no_log_no_repr_no_table_and_no_dump(
    cast: Cast, channel: Channel, server: mastodon.Server, signed_in: Browser, caplog: pytest.LogCaptureFixture,
    tmp_path: Any,
) -> None:  # fmt: skip
    secret = "a-token-like-no-other"
    credential = making.entrust(channel, server.address, cast["head@own"], token=secret)
    caplog.set_level(logging.DEBUG)
    (row,) = scheduled(cast, [channel])
    sending.send(row.pk)
    assert again(row).fault == "key-refused"
    pages = [
        signed_in("auditor@own").get(f"/tables/publishing/credential/{credential.pk}/change/").text,
        signed_in("head@own").get(reverse("publishing:connection", args=[channel.pk])).text,
        signed_in("head@own").get(reverse("publishing:give-key", args=[channel.pk])).text,
    ]
    call_command("dumpdata", "publishing", "audit", output=str(tmp_path / "dump.json"))
    told = [caplog.text, repr(credential), repr(credential.account()), (tmp_path / "dump.json").read_text(), *pages]
    assert [text for text in told if secret in text] == []
    assert "sealed" not in pages[0].replace("key, sealed", "sealed") or "gAAAA" not in pages[0]


@pytest.mark.parametrize("handle", ["@Multan", "multan@social.example"])
def test_the_key_of_another_account_is_not_taken(
    cast: Cast, channel: Channel, server: mastodon.Server, handle: str
) -> None:
    channel.handle = handle
    with pytest.raises(Refused, match="signs in as lahore"):
        keys.give(channel, by=cast["head@own"], server=server.address, secrets={"token": TOKEN})
    assert not Credential.objects.exists()
    channel.handle = "@Lahore@social.example"
    keys.give(channel, by=cast["head@own"], server=server.address, secrets={"token": TOKEN})
    assert Credential.objects.count() == 1


def test_what_may_have_been_posted_by_hand_is_not_sent_before_a_person_has_looked(
    cast: Cast, channel: Channel, server: mastodon.Server
) -> None:
    (due,) = scheduled(cast, [channel])
    (later,) = scheduled(cast, [channel], "Later", at=timezone.now() + timedelta(hours=1))
    keys.give(channel, by=cast["head@own"], server=server.address, secrets={"token": TOKEN})
    releases.send_due(timezone.now() + timedelta(seconds=1))
    assert (again(due).state, again(later).state, server.statuses) == ("unknown", "pending", [])
    assert [item.what for item in items_of(waiting, cast["moderator@own"])] == [str(due)]
    releases.resend(again(due), by=cast["moderator@own"])
    sending.send(due.pk)
    assert again(due).state == "released"
    keys.give(channel, by=cast["head@own"], server=server.address, secrets={"token": TOKEN})  # another in its place
    assert again(later).state == "pending"


@pytest.mark.parametrize(("way", "state"), [("reply", "unknown"), ("anew", "unknown"), ("edit", "done")])
def test_a_correction_that_may_have_been_made_by_hand_is_not_made_twice(
    cast: Cast, channel: Channel, server: mastodon.Server, way: str, state: str
) -> None:
    credential = making.entrust(channel, server.address, cast["head@own"], token=TOKEN)
    (row,) = scheduled(cast, [channel])
    sending.send(row.pk)
    keys.remove(credential, by=cast["head@own"])
    wanted = [corrections.Wanted(again(row), way, "Schools open at nine.")]
    corrections.correct(again(row).draft, by=cast["head@own"], reason="Hours.", found_at=timezone.now(), wanted=wanted)
    keys.give(channel, by=cast["head@own"], server=server.address, secrets={"token": TOKEN})
    mending.mend_due(timezone.now())
    assert (Mending.objects.get().state, len(server.statuses)) == (state, 1)
    if state == "unknown":
        one = Mending.objects.select_related("release__draft__office", "correction").get()
        mending.resend(one, by=cast["head@own"])
        mending.mend(one.pk)
        assert Mending.objects.get().state == "done"


@pytest.mark.parametrize("what", ["release", "mending"])
def test_no_key_is_taken_away_while_something_is_on_its_way(
    cast: Cast, channel: Channel, server: mastodon.Server, what: str
) -> None:
    credential = making.entrust(channel, server.address, cast["head@own"], token=TOKEN)
    (row,) = scheduled(cast, [channel])
    if what == "release":
        Release.objects.update(state="sending", sending_at=timezone.now())
    else:
        sending.send(row.pk)
        draft = again(row).draft
        corrections.withdraw(draft, by=cast["head@own"], reason="Wrong.", found_at=timezone.now())
        Mending.objects.update(state="sending", sending_at=timezone.now())
    with pytest.raises(Refused, match="on its way"):
        keys.remove(credential, by=cast["head@own"])
    assert Credential.objects.exists()
    Release.objects.update(state="pending")
    Mending.objects.update(state="pending")
    keys.remove(credential, by=cast["head@own"])
    assert not Credential.objects.exists()
