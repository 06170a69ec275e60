"""What circulars does by the clock: the worker calls it, again and again."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta

from django.db.models import Q
from django.utils import timezone

from amanat.desk.circulars.actions import delivery, mails, scans
from amanat.desk.circulars.clock import run_reminders
from amanat.desk.circulars.models import Addressee, Circular, Dispatch, Enclosure
from amanat.desk.lib.logs import noted
from amanat.desk.lib.scans import Unseen

PATIENCE = timedelta(minutes=5)
"""How long what was queued may take before the clock takes it up: it was left half-way."""
AT_ONCE = 5
"""How many circulars one minute looks over for newcomers: each is looked over once a day."""
log = logging.getLogger(__name__)


def run(now: datetime) -> None:
    """Go on with what was left half-way; bring what is in force to those who came since; remind."""
    for sent in Dispatch.objects.under_way().filter(at__lt=now - PATIENCE):
        with noted(log, f"delivery of dispatch {sent.pk}"):
            delivery.deliver(sent.pk)
    _mail(now)
    _look(now)
    today = timezone.localdate(now)
    waiting = Circular.objects.in_force().filter(Q(newcomers_on__lt=today) | Q(newcomers_on__isnull=True))
    for circular in waiting.order_by("newcomers_on", "pk")[:AT_ONCE]:
        with noted(log, f"newcomers of circular {circular.pk}"):
            delivery.welcome(circular, today)
    run_reminders(now)


def _mail(now: datetime) -> None:
    """Mail what waits. In any order, so that a few that cannot be mailed do not keep the others waiting."""
    waiting = Addressee.objects.mailable(now).filter(circular__dispatched_at__lt=now - PATIENCE)
    rows = Circular.objects.filter(pk__in=waiting.values("circular")).select_related("office")
    for circular in rows.order_by("?")[:AT_ONCE]:
        with noted(log, f"mail of circular {circular.pk}"):
            mails.send(circular, now)


def _look(now: datetime) -> None:
    """Look at what waits, in any order for the same reason."""
    for row in Enclosure.objects.filter(state="waiting", at__lt=now - PATIENCE).order_by("?")[:AT_ONCE]:
        try:
            scans.look(row.pk)
        except Unseen as error:
            log.warning("enclosure %s: %s", row.pk, error)
