"""What waits for a person in the registry: Today shows it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from django.db.models import Case, Count, Exists, F, OuterRef, Q, QuerySet, Subquery, When
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django_tasks_db.models import DBTaskResult

from amanat.desk.lib.waiting import DUE, LATE, SOON, Item, Source
from amanat.desk.registry.actions import handovers as acts
from amanat.desk.registry.models import Appointment, Channel, Handover, Mailing, Person, Worker, holding
from amanat.desk.registry.workflow import LEADERS, STAFF, given_by

NOTICE = timedelta(days=30)
"""How long before the end of a post its handover is asked for."""
STILL = timedelta(minutes=15)
"""How long a worker may do nothing before stewards are told."""


def waiting(person: Person) -> list[Source]:
    """What waits at the offices where this person works: inspections, proofs, handovers, ends of posts, addresses.

    Stewards hear of a worker that stands still, and of tasks that failed.
    """
    return [_channels(person), _handovers(person), _endings(person), *_signs(person)]


def _at(person: Person, roles: frozenset[str], office: str) -> Q:
    """The rows at offices where the person holds one of `roles` themselves, not from above."""
    return Q(**{f"{office}__in": [post.office for post in person.posts if post.role in roles]})


def _channels(person: Person) -> Source:
    rows = Channel.objects.in_use().filter(_at(person, STAFF, "office")).select_related("office")
    rows = rows.filter(Q(state="claimed") | Q(inspection_due_on__lte=timezone.localdate()))
    return Source(rows.order_by("inspection_due_on", "pk"), _to_inspect)


def _to_inspect(rows: list[Channel]) -> Iterator[Item]:
    today = timezone.localdate()
    for channel in rows:
        if channel.is_late and channel.inspection_due_on:
            weight = DUE if channel.inspection_due_on == today else LATE
            why = _("The security inspection of this channel of {office} is due.").format(office=channel.office)
            url = reverse("registry:inspect", args=[channel.pk])
            yield Item(channel.inspection_due_on, weight, str(channel), why, url, _("Inspect"))
        if channel.state == "claimed":
            why = _("{office} has not yet proved this channel official.").format(office=channel.office)
            yield Item(today, SOON, str(channel), why, channel.get_absolute_url(), _("Prove it official"))


def _handovers(person: Person) -> Source:
    mine = Q(successor=person) | person.scope("appointment__office", "appointment__office__path")
    rows = Handover.objects.under_way().filter(mine).exclude(appointment__person=person)
    rows = rows.select_related("appointment__person", "appointment__office").annotate(
        left=Count("items", filter=Q(items__done_at__isnull=True))
    )
    return Source(rows.order_by("leaves_on", "pk"), lambda found: _to_hand_over(found, person))


def _to_hand_over(rows: list[Any], person: Person) -> Iterator[Item]:
    near = {post.office for post in person.posts if post.role in LEADERS}
    for row in rows:
        leads = acts.may_lead(row, person)
        is_mine = row.successor_id == person.pk or row.appointment.office_id in near
        # From above one is told of what nobody at the office itself may finish, and of what is late.
        if not (is_mine or (leads and (row.is_late or row.appointment.role in LEADERS))):
            continue
        if row.left and acts.may_tick(row, person):
            why, verb = _("Something is still to be given back before the last day in the post."), _("Tick off")
        elif not row.left and leads:
            why, verb = _("Everything is given back: the handover can be finished."), _("Finish")
        else:
            continue
        yield Item(row.leaves_on, LATE if row.is_late else DUE, str(row), why, row.get_absolute_url(), verb)


def _endings(person: Person) -> Source:
    today = timezone.localdate()
    begun = Handover.objects.filter(appointment=OuterRef("pk")).exclude(state="dropped")
    rows = Appointment.objects.filter(_at(person, LEADERS, "office"), holding(), ~Exists(begun))
    rows = rows.filter(ends_on__range=(today, today + NOTICE)).exclude(person=person)
    rows = rows.select_related("person", "office").order_by("ends_on", "pk")
    return Source(rows, lambda found: _ending(found, person))


def _ending(rows: list[Appointment], person: Person) -> Iterator[Item]:
    for post in rows:
        if post.ends_on and post.role in given_by(person.roles_at(post.office)):
            why = _("This post ends soon, and what the person holds of the office is not handed over.")
            url = reverse("registry:begin-handover", args=[post.pk])
            yield Item(post.ends_on, DUE, str(post), why, url, _("Begin the handover"))


def _signs(person: Person) -> list[Source]:
    """What the machine needs people for."""
    if not person.has_role(*LEADERS):
        return []
    refused = Source(_refused(person).select_related("person").order_by("pk"), _addresses)
    return [refused, _worker(person)] if person.has_role("steward") else [refused]


def _refused(person: Person) -> QuerySet[Mailing]:
    """Mails to those this person leads that were refused at the address they still have."""
    serve = Appointment.objects.current().filter(_at(person, LEADERS, "office")).values("person")
    return Mailing.objects.refused().filter(person__in=serve, person__is_active=True, address=F("person__email"))


def _addresses(rows: list[Mailing]) -> Iterator[Item]:
    for row in rows:
        why = _("The mail server refused this person's address, so nothing is mailed to it until it is corrected.")
        yield Item(row.made_at, DUE, str(row.person), why, row.person.get_absolute_url(), _("Look at it"))


def _worker(person: Person) -> Source:
    """One row, of the steward, where the worker stands still or tasks failed.

    Told where work waits; a desk on which no worker ever ran and nothing is due has none to miss.
    """
    before = timezone.now() - STILL
    failed = DBTaskResult.objects.failed().order_by("finished_at").values("finished_at")
    rounds = Worker.objects.exclude(round_at=None).order_by("-round_at").values("round_at")
    due_tasks = DBTaskResult.objects.ready().filter(enqueued_at__lt=before)
    due_mails = Mailing.objects.waiting().filter(next_try_at__lt=before)
    is_still = Q(last__lt=before) | (Q(last=None) & (Exists(due_tasks) | Exists(due_mails)))
    rows = Person.objects.filter(pk=person.pk).annotate(failed=Subquery(failed[:1]), last=Subquery(rounds[:1]))
    rows = rows.annotate(is_still=Case(When(is_still, then=True), default=False))
    return Source(rows.filter(Q(is_still=True) | ~Q(failed=None)), _of_the_machine)


def _of_the_machine(rows: list[Any]) -> Iterator[Item]:
    url = reverse("registry:worker")
    for row in rows:
        if row.is_still:
            why = _(
                "Reminders, mail and whatever is queued wait for it. It is started beside the server: amanat worker"
            )
            since = row.last or timezone.now() - STILL
            yield Item(since, LATE, _("The worker stands still"), why, url, _("Look at it"))
        if row.failed:
            why = _("They were tried several times. Try them again once the cause is gone, or drop them.")
            yield Item(row.failed, DUE, _("Tasks that failed"), why, url, _("Look at it"))
