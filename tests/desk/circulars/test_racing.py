"""Many at once: numbers without gaps or doubles, no acknowledgement lost, on SQLite and PostgreSQL alike."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from django.db import connection

from amanat.desk.audit.models import Event
from amanat.desk.circulars.actions import acknowledgements, delivery, dispatches
from amanat.desk.circulars.models import Acknowledgement, Addressee, Circular, Copy, Dispatch
from amanat.desk.lib.refusals import Refused
from amanat.desk.registry.models import Appointment, Person
from tests.cast import SINCE, assemble
from tests.desk.circulars.conftest import Letters

THREADS = 40


def race(act: Callable[[int], Any], many: int) -> list[Any]:
    """What `act` gave each of `many`, or the kind of its refusal; all threads start at the same moment."""
    barrier = Barrier(min(many, THREADS))

    def run(share: int) -> list[Any]:
        came = []
        try:
            barrier.wait(timeout=30)
            for number in range(share, many, barrier.parties):
                try:
                    came.append(act(number))
                except Refused as refusal:
                    came.append(type(refusal).__name__)
        finally:
            connection.close()
        return came

    with ThreadPoolExecutor(barrier.parties) as pool:
        return [one for came in pool.map(run, range(barrier.parties)) for one in came]


@pytest.mark.usefixtures("racing")
def test_dispatched_at_once_each_letter_gets_its_own_number() -> None:
    letters = Letters(assemble())
    drafts = [letters.draft() for _ in range(12)]
    senders = [letters.cast[f"{role}@top"] for role in ("head", "authority", "steward")] * 4
    race(lambda n: dispatches.dispatch(drafts[n], by=senders[n]), 12)
    assert sorted(n or 0 for n in Circular.objects.values_list("serial", flat=True)) == list(range(1, 13))
    assert len(set(Circular.objects.values_list("number", flat=True))) == 12


@pytest.mark.usefixtures("racing")
def test_one_of_twelve_dispatches_a_draft() -> None:
    letters = Letters(assemble())
    draft, head = letters.draft(), letters.cast["head@top"]
    copies = [Circular.objects.select_related("office").get(pk=draft.pk) for _ in range(12)]
    came = race(lambda n: bool(dispatches.dispatch(copies[n], by=head)), 12)
    assert Counter(came) == {True: 1, "Overtaken": 11}
    assert Dispatch.objects.count() == Event.objects.filter(verb="dispatch").count() == 1
    assert letters.sent().serial == 2  # those who came too late used no number up


@pytest.mark.usefixtures("racing")
def test_endorsed_by_several_at_once_an_office_gets_one_copy() -> None:
    letters = Letters(assemble())
    cast = letters.cast
    delivered = letters.sent()
    Copy.objects.filter(office=cast.field).delete()
    copy, leaders = letters.copy(delivered, "own"), [cast[f"{role}@own"] for role in ("head", "authority", "steward")]
    came = race(lambda n: bool(dispatches.endorse(copy, by=leaders[n % 3], offices=[cast.field])), 12)
    assert Counter(came)[True] == 1
    assert Copy.objects.filter(office=cast.field).count() == 1
    assert list(Dispatch.objects.filter(is_endorsement=True).values_list("serial", flat=True)) == [1]


@pytest.mark.usefixtures("racing")
def test_delivered_by_several_workers_nobody_gets_it_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(delivery, "CHUNK", 3)
    monkeypatch.setattr(dispatches, "deliver", lambda _pk: None)
    letters = Letters(assemble())
    sent = dispatches.dispatch(letters.draft(), by=letters.cast["head@top"])
    race(lambda _n: delivery.deliver(sent.pk), 6)
    sent.refresh_from_db()
    assert (sent.offices, sent.people) == (2, 12)
    assert Event.objects.filter(verb="deliver").count() == 1


@pytest.mark.usefixtures("racing")
def test_of_two_hundred_who_acknowledge_at_once_none_is_lost() -> None:
    letters = Letters(assemble())
    people = Person.objects.bulk_create(Person(name=f"Officer {n}") for n in range(200))
    Appointment.objects.bulk_create(
        Appointment(person=one, office=letters.cast.own, role="officer", starts_on=SINCE) for one in people
    )
    circular = letters.sent()
    came = race(lambda n: acknowledgements.acknowledge(circular, by=people[n % 200], version=1, language="ur"), 240)
    assert Counter(came) == {True: 200, False: 40}
    assert Acknowledgement.objects.count() == Event.objects.filter(verb="acknowledge").count() == 200
    assert Addressee.objects.filter(person__in=people, seen=1).count() == 200
