"""What waits for a person in circulars: Today shows it."""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import Exists, F, OuterRef, Q
from django.urls import reverse
from django.utils.translation import gettext as _

from amanat.desk.circulars.actions.acknowledgements import ACTING
from amanat.desk.circulars.models import Addressee, Circular, Copy
from amanat.desk.circulars.workflow import SENDERS
from amanat.desk.lib.waiting import Item
from amanat.desk.registry.models import Appointment, Person

LATE, DUE = 30, 15
"""How heavy a thing weighs: its day is over, or it waits."""
MOST = 50


def waiting(person: Person) -> list[Item]:
    """Circulars to acknowledge, for oneself and for offices one acts for; and who is late."""
    if not person.is_active:
        return []
    return [*_own(person), *_offices(person), *_behind(person)]


def _own(person: Person) -> Iterator[Item]:
    rows = Addressee.objects.filter(person=person, circular__state="dispatched", seen__lt=F("circular__asked"))
    for row in rows.select_related("circular__office").order_by("circular__due_on", "pk")[:MOST]:
        why = _("Read this circular of {office}, and acknowledge that you have.").format(office=row.circular.office)
        yield _item(row.circular, why, _("Read"))


def _offices(person: Person) -> Iterator[Item]:
    here = {post.office for post in person.posts if post.role in SENDERS}
    acting = {post.office for post in person.posts if post.role in ACTING} - here
    if acting:
        led = Appointment.objects.current().filter(office__in=acting, role__in=SENDERS, person__is_active=True)
        here |= acting - set(led.values_list("office", flat=True))
    if not here:
        return
    rows = Copy.objects.filter(office__in=here, circular__state="dispatched", seen__lt=F("circular__asked"))
    for row in rows.select_related("circular__office", "office").order_by("circular__due_on", "pk")[:MOST]:
        why = _("Acknowledge it for {office}.").format(office=row.office)
        yield _item(row.circular, why, _("Acknowledge"))


def _behind(person: Person) -> Iterator[Item]:
    """Circulars whose day is over at offices this person leads, where somebody has still to acknowledge."""
    led = [post.office for post in person.posts if post.role in SENDERS]
    if not led:
        return
    missing = Addressee.objects.filter(circular=OuterRef("pk"), seen__lt=OuterRef("asked"))
    behind = Q(Exists(missing), office__in=led) | Exists(missing.filter(office__in=led))
    for circular in Circular.objects.late().filter(behind).order_by("due_on", "pk")[:MOST]:
        why = _("Its day is over, and not everybody has acknowledged it.")
        url = reverse("circulars:missing", args=[circular.pk])
        yield Item(circular.due_on or circular.made_at, DUE, str(circular), why, url, _("See who has not"))


def _item(circular: Circular, why: str, verb: str) -> Item:
    weight = LATE if circular.is_late else DUE
    since = circular.dispatched_at or circular.made_at
    return Item(since, weight, str(circular), why, circular.get_absolute_url(), verb)
