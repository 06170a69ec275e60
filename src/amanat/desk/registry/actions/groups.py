"""What is done with groups."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from amanat.desk.audit.door import recorded, step
from amanat.desk.lib.commas import listed
from amanat.desk.lib.refusals import Refused
from amanat.desk.registry.actions import changes
from amanat.desk.registry.actions.offices import keep_open
from amanat.desk.registry.models import Administrator, Group, Office, Person
from amanat.desk.registry.workflow import LEADERS, STAFF


def enter(office: Office, *, by: Person, **facts: Any) -> Group:
    """Register a group of an office."""
    with recorded("enter", by=by, office=office, roles=STAFF) as record, changes.once():
        keep_open(office)
        group = Group.objects.create(office=office, **facts)
        record.on(group, platform=group.platform)
    return group


def change(group: Group, *, by: Person, **values: Any) -> None:
    """Change what is kept of a group."""
    if not Group.objects.filter(pk=group.pk, state="open").exists():
        raise Refused(_("This group is closed."))
    changes.change(group, values, by=by, office=group.office, roles=STAFF)


def administer(group: Group, *, by: Person, people: Collection[Person]) -> None:
    """Set the administrators: whoever is not among `people` ends today, whoever is new begins today."""
    with recorded("administer", by=by, office=group.office, roles=LEADERS) as record:
        keep_in_use(group)
        wanted = {person.pk for person in people}
        now = set(group.administrators.current().values_list("person", flat=True))
        if wanted == now:
            raise Refused(_("These are the administrators already."))
        if not wanted:
            raise Refused(_("A group has at least one administrator. Name one, or close the group."))
        _check_posts(group.office, [person for person in people if person.pk not in now])
        _end(group, now - wanted)
        Administrator.objects.bulk_create(Administrator(group=group, person_id=pk) for pk in wanted - now)
        record.on(group, administrators=sorted(wanted), left=sorted(now - wanted))


def replace(group: Group, leaver: Person, successor: Person | None) -> None:
    """Within a handover: the leaver administers no more, and the successor, where there is one, does."""
    keep_in_use(group)
    now = set(group.administrators.current().values_list("person", flat=True))
    if leaver.pk not in now:
        return
    if successor is None and now == {leaver.pk}:
        raise Refused(_("Nobody would administer this group. Name a successor, or close the group."))
    _end(group, {leaver.pk})
    if successor is not None and successor.pk not in now:
        _check_posts(group.office, [successor])
        Administrator.objects.create(group=group, person=successor)


def close(group: Group, *, by: Person, reason: str) -> None:
    """Close a group; its administrators end today."""
    with step(group, "close", by=by, reason=reason):
        _end(group)


def keep_in_use(group: Group) -> None:
    """Refuse what is begun with a closed group; until it is done, nobody else changes the group."""
    if Group.objects.select_for_update().filter(pk=group.pk, state="open").first() is None:
        raise Refused(_("This group is closed."))


def _end(group: Group, people: Collection[int] | None = None) -> None:
    rows = group.administrators.current()
    if people is not None:
        rows = rows.filter(person__in=people)
    rows.update(ends_on=timezone.localdate())


def _check_posts(office: Office, people: Collection[Person]) -> None:
    known = set(Person.objects.posted_at(office).values_list("pk", flat=True))
    without = [str(person) for person in people if person.pk not in known]
    if without:
        raise Refused(
            _("A group is administered by people with a post at its office. Not so today: {names}.").format(
                names=listed(without)
            )
        )
