"""Releases by Mastodon.py, against a stand-in whose answers are checked against the published description."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from amanat.desk.lib import files
from amanat.desk.publishing.actions import leases, releases, sending
from amanat.desk.publishing.connectors import Permanent, Post, Unsure
from amanat.desk.publishing.connectors.mastodon import Mastodon, plain
from amanat.desk.publishing.models import Credential, Release
from tests.cast import Cast
from tests.desk.publishing.releases import making
from tests.desk.publishing.releases.making import now_due, scheduled
from tests.desk.publishing.releases.test_bluesky import PNG, again
from tests.desk.publishing.servers import mastodon
from tests.desk.publishing.servers.standin import Cut


@pytest.fixture
def server(settings: Any) -> Iterator[mastodon.Server]:
    server = mastodon.Server()
    settings.VERIFICATION_ALLOWED_HOSTS = [server.host]
    yield server
    server.stop()


@pytest.fixture
def credential(cast: Cast, server: mastodon.Server) -> Credential:
    channel = making.channel_of(cast, "mastodon", "@lahore", "https://social.example/@lahore")
    return making.entrust(channel, server.address, cast["head@own"], token="right")


def lease_ended(row: Release) -> None:
    Release.objects.filter(pk=row.pk).update(sending_at=timezone.now() - timedelta(hours=1))


def test_it_is_released_with_key_language_and_picture(
    cast: Cast, server: mastodon.Server, credential: Credential, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("amanat.desk.publishing.connectors.mastodon._PAUSE", 0)
    (row,) = scheduled(cast, [credential.channel], "A < B\nsecond line", pictures=[PNG])
    releases.send_due(now_due())
    row = again(row)
    assert (row.state, row.fault, row.fault_detail, row.address) == (
        "released",
        "",
        "",
        "https://social.example/@lahore/100",
    )
    (status,) = server.statuses
    assert (status["language"], status["media_attachments"][0]["id"]) == ("en", "7")
    assert server.descriptions == ["Picture 1"]
    assert list(server.keys) == [row.key]
    sent, answer = (files.path_of(kept).read_bytes() for kept in (row.sent, row.answer))
    assert b"status=A" in sent
    assert b"right" not in sent + answer
    assert b'"id": "100"' in answer


def test_cut_off_after_it_was_taken_it_is_found_and_not_sent_again(
    cast: Cast, server: mastodon.Server, credential: Credential
) -> None:
    server.faults = [Cut]
    (row,) = scheduled(cast, [credential.channel])
    sending.send(row.pk)
    assert again(row).state == "sending"
    server.keys.clear()  # an hour later the server has forgotten the key
    lease_ended(row)
    sending.send(row.pk)
    assert again(row).state == "released"
    assert len(server.statuses) == 1


def test_cut_off_before_it_was_taken_it_is_sent_again(
    cast: Cast, server: mastodon.Server, credential: Credential
) -> None:
    server.faults = [(502, {"error": "bad gateway"})]
    (row,) = scheduled(cast, [credential.channel])
    sending.send(row.pk)
    assert (again(row).state, server.statuses) == ("sending", [])
    server.status("Another post of the same account", "en")
    lease_ended(row)
    sending.send(row.pk)
    assert again(row).state == "released"
    assert len(server.statuses) == 2


def test_the_server_that_asks_for_patience_gets_it_for_the_whole_channel(
    cast: Cast, server: mastodon.Server, credential: Credential
) -> None:
    server.faults = [(429, {"error": "Too many requests"}, {"Retry-After": "120"})]
    first, second = (scheduled(cast, [credential.channel], text)[0] for text in ("A", "B"))
    releases.send_due(now_due())
    assert {again(first).state, again(second).state} == {"pending"}
    assert len([one for one in server.asked if one.method == "POST"]) == 1
    assert releases.send_due(now_due() + timedelta(seconds=100)) == 0
    waiting = Release.objects.get(fault="busy")
    assert (waiting.tries, waiting.told) == (0, "The platform asks for patience.")
    Credential.objects.update(paused_until=timezone.now())
    releases.send_due(now_due() + timedelta(seconds=200))
    Release.objects.update(next_try_at=timezone.now())
    releases.send_due(now_due())
    assert set(Release.objects.values_list("state", flat=True)) == {"released"}


def test_what_cannot_be_reached_is_tried_less_and_less_often_and_then_given_up(
    cast: Cast, server: mastodon.Server, credential: Credential
) -> None:
    (row,) = scheduled(cast, [credential.channel])
    server.stop()
    pauses = []
    for _try in range(leases.MOST_TRIES):
        Release.objects.update(next_try_at=timezone.now())
        sending.send(row.pk)
        pauses.append((again(row).next_try_at - timezone.now()).total_seconds())
    row = again(row)
    assert (row.state, row.fault) == ("failed", "too-many-tries")
    assert 20 < pauses[0] < 40
    assert max(pauses) < 2300
    assert cast["officer@own"].notices.count() == 1
    releases.retry(row, by=cast["moderator@own"])
    assert (again(row).state, again(row).tries) == ("pending", 0)


def test_the_platforms_own_words_stand_beside_ours(cast: Cast, server: mastodon.Server, credential: Credential) -> None:
    (row,) = scheduled(cast, [credential.channel], "x" * 501)
    sending.send(row.pk)
    row = again(row)
    assert (row.state, row.fault) == ("failed", "refused")
    assert "character limit of 500" in row.fault_detail


def test_the_rest_of_the_interface(server: mastodon.Server, credential: Credential) -> None:
    with closing(Mastodon(credential.account())) as platform:
        first = platform.publish(Post("A", "ur", timezone.now()), "k1")
        assert platform.publish(Post("A", "ur", timezone.now()), "k1").id == first.id
        platform.publish(Post("B & C", "ur", timezone.now(), answers=first.id), "k2")
        (reply,) = platform.replies(first.id)
        assert (reply.text, reply.parent, reply.author) == ("B & C", first.id, "lahore")
        platform.edit(first.id, Post("A, corrected", "ur", timezone.now()))
        assert server.sources[first.id] == "A, corrected"
        assert platform.profile().bio == "Schools of Lahore"
        with pytest.raises(Permanent):
            platform.hide(reply.id, first.id)
        platform.delete(first.id)
        platform.delete(first.id)
    assert [row["id"] for row in server.statuses] == [reply.id]
    assert plain("<p>a<br />b</p><p>c &amp; d</p>") == "a\nb\nc & d"


def test_it_goes_nowhere_else(server: mastodon.Server, credential: Credential) -> None:
    server.faults = [(302, {}, {"Location": "http://169.254.169.254/"})]
    with closing(Mastodon(credential.account())) as platform, pytest.raises(Unsure):
        platform.publish(Post("A", "en", timezone.now()), "k1")  # whoever redirects may have taken it first


@pytest.mark.parametrize(
    "server_of", ["https://127.0.0.1", "https://localhost", "http://social.example", "https://10.0.0.1"]
)
def test_no_server_within_an_inner_network(credential: Credential, server_of: str) -> None:
    credential.server = server_of
    with pytest.raises(Permanent) as caught, closing(Mastodon(credential.account())) as platform:
        platform.profile()
    assert caught.value.code == "server"
