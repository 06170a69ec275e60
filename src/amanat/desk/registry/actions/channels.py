"""What is done with channels."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from amanat.desk.audit.door import recorded, step
from amanat.desk.lib.refusals import Overtaken, Refused
from amanat.desk.registry import law
from amanat.desk.registry.actions import changes
from amanat.desk.registry.actions.offices import keep_open
from amanat.desk.registry.actions.panels import end_seats, keep_in_use
from amanat.desk.registry.models import Channel, Inspection, Office, Person
from amanat.desk.registry.workflow import LEADERS, STAFF

IDENTITY = frozenset({"platform", "handle", "address"})
"""What was proved: it does not change while the proof stands."""
RECOVERY = frozenset({"recovery_person", "recovery_note"})
"""What wins an account back: only those who lead the office change it."""


def enter(office: Office, *, by: Person, **facts: Any) -> Channel:
    """Claim a channel for an office. It is not shown as official until it is proved."""
    with recorded("enter", by=by, office=office, roles=STAFF) as record, changes.once():
        keep_open(office)
        due = law.inspection_due(office, timezone.localdate())
        channel = Channel.objects.create(office=office, inspection_due_on=due, **facts)
        record.on(channel, platform=channel.platform, handle=channel.handle)
    return channel


def change(channel: Channel, *, by: Person, **values: Any) -> None:
    """Change what is kept of a channel."""
    now = Channel.objects.get(pk=channel.pk)
    if now.state == "closed":
        raise Refused(_("This channel is closed."))
    if now.state == "verified" and any(getattr(now, name) != values[name] for name in IDENTITY & values.keys()):
        raise Refused(_("Platform, handle and address were proved. Withdraw the proof first, then change them."))
    recovery = any(getattr(now, name) != values[name] for name in RECOVERY & values.keys())
    changes.change(channel, values, by=by, office=channel.office, roles=LEADERS if recovery else STAFF)


def doubt(channel: Channel, *, by: Person, reason: str) -> None:
    """Withdraw the proof: the channel is no longer shown as official."""
    with step(channel, "doubt", by=by, reason=reason):
        pass


def close(channel: Channel, *, by: Person, reason: str) -> None:
    """Close a channel for good; its panel ends today."""
    with step(channel, "close", by=by, reason=reason):
        end_seats(channel)


def inspect(channel: Channel, *, by: Person, on: date, months: int, **found: Any) -> Inspection:
    """Record a security inspection, and when the next is due."""
    with recorded("inspect", by=by, office=channel.office, roles=STAFF) as record:
        keep_in_use(channel)
        most = law.inspection_months(channel.office)
        if most is not None and months > most:
            raise Refused(_("The rules of this office ask for an inspection sooner than that."))
        if channel.inspections.filter(on=on, by=by, **found).exists():
            raise Overtaken(_("This inspection is recorded already."))
        inspection = Inspection.objects.create(channel=channel, by=by, on=on, **found)
        latest = channel.inspections.first()
        if latest == inspection:
            Channel.objects.filter(pk=channel.pk).update(inspection_due_on=law.months_later(on, months))
        record.on(channel, passed=inspection.is_passed, on=on.isoformat())
    return inspection
