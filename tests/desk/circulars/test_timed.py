"""By the clock: what was left half-way goes on, and who comes later gets what is in force."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from amanat.desk.circulars import timed
from amanat.desk.circulars.actions import delivery, dispatches
from amanat.desk.circulars.models import Addressee, Circular, Dispatch
from amanat.desk.registry.models import Person
from tests.desk.circulars.conftest import Letters

DAY = timedelta(days=1)


def test_what_nobody_delivered_is_delivered(letters: Letters) -> None:
    dispatches.dispatch(letters.draft(), by=letters.cast["head@top"])
    now = timezone.now()
    timed.run(now)
    assert Dispatch.objects.under_way().count() == 1  # the queue has its time first
    for _ in range(2):
        timed.run(now + 2 * timed.PATIENCE)
    assert Dispatch.objects.get().people == Addressee.objects.count() == 12


def test_what_ended_meanwhile_goes_to_nobody_else(letters: Letters) -> None:
    sent = dispatches.dispatch(letters.draft(), by=letters.cast["head@top"])
    Circular.objects.update(state="withdrawn")
    delivery.deliver(sent.pk)
    assert not Addressee.objects.exists()
    assert not Dispatch.objects.under_way().exists()


def test_newcomers_get_what_is_in_force_within_a_day(letters: Letters) -> None:
    letters.sent()
    late = Person.objects.create(name="Late Comer")
    late.appointments.create(office=letters.cast.own, role="officer")
    timed.run(timezone.now())
    assert not Addressee.objects.filter(person=late).exists()
    for _ in range(2):
        timed.run(timezone.now() + DAY)
    assert Addressee.objects.filter(person=late).count() == 1


@pytest.mark.parametrize("state", ["superseded", "withdrawn"])
def test_newcomers_do_not_get_what_has_ended(letters: Letters, state: str) -> None:
    letters.sent()
    Circular.objects.update(state=state)
    Person.objects.create(name="Late Comer").appointments.create(office=letters.cast.own, role="officer")
    timed.run(timezone.now() + DAY)
    assert Addressee.objects.count() == 12


def test_each_minute_looks_over_a_few(letters: Letters, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(timed, "AT_ONCE", 1)
    for _ in range(3):
        letters.sent()
    tomorrow = timezone.now() + DAY
    for left in (2, 1, 0, 0):
        timed.run(tomorrow)
        assert Circular.objects.filter(newcomers_on__lt=timezone.localdate(tomorrow)).count() == left
