"""What a worker makes of what it finds after another was killed, and of people who act at the same moment."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection, transaction
from django.utils import timezone

from amanat.desk.audit import door
from amanat.desk.lib.refusals import Refused
from amanat.desk.publishing.actions import corrections, keys, leases, mending, releases, sending
from amanat.desk.publishing.connectors import Permanent, Temporary, Unsure
from amanat.desk.publishing.models import Correction, Credential, Draft, Mending, Release
from amanat.desk.publishing.models.releases import LEASE
from tests.cast import assemble
from tests.desk.publishing.corrections.conftest import Desk, Platform
from tests.desk.publishing.releases.making import scheduled


def left() -> None:
    """The worker that has it in hand is not heard of again."""
    for kind in (Release, Mending):
        kind._base_manager.filter(state="sending").update(sending_at=timezone.now() - LEASE)


def again() -> Mending:
    return Mending.objects.select_related("correction", "release__channel", "release__draft__office").get()


@pytest.fixture(params=["release", "mending"])
def lost(
    request: pytest.FixtureRequest, desk: Desk, platform: Platform, monkeypatch: pytest.MonkeyPatch
) -> tuple[Any, Callable[[], Any]]:
    """A release, or a correcting reply, whose worker was killed before it was sent; and how it is taken up again."""
    monkeypatch.setattr(sending, "connector", lambda _platform, _account: platform)
    platform.faults = [Unsure()]
    row: Any
    if request.param == "release":
        (row,), act = scheduled(desk.cast, [desk.channel()]), sending.send
    else:
        desk.correct(desk.out(desk.channel()), "reply")
        row, act = Mending.objects.get(), mending.mend

    def work() -> None:
        act(row.pk)

    work()
    row.refresh_from_db()
    assert row.state == "sending"
    left()
    platform.calls.clear()
    return row, work


def test_what_was_asked_for_in_vain_is_refused_like_any_other(
    lost: tuple[Any, Callable[[], Any]], platform: Platform
) -> None:
    """The platform said that it is not there: nobody has to look whether it is."""
    row, work = lost
    platform.faults = [Permanent("refused", "no")]
    work()
    row.refresh_from_db()
    assert (row.state, row.fault, platform.calls) == ("failed", "refused", ["find", "publish"])


def test_what_was_asked_for_in_vain_waits_like_any_other(
    lost: tuple[Any, Callable[[], Any]], platform: Platform
) -> None:
    row, work = lost
    platform.faults = [Temporary("no-answer")]
    work()
    row.refresh_from_db()
    assert (row.state, row.fault, platform.calls) == ("pending", "no-answer", ["find", "publish"])


def test_patience_is_kept_while_it_is_asked_what_came_of_it(
    lost: tuple[Any, Callable[[], Any]], platform: Platform, monkeypatch: pytest.MonkeyPatch
) -> None:
    row, work = lost
    asked: list[str] = []

    def busy(*_args: Any) -> None:
        asked.append("find")
        raise Temporary("busy", after=timedelta(hours=1))

    monkeypatch.setattr(platform, "find", busy)
    work()
    row.refresh_from_db()
    assert row.state == "sending"
    paused = Credential.objects.get().paused_until
    assert paused is not None
    assert timedelta(minutes=59) < paused - timezone.now() < timedelta(minutes=61)
    left()
    work()
    assert releases.send_due(timezone.now()) == 0
    mending.mend_due(timezone.now())
    assert (asked, platform.calls) == (["find"], [])


def test_a_shorter_patience_does_not_cut_a_longer_one(desk: Desk) -> None:
    channel, now = desk.channel(), timezone.now()
    for hours, kept in ((5, 5), (1, 5), (6, 6)):
        leases.rest(channel, now + timedelta(hours=hours))
        assert Credential.objects.get().paused_until == now + timedelta(hours=kept)


@pytest.mark.parametrize("kind", ["correct", "withdraw"])
def test_what_is_found_to_be_out_after_a_withdrawal_is_put_right_too(desk: Desk, kind: str) -> None:
    first, second = desk.channel(), desk.channel("x")
    draft = desk.out(first, second)
    lost = Release.objects.select_related("draft__office", "channel").get(channel=second)
    Release.objects.filter(pk=lost.pk).update(
        state="unknown", platform_id="", address="", released_at=None, fault="unsure"
    )
    desk.withdraw(draft)
    desk.work()
    lost = Release.objects.select_related("draft__office", "channel").get(pk=lost.pk)
    assert lost.draft.state == "withdrawn"
    releases.find(lost, by=desk.cast["head@own"], address="https://platform.example/found")
    draft = Draft.objects.select_related("office").get()
    row = desk.withdraw(draft) if kind == "withdraw" else desk.correct(draft, "reply", by="head@own")
    desk.work()
    one = Mending.objects.select_related("release__draft__office", "release__channel").get(correction=row)
    assert (one.state, one.fault) == ("failed", "linked")
    mending.confirm(one, by=desk.cast["head@own"], address="https://platform.example/reply" if one.publishes else "")
    row.refresh_from_db()
    draft.refresh_from_db()
    assert (row.state, draft.state) == ("done", "withdrawn" if kind == "withdraw" else "corrected")


def beside(work: Callable[[], object]) -> threading.Thread:
    """A thread that does `work` on a connection of its own."""

    def run() -> None:
        try:
            work()
        finally:
            connection.close()

    thread = threading.Thread(target=run)
    thread.start()
    return thread


@pytest.mark.usefixtures("racing")
def test_who_says_while_it_is_concluded_that_they_have_looked_has_looked(
    platform: Platform, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = Desk(assemble(), platform)
    row = desk.correct(desk.out(desk.channel(has_key=False)))
    real, threads = door.step, []

    @contextmanager
    def slow(thing: Any, verb: str, **more: Any) -> Iterator[Any]:
        if verb == "conclude":
            seen = Correction.objects.select_related("draft__office").get(pk=row.pk)
            threads.append(beside(lambda: corrections.look(seen, by=desk.cast["head@own"])))
            threads[0].join(1)
        with real(thing, verb, **more) as moved:
            yield moved

    monkeypatch.setattr(corrections, "step", slow)
    mending.confirm(again(), by=desk.cast["moderator@own"])
    threads[0].join(10)
    row.refresh_from_db()
    assert (row.state, row.seen_by) == ("done", desk.cast["head@own"])


@pytest.mark.usefixtures("racing")
def test_a_key_is_not_taken_away_while_a_worker_takes_something_up(platform: Platform) -> None:
    """Without it nobody could ask the platform what came of it."""
    if not connection.features.has_select_for_update_skip_locked:
        pytest.skip("only where rows are locked one by one")
    desk = Desk(assemble(), platform)
    channel = desk.channel()
    desk.out(channel)
    Credential.objects.update(paused_until=timezone.now() + timedelta(hours=1))  # so that asking does nothing yet
    desk.correct(Draft.objects.select_related("office").get(), "reply")
    row, taken, gone = again(), threading.Event(), threading.Event()

    def send() -> None:
        with transaction.atomic():
            assert leases.take(row, channel, "send", timezone.now())
            taken.set()
            gone.wait(1)

    thread = beside(send)
    assert taken.wait(5)
    with pytest.raises(Refused, match="on its way"):
        keys.remove(Credential.objects.select_related("channel__office").get(), by=desk.cast["head@own"])
    gone.set()
    thread.join(10)
    assert Credential.objects.exists()


def test_without_a_key_nothing_is_taken_up(desk: Desk) -> None:
    channel, now = desk.channel(has_key=False), datetime.now(tz=timezone.get_current_timezone())
    desk.correct(desk.out(channel), "reply")
    assert not leases.take(again(), channel, "send", now)
    assert again().state == "pending"
