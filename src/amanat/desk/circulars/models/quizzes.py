"""The short quiz that may go with a circular: at most three questions; of an answer only whether all were right."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from amanat.desk.circulars.models.circulars import Circular, InsideQuerySet
from amanat.desk.circulars.models.readers import Addressee
from amanat.desk.lib.commas import dot
from amanat.desk.registry.models import Person

MOST_QUESTIONS = 3


class Question(models.Model):
    """One question: per language what is asked and the options; `right` is the place of the right one, from 0.

    `words` by language: {"ur": {"asks": "…", "options": ["…", "…"]}}; as many options in every language.
    """

    circular = models.ForeignKey(
        Circular, models.CASCADE, related_name="questions", db_index=False, verbose_name=_("circular")
    )
    place = models.PositiveSmallIntegerField(_("place"))
    words: models.JSONField[dict[str, dict[str, Any]], dict[str, dict[str, Any]]] = models.JSONField(
        _("question and options"), default=dict
    )
    right = models.PositiveSmallIntegerField(_("right option"))

    objects = InsideQuerySet.as_manager()

    class Meta:
        verbose_name = _("question")
        verbose_name_plural = _("questions")
        ordering = ["place"]
        constraints = [
            models.UniqueConstraint(fields=["circular", "place"], name="question_place_once"),
            models.CheckConstraint(condition=Q(place__gte=1, place__lte=MOST_QUESTIONS), name="question_at_most_three"),
        ]

    def __str__(self) -> str:
        return f"{self.circular}{dot()}{self.place}"


class AnswerQuerySet(models.QuerySet[Any]):
    """Answers, with the adjectives of this room."""

    def visible_to(self, person: Person) -> AnswerQuerySet:
        """One's own, and nobody else's: it helps the reader and is no examination."""
        return self.filter(addressee__person=person)


class Answer(models.Model):
    """How an addressee stands with the quiz: how often they tried, and when all was right. No marks, no answers."""

    addressee = models.OneToOneField(Addressee, models.CASCADE, related_name="answer", verbose_name=_("addressee"))
    tries = models.PositiveSmallIntegerField(_("tries"), default=0)
    passed_at = models.DateTimeField(_("all right"), null=True, blank=True)

    objects = AnswerQuerySet.as_manager()

    class Meta:
        verbose_name = _("answer")
        verbose_name_plural = _("answers")

    def __str__(self) -> str:
        return str(self.addressee)
