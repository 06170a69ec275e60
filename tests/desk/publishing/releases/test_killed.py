"""Workers killed at any moment: nothing goes out twice, nothing is lost. Against Bluesky's own server."""

from __future__ import annotations

import os
import signal
from collections import Counter
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from amanat.desk.publishing.actions import sending
from amanat.desk.publishing.models import Release, releases
from tests.desk.publishing.releases import workers
from tests.desk.publishing.releases.making import plan
from tests.desk.publishing.releases.sky import Sky

KILLS, MANY = 100, 150


def test_a_hundred_kills_at_random_moments_leave_no_double_and_lose_nothing(
    wide: Sky, monkeypatch: pytest.MonkeyPatch
) -> None:
    plan(wide.channel, wide.credential.given_by, MANY)
    first, second = Release.objects.order_by("pk")[:2]
    sending.send(first.pk)  # signed in, and warm, as a worker is
    whole = workers.seconds(lambda: sending.send(second.pk))
    monkeypatch.setattr(releases, "LEASE", timedelta(seconds=2 * whole))
    chance = workers.chance()
    caught: Counter[str] = Counter()
    for _kill in range(KILLS):
        begun = workers.killed(lambda: workers.drain(MANY), whole, chance)
        for key in Release.objects.filter(state="sending", sending_at__gte=begun).values_list("key", flat=True):
            caught["out, unknown to the desk" if wide.server.holds(wide.holder, key) else "taken up, not out"] += 1
    while Release.objects.filter(state__in=["pending", "sending"]).exists():
        pid = workers.forked(lambda: workers.drain(MANY))
        assert workers.ended(pid) == 0
    assert caught["out, unknown to the desk"] > 0, "no kill hit the moment that matters"
    assert caught["taken up, not out"] > 0
    states = Counter(Release.objects.values_list("state", flat=True))
    assert states == {"released": MANY}
    out = Counter(wide.texts())
    assert [text for text, times in out.items() if times > 1] == []
    assert len(out) == MANY
    assert {one["uri"] for one in wide.server.posts(wide.holder)} == set(
        Release.objects.values_list("platform_id", flat=True)
    )


@pytest.mark.parametrize("moment", ["before it is sent", "after it was taken", "before the draft is told"])
def test_killed_at_the_worst_moments(wide: Sky, monkeypatch: pytest.MonkeyPatch, moment: str) -> None:
    plan(wide.channel, wide.credential.given_by, 1)
    (row,) = Release.objects.all()

    def die(*_args: Any) -> None:
        os.kill(os.getpid(), signal.SIGKILL)

    with monkeypatch.context() as patch:
        if moment == "before it is sent":
            patch.setattr(sending, "checked", die)
        elif moment == "after it was taken":
            patch.setattr(sending, "appear", die)
        else:
            patch.setattr(sending, "complete", die)
        pid = workers.forked(lambda: sending.send(row.pk))
        assert workers.ended(pid) == -signal.SIGKILL
    assert len(wide.texts()) == (0 if moment == "before it is sent" else 1)
    assert Release.objects.get().state == "sending"
    sending.send(row.pk)
    assert Release.objects.get().state == "sending", "it is still another's"
    Release.objects.update(sending_at=timezone.now() - timedelta(minutes=5))
    sending.send(row.pk)
    assert Release.objects.get().state == "released"
    assert len(wide.texts()) == 1


def test_two_workers_share_what_is_due(wide: Sky) -> None:
    plan(wide.channel, wide.credential.given_by, 60)
    pids = [workers.forked(lambda: workers.drain(60)) for _worker in range(2)]
    assert [workers.ended(pid) for pid in pids] == [0, 0]
    assert Release.objects.filter(state="released").count() == 60
    assert len(wide.texts()) == 60
    assert set(Release.objects.values_list("tries", flat=True)) == {1}
