"""Releases on Bluesky's own server."""

from __future__ import annotations

import json
import time
from contextlib import closing
from datetime import timedelta

import pytest
from django.utils import timezone

from amanat.desk.audit.models import Event
from amanat.desk.lib import files
from amanat.desk.publishing.actions import releases, sending
from amanat.desk.publishing.connectors import Post
from amanat.desk.publishing.connectors.bluesky import Bluesky
from amanat.desk.publishing.models import Release
from tests.cast import Cast
from tests.desk.publishing.releases.making import draft_for, now_due, scheduled
from tests.desk.publishing.releases.sky import Sky

PNG = (
    b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01\0\0\0\x01\x08\x06\0\0\0\x1f\x15\xc4\x89\0\0\0\nIDATx\x9cc\0\x01\0\0\x05\0\x01"
    b"\r\n-\xb4\0\0\0\0IEND\xaeB`\x82"
)


def again(row: Release) -> Release:
    return Release.objects.select_related("draft").get(pk=row.pk)


def test_it_is_released_once_with_all_that_was_sent_and_answered(cast: Cast, sky: Sky) -> None:
    text = "اسکول آٹھ بجے کھلیں گے۔ https://schools.example.gov.pk/hours (new) #تعلیم"
    (row,) = scheduled(cast, [sky.channel], text, pictures=[PNG])
    assert releases.send_due(now_due()) == 1
    row = again(row)
    assert (row.state, row.draft.state, row.fault) == ("released", "released", "")
    (post,) = sky.server.posts(sky.holder)
    assert post["uri"] == row.platform_id
    assert post["uri"].endswith(row.key)
    assert row.address == f"https://bsky.app/profile/{sky.holder.did}/post/{row.key}"
    value = post["value"]
    assert (value["text"], value["langs"]) == (text, ["en"])
    assert value["embed"]["images"][0]["alt"] == "Picture 1"
    link, tag = value["facets"]
    raw = text.encode()
    cut = [raw[one["index"]["byteStart"] : one["index"]["byteEnd"]].decode() for one in (link, tag)]
    assert cut == ["https://schools.example.gov.pk/hours", "#تعلیم"]
    sent = json.loads(files.path_of(row.sent).read_bytes())
    assert sent["record"] == value
    assert json.loads(files.path_of(row.answer).read_bytes())["cid"] == post["cid"]
    verbs = list(Event.objects.order_by("pk").values_list("verb", flat=True))
    assert verbs == ["schedule", "send", "release", "appear"]


def test_sent_again_it_stands_there_once(cast: Cast, sky: Sky) -> None:
    (row,) = scheduled(cast, [sky.channel])
    sending.send(row.pk)
    Release.objects.filter(pk=row.pk).update(state="sending", sending_at=timezone.now() - timedelta(hours=1))
    releases.send_due(now_due())
    assert again(row).state == "released"
    assert len(sky.server.posts(sky.holder)) == 1


def test_a_second_record_of_the_same_key_is_never_made(cast: Cast, sky: Sky) -> None:
    """The worker that was thought dead goes on at last: the platform itself knows the key."""
    (row,) = scheduled(cast, [sky.channel])
    post = Post("A", "en", timezone.now())
    with closing(Bluesky(sky.credential.account())) as bluesky:
        bluesky.publish(post, row.key)
    sending.send(row.pk)  # knows of nothing, and sends
    assert again(row).state == "sending"  # it may have come of it
    Release.objects.filter(pk=row.pk).update(sending_at=timezone.now() - timedelta(hours=1))
    sending.send(row.pk)  # asks
    assert again(row).state == "released"
    assert sky.texts() == ["A"]


def test_from_approval_to_the_post_the_desk_works_less_than_two_seconds(cast: Cast, sky: Sky) -> None:
    draft = draft_for(cast, [sky.channel])
    begun = time.process_time()  # of this process alone: a busy machine makes it no slower
    releases.schedule(draft)
    releases.send_due(now_due())
    assert draft.releases.get().state == "released"
    assert time.process_time() - begun < 2


def test_a_wrong_key_is_told_in_plain_words(cast: Cast, sky: Sky) -> None:
    from amanat.desk.publishing.models import Credential

    Credential.objects.update(sealed=Credential.seal({"password": "no"}))
    (row,) = scheduled(cast, [sky.channel])
    releases.send_due(now_due())
    row = again(row)
    assert (row.state, row.fault) == ("failed", "key-refused")
    assert "new one" in row.told
    assert Credential.objects.get().refused_at
    assert cast["officer@own"].notices.get().url == row.get_absolute_url()


def test_a_post_that_the_platform_refuses_is_not_tried_again(cast: Cast, sky: Sky) -> None:
    (row,) = scheduled(cast, [sky.channel], "x" * 301)
    releases.send_due(now_due())
    row = again(row)
    assert (row.state, row.fault) == ("failed", "refused")
    assert "300" in row.fault_detail
    assert releases.send_due(now_due() + timedelta(days=1)) == 0


@pytest.mark.usefixtures("cast")
def test_the_rest_of_the_interface(sky: Sky) -> None:
    bluesky = Bluesky(sky.credential.account())
    first = bluesky.publish(Post("A", "en", timezone.now()), "3l2xl4sx3h22a")
    answer = bluesky.publish(Post("B", "en", timezone.now(), answers=first.id), "3l2xl4sx3h22b")
    assert bluesky.find(Post("", "en", timezone.now()), "3l2xl4sx3h22b", timezone.now())
    assert bluesky.find(Post("", "en", timezone.now()), "3l2xl4sx3h22c", timezone.now()) is None
    bluesky.hide(answer.id, first.id)
    gate = sky.server.call(
        "com.atproto.repo.getRecord", repo=sky.holder.did, collection="app.bsky.feed.threadgate", rkey="3l2xl4sx3h22a"
    )
    assert gate["value"]["hiddenReplies"] == [answer.id]
    bluesky.delete(answer.id)
    bluesky.delete(answer.id)
    assert sky.texts() == ["A"]
    bluesky.close()


def test_a_session_is_kept_and_a_dead_one_is_made_anew(cast: Cast, sky: Sky) -> None:
    from amanat.desk.publishing.models.credentials import Session

    session = Session(sky.credential)
    (row,) = scheduled(cast, [sky.channel], "A")
    sending.send(row.pk)
    kept = session.get()
    assert sky.holder.did in kept
    handle, did, access, *rest = kept.split(":::")
    session.set(":::".join([handle, did, access[:-4] + "AAAA", *rest]))
    (second,) = scheduled(cast, [sky.channel], "B")
    sending.send(second.pk)
    assert again(second).state == "pending"
    Release.objects.filter(pk=second.pk).update(next_try_at=timezone.now())
    sending.send(second.pk)
    assert again(second).state == "released"


def test_a_session_renewed_half_way_stays_on_the_known_server(sky: Sky, monkeypatch: pytest.MonkeyPatch) -> None:
    """The document of an account may name another server, as that of every account on Bluesky's own does."""
    monkeypatch.setattr(
        "atproto_client.client.methods_mixin.session.get_session_pds_endpoint", lambda _session: "https://else.example"
    )
    with closing(Bluesky(sky.credential.account())) as bluesky:
        monkeypatch.setattr(bluesky._client, "_should_refresh_session", iter([True, False, False, False]).__next__)
        bluesky.publish(Post("A", "en", timezone.now()), "3l2xl4sx3h22a")
        assert bluesky.find(Post("A", "en", timezone.now()), "3l2xl4sx3h22a", timezone.now())
    assert sky.texts() == ["A"]
