"""Work that a killed worker leaves half-way, and what it comes to in the end."""

from __future__ import annotations

import time
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.db.models import Count
from django.utils import timezone
from django_tasks import task
from django_tasks_db.models import DBTaskResult

from amanat.desk.audit.models import Event
from amanat.desk.registry.actions import notices, numbering
from amanat.desk.registry.models import Calendar, Mailing, Notice, Office, Person

PEOPLE, LEAVING = 120, 40
WAITING = 60
"""How many tasks are in the queue whenever somebody is killed."""
BEFORE, AFTER = 0.004, 0.004
"""Seconds a task takes before its work and before its tick, so that many a kill falls between them."""


@task()
def step(number: int) -> None:
    """One unit: a number without gaps, and one person told of it, both or neither."""
    time.sleep(BEFORE)
    key = f"step-{number}"
    with transaction.atomic():
        office = Office.objects.select_for_update().get(code="KILL")
        if not Notice.objects.filter(key=key).exists():
            taken = numbering.take(office, "step", 2026)
            reader = Person.objects.get(number="reader")
            notices.tell([reader], key, lambda: (f"Number {taken}", ""), "/notices/")
    time.sleep(AFTER)


def fill() -> None:
    """Queue the tasks; tell people things, each thrice; let some leave."""
    office = Office.objects.create(code="KILL", name="Office of kills")
    Calendar.objects.create(office=office, weekend=0)
    Person.objects.create(name="Reader", number="reader", email="reader@example.org", mail="at-once")
    people = [
        Person.objects.create(
            name=f"P{n}", number=f"p{n}", email=f"p{n}@example.org",
            left_on=timezone.localdate() - timedelta(days=1) if n < LEAVING else None,
        )
        for n in range(PEOPLE + LEAVING)
    ]  # fmt: skip
    for key in ("a", "b", "c"):
        notices.tell(people[LEAVING:], key, lambda: ("What", "Why"), "/notices/")
    Notice.objects.update(made_at=timezone.now() - timedelta(days=1))
    for person in people[LEAVING:]:
        person.appointments.create(office=office, starts_on=timezone.localdate() - timedelta(days=9))
    feed()


def feed() -> int:
    """Queue tasks until enough wait, and let one more person leave; how many tasks there were in all."""
    there, ready = DBTaskResult.objects.count(), DBTaskResult.objects.ready().count()
    more = max(0, WAITING - ready)
    for number in range(there, there + more):
        step.enqueue(number)
    Person.objects.create(name=f"L{there}", left_on=timezone.localdate() - timedelta(days=1))
    return there + more


def let_time_pass() -> None:
    """As if two minutes had gone by: what the dead held is free, what waited is due."""
    Mailing.objects.waiting().update(held_until=None, next_try_at=timezone.now())
    DBTaskResult.objects.ready().model.objects.filter(status="READY").update(run_after=timezone.now())


def count() -> dict[str, Any]:
    """What the database tells."""
    told = Notice.objects.filter(key__startswith="step-").values_list("what", flat=True)
    digests = Mailing.objects.exclude(day=None).annotate(number=Count("notices"))
    return {
        "tasks": dict(DBTaskResult.objects.order_by().values_list("status").annotate(Count("pk"))),
        "numbers": sorted(int(what.split()[1]) for what in told),
        "left": Event.objects.filter(verb="leave").count(),
        "still": Person.objects.filter(is_active=True, left_on__isnull=False).count(),
        "mails": [f"{pk}" for pk in Mailing.objects.exclude(sent_at=None).values_list("pk", flat=True)],
        "unsent": Mailing.objects.filter(sent_at=None).count(),
        "empty": Mailing.objects.filter(notices=None).count(),
        "unmailed": Notice.objects.unmailed().count(),
        "digests": sorted(digests.values_list("number", flat=True)),
    }
