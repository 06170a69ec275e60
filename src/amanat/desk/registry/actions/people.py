"""What is done with people and their posts."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from amanat.desk.audit.door import ROLE_NAMES, recorded
from amanat.desk.lib.commas import listed
from amanat.desk.lib.refusals import Overtaken, Refused
from amanat.desk.registry.actions import changes
from amanat.desk.registry.actions.offices import keep_open
from amanat.desk.registry.models import SEATED, Appointment, Office, Person, holding
from amanat.desk.registry.workflow import LEADERS, given_by

NAMES = frozenset({"name", "local_name", "language"})
"""What people change of themselves."""


def enter(
    office: Office, *, by: Person, role: str, title: str = "", starts_on: date | None = None, **facts: Any
) -> Person:
    """A person, together with their first post."""
    with recorded("enter", by=by, office=office, roles=LEADERS) as record, changes.once():
        check_gives(by, office, role)
        keep_open(office)
        person = Person(**facts)
        person.clean()
        person.set_unusable_password()
        person.save()
        _place(person, office, role, title, starts_on)
        record.on(person, role=role)
    return person


def change(person: Person, *, by: Person, **values: Any) -> None:
    """Change what is kept of a person: their names by themselves, the rest by those who lead them."""
    leads = led_at(person, by)
    if by.pk == person.pk:
        if not values.keys() <= NAMES:
            raise Refused(
                _("Of yourself you change your names and your language. The rest is done by those who lead you.")
            )
    elif leads is None:
        raise Refused(_("This is changed by the person, or by those who could give them every post they hold."))
    office = leads or _last_office(person)
    for name in ("email", "number"):
        if name in values:
            values[name] = (values[name] or "").strip() or None
    if values.get("email"):
        values["email"] = values["email"].lower()
    changes.change(person, values, by=by, office=office, roles=None, is_private=True)


def appoint(
    person: Person, office: Office, *, by: Person, role: str, title: str = "", starts_on: date | None = None
) -> Appointment:
    """Give a person a further post."""
    with recorded("appoint", by=by, office=office, roles=LEADERS) as record, changes.once():
        if person.pk == by.pk:
            raise Refused(_("Nobody gives themselves a post. Ask another who may."))
        check_gives(by, office, role)
        if not person.is_active:
            raise Refused(_("{person} has left the service.").format(person=person))
        keep_open(office)
        if person.appointments.current().filter(office=office, role=role).exists():
            raise Overtaken(_("{person} holds this post already.").format(person=person))
        post = _place(person, office, role, title, starts_on)
        record.on(post, role=role)
    return post


def end(post: Appointment, *, by: Person, on: date) -> None:
    """End a post on a day (its last). What the person holds of the office is given back first."""
    with recorded("end", by=by, office=post.office, roles=LEADERS) as record:
        check_ends(by, post)
        if on < post.starts_on:
            raise Refused(_("The post began later than this day."))
        if needs_handover(post):
            raise Refused(
                _("{person} still has something of this office in hand: begin the handover, and the post ends with it.")
                .format(person=post.person)
            )  # fmt: skip
        ending = Appointment.objects.filter(Q(ends_on__isnull=True) | Q(ends_on__gt=on), pk=post.pk)
        if not ending.update(ends_on=on):
            raise Overtaken(_("This post has ended already."))
        record.on(post, last_day=on.isoformat())


def needs_handover(post: Appointment) -> bool:
    """Whether the person has something of the office in hand that no finished handover of this post covers.

    Somebody who keeps another post there, from which one may sit on a panel, keeps what they hold.
    """
    others = post.person.appointments.current().filter(office=post.office, role__in=SEATED).exclude(pk=post.pk)
    held = Appointment.objects.filter(holding(), pk=post.pk)
    return not post.handovers.filter(state="done").exists() and not others.exists() and held.exists()


def check_gives(by: Person, office: Office, role: str) -> None:
    """Refuse a role that `by` may not give at `office`."""
    if role not in given_by(by.roles_at(office)):
        givers = [str(name) for giver, name in ROLE_NAMES.items() if role in given_by(frozenset({giver}))]
        raise Refused(_("This role is given and taken by: {roles}.").format(roles=listed(givers)))


def check_ends(by: Person, post: Appointment) -> None:
    """Refuse to end one's own post, or one that `by` could not give."""
    if post.person_id == by.pk:
        raise Refused(_("Nobody ends their own post. Ask another who may, or ask for the handover."))
    check_gives(by, post.office, post.role)


def led_at(person: Person, by: Person) -> Office | None:
    """An office at which `by` leads `person`: `by` could give every post they hold (or held last). None for nobody.

    So nobody changes the address by which somebody above them signs in.
    """
    rows = person.appointments.select_related("office")
    posts = list(rows.exclude(ends_on__lt=timezone.localdate())) or list(rows.order_by("-ends_on", "-pk")[:1])
    if by.pk == person.pk or not posts:
        return None
    may = all(post.role in given_by(by.roles_at(post.office)) for post in posts)
    return posts[0].office if may else None


def leave(*, on: date) -> int:
    """Close the sign-in of those whose last day of service is over; for a timer. Returns how many they were."""
    stays = Appointment.objects.exclude(ends_on__lte=on)
    gone = list(Person.objects.serving().filter(left_on__lte=on).exclude(pk__in=stays.values("person")))
    return sum(_close(person) for person in gone)


def _close(person: Person) -> bool:
    """Close the sign-in of one person; False where another timer was faster."""
    with transaction.atomic():
        if not Person.objects.serving().filter(pk=person.pk).update(is_active=False):
            return False
        with recorded("leave", by=None, office=None, roles=None) as record:
            record.on(person)
    return True


def _place(person: Person, office: Office, role: str, title: str, starts_on: date | None) -> Appointment:
    day = starts_on or timezone.localdate()
    return Appointment.objects.create(person=person, office=office, role=role, title=title, starts_on=day)


def _last_office(person: Person) -> Office | None:
    post = person.appointments.select_related("office").order_by("ends_on", "-pk").first()
    return post.office if post else None
