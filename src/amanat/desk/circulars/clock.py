"""Reminders by the clock: whatever is under way, what is due today, and what went out of force."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta

from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from amanat.desk.circulars.actions import reminders
from amanat.desk.circulars.actions.rounds import go_on
from amanat.desk.circulars.models import Circular, Reminder
from amanat.desk.lib.logs import noted

AHEAD, BEHIND = timedelta(days=30), timedelta(days=180)
"""How long before and after the day of a circular anybody is reminded of it."""
log = logging.getLogger(__name__)


def run_reminders(now: datetime) -> None:
    """All of it, each circular in its own transactions; one looked at today is not looked at again.

    One that fails is noted, and tried again the next minute; the others do not wait for it.
    """
    today = timezone.localdate(now)
    for pk in Reminder.objects.under_way().values_list("pk", flat=True):
        with noted(log, f"round {pk}"):
            go_on(pk)
    near = Circular.objects.in_force().filter(due_on__range=(today - BEHIND, today + AHEAD))
    for circular in near.filter(~Q(reminded_on=today) | Q(reminded_on=None)).select_related("office"):
        with noted(log, f"reminders of circular {circular.pk}"):
            reminders.remind_by_clock(circular, today)
    told = Reminder.objects.filter(circular=OuterRef("pk"), occasion=OuterRef("state"))
    gone = Circular.objects.filter(~Exists(told), state__in=("superseded", "withdrawn")).select_related("office")
    for circular in gone:
        with noted(log, f"word of the end of circular {circular.pk}"):
            reminders.announce(circular, circular.state)
