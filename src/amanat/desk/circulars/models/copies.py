"""How a circular travels: what was sent by whom, the copy each office got, the reminders that followed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from amanat.desk.circulars.models.circulars import Circular, OfCircularQuerySet
from amanat.desk.registry.models import Office, Person

if TYPE_CHECKING:
    from datetime import datetime


class DispatchQuerySet(OfCircularQuerySet):
    """What was sent, with the adjectives of this room."""

    def under_way(self) -> DispatchQuerySet:
        """Those whose copies are not all made yet."""
        return self.filter(done_at__isnull=True)


class Dispatch(models.Model):
    """One sending of a circular: by its own office, or onward by an office that got it (an endorsement).

    An endorsement bears a memo number, a date and a covering note per language. `audience` is what was settled when it
    was sent: a list changed later changes nothing here. Copies are made in chunks; `done_at` empty: still under way.
    """

    circular = models.ForeignKey(
        Circular, models.CASCADE, related_name="dispatches", db_index=False, verbose_name=_("circular")
    )
    office = models.ForeignKey(Office, models.PROTECT, related_name="+", verbose_name=_("sent by"))
    is_endorsement = models.BooleanField(_("endorsed onward"), default=False)
    number = models.CharField(_("memo number"), max_length=120, blank=True)
    year = models.PositiveSmallIntegerField(null=True, blank=True, editable=False)
    serial = models.PositiveIntegerField(null=True, blank=True, editable=False)
    dated_on = models.DateField(_("date"))
    note: models.JSONField[dict[str, str], dict[str, str]] = models.JSONField(_("covering note"), default=dict)
    audience: models.JSONField[list[dict[str, Any]], list[dict[str, Any]]] = models.JSONField(default=list)
    by = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("sent by"))
    at: models.DateTimeField[datetime, datetime] = models.DateTimeField(_("sent"), auto_now_add=True)
    done_at = models.DateTimeField(_("arrived"), null=True, blank=True)
    offices = models.PositiveIntegerField(_("offices"), default=0)
    people = models.PositiveIntegerField(_("people"), default=0)

    objects = DispatchQuerySet.as_manager()

    class Meta:
        verbose_name = _("dispatch")
        verbose_name_plural = _("dispatches")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["office", "year", "serial"], name="dispatch_serial_once"),
            models.UniqueConstraint(
                fields=["circular"], condition=models.Q(is_endorsement=False), name="dispatch_first_once"
            ),
        ]
        indexes = [
            models.Index(fields=["circular", "office"], name="dispatch_by"),
            models.Index(fields=["id"], condition=models.Q(done_at=None), name="dispatch_under_way"),
        ]

    def __str__(self) -> str:
        return self.number or str(self.circular)


class CopyQuerySet(OfCircularQuerySet):
    """Copies, with the adjectives of this room."""

    def missing(self, circular: Circular) -> CopyQuerySet:
        """Those of a circular whose office has not acknowledged the version that is asked for."""
        return self.filter(circular=circular, seen__lt=circular.asked)


class Copy(models.Model):
    """The copy of a circular that an office got, once, and by whose sending: so the chain can be told and drawn.

    `seen`: the last version that was acknowledged for the office, 0 for none.
    """

    circular = models.ForeignKey(
        Circular, models.CASCADE, related_name="copies", db_index=False, verbose_name=_("circular")
    )
    office = models.ForeignKey(Office, models.PROTECT, related_name="copies", db_index=False, verbose_name=_("office"))
    dispatch = models.ForeignKey(Dispatch, models.PROTECT, related_name="copies", verbose_name=_("came by"))
    received_at: models.DateTimeField[datetime, datetime] = models.DateTimeField(_("received"), auto_now_add=True)
    seen = models.PositiveSmallIntegerField(_("version acknowledged"), default=0)
    acknowledged_at = models.DateTimeField(_("acknowledged"), null=True, blank=True)
    acknowledged_by = models.ForeignKey(
        Person, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("acknowledged by")
    )

    objects = CopyQuerySet.as_manager()

    class Meta:
        verbose_name = _("copy")
        verbose_name_plural = _("copies")
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["office", "circular"], name="copy_once")]
        indexes = [models.Index(fields=["circular", "seen", "office"], name="copy_seen")]

    def __str__(self) -> str:
        return f"{self.circular} · {self.office}"


class Reminder(models.Model):
    """That everyone who had not acknowledged was reminded, and how far up the tree it was told; once a level.

    0: the people and offices themselves, before the day. 1: the same, when it is over. Each further level goes to those
    who lead the office one step higher.
    """

    circular = models.ForeignKey(
        Circular, models.CASCADE, related_name="reminders", db_index=False, verbose_name=_("circular")
    )
    level = models.PositiveSmallIntegerField(_("level"))
    on = models.DateField(_("day"))
    people = models.PositiveIntegerField(_("people"), default=0)
    offices = models.PositiveIntegerField(_("offices"), default=0)

    objects = OfCircularQuerySet.as_manager()

    class Meta:
        verbose_name = _("reminder")
        verbose_name_plural = _("reminders")
        ordering = ["circular", "level"]
        constraints = [models.UniqueConstraint(fields=["circular", "level"], name="circular_reminded_once")]

    def __str__(self) -> str:
        return f"{self.circular}: {self.level}"
