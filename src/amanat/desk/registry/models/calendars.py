"""Working calendars: the days of the week on which an office rests, and its holidays. They hold for all below it."""

from __future__ import annotations

from datetime import date

from django.db import models
from django.db.models import Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from amanat.desk.registry.models.offices import Office
from amanat.desk.registry.models.people import Person


class Calendar(models.Model):
    """The weekend of an office, and of those below that have none of their own.

    `weekend` holds one bit for each day of the week on which there is no work: 1 for Monday, 64 for Sunday.
    """

    office = models.OneToOneField(Office, models.CASCADE, related_name="calendar", verbose_name=_("office"))
    weekend = models.PositiveSmallIntegerField(_("weekend"))

    class Meta:
        verbose_name = _("calendar")
        verbose_name_plural = _("calendars")
        constraints = [models.CheckConstraint(condition=Q(weekend__lt=127), name="calendar_has_a_workday")]

    def __str__(self) -> str:
        return str(self.office)

    @property
    def days(self) -> frozenset[int]:
        """The days of the week on which there is no work, 0 for Monday to 6 for Sunday."""
        return frozenset(day for day in range(7) if self.weekend >> day & 1)


class HolidayQuerySet(models.QuerySet["Holiday"]):
    """Holidays, with the adjectives of this room."""

    def visible_to(self, person: Person) -> HolidayQuerySet:
        """Those of offices the person may see."""
        return self.filter(office__in=Office.objects.visible_to(person).values("pk"))

    def holding_at(self, office: Office) -> HolidayQuerySet:
        """Its own, and those of the offices above."""
        return self.filter(office__in=office.ancestors())

    def between(self, first: date, last: date) -> HolidayQuerySet:
        """Those from `first` up to and with `last`."""
        return self.filter(on__range=(first, last))


class Holiday(models.Model):
    """A day on which an office, with all below it, does not work.

    `source` is the file it came from; empty, it was entered by hand. `is_tentative`: it may still change, as where it
    hangs on the moon.
    """

    office = models.ForeignKey(Office, models.CASCADE, related_name="holidays", verbose_name=_("office"))
    on = models.DateField(_("day"))
    name = models.CharField(_("name in English"), max_length=200)
    local_name = models.CharField(_("name in the local language"), max_length=200, blank=True)
    is_tentative = models.BooleanField(_("may still change"), default=False)
    source = models.CharField(_("source"), max_length=200, blank=True)

    objects = HolidayQuerySet.as_manager()

    class Meta:
        verbose_name = _("holiday")
        verbose_name_plural = _("holidays")
        ordering = ["on", "office"]
        constraints = [models.UniqueConstraint(fields=["office", "on"], name="holiday_once_a_day")]

    def __str__(self) -> str:
        return self.local_name if self.local_name and get_language() in ("ur", "hi", "bn") else self.name
