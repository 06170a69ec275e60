"""How an office numbers its letters, as it is typed; and what the lists of circulars are filtered by."""

from __future__ import annotations

from django import forms
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from amanat.desk.circulars.models import NumberFormat, Text
from amanat.desk.circulars.models.circulars import CircularQuerySet
from amanat.desk.circulars.numbers import fault
from amanat.desk.circulars.workflow import CIRCULAR_STATES
from amanat.desk.registry.forms.fields import PlainForm, RowForm


class NumberForm(RowForm):
    """The form of an office's numbers."""

    class Meta:
        model = NumberFormat
        fields = ["template", "digits"]
        help_texts = {
            "template": _(
                "Write the number as it stands on your letters, with {n} for the count and {year} or {yy} for the "
                "year; {n:4} gives four digits, {office} the code of the office."
            )
        }

    def clean_template(self) -> str:
        """A form that gives no number twice."""
        template: str = self.cleaned_data["template"].strip()
        if wrong := fault(template):
            raise forms.ValidationError(wrong)
        return template


class CircularFilter(PlainForm):
    """Filters of the list of circulars; all may stay empty."""

    words = forms.CharField(label=_("Number or subject"), required=False, max_length=100)
    state = forms.ChoiceField(label=_("State"), required=False, choices=[("", _("any")), *CIRCULAR_STATES[:4]])
    ours = forms.BooleanField(label=_("Only of my own offices"), required=False)

    def narrow(self, rows: CircularQuerySet, offices: list[int]) -> CircularQuerySet:
        """`rows` that the filters leave; a filter that is not understood leaves all. Dropped drafts only by search."""
        if not self.is_valid():
            return rows.exclude(state="dropped")
        given = self.cleaned_data
        if given["words"]:
            rows = holding(rows, given["words"])
        rows = rows.filter(state=given["state"]) if given["state"] else rows.exclude(state="dropped")
        return rows.filter(office__in=offices) if given["ours"] else rows


def holding(rows: CircularQuerySet, words: str) -> CircularQuerySet:
    """Rows whose number or subject, in any language, holds every one of `words`."""
    for word in words.split():
        said = Text.objects.filter(circular=OuterRef("pk"), subject__icontains=word)
        rows = rows.filter(Q(number__icontains=word) | Exists(said))
    return rows
