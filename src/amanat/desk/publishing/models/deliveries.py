"""What every post that leaves the desk has in common: its key, its lease, its tries, what was sent and answered."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from amanat.desk.publishing import workflow as steps
from amanat.desk.publishing.connectors import WAITS, WORDS
from amanat.desk.publishing.connectors.keys import new_key

LEASE = timedelta(minutes=2)
"""How long a delivery belongs to the worker that took it up; longer than any attempt may last."""


def due(now: datetime, channel: str) -> Q:
    """What the desk sends now itself, and what a worker took up that was not heard of again.

    `channel` is how the channel is reached from a row.
    """
    waiting = Q(state="pending", next_try_at__lte=now)
    left = Q(state="sending", sending_at__lte=now - LEASE)
    paused = Q(**{f"{channel}__credential__paused_until__gt": now})
    return ((waiting & ~paused) | left) & Q(**{f"{channel}__credential__isnull": False})


class Delivery(models.Model):
    """Something that goes to a platform once. `key` is saved first, so that the platform can be asked for it.

    `sending_at` is the lease: since when the worker that took it up has it. `begun_at`: the first time it was taken up.
    """

    workflow = steps.RELEASE

    key = models.CharField(_("key"), max_length=13, unique=True, default=new_key, editable=False)
    due_at = models.DateTimeField(_("due"))
    next_try_at = models.DateTimeField(_("next try"))
    tries = models.PositiveSmallIntegerField(_("tries"), default=0)
    begun_at = models.DateTimeField(_("first tried"), null=True, blank=True)
    sending_at = models.DateTimeField(_("being sent since"), null=True, blank=True)
    platform_id = models.CharField(_("number on the platform"), max_length=300, blank=True)
    address = models.URLField(_("address"), max_length=500, blank=True)
    fault = models.CharField(_("what went wrong"), max_length=20, blank=True)
    fault_detail = models.CharField(_("in the platform's words"), max_length=400, blank=True)
    sent = models.CharField(_("what was sent, by its hash"), max_length=64, blank=True)
    answer = models.CharField(_("what was answered, by its hash"), max_length=64, blank=True)
    released_at = models.DateTimeField(_("released at"), null=True, blank=True)
    state = models.CharField(_("state"), max_length=10, default="pending", choices=steps.RELEASE_STATES, editable=False)

    class Meta:
        abstract = True

    @property
    def told(self) -> str:
        """What went wrong and what to do, in the reader's language; "" where nothing did."""
        return str(WORDS.get(self.fault) or WAITS.get(self.fault) or "")
