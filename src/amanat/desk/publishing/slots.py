"""When a channel is free to speak: its weekly slots, and the next of them that nothing else takes."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime, timedelta

from django.utils import timezone

from amanat.desk.publishing.models import Draft, Slot, Target
from amanat.desk.publishing.workflow import OUT, PLANNED
from amanat.desk.registry import calendars
from amanat.desk.registry.models import Channel, Office

_WEEKS = 12
"""How far ahead a free slot is looked for."""
_SOONEST = timedelta(hours=1)
"""A panel needs some time: a slot nearer than this is not offered."""


def next_free(office: Office, channels: Collection[Channel], after: datetime, at: datetime | None = None) -> datetime:
    """The next slot of one of `channels` at which none of them has anything planned.

    Where they have no slots, or none is free for long: the next working day, at the hour of `at`, or at ten.
    """
    first = after + _SOONEST
    rows = list(Slot.objects.filter(channel__in=channels))
    taken = _taken(channels, first)
    today = timezone.localdate(first)
    for day in (today + timedelta(days=n) for n in range(7 * _WEEKS)):
        moments = sorted({_moment(day, slot) for slot in rows if slot.weekday == day.weekday()})
        for moment in moments:
            if moment >= first and moment not in taken:
                return moment
    return _workday(office, today, at)


def of_draft(draft: Draft) -> datetime:
    """The next free slot for a draft, from now on."""
    channels = [target.channel for target in draft.targets.all()]
    return next_free(draft.office, channels, timezone.now(), draft.wanted_at)


def _moment(day: date, slot: Slot) -> datetime:
    return timezone.make_aware(datetime.combine(day, slot.at))


def _taken(channels: Collection[Channel], first: datetime) -> set[datetime]:
    rows = Target.objects.filter(channel__in=channels, draft__state__in=(*PLANNED, *OUT), draft__wanted_at__gte=first)
    return {moment for moment in rows.values_list("draft__wanted_at", flat=True) if moment is not None}


def _workday(office: Office, today: date, at: datetime | None) -> datetime:
    day = calendars.workdays(office).later(today, 1)
    time = timezone.localtime(at).time() if at else datetime.min.time().replace(hour=10)
    return timezone.make_aware(datetime.combine(day, time))
