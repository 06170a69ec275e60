"""How long an office takes to answer where no rule says: its own setting."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from amanat.desk.registry.models import Office, Person


class PeriodQuerySet(models.QuerySet["Period"]):
    """Periods, with the adjectives of this room."""

    def visible_to(self, person: Person) -> PeriodQuerySet:
        """Those of offices the person may see."""
        return self.filter(person.scope("office", "office__path"))


class Period(models.Model):
    """Within how many working days an office, and those below it without their own, means to answer."""

    USUAL = 10
    """Working days where no office of the chain has said."""

    office = models.OneToOneField(Office, models.PROTECT, related_name="answering", verbose_name=_("office"))
    days = models.PositiveSmallIntegerField(_("working days to answer"))

    objects = PeriodQuerySet.as_manager()

    class Meta:
        verbose_name = _("time to answer")
        verbose_name_plural = _("times to answer")
        constraints = [models.CheckConstraint(condition=Q(days__gte=1, days__lte=250), name="period_sensible")]

    def __str__(self) -> str:
        return f"{self.office}: {self.days}"
