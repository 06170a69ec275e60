"""What circulars does by the clock: the worker calls it, again and again."""

from __future__ import annotations

import logging
from contextlib import suppress
from datetime import datetime, timedelta

from django.db.models import Q
from django.utils import timezone

from amanat.desk.circulars.actions import delivery, scans
from amanat.desk.circulars.models import Circular, Dispatch, Enclosure
from amanat.desk.lib.scans import Unseen

PATIENCE = timedelta(minutes=5)
"""How long what was queued may take before the clock takes it up: it was left half-way."""
AT_ONCE = 5
"""How many circulars one minute looks over for newcomers: each is looked over once a day."""


def run(now: datetime) -> None:
    """Go on with what was left half-way; bring what is in force to those who came since."""
    for sent in Dispatch.objects.under_way().filter(at__lt=now - PATIENCE):
        delivery.deliver(sent.pk)
    _look(now)
    today = timezone.localdate(now)
    waiting = Circular.objects.in_force().filter(Q(newcomers_on__lt=today) | Q(newcomers_on__isnull=True))
    for circular in waiting.order_by("newcomers_on", "pk")[:AT_ONCE]:
        delivery.welcome(circular, today)


def _look(now: datetime) -> None:
    for row in Enclosure.objects.filter(state="waiting", at__lt=now - PATIENCE).order_by("pk")[:AT_ONCE]:
        try:
            with suppress(FileNotFoundError):
                scans.look(row.pk)
        except Unseen as error:
            logging.getLogger(__name__).warning("enclosure %s: %s", row.pk, error)
            return
