"""Never late in silence: what is not approved in time expires, its writers are told, and a copy gets the next slot."""

from __future__ import annotations

from collections.abc import Callable
from datetime import time, timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from amanat.desk.audit.models import Event
from amanat.desk.lib.refusals import Overtaken, Refused
from amanat.desk.publishing import slots
from amanat.desk.publishing.actions import drafts, pictures, plans
from amanat.desk.publishing.models import Draft, Release, Round
from amanat.desk.publishing.timed import run
from amanat.desk.publishing.today import waiting
from amanat.desk.registry.calendars import workdays
from amanat.desk.registry.models import Notice
from tests.cast import items_of
from tests.desk.publishing.conftest import Press, photo

DAY = timedelta(days=1)


def state(draft: Draft) -> str:
    return Draft.objects.get(pk=draft.pk).state


def test_not_approved_by_its_moment_it_expires(press: Press) -> None:
    draft = press.hand_in()
    assert draft.wanted_at is not None
    run(draft.wanted_at - timedelta(minutes=1))
    assert state(draft) == "in-review"
    for _ in range(3):
        run(draft.wanted_at)
    assert state(draft) == "expired"
    assert Round.objects.get().outcome == "expired"
    event = Event.objects.get(verb="expire")
    assert event.actor is None
    (told,) = Notice.objects.filter(person=draft.author, key=f"expired-{draft.pk}")
    assert "next free time" in told.why
    assert draft.get_absolute_url() in [item.url for item in items_of(waiting, draft.author)]


def test_what_was_approved_waits_a_day_for_its_release(press: Press) -> None:
    draft = press.approve()
    assert draft.wanted_at is not None
    run(draft.wanted_at + timedelta(hours=23))
    assert state(draft) == "scheduled"
    run(draft.wanted_at + DAY)
    assert state(draft) == "scheduled"  # it waits to be posted by hand: perhaps it is, and a person has to say so
    Release.objects.all().delete()
    run(draft.wanted_at + DAY)
    assert state(draft) == "expired"


@pytest.mark.parametrize("days", [89, 91])
def test_pending_for_ninety_days_it_expires(press: Press, days: int) -> None:
    draft = press.hand_in(at=press.soon(24 * 200))
    run(timezone.now() + days * DAY)
    assert state(draft) == ("in-review" if days < 90 else "expired")


@pytest.mark.parametrize("days", [89, 91])
def test_left_lying_for_ninety_days_it_expires(press: Press, days: int) -> None:
    draft = press.write()
    Draft.objects.update(wanted_at=None)
    run(timezone.now() + days * DAY)
    assert state(draft) == ("draft" if days < 90 else "expired")


def test_a_returned_draft_expires_with_its_moment(press: Press) -> None:
    draft = press.hand_in()
    Draft.objects.update(state="returned")
    run(draft.wanted_at)  # type: ignore[arg-type]
    assert state(draft) == "expired"


def test_moved_in_the_same_moment_it_stays(press: Press) -> None:
    draft = press.hand_in()
    old = Draft.objects.get(pk=draft.pk)
    Draft.objects.update(wanted_at=press.soon(99))
    drafts.expire(old, old.wanted_at)  # type: ignore[arg-type]
    assert state(draft) == "in-review"
    assert not Event.objects.filter(verb="expire").exists()


def test_one_button_makes_a_copy_at_the_next_free_slot(press: Press, signed_in: Callable[[str], Client]) -> None:
    draft = press.write()
    pictures.add(draft, photo(), by=draft.author, alts={"en": "A door"})
    drafts.submit(draft, by=draft.author)
    Draft.objects.update(state="expired")
    tomorrow = timezone.localdate() + DAY
    plans.set_slots(press.page, by=press.cast["head@own"], slots=[(tomorrow.weekday(), time(11, 30))])
    client, address = signed_in("moderator@own"), reverse("publishing:copy", args=[draft.pk])
    assert address in client.get(draft.get_absolute_url()).text
    client.post(address)
    new = Draft.objects.get(copy_of=draft)
    assert new.wanted_at is not None
    assert timezone.localtime(new.wanted_at).strftime("%H:%M") == "11:30"
    assert timezone.localdate(new.wanted_at) == tomorrow
    assert (new.state, new.author.name) == ("draft", "Moderator At Own")
    assert set(new.writers.all()) == {press.cast["officer@own"], press.cast["moderator@own"]}
    assert (new.versions.count(), new.pictures.count(), new.targets.count()) == (1, 1, 1)
    assert draft.versions.count() == draft.pictures.count() == 1
    draft.refresh_from_db()
    with pytest.raises(Overtaken):
        drafts.copy(draft, by=draft.author)


def test_what_is_on_its_way_is_not_copied(press: Press) -> None:
    draft = press.write()
    with pytest.raises(Refused):
        drafts.copy(draft, by=draft.author)


def test_the_next_slot_that_nothing_takes(press: Press) -> None:
    head, now = press.cast["head@own"], timezone.now()
    day = timezone.localdate() + DAY
    plans.set_slots(press.page, by=head, slots=[(day.weekday(), time(9)), (day.weekday(), time(15))])
    first = slots.next_free(press.cast.own, [press.page], now)
    assert (timezone.localdate(first), timezone.localtime(first).hour) == (day, 9)
    press.write(at=first)
    second = slots.next_free(press.cast.own, [press.page], now)
    assert (timezone.localdate(second), timezone.localtime(second).hour) == (day, 15)
    press.write(at=second)
    third = slots.next_free(press.cast.own, [press.page], now)
    assert timezone.localdate(third) == day + timedelta(days=7)


def test_without_slots_the_next_working_day_at_the_same_hour(press: Press) -> None:
    at = press.soon()
    found = slots.next_free(press.cast.own, [press.page], timezone.now(), at)
    assert timezone.localtime(found).time() == timezone.localtime(at).time()
    assert workdays(press.cast.own).is_open(timezone.localdate(found))
