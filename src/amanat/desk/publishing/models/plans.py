"""When an office speaks: the slots of its channels, what it has set for itself, and gates lifted for a day."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext_lazy as _

from amanat.desk.registry.models import Channel, Office, Person
from amanat.desk.registry.models.channels import OfChannelQuerySet

INSPECTION_DAYS, HANDOVER_DAYS = 14, 0
"""How many days an inspection, or a handover, may be overdue before a channel falls silent, unless its office set more
or fewer. These numbers are Amanat's own: no rule that was read says them."""


class Slot(models.Model):
    """A time of the week at which a channel usually speaks."""

    channel = models.ForeignKey(Channel, models.CASCADE, related_name="slots", verbose_name=_("channel"))
    weekday = models.PositiveSmallIntegerField(_("day"), choices=list(WEEKDAYS.items()))
    at = models.TimeField(_("time"))

    objects = OfChannelQuerySet.as_manager()

    class Meta:
        verbose_name = _("slot")
        verbose_name_plural = _("slots")
        ordering = ["weekday", "at"]
        constraints = [
            models.UniqueConstraint(fields=["channel", "weekday", "at"], name="slot_once"),
            models.CheckConstraint(condition=Q(weekday__lte=6), name="slot_weekday_known"),
        ]

    def __str__(self) -> str:
        return f"{self.get_weekday_display()} {self.at:%H:%M}"


class PracticeQuerySet(models.QuerySet["Practice"]):
    """Practices, with the adjectives of this room."""

    def visible_to(self, person: Person) -> PracticeQuerySet:
        """Those of offices the person may see."""
        return self.filter(person.scope("office", "office__path"))


class Practice(models.Model):
    """What an office has set for itself where no rule says it."""

    office = models.OneToOneField(Office, models.CASCADE, related_name="practice", verbose_name=_("office"))
    weekly_posts = models.PositiveSmallIntegerField(_("posts a week on each channel, at least"), null=True, blank=True)
    inspection_days = models.PositiveSmallIntegerField(_("days an inspection may be overdue"), default=INSPECTION_DAYS)
    handover_days = models.PositiveSmallIntegerField(_("days a handover may be overdue"), default=HANDOVER_DAYS)

    objects = PracticeQuerySet.as_manager()

    class Meta:
        verbose_name = _("practice of an office")
        verbose_name_plural = _("practices of offices")

    def __str__(self) -> str:
        return str(self.office)


class Lift(models.Model):
    """A gate lifted by the head for one day: the channel may speak although an inspection or handover is overdue."""

    channel = models.ForeignKey(Channel, models.CASCADE, related_name="lifts", verbose_name=_("channel"))
    day = models.DateField(_("day"))
    reason = models.TextField(_("reason"))
    by = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("by"))
    at = models.DateTimeField(_("moment"), auto_now_add=True)

    objects = OfChannelQuerySet.as_manager()

    class Meta:
        verbose_name = _("lifted gate")
        verbose_name_plural = _("lifted gates")
        ordering = ["-day"]
        constraints = [
            models.UniqueConstraint(fields=["channel", "day"], name="lift_once_a_day"),
            models.CheckConstraint(condition=~Q(reason=""), name="lift_with_reason"),
        ]

    def __str__(self) -> str:
        return f"{self.channel} {self.day}"
