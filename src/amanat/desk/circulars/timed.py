"""What circulars does by the clock: the worker calls it, again and again."""

from __future__ import annotations

import logging
from contextlib import suppress
from datetime import datetime, timedelta

from django.db.models import Q
from django.utils import timezone

from amanat.desk.circulars.actions import delivery, mails, scans
from amanat.desk.circulars.clock import run_reminders
from amanat.desk.circulars.models import Addressee, Circular, Dispatch, Enclosure
from amanat.desk.lib.scans import Unseen

PATIENCE = timedelta(minutes=5)
"""How long what was queued may take before the clock takes it up: it was left half-way."""
AT_ONCE = 5
"""How many circulars one minute looks over for newcomers: each is looked over once a day."""


def run(now: datetime) -> None:
    """Go on with what was left half-way; bring what is in force to those who came since; remind."""
    for sent in Dispatch.objects.under_way().filter(at__lt=now - PATIENCE):
        delivery.deliver(sent.pk)
    _mail(now)
    _look(now)
    today = timezone.localdate(now)
    waiting = Circular.objects.in_force().filter(Q(newcomers_on__lt=today) | Q(newcomers_on__isnull=True))
    for circular in waiting.order_by("newcomers_on", "pk")[:AT_ONCE]:
        delivery.welcome(circular, today)
    run_reminders(now)


def _mail(now: datetime) -> None:
    waiting = Addressee.objects.unmailed().filter(circular__dispatched_at__lt=now - PATIENCE)
    numbers = waiting.values_list("circular", flat=True).distinct()
    for circular in Circular.objects.in_force().filter(pk__in=numbers).select_related("office")[:AT_ONCE]:
        try:
            mails.send(circular)
        except OSError as error:
            logging.getLogger(__name__).warning("circular %s is not mailed yet: %s", circular.pk, type(error).__name__)
            return


def _look(now: datetime) -> None:
    for row in Enclosure.objects.filter(state="waiting", at__lt=now - PATIENCE).order_by("pk")[:AT_ONCE]:
        try:
            with suppress(FileNotFoundError):
                scans.look(row.pk)
        except Unseen as error:
            logging.getLogger(__name__).warning("enclosure %s: %s", row.pk, error)
            return
