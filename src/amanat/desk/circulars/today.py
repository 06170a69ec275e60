"""What waits for a person in circulars: Today shows it."""

from __future__ import annotations

from django.db.models import Exists, F, OuterRef, Q
from django.urls import reverse
from django.utils.translation import gettext as _

from amanat.desk.circulars.actions.acknowledgements import ACTING
from amanat.desk.circulars.models import Addressee, Circular, Copy
from amanat.desk.circulars.workflow import SENDERS
from amanat.desk.lib.waiting import DUE, LATE, Item, Source
from amanat.desk.registry.models import Appointment, Person


def waiting(person: Person) -> list[Source]:
    """Circulars to acknowledge, for oneself and for offices one acts for; and who is late."""
    asked = {"circular__state": "dispatched", "seen__lt": F("circular__asked")}
    own = Addressee.objects.filter(person=person, **asked).select_related("circular__office")
    copies = Copy.objects.filter(_acts_for(person), **asked).select_related("circular__office", "office")
    led = [post.office for post in person.posts if post.role in SENDERS]
    missing = Addressee.objects.filter(circular=OuterRef("pk"), seen__lt=OuterRef("asked"))
    behind = Circular.objects.late().filter(Q(Exists(missing), office__in=led) | Exists(missing.filter(office__in=led)))
    return [
        Source(own.order_by("circular__due_on", "pk"), lambda rows: map(_to_read, rows)),
        Source(copies.order_by("circular__due_on", "pk"), lambda rows: map(_to_receive, rows)),
        Source(behind.order_by("due_on", "pk"), lambda rows: map(_behind, rows)),
    ]


def _acts_for(person: Person) -> Q:
    """The copies of offices that this person leads; and of those where they stand in, for nobody leads them now."""
    leads = {post.office for post in person.posts if post.role in SENDERS}
    acting = {post.office for post in person.posts if post.role in ACTING} - leads
    led = Appointment.objects.current().filter(office=OuterRef("office"), role__in=SENDERS, person__is_active=True)
    return Q(office__in=leads) | Q(~Exists(led), office__in=acting)


def _to_read(row: Addressee) -> Item:
    why = _("Read this circular of {office}, and acknowledge that you have.").format(office=row.circular.office)
    return _item(row.circular, why, _("Read"))


def _to_receive(row: Copy) -> Item:
    return _item(row.circular, _("Acknowledge it for {office}.").format(office=row.office), _("Acknowledge"))


def _behind(circular: Circular) -> Item:
    """Its day is over at an office this person leads, and somebody has still to acknowledge."""
    why = _("Its day is over, and not everybody has acknowledged it.")
    url = reverse("circulars:missing", args=[circular.pk])
    return Item(circular.due_on or circular.made_at, DUE, str(circular), why, url, _("See who has not"))


def _item(circular: Circular, why: str, verb: str) -> Item:
    weight = LATE if circular.is_late else DUE
    since = circular.dispatched_at or circular.made_at
    return Item(since, weight, str(circular), why, circular.get_absolute_url(), verb)
