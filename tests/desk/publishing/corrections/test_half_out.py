"""Putting right what is out on one channel while it is still to come on another."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from amanat.desk.publishing.actions import releases, sending
from amanat.desk.publishing.connectors import Permanent
from amanat.desk.publishing.models import Draft, Release
from amanat.desk.registry.models import Notice
from tests.desk.publishing.corrections.conftest import Desk, Platform
from tests.desk.publishing.releases.making import scheduled


@pytest.fixture
def half(desk: Desk, platform: Platform, monkeypatch: pytest.MonkeyPatch) -> Draft:
    """A draft that is out on the first of its two channels."""
    monkeypatch.setattr(sending, "connector", lambda _platform, _account: platform)
    first, _second = scheduled(desk.cast, [desk.channel(), desk.channel("x")])
    sending.send(first.pk)
    draft = Draft.objects.select_related("office").get()
    assert (draft.state, draft.releases.out().count()) == ("scheduled", 1)
    return draft


@pytest.mark.parametrize(("kind", "state"), [("correct", "corrected"), ("withdraw", "withdrawn")])
def test_it_ends_and_nothing_goes_out_twice(desk: Desk, half: Draft, kind: str, state: str) -> None:
    row = desk.correct(half, by="head@own") if kind == "correct" else desk.withdraw(half, by="head@own")
    desk.work()
    row.refresh_from_db()
    half.refresh_from_db()
    assert (row.state, half.state) == ("done", state)
    calls = list(desk.platform.calls)
    second = Release.objects.get(state="pending")
    sending.send(second.pk)
    second.refresh_from_db()
    assert (second.state, second.fault, desk.platform.calls) == ("failed", "gate", calls)
    half.refresh_from_db()
    assert half.state == state


def test_where_the_last_fails_and_one_is_out_the_draft_is_released(desk: Desk, half: Draft) -> None:
    desk.platform.faults = [Permanent("refused")]
    sending.send(half.releases.get(state="pending").pk)
    half.refresh_from_db()
    assert half.state == "released"


def test_where_all_fail_the_draft_is_not_released(
    desk: Desk, platform: Platform, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sending, "connector", lambda _platform, _account: platform)
    rows = scheduled(desk.cast, [desk.channel(), desk.channel("x")])
    platform.faults = [Permanent("refused"), Permanent("refused")]
    for row in rows:
        sending.send(row.pk)
    assert Draft.objects.get().state == "scheduled"
    assert releases.send_due(timezone.now() + timedelta(hours=1)) == 0


def test_after_trying_again_the_second_failure_of_a_release_is_told_too(desk: Desk, half: Draft) -> None:
    desk.platform.faults = [Permanent("refused"), Permanent("refused")]
    row = half.releases.get(state="pending")
    told = Notice.objects.filter(key__startswith=f"stopped-{row.pk}-", person=desk.cast["officer@own"])
    sending.send(row.pk)
    assert told.count() == 1
    releases.retry(Release.objects.select_related("draft__office").get(pk=row.pk), by=desk.cast["head@own"])
    sending.send(row.pk)
    assert told.count() == 2
