"""What is looked at once more before anything goes out."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from amanat.desk.audit.models import Event
from amanat.desk.lib.refusals import Overtaken, Refused
from amanat.desk.publishing import gates
from amanat.desk.publishing.actions import plans
from amanat.desk.publishing.models import Draft, Lift, Version
from amanat.desk.publishing.models.drafts import LATEST
from amanat.desk.publishing.today import waiting
from amanat.desk.registry.actions import handovers
from amanat.desk.registry.models import Appointment, Channel, HandoverItem
from tests.cast import items_of
from tests.desk.publishing.conftest import Press

DAY = timedelta(days=1)
TODAY = timezone.localdate


def due(channel: Channel, days_ago: int) -> None:
    Channel.objects.filter(pk=channel.pk).update(inspection_due_on=TODAY() - days_ago * DAY)
    channel.refresh_from_db()


def asked(press: Press, draft: Draft) -> Refused | None:
    assert draft.wanted_at is not None
    draft = Draft.objects.get(pk=draft.pk)
    return gates.why_not(draft, Channel.objects.select_related("office").get(pk=press.page.pk), draft.wanted_at)  # type: ignore[arg-type]


def test_what_was_approved_may_go_out(press: Press) -> None:
    assert asked(press, press.approve()) is None


def test_whatever_differs_from_what_was_approved_may_not(press: Press) -> None:
    draft = press.approve()
    Version.objects.update(text="Something else.")
    assert asked(press, draft) is not None


@pytest.mark.parametrize("state", ["draft", "in-review", "returned", "expired", "dropped", "withdrawn"])
def test_only_what_is_scheduled(press: Press, state: str) -> None:
    draft = press.approve()
    Draft.objects.update(state=state)
    assert asked(press, draft) is not None


def test_neither_too_early_nor_too_late(press: Press) -> None:
    draft = press.approve()
    assert draft.wanted_at is not None
    at = draft.wanted_at
    press.page.inspection_due_on = None
    assert gates.why_not(draft, press.page, at - timedelta(seconds=1)) is not None
    assert gates.why_not(draft, press.page, at) is None
    assert gates.why_not(draft, press.page, at + LATEST) is None
    assert gates.why_not(draft, press.page, at + LATEST + timedelta(seconds=1)) is not None


def test_only_on_its_own_channels(press: Press) -> None:
    draft = press.approve()
    assert gates.why_not(draft, press.wall, draft.wanted_at) is not None  # type: ignore[arg-type]


@pytest.mark.parametrize("state", ["claimed", "closed"])
def test_only_on_a_channel_that_is_proved(press: Press, state: str) -> None:
    draft = press.approve()
    Channel.objects.update(state=state)
    assert asked(press, draft) is not None


@pytest.mark.parametrize(("days_ago", "is_open"), [(12, True), (13, False)])
def test_an_inspection_overdue_beyond_the_limit_silences_it(press: Press, days_ago: int, is_open: bool) -> None:
    draft = press.approve()  # wanted in two days
    due(press.page, days_ago)
    refusal = asked(press, draft)
    assert (refusal is None) == is_open
    if refusal:
        assert "the office's own setting" in refusal.reason


def test_the_office_sets_its_own_limit(press: Press) -> None:
    due(press.page, 3)
    assert gates.silence(press.page, TODAY()) is None
    plans.practise(press.cast.own, by=press.cast["head@own"], weekly_posts=None, inspection_days=2, handover_days=0)
    assert gates.silence(Channel.objects.get(pk=press.page.pk), TODAY()) is not None


def test_a_handover_that_is_late_silences_it_until_the_access_is_given_back(press: Press) -> None:
    leaver = press.jurors[0]
    post = Appointment.objects.get(person=leaver)
    handover = handovers.begin(
        post, by=press.cast["head@own"], cause="transfer", leaves_on=TODAY() - DAY, successor=press.cast["officer@own"]
    )
    assert gates.silence(press.page, TODAY() - DAY) is None
    refusal = gates.silence(press.page, TODAY())
    assert refusal is not None
    assert "Juror One" in refusal.reason
    assert gates.silence(press.wall, TODAY()) is None
    for item in HandoverItem.objects.filter(handover=handover):
        handovers.tick(item, by=press.cast["head@own"], proof="seen")
    assert gates.silence(press.page, TODAY()) is None


def test_the_head_lifts_it_for_a_day(press: Press, signed_in: Callable[[str], Client]) -> None:
    due(press.page, 40)
    client, address = signed_in("head@own"), reverse("publishing:ungate", args=[press.page.pk])
    assert address in client.get(reverse("publishing:slots")).text
    assert "due since" in client.get(address).text
    assert client.post(address, {"reason": ""}).status_code == 200
    assert client.post(address, {"reason": "A flood warning cannot wait."}).status_code == 302
    assert gates.silence(press.page, TODAY()) is None
    assert gates.silence(press.page, TODAY() + DAY) is not None
    assert Event.objects.get(verb="ungate").reason == "A flood warning cannot wait."
    page = client.get(reverse("publishing:slots")).text
    assert "A flood warning cannot wait." in page
    assert address not in page
    with pytest.raises(Overtaken):
        plans.lift_gate(press.page, by=press.cast["head@own"], reason="again")
    assert Lift.objects.count() == 1


@pytest.mark.parametrize("who", ["moderator@own", "officer@own", "steward@own", "head@sister"])
def test_nobody_else_lifts_it(press: Press, who: str) -> None:
    due(press.page, 40)
    with pytest.raises(Refused):
        plans.lift_gate(press.page, by=press.cast[who], reason="because")


def test_nothing_overdue_nothing_to_lift(press: Press) -> None:
    with pytest.raises(Overtaken):
        plans.lift_gate(press.page, by=press.cast["head@own"], reason="because")


def test_before_a_release_the_head_hears_of_a_silent_channel(press: Press) -> None:
    press.approve()
    due(press.page, 40)
    assert "See the gates" in [item.verb for item in items_of(waiting, press.cast["head@own"])]
    due(press.page, 0)
    assert "See the gates" not in [item.verb for item in items_of(waiting, press.cast["head@own"])]
