"""How the register of permits fares with 100,000 requests. Run by `./bench permits`.

On a database of its own, in a folder that is thrown away; with DATABASE_URL on an empty one there (`.ci/postgres`).
Times are wall time, the median of several; pages as Django's test client gets them, without a network.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import desk

LIMITS = {"register: queries": 12, "register (ms)": 500, "to decide: queries": 12, "today: permits (ms)": 100}
ROUNDS = 5
SINCE = date(2025, 1, 1)


def measured(permits: int, offices: int) -> dict[str, float]:
    """The figures, by name."""
    head, asker = filled(permits, offices)
    desk.settle()
    return looked_at(head, asker)


def filled(permits: int, offices: int) -> tuple[Any, Any]:
    """One department with so many offices below it and so many requests, decided by its authority; who asks often."""
    from amanat.desk.permits.models import Cited, Permit
    from amanat.desk.registry.models import Appointment, Office, Person

    top = Office.objects.create(code="TOP", name="Department", kind="department", pack="pk-punjab")
    below = [Office(code=f"F{n}", name=f"Office {n}", parent=top, kind="field") for n in range(offices)]
    for office in below:
        office.save()
    people = [Person(name=f"Person {n}", number=f"P{n}", email=f"p{n}@example.org") for n in range(offices + 1)]
    Person.objects.bulk_create(people)
    head, *askers = people
    posts = [Appointment(person=head, office=top, role="authority", starts_on=SINCE)]
    posts += [
        Appointment(person=one, office=at, role="officer", starts_on=SINCE)
        for one, at in zip(askers, below, strict=True)
    ]
    Appointment.objects.bulk_create(posts)
    today = date.today()
    states = ("submitted", "granted", "refused", "expired", "granted")
    rows = []
    for n in range(permits):
        state, sent = states[n % 5] if n % 50 else "submitted", today - timedelta(days=n % 300)
        row = Permit(
            kind="permission", act="media", person=askers[n % offices], asked_from=below[n % offices], pack="pk-punjab",
            subject=f"Request {n}", purpose="A talk.", office=top, role="authority", state=state, submitted_on=sent,
            due_on=sent + timedelta(days=14),
        )  # fmt: skip
        if state != "submitted":
            row.decided_by, row.decided_on, row.took = head, sent + timedelta(days=5), n % 9
        if state in ("granted", "expired"):
            row.number, row.code = f"PK-2026-{n:06}", f"{n:012}"
            row.starts_on, row.ends_on = sent, sent + timedelta(days=60)
        rows.append(row)
    Permit.objects.bulk_create(rows, batch_size=2_000)
    cited = [Cited(permit_id=pk, clause="pbsm25-approval") for pk in Permit.objects.values_list("pk", flat=True)]
    Cited.objects.bulk_create(cited, batch_size=5_000)
    return head, askers[0]


def looked_at(head: Any, asker: Any) -> dict[str, float]:
    """Each page: how long, with how many queries."""
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext
    from django.utils import timezone

    from amanat.desk.lib.waiting import gathered
    from amanat.desk.permits import in_force
    from amanat.desk.permits.actions import clock
    from amanat.desk.permits.today import waiting
    from amanat.desk.registry.models import Person

    client, own = Client(), Client()
    client.force_login(head)
    own.force_login(asker)
    number = "/permits/?number=PK-2026-000003"
    pages: dict[str, tuple[Client, str]] = {
        "register": (client, "/permits/"), "register, last page": (client, "/permits/?page=100000"),
        "to decide": (client, "/permits/?which=decide"), "overdue": (client, "/permits/?overdue=on"),
        "by clause": (client, "/permits/?clause=pbsm25-approval&state=refused"), "by number": (client, number),
        "figures": (client, "/permits/statistics/"), "one's own": (own, "/permits/"),
    }  # fmt: skip
    figures: dict[str, float] = {}
    for name, (browser, address) in pages.items():
        browser.get(address)
        with CaptureQueriesContext(connection) as asked:
            assert browser.get(address).status_code == 200
        figures[f"{name}: queries"] = len(asked)
        figures[f"{name} (ms)"] = timed(lambda at=address, by=browser: by.get(at))  # type: ignore[misc]
    me = Person.objects.filter(pk=head.pk)
    figures["today: permits (ms)"] = timed(lambda: gathered(me, waiting(me.get())))
    figures["the check: permits of one person (ms)"] = timed(lambda: in_force.permissions(asker, date.today()))
    begun = time.perf_counter()
    clock.run(timezone.now())
    figures["one round of the clock (s)"] = time.perf_counter() - begun
    return figures


def timed(act: Callable[[], Any]) -> float:
    """The median of several rounds, in milliseconds."""
    taken = []
    for _ in range(ROUNDS):
        begun = time.perf_counter()
        act()
        taken.append((time.perf_counter() - begun) * 1000)
    return statistics.median(taken)


if __name__ == "__main__":
    desk.run(__doc__ or "", LIMITS, measured, permits=100_000, offices=1_000)
