"""Putting right what was released, through the connectors: Bluesky's own server, and stand-ins for the others."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from amanat.desk.lib import files
from amanat.desk.publishing.actions import corrections, mending, sending
from amanat.desk.publishing.connectors import facebook as facebook_connector
from amanat.desk.publishing.connectors import x as x_connector
from amanat.desk.publishing.models import Correction, Credential, Draft, Mending, Release
from tests.cast import Cast
from tests.desk.publishing.releases import making
from tests.desk.publishing.releases.making import scheduled
from tests.desk.publishing.releases.sky import Sky
from tests.desk.publishing.releases.test_bluesky import PNG
from tests.desk.publishing.servers import facebook, mastodon, x
from tests.desk.publishing.servers.standin import Cut

RIGHT = "Schools open at nine, see https://schools.example.gov.pk/hours"


def ask(cast: Cast, draft: Draft, way: str) -> Mending:
    """A correction of everything that is out, or a withdrawal (`delete`), done by the worker."""
    by, now = cast["head@own"], timezone.now()
    if way == "delete":
        corrections.withdraw(draft, by=by, reason="It was wrong.", found_at=now)
    else:
        wanted = [corrections.Wanted(row, way, RIGHT) for row in corrections.out(draft)]
        corrections.correct(draft, by=by, reason="The hour was wrong.", found_at=now, wanted=wanted)
    one = Mending.objects.latest("pk")
    mending.mend(one.pk)
    one.refresh_from_db()
    return one


def out(cast: Cast, credential: Credential, **more: Any) -> Draft:
    (row,) = scheduled(cast, [credential.channel], **more)
    sending.send(row.pk)
    row = Release.objects.select_related("draft").get(pk=row.pk)
    assert row.state == "released"
    return row.draft


@pytest.fixture
def toot(cast: Cast, settings: Any) -> Iterator[tuple[mastodon.Server, Credential]]:
    server = mastodon.Server()
    settings.VERIFICATION_ALLOWED_HOSTS = [server.host]
    channel = making.channel_of(cast, "mastodon", "@lahore", "https://social.example/@lahore")
    yield server, making.entrust(channel, server.address, cast["head@own"], token="right")
    server.stop()


@pytest.fixture
def page(cast: Cast, settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[facebook.Server, Credential]]:
    server = facebook.Server()
    settings.VERIFICATION_ALLOWED_HOSTS = [server.host]
    monkeypatch.setattr(facebook_connector, "HOME", server.address)
    channel = making.channel_of(cast, "facebook", "lahore", "https://www.facebook.com/lahore")
    yield server, making.entrust(channel, "", cast["head@own"], page="9", token="right")
    server.stop()


@pytest.fixture
def tweets(cast: Cast, settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[x.Server, Credential]]:
    server = x.Server()
    settings.VERIFICATION_ALLOWED_HOSTS = [server.host]
    monkeypatch.setattr(x_connector, "HOME", server.address)
    channel = making.channel_of(cast, "x", "lahore", "https://www.x.com/lahore")
    secrets = {"api_key": "a", "api_secret": "b", "token": "right", "token_secret": "d"}
    yield server, making.entrust(channel, "", cast["head@own"], **secrets)
    server.stop()


def test_mastodon_changes_the_post_and_takes_it_down(cast: Cast, toot: tuple[mastodon.Server, Credential]) -> None:
    server, credential = toot
    draft = out(cast, credential)
    one = ask(cast, draft, "edit")
    assert (one.state, one.fault_detail) == ("done", "")
    assert list(server.sources.values()) == [RIGHT]
    assert b"Schools+open+at+nine" in files.path_of(one.sent).read_bytes()
    assert ask(cast, draft, "delete").state == "done"
    assert server.statuses == []
    draft.refresh_from_db()
    assert draft.state == "withdrawn"


def test_facebook_changes_the_post_and_takes_it_down(cast: Cast, page: tuple[facebook.Server, Credential]) -> None:
    server, credential = page
    draft = out(cast, credential)
    assert ask(cast, draft, "edit").state == "done"
    assert server.asked_to == [(draft.releases.get().platform_id, {"message": [RIGHT]})]
    assert ask(cast, draft, "delete").state == "done"
    assert server.posts == []


@pytest.mark.parametrize("way", ["reply", "anew"])
def test_x_answers_or_posts_anew(cast: Cast, tweets: tuple[x.Server, Credential], way: str) -> None:
    server, credential = tweets
    draft = out(cast, credential)
    assert ask(cast, draft, way).state == "done"
    assert len(server.posts) == (2 if way == "reply" else 1)
    assert ask(cast, draft, "delete").state == "done"
    assert server.posts == []
    assert Correction.objects.filter(state="done", has_effect=True).count() == 2


def test_x_cut_off_after_the_reply_went_out_sends_none_twice(cast: Cast, tweets: tuple[x.Server, Credential]) -> None:
    server, credential = tweets
    draft = out(cast, credential)
    server.faults = [Cut]
    one = ask(cast, draft, "reply")
    assert one.state == "sending"
    Mending.objects.update(sending_at=timezone.now() - timedelta(hours=1))
    mending.mend_due(timezone.now())
    one.refresh_from_db()
    assert (one.state, len(server.posts)) == ("done", 2)


@pytest.mark.parametrize("way", ["edit", "reply", "anew"])
def test_bluesky_can_do_all_three(cast: Cast, sky: Sky, way: str) -> None:
    draft = out(cast, sky.credential, pictures=[PNG])
    one = ask(cast, draft, way)
    assert (one.state, one.fault, one.fault_detail) == ("done", "", "")
    posts = {post["uri"]: post["value"] for post in sky.server.posts(sky.holder)}
    first = draft.releases.get().platform_id
    assert posts[one.platform_id]["text"] == RIGHT
    assert posts[one.platform_id]["facets"]
    assert sorted(posts) == sorted({first, one.platform_id} if way != "anew" else {one.platform_id})
    if way == "reply":
        assert posts[one.platform_id]["reply"]["parent"]["uri"] == first
    else:
        assert posts[one.platform_id]["embed"]["images"][0]["alt"] == "Picture 1"
    assert ask(cast, draft, "delete").state == "done"
    assert sky.texts() == []
