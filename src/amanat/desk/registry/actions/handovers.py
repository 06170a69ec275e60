"""What is done with handovers: begun, ticked off item by item, finished when nothing is open."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from amanat.desk.audit.door import Step, allow, open_steps, recorded, step
from amanat.desk.lib.commas import dot
from amanat.desk.lib.refusals import Overtaken, Refused
from amanat.desk.registry.actions import changes, groups, panels
from amanat.desk.registry.actions.people import check_ends
from amanat.desk.registry.models import Appointment, Channel, Group, Handover, HandoverItem, Person, holding
from amanat.desk.registry.workflow import LEADERS, given_by

Kind = HandoverItem.Kind


def begin(
    post: Appointment, *, by: Person, cause: str, leaves_on: date, successor: Person | None = None,
    others: Iterable[str] = (),
) -> Handover:  # fmt: skip
    """Begin the handover of a post, with an item for everything the person holds of that office."""
    own = by.pk == post.person_id
    with recorded("begin", by=by, office=post.office, roles=None if own else LEADERS) as record:
        if not own:
            check_ends(by, post)
        if post.ends_on is not None and post.ends_on < timezone.localdate():
            raise Refused(_("This post has ended already."))
        if post.handovers.exclude(state="dropped").exists():
            raise Overtaken(_("There is a handover of this post already."))
        _check(post, leaves_on, successor)
        with changes.once():
            handover = Handover.objects.create(appointment=post, cause=cause, leaves_on=leaves_on, successor=successor)
        items = [*_held(handover), *(HandoverItem(kind=Kind.OTHER, text=text) for text in others)]
        for item in items:
            item.handover = handover
        HandoverItem.objects.bulk_create(items)
        record.on(handover, items=len(items), last_day=leaves_on.isoformat())
    return handover


def change(handover: Handover, *, by: Person, leaves_on: date, successor: Person | None) -> None:
    """Change the last day, or who succeeds."""
    _keep_open(handover)
    check_leads(handover, by)
    _check(handover.appointment, leaves_on, successor)
    values = {"leaves_on": leaves_on, "successor": successor}
    changes.change(handover, values, by=by, office=handover.office, roles=LEADERS)


def add(handover: Handover, *, by: Person, text: str) -> HandoverItem:
    """Add something else that is given back."""
    with recorded("add", by=by, office=handover.office, roles=LEADERS) as record:
        check_leads(handover, by)
        _keep_open(handover)
        item = HandoverItem.objects.create(handover=handover, kind=Kind.OTHER, text=text)
        record.on(handover, item=text)
    return item


def tick(item: HandoverItem, *, by: Person, proof: str) -> None:
    """Tick an item off: it is done, and this is how it was seen. What the item stands for happens with it."""
    handover = item.handover
    with recorded("tick", by=by, office=handover.office, roles=None) as record:
        check_ticks(handover, by)
        _keep_open(handover)
        done = {"proof": proof, "done_at": timezone.now(), "done_by": by}
        if not HandoverItem.objects.left().filter(pk=item.pk).update(**done):
            raise Overtaken(_("This is ticked off already."))
        _perform(item)
        record.on(handover, item=str(item), proof=proof)


def finish(handover: Handover, *, by: Person) -> None:
    """Finish a handover of which nothing is open: the post ends on its last day, and on retirement the service."""
    with step(handover, "finish", by=by, facts={"last_day": handover.leaves_on.isoformat()}):
        check_leads(handover, by)
        if left := [str(item) for item in handover.items.left().select_related("channel", "group")]:
            raise Refused(_("Still open: {items}.").format(items=dot().join(left)))
        post, person = handover.appointment, handover.appointment.person
        if Appointment.objects.filter(holding(), pk=post.pk).exists() and not _keeps_a_post(post):
            raise Refused(
                _("{person} has come to hold more of this office since. Take it back where it stands, then finish.")
                .format(person=person)
            )  # fmt: skip
        ending = Appointment.objects.filter(Q(ends_on__isnull=True) | Q(ends_on__gt=handover.leaves_on), pk=post.pk)
        ending.update(ends_on=handover.leaves_on)
        stays = person.appointments.exclude(ends_on__lte=handover.leaves_on).exists()
        if handover.cause == Handover.Cause.RETIREMENT and not stays:
            is_over = handover.leaves_on <= timezone.localdate()
            Person.objects.filter(pk=person.pk).update(left_on=handover.leaves_on, is_active=not is_over)


def drop(handover: Handover, *, by: Person, reason: str) -> None:
    """Drop a handover: the person stays. What was given back is not undone."""
    with step(handover, "drop", by=by, reason=reason):
        check_leads(handover, by)


def steps(handover: Handover, by: Person) -> list[Step]:
    """The steps that would not be refused now."""
    if not may_lead(handover, by):
        return []
    open_now = open_steps(handover, by)
    left = handover.items.left().exists()
    return [one for one in open_now if one.verb != "finish" or not left]


def may_lead(handover: Handover, by: Person) -> bool:
    """Whether `by` may change, finish and drop it: they could give the post, and it is not their own."""
    post = handover.appointment
    return by.pk != post.person_id and post.role in given_by(by.roles_at(post.office))


def may_tick(handover: Handover, by: Person) -> bool:
    """Whether `by` may tick items off: the successor, or one who leads the office; never the person who leaves."""
    if by.pk == handover.appointment.person_id:
        return False
    return by.pk == handover.successor_id or not LEADERS.isdisjoint(by.roles_at(handover.office))


def check_leads(handover: Handover, by: Person) -> None:
    """Refuse whoever may not lead it."""
    check_ends(by, handover.appointment)


def check_ticks(handover: Handover, by: Person) -> None:
    """Refuse whoever may not tick."""
    if by.pk == handover.appointment.person_id:
        raise Refused(_("Somebody else confirms what you give back: the successor, or one who leads the office."))
    if by.pk != handover.successor_id:
        allow(LEADERS, by, handover.office)


def _keeps_a_post(post: Appointment) -> bool:
    return post.person.appointments.current().filter(office=post.office).exclude(pk=post.pk).exists()


def _held(handover: Handover) -> list[HandoverItem]:
    person, office = handover.appointment.person, handover.appointment.office
    seats = Channel.objects.in_use().filter(office=office, seats__person=person, seats__ends_on__isnull=True)
    recovers = Channel.objects.in_use().filter(office=office, recovery_person=person)
    rooms = Group.objects.filter(
        office=office, state="open", administrators__person=person, administrators__ends_on__isnull=True
    )
    return [
        *(HandoverItem(kind=kind, channel=channel) for channel in seats for kind in (Kind.PANEL, Kind.ACCESS)),
        *(HandoverItem(kind=Kind.RECOVERY, channel=channel) for channel in recovers),
        *(HandoverItem(kind=Kind.GROUP, group=group) for group in rooms),
    ]


def _perform(item: HandoverItem) -> None:
    leaver, successor = item.handover.appointment.person, item.handover.successor
    if item.kind == Kind.PANEL and item.channel and item.channel.state != "closed":
        panels.replace(item.channel, leaver, successor)
    elif item.kind == Kind.GROUP and item.group and item.group.state == "open":
        groups.replace(item.group, leaver, successor)
    elif item.kind == Kind.RECOVERY and item.channel:
        mine = Channel.objects.in_use().filter(pk=item.channel.pk, recovery_person=leaver)
        if not mine.exists():
            return
        if successor is None:
            raise Refused(_("Nobody could win this account back. Name a successor, or change the recovery contact."))
        if not Person.objects.posted_at(item.handover.office).filter(pk=successor.pk).exists():
            raise Refused(_("{person} holds no post at this office today.").format(person=successor))
        mine.update(recovery_person=successor)


def _keep_open(handover: Handover) -> None:
    if Handover.objects.select_for_update().under_way().filter(pk=handover.pk).first() is None:
        raise Overtaken(_("This handover is no longer under way."))


def _check(post: Appointment, leaves_on: date, successor: Person | None) -> None:
    if leaves_on < post.starts_on:
        raise Refused(_("The post began later than this day."))
    if successor is not None and successor.pk == post.person_id:
        raise Refused(_("A person does not succeed themselves."))
