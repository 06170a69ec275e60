"""Releases on X and on a Facebook Page, which know no key of ours: what may be out is never sent again by itself."""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from amanat.desk.lib.refusals import Overtaken, Refused
from amanat.desk.publishing import costs
from amanat.desk.publishing.actions import leases, releases, sending
from amanat.desk.publishing.connectors import Permanent, Post
from amanat.desk.publishing.connectors import facebook as facebook_connector
from amanat.desk.publishing.connectors import x as x_connector
from amanat.desk.publishing.models import Credential, Release
from tests.cast import Cast
from tests.desk.publishing.releases import making
from tests.desk.publishing.releases.making import scheduled
from tests.desk.publishing.releases.test_bluesky import PNG, again
from tests.desk.publishing.releases.test_mastodon import lease_ended
from tests.desk.publishing.servers import facebook, x
from tests.desk.publishing.servers.standin import Cut, StandIn

KEYS = {
    "x": {"api_key": "a", "api_secret": "b", "token": "right", "token_secret": "d"},
    "facebook": {"page": "9", "token": "right"},
}


@pytest.fixture(params=["x", "facebook"])
def platform(request: pytest.FixtureRequest, settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[StandIn]:
    server: StandIn = x.Server() if request.param == "x" else facebook.Server()
    settings.VERIFICATION_ALLOWED_HOSTS = [server.host]
    module = x_connector if request.param == "x" else facebook_connector
    monkeypatch.setattr(module, "HOME", server.address)
    server.name = request.param  # type: ignore[attr-defined]
    yield server
    server.stop()


@pytest.fixture
def credential(cast: Cast, platform: Any) -> Credential:
    channel = making.channel_of(cast, platform.name, "lahore", f"https://www.{platform.name}.com/lahore")
    return making.entrust(channel, "", cast["head@own"], **KEYS[platform.name])


def test_it_is_released_with_its_picture(cast: Cast, platform: Any, credential: Credential) -> None:
    (row,) = scheduled(cast, [credential.channel], "اسکول & school", pictures=[PNG])
    sending.send(row.pk)
    row = again(row)
    assert (row.state, row.fault_detail) == ("released", "")
    assert platform.posts[0]["id"] == row.platform_id
    if platform.name == "x":
        assert platform.alts == ["Picture 1"]


def test_cut_off_after_it_was_taken_it_is_found_by_its_text(cast: Cast, platform: Any, credential: Credential) -> None:
    platform.faults = [Cut]
    (row,) = scheduled(cast, [credential.channel], "Read https://schools.example.gov.pk/hours & come")
    sending.send(row.pk)
    assert again(row).state == "sending"
    lease_ended(row)
    sending.send(row.pk)
    assert (again(row).state, len(platform.posts)) == ("released", 1)


def test_what_is_not_found_waits_for_a_person_and_is_never_sent_again(
    cast: Cast, platform: Any, credential: Credential
) -> None:
    platform.faults = [(503, {"title": "Service Unavailable", "status": 503})]
    (row,) = scheduled(cast, [credential.channel])
    sending.send(row.pk)
    lease_ended(row)
    sending.send(row.pk)
    row = again(row)
    assert (row.state, row.fault, platform.posts) == ("unknown", "unsure", [])
    assert releases.send_due(timezone.now() + timedelta(days=1)) == 0
    told = cast["moderator@own"].notices.get()
    assert told.what.startswith("It may be out: look, then say.")
    releases.resend(row, by=cast["moderator@own"])
    sending.send(row.pk)
    assert (again(row).state, len(platform.posts)) == ("released", 1)
    with pytest.raises(Overtaken):
        releases.resend(again(row), by=cast["moderator@own"])


def test_a_worker_that_slept_too_long_sends_nothing(
    cast: Cast, platform: Any, credential: Credential, monkeypatch: pytest.MonkeyPatch
) -> None:
    (row,) = scheduled(cast, [credential.channel])
    monkeypatch.setattr(leases, "BEGIN_WITHIN", timedelta(seconds=-1))
    sending.send(row.pk)
    assert (again(row).state, platform.posts) == ("sending", [])


def test_what_stops_worker_after_worker_waits_for_a_person(cast: Cast, platform: Any, credential: Credential) -> None:
    (row,) = scheduled(cast, [credential.channel])
    Release.objects.update(state="sending", tries=20, begun_at=timezone.now())
    lease_ended(row)
    sending.send(row.pk)
    assert (again(row).state, platform.posts) == ("unknown", [])


def test_a_person_finds_it_and_says_where(cast: Cast, platform: Any, credential: Credential) -> None:
    (row,) = scheduled(cast, [credential.channel])
    Release.objects.filter(pk=row.pk).update(state="unknown", fault="unsure")
    row = again(row)
    for wrong in (
        "https://elsewhere.example/1",
        f"https://www.{platform.name}.com/lahore/",
        f"http://{platform.name}.com/1",
    ):
        with pytest.raises(Refused):
            releases.find(row, by=cast["moderator@own"], address=wrong)
    releases.find(row, by=cast["moderator@own"], address=f"https://{platform.name}.com/lahore/status/1")
    assert (again(row).state, again(row).draft.state) == ("released", "released")


def test_a_refused_key_and_limits(cast: Cast, platform: Any, credential: Credential) -> None:
    Credential.objects.update(sealed=Credential.seal({**KEYS[platform.name], "token": "wrong"}))
    (row,) = scheduled(cast, [credential.channel])
    sending.send(row.pk)
    assert (again(row).state, again(row).fault) == ("failed", "key-refused")
    Credential.objects.update(sealed=Credential.seal(KEYS[platform.name]))
    limit = (
        (429, {"title": "Too Many Requests"}) if platform.name == "x" else (400, {"error": {"code": 32, "message": ""}})
    )
    platform.faults = [limit]
    releases.retry(again(row), by=cast["head@own"])
    sending.send(row.pk)
    assert (again(row).state, again(row).fault) == ("pending", "busy")


def test_the_rest_of_the_interface(platform: Any, credential: Credential) -> None:
    module = x_connector.X if platform.name == "x" else facebook_connector.Facebook
    with closing(module(credential.account())) as connector:
        first = connector.publish(Post("A", "en", timezone.now()), "")
        assert connector.profile().name == "Lahore"
        if platform.name == "x":
            answer = connector.publish(Post("B", "en", timezone.now(), answers=first.id), "")
            assert [(one.text, one.parent) for one in connector.replies(first.id)] == [("B", first.id)]
            connector.hide(answer.id, first.id)
            assert platform.hidden == [answer.id]
            with pytest.raises(Permanent):
                connector.edit(first.id, Post("C", "en", timezone.now()))
        else:
            at = "2026-11-20T10:00:00+0000"
            platform.comments = [{"id": "9_8", "message": "B", "created_time": at, "from": {"name": "A citizen"}}]
            assert [(one.author, one.parent) for one in connector.replies(first.id)] == [("A citizen", first.id)]
            connector.hide("9_8", first.id)
            connector.edit(first.id, Post("C", "en", timezone.now()))
            assert platform.asked_to == [("9_8", {"is_hidden": ["true"]}), (first.id, {"message": ["C"]})]
        connector.delete(first.id)
        connector.delete(first.id)
    assert first.id not in [row["id"] for row in platform.posts]


def test_what_is_signed_is_what_rfc_5849_says() -> None:
    """Done a second time by hand: base string, key, HMAC-SHA1."""
    keys = {"api_key": "ck", "api_secret": "cs", "token": "tk", "token_secret": "ts"}
    header = x_connector.signed("GET", "https://api.x.com/2/users/1/tweets?b=2&a=1%202", keys, nonce="n", moment="5")
    base = (
        "GET&https%3A%2F%2Fapi.x.com%2F2%2Fusers%2F1%2Ftweets&a%3D1%25202%26b%3D2%26oauth_consumer_key%3Dck%26oauth_nonce"
        "%3Dn%26oauth_signature_method%3DHMAC-SHA1%26oauth_timestamp%3D5%26oauth_token%3Dtk%26oauth_version%3D1.0"
    )
    signature = base64.b64encode(hmac.digest(b"cs&ts", base.encode(), hashlib.sha1)).decode()
    assert signature.replace("=", "%3D").replace("+", "%2B").replace("/", "%2F") in header


def test_a_post_on_x_costs_what_its_published_price_says(cast: Cast, settings: Any) -> None:
    channel = making.channel_of(cast, "x", "lahore")
    plain, linked = costs.of_text(channel, "Schools open"), costs.of_text(channel, "See https://example.gov.pk")
    assert plain
    assert linked
    assert (str(plain.amount), str(linked.amount), plain.as_of) == ("0.015", "0.200", "2026-08-22")
    settings.AMANAT_PRICES = {
        "x": {"post": "1", "post_with_link": "2", "currency": "PKR", "as_of": "2027-01-01", "source": ""}
    }
    own = costs.of_text(channel, "Schools open")
    assert own
    assert (str(own.amount), own.currency) == ("1", "PKR")
    assert costs.of_text(making.channel_of(cast, "bluesky", "b"), "x") is None
