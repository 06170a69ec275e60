"""Correcting and withdrawing what is out, as each platform can."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from amanat.desk.audit.models import Event
from amanat.desk.lib.refusals import Overtaken, Refused
from amanat.desk.publishing.actions import corrections, releases, sending
from amanat.desk.publishing.models import Amendment, Correction, Credential, Draft, Release
from tests.cast import Cast
from tests.desk.publishing.conftest import STOPPED
from tests.desk.publishing.releases import making
from tests.desk.publishing.releases.conftest import Sky
from tests.desk.publishing.releases.making import now_due, scheduled
from tests.desk.publishing.releases.test_mastodon import credential, server
from tests.desk.publishing.servers import mastodon

__all__ = ["credential", "server"]
RIGHT = "Schools open at nine."


def out_on(cast: Cast, *channels: object) -> Draft:
    row = scheduled(cast, channels)[0]  # type: ignore[arg-type]
    releases.send_due(now_due())
    draft = Draft.objects.select_related("office").get(pk=row.draft_id)
    assert draft.state == "released"
    return draft


def put_right(cast: Cast, draft: Draft, way: str = "replace", who: str = "moderator@own") -> Amendment:
    corrections.correct(draft, by=cast[who], reason="The hour was wrong.", texts={"en:": RIGHT}, way=way)
    releases.send_due(now_due())
    return Amendment.objects.select_related("release").latest("pk")


def test_on_bluesky_it_is_put_anew_and_the_public_reads_why(cast: Cast, sky: Sky) -> None:
    draft = out_on(cast, sky.channel)
    row = put_right(cast, draft)
    assert (row.state, row.way, draft.state) == ("released", "replace", "corrected")
    assert sky.texts() == [RIGHT]
    assert row.platform_id != row.release.platform_id
    assert row.stood is not None
    page = Client().get(Correction.objects.get().get_absolute_url())
    for words in ("The hour was wrong.", making.TEXT, RIGHT, "it stood for", row.address):
        assert words in page.text
    assert Event.objects.filter(verb="correct").count() == 1
    corrections.withdraw(draft, by=cast["head@own"], reason="Called off.")
    releases.send_due(now_due())
    assert sky.texts() == []
    assert set(Amendment.objects.values_list("state", flat=True)) == {"released"}


def test_on_bluesky_it_can_stand_below(cast: Cast, sky: Sky) -> None:
    row = put_right(cast, out_on(cast, sky.channel), "answer")
    assert sky.texts() == sorted([RIGHT, making.TEXT])
    (answer,) = [one["value"] for one in sky.server.posts(sky.holder) if one["value"]["text"] == RIGHT]
    assert answer["reply"]["parent"]["uri"] == row.release.platform_id


def test_killed_between_deleting_and_putting_anew_it_is_put_anew_once(
    cast: Cast, sky: Sky, monkeypatch: pytest.MonkeyPatch
) -> None:
    draft = out_on(cast, sky.channel)
    corrections.correct(draft, by=cast["head@own"], reason="x", texts={"en:": RIGHT})
    row = Amendment.objects.get()

    def die(*_args: object) -> None:
        raise MemoryError

    for place in ("connectors.bluesky.Bluesky.publish", "actions.sending.appear"):
        with monkeypatch.context() as patch:
            patch.setattr(f"amanat.desk.publishing.{place}", die)
            sending.amend(row.pk)
        assert Amendment.objects.get().state == "sending"
        Amendment.objects.update(sending_at=timezone.now() - timedelta(hours=1))
    sending.amend(row.pk)
    assert Amendment.objects.get().state == "released"
    assert sky.texts() == [RIGHT]


def test_on_mastodon_it_is_edited(cast: Cast, server: mastodon.Server, credential: Credential) -> None:
    draft = out_on(cast, credential.channel)
    row = put_right(cast, draft)
    assert (row.state, row.way) == ("released", "edit")
    assert list(server.sources.values()) == [RIGHT]
    with pytest.raises(Refused):
        put_right(cast, draft)  # nothing was changed


def test_withdrawn_it_is_gone_and_what_was_to_come_stays_in(
    cast: Cast, server: mastodon.Server, credential: Credential
) -> None:
    second = making.channel_of(cast, "youtube", "@lahore")
    draft = making.draft_for(cast, [credential.channel, second])
    releases.schedule(draft)
    releases.send_due(now_due())
    Draft.objects.update(state="released")
    draft = Draft.objects.select_related("office").get()
    corrections.withdraw(draft, by=cast["moderator@own"], reason="Called off.")
    releases.send_due(now_due())
    assert server.statuses == []
    assert Release.objects.count() == 1
    assert draft.state == "withdrawn"
    with pytest.raises(Overtaken):
        corrections.withdraw(draft, by=cast["moderator@own"], reason="Again.")
    assert Correction.objects.count() == Event.objects.filter(verb="withdraw").count() == 1


def test_by_hand_a_person_does_it_and_says_so(cast: Cast, signed_in: Callable[[str], Client]) -> None:
    channel = making.channel_of(cast, "youtube", "@lahore", "https://youtube.com/@lahore")
    (release,) = scheduled(cast, [channel])
    releases.post(release, by=cast["head@own"], address="https://youtube.com/watch?v=1")
    draft = Draft.objects.select_related("office").get()
    row = put_right(cast, draft)
    assert row.state == "pending"
    client = signed_in("moderator@own")
    assert "I have done it there" in client.get(draft.get_absolute_url()).text
    assert client.post(f"/publishing/amendments/{row.pk}/post/").status_code == 302
    assert Amendment.objects.get().state == "released"
    assert client.post(f"/publishing/amendments/{row.pk}/post/").status_code == 409


def test_refused(cast: Cast, server: mastodon.Server, credential: Credential) -> None:
    draft = out_on(cast, credential.channel)
    with pytest.raises(Refused):
        put_right(cast, draft, who="officer@own")
    with pytest.raises(Refused):
        corrections.correct(draft, by=cast["head@own"], reason=" ", texts={"en:": RIGHT})
    for text in ("", "x" * 501, STOPPED):
        with pytest.raises(Refused):
            corrections.correct(draft, by=cast["head@own"], reason="x", texts={"en:": text})
    assert not Correction.objects.exists()
    assert Draft.objects.get().state == "released"


def test_the_form_keeps_what_was_typed(
    cast: Cast, server: mastodon.Server, credential: Credential, signed_in: Callable[[str], Client]
) -> None:
    draft = out_on(cast, credential.channel)
    address = f"{draft.get_absolute_url()}correct/"
    client = signed_in("head@own")
    assert making.TEXT in client.get(address).text
    answer = client.post(address, {"reason": "My reason", "text-0": STOPPED})
    assert answer.status_code == 403
    assert "My reason" in answer.text
    assert "visionary" in answer.text
    assert client.post(address, {"reason": "My reason", "text-0": RIGHT}).status_code == 302
