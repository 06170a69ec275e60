"""Answers published without names, for everybody who reads the clause."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from amanat.desk.permits import workflow as steps
from amanat.desk.permits.models.deputies import deciding
from amanat.desk.permits.models.permits import Permit
from amanat.desk.registry.models import Office, Person

if TYPE_CHECKING:
    from datetime import datetime


class GuidanceQuerySet(models.QuerySet["Guidance"]):
    """Guidance, with the adjectives of this room."""

    def published(self) -> GuidanceQuerySet:
        """What a second person agreed to, the newest first."""
        return self.filter(state="published").order_by("-decided_at")

    def visible_to(self, person: Person) -> GuidanceQuerySet:
        """What is published; and what somebody who decides here may agree to."""
        decides = Permit.objects.filter(deciding(person)).values("pk")
        return self.filter(Q(state="published") | Q(proposed_by=person) | Q(permit__in=decides))


class Guidance(models.Model):
    """A question and its answer, told anew without names: proposed by one decider, published by another."""

    workflow = steps.GUIDANCE

    permit = models.ForeignKey(Permit, models.PROTECT, related_name="guidance", verbose_name=_("made of"))
    question = models.TextField(_("question"), max_length=2000)
    answer = models.TextField(_("answer"), max_length=4000)
    proposed_by = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("proposed by"))
    proposed_at: models.DateTimeField[datetime, datetime] = models.DateTimeField(_("proposed"), auto_now_add=True)
    decided_by = models.ForeignKey(
        Person, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("decided by")
    )
    decided_at = models.DateTimeField(_("decided"), null=True, blank=True)
    state = models.CharField(
        _("state"), max_length=10, default="proposed", choices=steps.GUIDANCE_STATES, editable=False
    )

    objects = GuidanceQuerySet.as_manager()

    class Meta:
        verbose_name = _("guidance")
        verbose_name_plural = _("guidance")
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=[name for name, _label in steps.GUIDANCE_STATES]), name="guidance_state_known"
            ),
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True) | ~Q(decided_by=F("proposed_by")), name="guidance_two_people"
            ),
            models.UniqueConstraint(
                fields=["permit"], condition=Q(state__in=["proposed", "published"]), name="guidance_once"
            ),
        ]
        indexes = [models.Index(fields=["state", "-decided_at"], name="guidance_state")]

    def __str__(self) -> str:
        return str(_("Guidance {number}")).format(number=self.pk)

    @property
    def office(self) -> Office | None:
        """Where it was answered."""
        return self.permit.office

    @property
    def address(self) -> str:
        """Where its steps are sent, verb by verb."""
        return f"{reverse('permits:guidance')}{self.pk}/"
