"""When those who have not acknowledged are reminded: the office's own choice, in its working days."""

from __future__ import annotations

from typing import NamedTuple

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from amanat.desk.circulars.models.lists import OfOfficeQuerySet
from amanat.desk.registry.models import Office


class Beat(NamedTuple):
    """The numbers of a rhythm, and whose choice they are: None where no office has chosen."""

    before: int = 2
    every: int = 3
    most: int = 3
    climb: int = 1
    office: Office | None = None


class Rhythm(models.Model):
    """How an office reminds of its circulars; it holds for the offices below it that have none of their own.

    No rule we know says when to remind. All numbers are working days of the office that issued the circular.
    """

    office = models.OneToOneField(Office, models.PROTECT, related_name="+", verbose_name=_("office"))
    before = models.PositiveSmallIntegerField(_("working days before the day"), default=Beat().before)
    every = models.PositiveSmallIntegerField(_("working days between reminders after it"), default=Beat().every)
    most = models.PositiveSmallIntegerField(_("reminders after it, at most"), default=Beat().most)
    climb = models.PositiveSmallIntegerField(
        _("working days until the next higher office is told"), default=Beat().climb
    )

    objects = OfOfficeQuerySet.as_manager()

    class Meta:
        verbose_name = _("rhythm of reminders")
        verbose_name_plural = _("rhythms of reminders")
        constraints = [
            models.CheckConstraint(condition=Q(before__lte=10, most__lte=12), name="rhythm_bounded"),
            models.CheckConstraint(condition=Q(every__range=(1, 20), climb__range=(1, 20)), name="rhythm_moves"),
        ]

    def __str__(self) -> str:
        return str(self.office)


def beat_of(office: Office) -> Beat:
    """The rhythm an office reminds in: its own, that of the nearest office above, or the usual one."""
    row = (
        Rhythm.objects.filter(office__in=office.ancestors()).select_related("office").order_by("-office__path").first()
    )
    return Beat(row.before, row.every, row.most, row.climb, row.office) if row else Beat()
