"""How a circular to 100,000 people fares: sent, read, acknowledged. Run by `./bench circulars`.

On a database of its own, in a folder that is thrown away; with DATABASE_URL on an empty one there (`.ci/postgres`).
Times are wall time, pages as Django's test client gets them, with templates and middleware, without a network.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import date
from threading import Barrier
from typing import Any

import desk

LIMITS = {
    "dispatched to all (s)": 60,
    "who has not: page (ms)": 300,
    "who has not: last page (ms)": 300,
    "who has not, as a tree: page (ms)": 300,
    "acknowledge (ms)": 50,
    "acknowledgements lost of those at once": 0,
}
SINCE = date(2025, 1, 1)
SECRET = "correct horse battery"


def measured(people: int, offices: int) -> dict[str, float]:
    """The figures, by name."""
    top = peopled(people, offices)
    figures: dict[str, float] = {}
    circular = sent(top, figures)
    desk.settle()
    opened(circular, figures)
    acknowledged(circular, figures)
    followed(circular, figures)
    return figures


def peopled(people: int, offices: int) -> Any:
    """A department with so many offices in two levels and so many people; its head signs in."""
    from amanat.desk.registry.models import Appointment, Office, Person

    top = Office.objects.create(code="TOP", name="Department", kind="department", pack="pk-punjab")
    heads = [Office.objects.create(code=f"D{n}", name=f"Directorate {n}", parent=top) for n in range(20)]
    below = [
        Office.objects.create(code=f"F{n}", name=f"Field office {n}", kind="field", parent=heads[n % 20])
        for n in range(offices - 20)
    ]
    head = Person(name="Head", email="head@example.org")
    head.set_password(SECRET)
    head.save()
    Appointment.objects.create(person=head, office=top, role="head", starts_on=SINCE)
    rows = Person.objects.bulk_create(
        (Person(name=f"Officer {n % 7919} {n}", language=("", "ur", "en")[n % 3]) for n in range(people)),
        batch_size=5000,
    )
    everywhere = [*heads, *below]
    Appointment.objects.bulk_create(
        (
            Appointment(person=one, office=everywhere[n % len(everywhere)], role="officer", starts_on=SINCE)
            for n, one in enumerate(rows)
        ),
        batch_size=5000,
    )
    return top


def sent(top: Any, figures: dict[str, float]) -> Any:
    """A circular dispatched to all of them: what the page waits for, and what the worker does after."""
    from amanat.desk.circulars.actions import delivery, dispatches, drafts
    from amanat.desk.circulars.audience import Audience
    from amanat.desk.circulars.models import Addressee
    from amanat.desk.registry.models import Person

    head = Person.objects.get(name="Head")
    circular = drafts.begin(top, by=head, language="en", subject="Use of social media", body="Ask first.")
    drafts.write(circular, by=head, language="ur", subject="سوشل میڈیا", body="پہلے پوچھیں۔")
    drafts.address(circular, by=head, lists=[], audience=Audience(trees=(top.pk,)))
    circular.refresh_from_db()
    with timed() as pressing:
        sending = dispatches.dispatch(circular, by=head)
    with timed() as delivering:
        delivery.deliver(sending.pk)
    figures["people reached"] = Addressee.objects.filter(circular=circular).count()
    figures["dispatched: the page waits (ms)"] = pressing() * 1e3
    figures["dispatched to all (s)"] = pressing() + delivering()
    circular.refresh_from_db()
    return circular


def opened(circular: Any, figures: dict[str, float]) -> None:
    """The pages of the circular, as the head who sent it opens them."""
    from django.test import Client
    from django.urls import NoReverseMatch, reverse

    from amanat.desk.registry.models import Person

    client = Client()
    client.force_login(Person.objects.get(name="Head"))
    pages = {"who has not": ("missing", [circular.pk]), "the circular": ("circular", [circular.pk])}
    pages |= {"who has not, as a tree": ("tree", [circular.pk])}
    pages |= {"circulars": ("circulars", []), "in force for me": ("mine", [])}
    for name, (address, args) in pages.items():
        try:
            where = reverse(f"circulars:{address}", args=args)
        except NoReverseMatch:
            continue
        figures[f"{name}: page (ms)"] = 1e3 * best(lambda where=where: client.get(where).status_code == 200)


def acknowledged(circular: Any, figures: dict[str, float]) -> None:
    """One after another, then two hundred at once."""
    from django.db import connection

    from amanat.desk.circulars.actions.acknowledgements import acknowledge
    from amanat.desk.circulars.models import Acknowledgement
    from amanat.desk.registry.models import Person

    people = list(Person.objects.exclude(name="Head").order_by("-pk")[:300])
    spent = []
    for one in people[:100]:
        with timed() as took:
            acknowledge(circular, by=one, version=1, language="ur")
        spent.append(took())
    figures["acknowledge (ms)"] = statistics.quantiles(spent, n=20)[-1] * 1e3
    barrier, waits = Barrier(50), []

    def press(share: int) -> None:
        try:
            barrier.wait()
            for one in people[100 + share :: 50]:
                with timed() as took:
                    acknowledge(circular, by=one, version=1, language="ur")
                waits.append(took())
        finally:
            connection.close()

    with ThreadPoolExecutor(50) as pool, timed() as all_of_them:
        list(pool.map(press, range(50)))
    figures["two hundred at once: all done (ms)"] = all_of_them() * 1e3
    figures["two hundred at once: the longest wait (ms)"] = max(waits) * 1e3
    figures["acknowledgements lost of those at once"] = 300 - Acknowledgement.objects.count()


def followed(circular: Any, figures: dict[str, float]) -> None:
    """The last pages of those who have not, the spreadsheet, a reminder to all of them and one up the tree."""
    from django.test import Client
    from django.urls import reverse

    from amanat.desk.circulars.actions import reminders
    from amanat.desk.circulars.models import Addressee, Reminder
    from amanat.desk.registry.models import Person

    client = Client()
    client.force_login(Person.objects.get(name="Head"))
    where = reverse("circulars:missing", args=[circular.pk])
    row = Addressee.objects.missing(circular).order_by("office__path", "pk").reverse()[30]
    deep = f"{where}?after={row.office_id}-{row.pk}"
    figures["who has not: last page (ms)"] = 1e3 * best(lambda: client.get(deep).status_code == 200)
    narrow = f"{where}?office=D7"
    figures["who has not: of one directorate (ms)"] = 1e3 * best(lambda: client.get(narrow).status_code == 200)
    with timed() as reading:
        size = sum(len(part) for part in client.get(f"{where[:-1]}.csv"))
    figures["who has not: as CSV (s)"], figures["who has not: as CSV (MB)"] = reading(), size / 1e6
    for name, level in (("due", 0), ("head", 1), ("above-1", 2)):
        with timed() as telling:
            reminders.announce(circular, name, level=level)
        told = Reminder.objects.get(circular=circular, occasion=name).people
        figures[f"reminder {name}: {told} people told (s)"] = telling()


@contextmanager
def timed() -> Iterator[Callable[[], float]]:
    """Seconds spent in the body, told after it."""
    ends: list[float] = []
    start = time.perf_counter()
    yield lambda: ends[0] - start
    ends.append(time.perf_counter())


def best(work: Callable[[], bool]) -> float:
    """The median of seven runs, in seconds, after one to warm up."""
    spent = []
    for _ in range(8):
        with timed() as took:
            assert work()
        spent.append(took())
    return statistics.median(spent[1:])


if __name__ == "__main__":
    desk.run(__doc__ or "", LIMITS, measured, people=100_000, offices=1_000)
