"""When channels speak: their slots, what an office has set for itself, gates lifted for a day."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, time

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from amanat.desk.audit.door import recorded
from amanat.desk.lib.refusals import Overtaken, Refused
from amanat.desk.publishing import gates
from amanat.desk.publishing.models import Lift, Practice, Slot
from amanat.desk.publishing.workflow import PLANNERS, STANDS_IN
from amanat.desk.registry.actions.panels import keep_in_use
from amanat.desk.registry.models import Channel, Office, Person


def set_slots(channel: Channel, *, by: Person, slots: Collection[tuple[int, time]]) -> None:
    """Set the weekly slots of a channel: day of the week (0 Monday) and time."""
    with recorded("plan", by=by, office=channel.office, roles=PLANNERS) as record:
        keep_in_use(channel)
        wanted = set(slots)
        now = {(one.weekday, one.at): one for one in channel.slots.all()}
        Slot.objects.filter(pk__in=[one.pk for key, one in now.items() if key not in wanted]).delete()
        fresh = sorted(wanted - now.keys())
        Slot.objects.bulk_create(Slot(channel=channel, weekday=weekday, at=at) for weekday, at in fresh)
        record.on(channel, slots=len(wanted))


def practise(office: Office, *, by: Person, weekly_posts: int | None, inspection_days: int, handover_days: int) -> None:
    """Set what an office holds itself to where no rule says it."""
    with recorded("practise", by=by, office=office, roles=STANDS_IN) as record:
        values = {"weekly_posts": weekly_posts, "inspection_days": inspection_days, "handover_days": handover_days}
        Practice.objects.update_or_create(office=office, defaults=values)
        record.on(office, **values)


def lift_gate(channel: Channel, *, by: Person, reason: str, day: date | None = None) -> Lift:
    """Let a channel speak today although its inspection or handover is overdue. Recorded, and shown beside it."""
    if not reason.strip():
        raise Refused(_("Give a reason: it is kept with the decision and shown to those it concerns."))
    today = day or timezone.localdate()
    with recorded("ungate", by=by, office=channel.office, roles=STANDS_IN, reason=reason) as record:
        keep_in_use(channel)
        if not gates.overdue([channel], today):
            raise Overtaken(_("Nothing is overdue here: there is nothing to lift."))
        try:
            with transaction.atomic():
                lift = Lift.objects.create(channel=channel, day=today, reason=reason.strip(), by=by)
        except IntegrityError as error:
            raise Overtaken(_("It is lifted for today already.")) from error
        record.on(channel, day=today.isoformat())
    return lift
