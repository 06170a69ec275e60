"""How a circular travels: what was sent by whom, the copy each office got, the reminders that followed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from amanat.desk.circulars.models.circulars import AtOfficeQuerySet, Circular, InsideQuerySet
from amanat.desk.lib.commas import dot
from amanat.desk.registry.models import Office, Person

if TYPE_CHECKING:
    from datetime import datetime


class DispatchQuerySet(AtOfficeQuerySet):
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


class CopyQuerySet(AtOfficeQuerySet):
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
        return f"{self.circular}{dot()}{self.office}"


class ReminderQuerySet(InsideQuerySet):
    """Rounds of telling, with the adjectives of this room."""

    def under_way(self) -> ReminderQuerySet:
        """Those whose people are not all told yet."""
        return self.filter(done_at__isnull=True)


class Reminder(models.Model):
    """One round of telling of a circular: what for, how far up the tree, when, and how many people and offices.

    `occasion` names it, so that none comes twice: "before", "due", "after-1" … to those who have not acknowledged;
    "head", "above-1" … to whoever leads them, `level` steps up; "hand-2026-01-31" by a person who pressed the button;
    "corrected-2" to everybody who is asked for version 2; "withdrawn" and "superseded" to everybody who got it. What
    the clock sends of a later version bears its number: "due-v2", "after-1-v2". `upto` is the number of the last row
    told: a round that was cut off goes on from there.
    """

    circular = models.ForeignKey(
        Circular, models.CASCADE, related_name="reminders", db_index=False, verbose_name=_("circular")
    )
    occasion = models.CharField(_("occasion"), max_length=30)
    level = models.PositiveSmallIntegerField(_("level"), default=0)
    on = models.DateField(_("day"))
    by = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("sent by"))
    upto = models.BigIntegerField(default=0, editable=False)
    people = models.PositiveIntegerField(_("people"), default=0)
    offices = models.PositiveIntegerField(_("offices"), default=0)
    done_at = models.DateTimeField(_("finished"), null=True, blank=True)

    objects = ReminderQuerySet.as_manager()

    class Meta:
        verbose_name = _("reminder")
        verbose_name_plural = _("reminders")
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["circular", "occasion"], name="circular_reminded_once")]
        indexes = [models.Index(fields=["id"], condition=models.Q(done_at=None), name="reminder_under_way")]

    def __str__(self) -> str:
        return f"{self.circular}: {self.occasion}"

    @property
    def label(self) -> str:
        """What was sent to whom."""
        return str(_OCCASIONS[self.occasion.partition("-")[0]])


_OCCASIONS = {
    "before": _("a reminder before the day"),
    "due": _("a reminder on the day"),
    "after": _("a reminder after the day"),
    "hand": _("a reminder by the button"),
    "head": _("how many are missing, to the heads of offices"),
    "above": _("how many are missing, to the offices above"),
    "corrected": _("that a corrected version is to be acknowledged, to everybody"),
    "withdrawn": _("that it was withdrawn, to everybody"),
    "superseded": _("that a newer one took its place, to everybody"),
}
