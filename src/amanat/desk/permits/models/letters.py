"""Letters on decisions, made in a queued task and kept by their hash."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from amanat.desk.permits.models.permits import Permit
from amanat.desk.registry.models import Person


class LetterQuerySet(models.QuerySet["Letter"]):
    """Letters, with the adjectives of this room."""

    def visible_to(self, person: Person) -> LetterQuerySet:
        """Those on permits the person may see."""
        return self.filter(permit__in=Permit.objects.visible_to(person).values("pk"))


class Letter(models.Model):
    """The letter on a decision in one language; `sha256` is empty while it is being made."""

    class Kind(models.TextChoices):
        """What it tells."""

        GRANT = "grant", _("grant")
        REFUSAL = "refusal", _("refusal")

    permit = models.ForeignKey(Permit, models.PROTECT, related_name="letters", verbose_name=_("permit"))
    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices)
    language = models.CharField(_("language"), max_length=5)
    sha256 = models.CharField(_("SHA-256"), max_length=64, blank=True)
    wanted_at = models.DateTimeField(auto_now_add=True)
    made_at = models.DateTimeField(_("made"), null=True)

    objects = LetterQuerySet.as_manager()

    class Meta:
        verbose_name = _("letter")
        verbose_name_plural = _("letters")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["permit", "kind", "language"], name="letter_once"),
            models.CheckConstraint(
                condition=Q(sha256="", made_at__isnull=True) | (~Q(sha256="") & Q(made_at__isnull=False)),
                name="letter_made_whole",
            ),
        ]
        indexes = [models.Index(fields=["wanted_at"], condition=Q(sha256=""), name="letter_wanted")]

    def __str__(self) -> str:
        return f"{self.permit} {self.kind} {self.language}"
