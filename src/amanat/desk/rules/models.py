"""Official documents kept by their hash, and grades raised by two people on their strength."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from amanat.desk.registry.models import Office, Person
from amanat.desk.rules import workflow as steps
from amanat.rulebook.model import GRADES

if TYPE_CHECKING:
    from datetime import datetime


class DocumentQuerySet(models.QuerySet["Document"]):
    """Documents, with the adjectives of this room."""

    def visible_to(self, person: Person) -> DocumentQuerySet:  # noqa: ARG002 (law is public)
        """All: what the law says is open to everyone."""
        return self.all()


class Document(models.Model):
    """The official text of an instrument, as an office's steward attached it. The file is kept under its SHA-256."""

    office = models.ForeignKey(Office, models.PROTECT, related_name="+", verbose_name=_("office"))
    pack = models.CharField(_("rules"), max_length=30)
    instrument = models.CharField(_("instrument"), max_length=60)
    sha256 = models.CharField(_("SHA-256"), max_length=64)
    name = models.CharField(_("name of the file"), max_length=150)
    kind = models.CharField(_("type"), max_length=40)
    size = models.PositiveIntegerField(_("bytes"))
    note = models.CharField(_("where it comes from"), max_length=300)
    by = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("attached by"))
    at = models.DateTimeField(_("attached"), auto_now_add=True)

    objects = DocumentQuerySet.as_manager()

    class Meta:
        verbose_name = _("official document")
        verbose_name_plural = _("official documents")
        ordering = ["-at"]
        constraints = [models.UniqueConstraint(fields=["pack", "instrument", "sha256"], name="document_once")]

    def __str__(self) -> str:
        return self.name


class GradeQuerySet(models.QuerySet["Grade"]):
    """Raised grades, with the adjectives of this room."""

    def visible_to(self, person: Person) -> GradeQuerySet:
        """All for stewards, whichever office they serve; for others those proposed at offices they may see."""
        if person.has_role("steward"):
            return self.all()
        return self.filter(person.scope("office", "office__path"))

    def in_force(self) -> GradeQuerySet:
        """Those a second person agreed to, oldest first."""
        return self.filter(state="agreed").order_by("decided_at")

    def waiting(self) -> GradeQuerySet:
        """Those that wait for a second person."""
        return self.filter(state="proposed")


class Grade(models.Model):
    """A clause's grade raised because its official wording was seen: proposed by one steward, agreed by another.

    Holds for the whole installation: a wording is seen or it is not, whichever office saw it.
    """

    workflow = steps.GRADE

    office = models.ForeignKey(Office, models.PROTECT, related_name="+", verbose_name=_("office"))
    clause = models.CharField(_("clause"), max_length=100)
    before = models.CharField(_("grade so far"), max_length=12)
    after = models.CharField(_("grade proposed"), max_length=12)
    document = models.ForeignKey(Document, models.PROTECT, related_name="grades", verbose_name=_("document"))
    place = models.CharField(_("where in the document"), max_length=120)
    proposed_by = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("proposed by"))
    proposed_at: models.DateTimeField[datetime, datetime] = models.DateTimeField(_("proposed"), auto_now_add=True)
    decided_by = models.ForeignKey(
        Person, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("decided by")
    )
    decided_at = models.DateTimeField(_("decided"), null=True, blank=True)
    state = models.CharField(_("state"), max_length=10, default="proposed", choices=steps.GRADE_STATES, editable=False)

    objects = GradeQuerySet.as_manager()

    class Meta:
        verbose_name = _("raised grade")
        verbose_name_plural = _("raised grades")
        ordering = ["-proposed_at"]
        constraints = [
            models.CheckConstraint(condition=Q(after__in=GRADES), name="grade_known"),
            models.CheckConstraint(
                condition=Q(state__in=["proposed", "agreed", "refused", "undone"]), name="grade_state_known"
            ),
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True) | ~Q(decided_by=F("proposed_by")), name="grade_two_people"
            ),
            models.UniqueConstraint(fields=["clause"], condition=Q(state="proposed"), name="grade_proposed_once"),
        ]

    def __str__(self) -> str:
        return f"{self.clause}: {self.before} → {self.after}"

    @property
    def address(self) -> str:
        """Where its steps are sent, verb by verb."""
        return f"{reverse('rules:grades')}{self.pk}/"
