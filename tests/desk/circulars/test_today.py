from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.utils import timezone

from amanat.desk.circulars.actions import acknowledgements
from amanat.desk.circulars.models import Circular
from amanat.desk.circulars.today import waiting
from amanat.desk.registry.models import Appointment
from tests.cast import items_of
from tests.desk.circulars.conftest import Letters


def test_what_is_not_acknowledged_waits_for_me_and_for_my_office(letters: Letters) -> None:
    circular = letters.sent()
    assert [item.verb for item in items_of(waiting, letters.cast["head@own"])] == ["Read", "Acknowledge"]
    assert [item.verb for item in items_of(waiting, letters.cast["officer@own"])] == ["Read"]
    assert items_of(waiting, letters.cast["officer@sister"]) == []
    acknowledgements.acknowledge(circular, by=letters.cast["head@own"], version=1, language="en")
    acknowledgements.for_office(letters.copy(circular, "own"), by=letters.cast["head@own"], version=1)
    assert items_of(waiting, letters.cast["head@own"]) == []


def test_late_weighs_more(letters: Letters) -> None:
    circular = letters.sent(days=2)
    [due] = items_of(waiting, letters.cast["officer@own"])
    Circular.objects.filter(pk=circular.pk).update(due_on=timezone.localdate() - timedelta(days=1))
    [late] = items_of(waiting, letters.cast["officer@own"])
    assert late.weight > due.weight


def test_what_ended_waits_for_nobody(letters: Letters) -> None:
    letters.sent()
    Circular.objects.update(state="withdrawn")
    assert items_of(waiting, letters.cast["head@own"]) == []


def test_while_nobody_leads_it_waits_for_whoever_works_there(letters: Letters) -> None:
    letters.sent()
    Appointment.objects.filter(office=letters.cast.own, role__in=("head", "authority", "steward")).delete()
    assert [item.verb for item in items_of(waiting, letters.cast["officer@own"])] == ["Read", "Acknowledge"]


def test_it_asks_little(letters: Letters, django_assert_max_num_queries: Any) -> None:
    for _ in range(4):
        letters.sent()
    person = letters.cast["head@own"]
    with django_assert_max_num_queries(5):
        assert len(items_of(waiting, person)) == 8
