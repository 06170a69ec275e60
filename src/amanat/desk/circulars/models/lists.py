"""What an office keeps for its letters: lists of whom it writes to, and how it numbers them."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from amanat.desk.registry.models import Office, Person


class OfOfficeQuerySet(models.QuerySet[Any]):
    """Rows that belong to an office, with the adjectives of this room."""

    def visible_to(self, person: Person) -> OfOfficeQuerySet:
        """Those of offices the person may see."""
        return self.filter(person.scope("office", "office__path"))


class DistributionList(models.Model):
    """Whom an office writes to, kept under a name. `audience` is what `audience.Audience` reads and writes."""

    office = models.ForeignKey(Office, models.PROTECT, related_name="+", verbose_name=_("office"))
    name = models.CharField(_("name"), max_length=120)
    audience: models.JSONField[dict[str, Any], dict[str, Any]] = models.JSONField(_("who is on it"), default=dict)

    objects = OfOfficeQuerySet.as_manager()

    class Meta:
        verbose_name = _("distribution list")
        verbose_name_plural = _("distribution lists")
        ordering = ["name", "pk"]
        constraints = [models.UniqueConstraint(fields=["office", "name"], name="distribution_name_once")]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """Its page."""
        return reverse("circulars:list", args=[self.pk])


class NumberFormat(models.Model):
    """How an office numbers its letters; without a row its pack's usual form holds (`numbers`)."""

    class Digits(models.TextChoices):
        """The digits of year and number."""

        LATIN = "", _("0123456789")
        BENGALI = "bn", "০১২৩৪৫৬৭৮৯"
        DEVANAGARI = "hi", "०१२३४५६७८९"
        URDU = "ur", "۰۱۲۳۴۵۶۷۸۹"

    office = models.OneToOneField(Office, models.PROTECT, related_name="+", verbose_name=_("office"))
    template = models.CharField(_("form of the number"), max_length=80)
    digits = models.CharField(_("digits"), max_length=2, choices=Digits.choices, blank=True)

    objects = OfOfficeQuerySet.as_manager()

    class Meta:
        verbose_name = _("form of numbers")
        verbose_name_plural = _("forms of numbers")

    def __str__(self) -> str:
        return self.template
