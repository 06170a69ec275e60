"""Workers: the processes that do what is timed and queued. Each leaves one row, so that others know when it died."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import models
from django.utils.translation import gettext_lazy as _

LEASE = timedelta(minutes=2)
"""How long a worker may be silent before others hold it for dead."""


class WorkerQuerySet(models.QuerySet["Worker"]):
    """Workers, with the adjectives of this room."""

    def alive(self, now: datetime) -> WorkerQuerySet:
        """Those that have not ended and were heard of lately."""
        return self.filter(ended_at=None, seen_at__gt=now - LEASE)


class Worker(models.Model):
    """One run of `amanat worker`.

    `round_at`: when it last went through everything timed. `faults`: what failed in that round.
    """

    name = models.CharField(_("name"), max_length=64, unique=True)
    started_at = models.DateTimeField(_("started"))
    seen_at = models.DateTimeField(_("last heard of"))
    round_at = models.DateTimeField(_("last round"), null=True, blank=True, db_index=True)
    faults: models.JSONField[list[str], list[str]] = models.JSONField(_("faults"), default=list, blank=True)
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True)

    objects = WorkerQuerySet.as_manager()

    class Meta:
        verbose_name = _("worker")
        verbose_name_plural = _("workers")
        ordering = ["-seen_at"]

    def __str__(self) -> str:
        return self.name

    def is_alive(self, now: datetime) -> bool:
        """Whether it has not ended and was heard of lately."""
        return self.ended_at is None and self.seen_at > now - LEASE
