"""Putting a post right: who may, what a rule stops, what happens on each platform, exactly once."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from amanat.desk.audit.models import Event
from amanat.desk.lib import files
from amanat.desk.lib.refusals import Overtaken, Refused
from amanat.desk.publishing import content
from amanat.desk.publishing import corrections as rules
from amanat.desk.publishing.actions import corrections, mending
from amanat.desk.publishing.connectors import Permanent, Temporary, Unsure
from amanat.desk.publishing.models import Correction, Credential, Mending, Release, Watch
from amanat.desk.publishing.models import releases as leases
from amanat.desk.publishing.today_corrections import waiting
from amanat.desk.registry.models import Channel, Notice
from tests.cast import items_of
from tests.desk.publishing.corrections.conftest import REASON, RIGHT, WRONG, Desk

SignedIn = Callable[[str], Client]
STOPPED = "Vote for the party; everyone must vote for our candidate in the election."


def again() -> Mending:
    return Mending.objects.select_related("correction", "release__channel", "release__draft__office").get()


def test_a_post_is_changed_in_its_place(desk: Desk) -> None:
    draft = desk.out(desk.channel())
    before = Event.objects.count()
    row = desk.correct(draft)
    assert Event.objects.count() == before + 1
    assert (row.state, row.level, again().state) == ("open", "clear", "pending")
    desk.work()
    row.refresh_from_db()
    draft.refresh_from_db()
    one = again()
    assert (row.state, row.has_effect, draft.state, one.state) == ("done", True, "corrected", "done")
    assert [post.text for post in desk.platform.stands.values()] == [RIGHT]  # type: ignore[union-attr]
    assert files.path_of(one.before).read_text() == WRONG
    assert files.path_of(one.sent).read_bytes() == f"sent {RIGHT}".encode()
    assert files.path_of(one.answer).read_bytes() == b"answered"
    assert rules.text_of(one.release) == RIGHT
    assert row.stood is not None
    assert timedelta(hours=3) <= row.stood < timedelta(hours=3, minutes=1)
    verbs = list(Event.objects.order_by("pk").values_list("verb", flat=True))[before:]
    assert verbs == ["fault", "send", "conclude", "correct", "mend"]  # the draft's own step, and the mending's, last


def test_done_twice_nothing_happens(desk: Desk) -> None:
    desk.correct(desk.out(desk.channel()))
    desk.work()
    events, calls = Event.objects.count(), len(desk.platform.calls)
    desk.work()
    mending.mend_due(timezone.now() + timedelta(hours=1))
    assert (Event.objects.count(), len(desk.platform.calls)) == (events, calls)


def test_a_reply_stands_beside_the_post_and_an_anew_takes_its_place(desk: Desk) -> None:
    channel = desk.channel("x")
    draft = desk.out(channel)
    desk.correct(draft, "reply")
    desk.work()
    (release,) = corrections.out(draft)
    assert [one.id for one in rules.standing(release)] == [release.platform_id, "new-2"]
    assert desk.platform.stands["new-2"].answers == release.platform_id  # type: ignore[union-attr]
    assert rules.text_of(release) == WRONG
    desk.correct(draft, "anew")
    desk.work()
    (release,) = corrections.out(draft)
    assert list(desk.platform.stands) == [one.id for one in rules.standing(release)]
    assert rules.text_of(release) == RIGHT


@pytest.mark.parametrize(
    ("who", "may"),
    [("officer@own", True), ("head@own", True), ("moderator@own", True), ("officer@sister", False),
     ("moderator@sister", False), ("head@top", False), ("authority@own", False), ("auditor@own", False)],
)  # fmt: skip
def test_authors_panels_and_the_head_may(desk: Desk, who: str, *, may: bool) -> None:
    draft = desk.out(desk.channel(panel=["moderator@own"]))
    assert rules.may_correct(draft, desk.cast[who]) is may
    if may:
        assert desk.correct(draft, by=who).asked_by == desk.cast[who]
    else:
        with pytest.raises(Refused):
            desk.correct(draft, by=who)
        assert not Correction.objects.exists()


def test_a_moderator_without_a_seat_may_not(desk: Desk) -> None:
    draft = desk.out(desk.channel())
    with pytest.raises(Refused, match="panels of its channels"):
        desk.correct(draft, by="moderator@own")


def test_one_at_a_time(desk: Desk) -> None:
    draft = desk.out(desk.channel(has_key=False))
    row = desk.correct(draft)
    with pytest.raises(Overtaken):
        desk.correct(draft, by="head@own")
    row.pk = None
    with pytest.raises(IntegrityError), transaction.atomic():
        row.save()


def test_nothing_to_change_and_nothing_to_tell(desk: Desk) -> None:
    draft = desk.out(desk.channel())
    with pytest.raises(Refused, match="Nothing of it"):
        corrections.correct(draft, by=desk.cast["head@own"], reason=REASON, found_at=timezone.now(), wanted=[])
    with pytest.raises(Refused, match="public is told"):
        desk.correct(draft, reason="  ")
    assert not Correction.objects.exists()


def test_what_the_public_is_told_is_read_too(desk: Desk) -> None:
    assert desk.correct(desk.out(desk.channel()), reason=STOPPED).state == "held"


def test_a_stop_waits_for_somebody_else_who_leads(desk: Desk) -> None:
    draft = desk.out(desk.channel())
    row = desk.correct(draft, text=STOPPED, by="head@own")
    assert (row.state, row.level) == ("held", "stop")
    desk.work()
    assert desk.platform.calls == []
    assert Notice.objects.filter(key=f"correction-held-{row.pk}", person=desk.cast["head@own"]).exists()
    with pytest.raises(Refused, match="Nobody lifts"):
        corrections.lift(row, by=desk.cast["head@own"], reason="It must go out")
    with pytest.raises(Refused):
        corrections.lift(row, by=desk.cast["moderator@own"], reason="It must go out")
    with pytest.raises(Refused, match="reason"):
        corrections.lift(row, by=desk.cast["authority@own"], reason=" ")
    corrections.lift(row, by=desk.cast["authority@own"], reason="It quotes the notice of the commission")
    event = Event.objects.filter(verb="lift").get()
    assert event.clause
    desk.work()
    assert again().state == "done"


def test_a_stopped_text_can_be_dropped(desk: Desk) -> None:
    draft = desk.out(desk.channel())
    row = desk.correct(draft, text=STOPPED)
    with pytest.raises(Refused):
        corrections.abandon(row, by=desk.cast["moderator@own"], reason="no seat on its panel")
    corrections.abandon(row, by=desk.cast["officer@own"], reason="Said another way")
    assert desk.correct(draft).state == "open"


def test_a_second_person_looks(desk: Desk) -> None:
    draft = desk.out(desk.channel(panel=["moderator@own", "officer@own"]))
    row = desk.correct(draft)
    for who in ("officer@own", "officer@sister", "moderator@sister"):
        with pytest.raises(Refused):
            corrections.look(row, by=desk.cast[who])
    before = Event.objects.count()
    corrections.look(row, by=desk.cast["moderator@own"])
    assert Event.objects.count() == before + 1
    with pytest.raises(Refused):
        corrections.look(Correction.objects.get(), by=desk.cast["head@own"])
    assert {n.person.name for n in Notice.objects.filter(key=f"correction-begun-{row.pk}")} == {
        "Moderator At Own", "Head At Own",
    }  # fmt: skip


def test_who_wrote_in_the_draft_neither_looks_nor_lifts(desk: Desk, signed_in: SignedIn) -> None:
    draft = desk.out(desk.channel(panel=["moderator@own"]))
    draft.writers.add(desk.cast["moderator@own"], desk.cast["head@own"])
    row = desk.correct(draft, text=STOPPED)
    address = reverse("publishing:correction", args=[row.pk])
    assert "/lift/" not in signed_in("head@own").get(address).text
    assert "/lift/" in signed_in("authority@own").get(address).text
    assert items_of(waiting, desk.cast["head@own"]) == []
    with pytest.raises(Refused, match="Nobody lifts"):
        corrections.lift(row, by=desk.cast["head@own"], reason="It must go out")
    corrections.lift(row, by=desk.cast["authority@own"], reason="It quotes the notice of the commission")
    for who in ("head@own", "moderator@own"):
        assert items_of(waiting, desk.cast[who]) == []
        assert not rules.may_look(row, desk.cast[who])
        with pytest.raises(Refused, match="second person"):
            corrections.look(row, by=desk.cast[who])
    corrections.look(row, by=desk.cast["authority@own"])


def test_what_is_busy_waits_and_what_is_refused_is_a_persons(desk: Desk) -> None:
    desk.correct(desk.out(desk.channel()))
    desk.platform.faults = [Temporary("busy", after=timedelta(minutes=5)), Permanent("refused", "no", b"{}")]
    desk.work()
    one = again()
    assert (one.state, one.fault, one.tries) == ("pending", "busy", 0)
    assert one.release.channel.credential.paused_until
    desk.work()
    assert len(desk.platform.calls) == 1
    Mending.objects.update(next_try_at=timezone.now())
    desk.work()
    assert len(desk.platform.calls) == 1  # the platform asked all of the channel to wait
    Credential.objects.update(paused_until=None)
    desk.work()
    one = again()
    assert (one.state, one.fault, files.path_of(one.answer).read_bytes()) == ("failed", "refused", b"{}")
    assert Notice.objects.filter(key__startswith=f"mending-{one.pk}").exists()
    mending.retry(one, by=desk.cast["head@own"])
    desk.work()
    assert again().state == "done"


def test_a_worker_killed_after_the_reply_went_out_sends_none_twice(desk: Desk) -> None:
    desk.correct(desk.out(desk.channel()), "reply")
    desk.platform.after = [Unsure()]
    desk.work()
    assert again().state == "sending"
    desk.work()
    assert desk.platform.calls == ["publish"]  # the lease of the lost worker stands
    Mending.objects.update(sending_at=timezone.now() - leases.LEASE)
    desk.work()
    assert (desk.platform.calls, again().state) == (["publish", "find"], "done")


def test_where_the_platform_cannot_tell_a_person_looks(desk: Desk) -> None:
    desk.correct(desk.out(desk.channel("x")), "reply")
    desk.platform.cannot = frozenset({"find", "edit"})
    desk.platform.faults = [RuntimeError("killed")]
    desk.work()
    Mending.objects.update(sending_at=timezone.now() - leases.LEASE)
    desk.work()
    assert (again().state, desk.platform.calls) == ("unknown", ["publish", "find"])
    mending.resend(again(), by=desk.cast["head@own"])
    desk.work()
    assert (again().state, desk.platform.calls) == ("done", ["publish", "find", "publish"])


def test_an_edit_lost_on_the_way_is_done_again(desk: Desk) -> None:
    desk.correct(desk.out(desk.channel()))
    desk.platform.faults = [RuntimeError("killed")]
    desk.work()
    Mending.objects.update(sending_at=timezone.now() - leases.LEASE)
    mending.mend_due(timezone.now())
    assert (again().state, desk.platform.calls) == ("done", ["edit", "edit"])


def test_by_hand_a_person_ticks_it_off(desk: Desk) -> None:
    draft = desk.out(desk.channel("youtube", has_key=False))
    desk.correct(draft, "anew")
    desk.work()
    one = again()
    assert one.is_by_hand
    for address in ("", "https://elsewhere.example/1", one.release.address):
        with pytest.raises(Refused):
            mending.confirm(one, by=desk.cast["head@own"], address=address)
    with pytest.raises(Refused):
        mending.confirm(one, by=desk.cast["officer@own"], address="https://platform.example/again")
    mending.confirm(again(), by=desk.cast["moderator@own"], address="https://platform.example/again")
    with pytest.raises(Overtaken):
        mending.confirm(again(), by=desk.cast["moderator@own"], address="https://platform.example/other")
    draft.refresh_from_db()
    assert draft.state == "corrected"
    assert [one.address for one in rules.standing(Release.objects.get())] == ["https://platform.example/again"]


def test_what_the_desk_does_itself_is_not_ticked_off(desk: Desk) -> None:
    desk.correct(desk.out(desk.channel()))
    with pytest.raises(Refused, match="itself"):
        mending.confirm(again(), by=desk.cast["head@own"])


def test_left_as_it_is_nothing_took_place(desk: Desk) -> None:
    draft = desk.out(desk.channel())
    row = desk.correct(draft)
    desk.platform.faults = [Permanent("not-there")]
    desk.work()
    with pytest.raises(Refused, match="reason"):
        mending.waive(again(), by=desk.cast["head@own"], reason="")
    mending.waive(again(), by=desk.cast["head@own"], reason="Somebody took it down on the platform")
    row.refresh_from_db()
    draft.refresh_from_db()
    assert (row.state, row.has_effect, draft.state) == ("done", False, "released")


def test_taken_down_wherever_it_stands(desk: Desk) -> None:
    draft = desk.out(desk.channel(), desk.channel("bluesky"))
    desk.correct(draft, "reply")
    desk.work()
    assert len(desk.platform.stands) == 4
    row = desk.withdraw(draft)
    desk.work()
    row.refresh_from_db()
    draft.refresh_from_db()
    assert (desk.platform.stands, row.state, draft.state) == ({}, "done", "withdrawn")
    assert Release.objects.filter(state="released").count() == 2  # the kept record stays
    assert corrections.out(draft) == []
    with pytest.raises(Refused, match="Nothing of it"):
        desk.withdraw(draft)


def test_what_is_wrong_somewhere_goes_out_nowhere_else(desk: Desk) -> None:
    first, second = desk.channel(), desk.channel("bluesky")
    draft = desk.out(first, second)
    row = Release.objects.get(channel=second)
    Release.objects.filter(pk=row.pk).update(state="pending", platform_id="", address="", released_at=None)
    assert content.refusal(Release.objects.get(pk=row.pk)) is None
    desk.correct(draft)
    refusal = content.refusal(Release.objects.get(pk=row.pk))
    assert refusal is not None
    assert "found wrong" in refusal.reason


def test_ways_are_what_the_platform_can(desk: Desk) -> None:
    assert rules.ways(desk.channel("x")) == ["reply", "anew"]
    assert rules.ways(desk.channel("mastodon")) == ["edit", "reply", "anew"]
    assert rules.ways(desk.channel("x", has_key=False)) == ["edit", "reply", "anew"]
    assert "cannot change" in rules.note(desk.channel("x"))


@pytest.mark.parametrize("way", ["edit", "reply", "anew", "delete"])
def test_of_a_post_whose_number_the_desk_does_not_know_a_person_sees_to_it(desk: Desk, way: str) -> None:
    draft = desk.out(desk.channel())
    Release.objects.update(platform_id="https://platform.example/@own/7", address="https://platform.example/@own/7")
    if way == "delete":
        desk.withdraw(draft)
    else:
        desk.correct(draft, way)
    desk.work()
    assert (again().state, again().fault, desk.platform.calls) == ("failed", "linked", [])
    assert "Do it there" in again().told
    draft.refresh_from_db()
    assert draft.state == "released"


@pytest.mark.parametrize("way", ["reply", "anew"])
@pytest.mark.parametrize("why", ["foreign", "unproved"])
def test_nothing_new_is_said_where_nothing_may_be_released(desk: Desk, way: str, why: str) -> None:
    channel = desk.channel("x")
    draft = desk.out(channel)
    row = desk.correct(draft, way)
    if why == "foreign":
        Watch.objects.create(channel=channel, looked_at=timezone.now(), state="foreign")
    else:
        Channel.objects.filter(pk=channel.pk).update(state="claimed")
    desk.work()
    assert (again().state, again().fault, desk.platform.calls) == ("failed", "gate", [])
    assert again().fault_detail
    Watch.objects.all().delete()
    Channel.objects.update(state="verified")
    mending.retry(again(), by=desk.cast["head@own"])
    desk.work()
    row.refresh_from_db()
    assert row.state == "done"


def test_after_trying_again_the_second_failure_is_told_too(desk: Desk) -> None:
    desk.correct(desk.out(desk.channel()))
    desk.platform.faults = [Permanent("refused"), Permanent("refused")]
    told = Notice.objects.filter(key__startswith="mending-", person=desk.cast["head@own"])
    desk.work()
    assert told.count() == 1
    mending.retry(again(), by=desk.cast["head@own"])
    desk.work()
    assert told.count() == 2
