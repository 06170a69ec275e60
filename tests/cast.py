"""The cast: made-up offices and one person for every role at each of them, shared by all tests of the desk."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from allauth.account.internal.flows.login import record_authentication
from django.test import Client, RequestFactory

from amanat.desk.lib.waiting import Item, Source, gathered
from amanat.desk.registry.models import Appointment, Office, Person

PASSWORD = "correct horse battery"
ROLES = ("officer", "moderator", "head", "authority", "steward", "auditor")
SINCE = date(2025, 1, 1)


@dataclass(frozen=True)
class Cast:
    """`top` with `own` and `sister` below it, `field` below `own`; `foreign` is another government.

    `people["head@own"]` is the head of the office `own`; so for every role and office.
    """

    top: Office
    own: Office
    sister: Office
    field: Office
    foreign: Office
    people: dict[str, Person]

    def __getitem__(self, name: str) -> Person:
        """The person of that name, without what they remember of their posts."""
        return Person.objects.get(pk=self.people[name].pk)


def assemble() -> Cast:
    """Make the cast in the database."""
    top = Office.objects.create(code="ED", name="Education Department", kind="department", pack="pk-punjab")
    own = Office.objects.create(
        code="ED-LHR", name="Directorate Lahore", local_name="نظامت لاہور", kind="directorate", parent=top,
        website="https://lahore.example.gov.pk/",
    )  # fmt: skip
    sister = Office.objects.create(code="ED-MUX", name="Directorate Multan", kind="directorate", parent=top)
    field = Office.objects.create(code="ED-LHR-1", name="Field office Kasur", kind="field", parent=own)
    foreign = Office.objects.create(code="DPE", name="Directorate of Primary Education", kind="directorate", pack="bd")
    people = {}
    for place, office in (("top", top), ("own", own), ("sister", sister), ("field", field), ("foreign", foreign)):
        for role in ROLES:
            name = f"{role}@{place}"
            person = Person(name=name.replace("@", " at ").title(), email=f"{role}.{place}@example.org", number=name)
            person.set_password(PASSWORD)
            person.save()
            Appointment.objects.create(person=person, office=office, role=role, starts_on=SINCE)
            people[name] = person
    return Cast(top, own, sister, field, foreign, people)


def items_of(room: Callable[[Person], list[Source]], person: Person) -> list[Item]:
    """What Today tells the person of what waits in a room, by its `waiting`."""
    return gathered(Person.objects.filter(pk=person.pk), room(person)) if person.is_active else []


def client_of(person: Person) -> Client:
    """A browser in which that person has just signed in."""
    client = Client()
    client.force_login(person)
    request = RequestFactory().get("/")
    request.session = client.session
    record_authentication(request, person, method="password")
    request.session.save()
    return client
