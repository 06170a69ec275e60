"""The lists that can be taken out: which rows, and their cells. Imports know the heads of the first three."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Prefetch, Q, QuerySet
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext as _

from amanat.desk.audit.forms import EventFilter
from amanat.desk.audit.models import Event
from amanat.desk.registry.forms.channels import ChannelFilter
from amanat.desk.registry.forms.groups import GroupFilter
from amanat.desk.registry.forms.handovers import HandoverFilter
from amanat.desk.registry.forms.offices import OfficeSearch
from amanat.desk.registry.forms.people import PeopleFilter
from amanat.desk.registry.imports.columns import KINDS
from amanat.desk.registry.models import Administrator, Appointment, Channel, Group, Handover, Holiday, Office, Person
from amanat.desk.registry.models.people import OVERSEEING

Rows = QuerySet[Any]
CHUNK = 2_000


@dataclass(frozen=True, slots=True)
class List:
    """One list: its visible rows, its heads, the cells of a row, and how the filters of its page narrow it."""

    visible: Callable[[Person], Rows]
    heads: Callable[[], list[str]]
    cells: Callable[[Any, Person], list[Any]]
    narrow: Callable[[Rows, QueryDict, Person], Rows] = lambda rows, _query, _person: rows

    def rows(self, person: Person, query: QueryDict) -> Rows:
        """What `person` may see, narrowed as the page of the list is by `query`."""
        return self.narrow(self.visible(person), query, person)

    def lines(self, rows: Rows, person: Person) -> Iterator[list[Any]]:
        """The cells of `rows` as `person` may see them, fetched piece by piece."""
        return (self.cells(row, person) for row in rows.iterator(chunk_size=CHUNK))


def _heads(kind: str) -> Callable[[], list[str]]:
    return lambda: [str(column.label) for column in KINDS[kind].columns]


def _offices(person: Person) -> Rows:
    return Office.objects.visible_to(person).select_related("parent")


def _office(office: Office, _person: Person) -> list[Any]:
    above = office.parent.code if office.parent else ""
    return [
        office.code, office.name, office.local_name, office.kind, above, office.pack, office.website, office.state,
    ]  # fmt: skip


def _posts(person: Person) -> Rows:
    return (
        Appointment.objects.visible_to(person)
        .select_related("person", "office")
        .order_by("person__name", "person", "pk")
    )


def _post(post: Appointment, person: Person) -> list[Any]:
    """How somebody is numbered and reached is told to those who oversee the office, and to themselves."""
    who = post.person
    is_open = who.pk == person.pk or any(
        held.role in OVERSEEING and post.office.path.startswith(held.path) for held in person.posts
    )
    return [
        who.number if is_open else "", who.name, who.local_name, who.email if is_open else "", who.service, who.cadre,
        who.language, post.office.code,
        post.role, post.title, post.starts_on, post.ends_on, who.left_on,
    ]  # fmt: skip


def _channels(person: Person) -> Rows:
    return Channel.objects.visible_to(person).select_related("office", "recovery_person")


def _channel(channel: Channel, _person: Person) -> list[Any]:
    recovery = channel.recovery_person
    return [
        channel.platform, channel.handle, channel.office.code, channel.address, channel.purpose, channel.languages,
        (recovery.number or recovery.email) if recovery else "", channel.recovery_note, channel.inspection_due_on,
        channel.state,
    ]  # fmt: skip


def _groups(person: Person) -> Rows:
    leads = Administrator.objects.filter(Q(ends_on=None) | Q(ends_on__gte=timezone.localdate())).select_related(
        "person"
    )
    return (
        Group.objects.visible_to(person)
        .select_related("office")
        .prefetch_related(Prefetch("administrators", leads, to_attr="leads"))
    )


def _group(group: Any, _person: Person) -> list[Any]:
    leads = ", ".join(lead.person.name for lead in group.leads)
    return [group.platform, group.name, group.office.code, group.purpose, group.members, leads, group.state]


def _group_heads() -> list[str]:
    return [
        _("platform"), _("name"), _("office code"), _("purpose"), _("members, about"), _("administrators"), _("state"),
    ]  # fmt: skip


def _handovers(person: Person) -> Rows:
    return (
        Handover.objects.visible_to(person)
        .select_related("appointment__person", "appointment__office", "successor")
        .annotate(left_open=Count("items", filter=Q(items__done_at=None)))
    )


def _handover(handover: Any, _person: Person) -> list[Any]:
    post = handover.appointment
    return [
        post.person.name, post.role, post.office.code, handover.cause, handover.leaves_on,
        handover.successor.name if handover.successor else "", handover.left_open, handover.state,
    ]  # fmt: skip


def _handover_heads() -> list[str]:
    return [
        _("name"), _("role"), _("office code"), _("cause"), _("last day in the post"), _("successor"),
        _("items still open"), _("state"),
    ]  # fmt: skip


def _holidays(person: Person) -> Rows:
    return Holiday.objects.visible_to(person).select_related("office")


def _holiday(holiday: Holiday, _person: Person) -> list[Any]:
    return [
        holiday.office.code, holiday.on, holiday.name, holiday.local_name, _("yes") if holiday.is_tentative else "",
        holiday.source,
    ]  # fmt: skip


def _holiday_heads() -> list[str]:
    return [
        _("office code"), _("day"), _("name"), _("name in the local language"), _("may still change"), _("source"),
    ]  # fmt: skip


def _narrow_holidays(rows: Any, query: QueryDict, person: Person) -> Rows:
    """Those that hold at one office, its own and from above; those of one year."""
    number, year = query.get("office", ""), query.get("year", "")
    found: Rows = rows
    if number.isascii() and number.isdigit() and len(number) < 19:
        office = Office.objects.visible_to(person).filter(pk=int(number)).first()
        found = Holiday.objects.holding_at(office).select_related("office") if office else rows.none()
    return found.filter(on__year=int(year)) if year.isascii() and year.isdigit() and len(year) == 4 else found


def _events(person: Person) -> Rows:
    return Event.objects.visible_to(person).select_related("actor")


def _event(event: Event, _person: Person) -> list[Any]:
    actor = event.actor.name if event.actor else ""
    moment = timezone.localtime(event.at).isoformat(" ", "seconds")
    facts = json.dumps(event.facts, ensure_ascii=False) if event.facts else ""
    return [
        event.pk, moment, actor, event.verb, event.kind, event.thing, event.title, event.before, event.after,
        event.clause, event.reason, facts,
    ]  # fmt: skip


def _event_heads() -> list[str]:
    return [
        _("number"), _("moment"), _("who"), _("verb"), _("kind of thing"), _("number of the thing"), _("thing"),
        _("state before"), _("state after"), _("clause"), _("reason"), _("facts"),
    ]  # fmt: skip


def _narrow_events(rows: Any, query: QueryDict, _person: Person) -> Rows:
    return EventFilter(query).narrow(rows)


def _narrow_offices(rows: Any, query: QueryDict, _person: Person) -> Rows:
    found = OfficeSearch(query).narrow(rows)
    return rows if found is None else found


def _narrow_posts(rows: Rows, query: QueryDict, person: Person) -> Rows:
    people = PeopleFilter(query).narrow(Person.objects.visible_to(person), person)
    return rows.filter(person__in=people.order_by())


def _narrow_channels(rows: Any, query: QueryDict, _person: Person) -> Rows:
    return ChannelFilter(query).narrow(rows)


def _narrow_handovers(rows: Any, query: QueryDict, _person: Person) -> Rows:
    return HandoverFilter(query).narrow(rows)


def _narrow_groups(rows: Any, query: QueryDict, _person: Person) -> Rows:
    return GroupFilter(query).narrow(rows)


LISTS = {
    "offices": List(_offices, _heads("offices"), _office, _narrow_offices),
    "people": List(_posts, _heads("people"), _post, _narrow_posts),
    "channels": List(_channels, _heads("channels"), _channel, _narrow_channels),
    "groups": List(_groups, _group_heads, _group, _narrow_groups),
    "handovers": List(_handovers, _handover_heads, _handover, _narrow_handovers),
    "holidays": List(_holidays, _holiday_heads, _holiday, _narrow_holidays),
    "events": List(_events, _event_heads, _event, _narrow_events),
}
