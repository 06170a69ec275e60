"""What is typed by whoever decides."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from amanat.desk.lib.numerals import local
from amanat.desk.permits import law
from amanat.desk.permits.models import Permit
from amanat.desk.registry.forms.fields import PlainForm
from amanat.desk.rules import engine
from amanat.desk.rules.forms import Day
from amanat.rulebook import Clause, in_words

_REASON = _("It is kept with the decision and shown to whoever asked.")


def _told(clause: Clause, lang: str) -> str:
    """A clause in one line."""
    return f"{clause.reference}: {local(in_words(clause.gist, lang)[1][:120], lang)}"


class _DayAsked(Day):
    """A day that has to be given."""

    def __init__(self, **more: Any) -> None:
        super().__init__(**more)
        self.required = True


class GrantForm(PlainForm):
    """A permission: its days, its conditions, and which of the rules asked about it covers."""

    starts_on = _DayAsked(label=_("From"))
    ends_on = _DayAsked(label=_("Until"))
    clauses = forms.MultipleChoiceField(
        label=_("Rules it covers"), widget=forms.CheckboxSelectMultiple,
        help_text=_("Untick what you do not permit: for that the check goes on asking."),
    )  # fmt: skip
    conditions = forms.CharField(
        label=_("Conditions"), max_length=4000, required=False, widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("What has to be kept, in words that can be checked."),
    )  # fmt: skip

    def __init__(self, *args: Any, permit: Permit, **kwargs: Any) -> None:
        first = max(permit.wanted_from or date.min, timezone.localdate())
        asked, lang = permit.clauses(), get_language() or "en"
        kwargs["initial"] = {"starts_on": first, "ends_on": permit.wanted_until, "clauses": asked}
        super().__init__(*args, **kwargs)
        if not asked:
            del self.fields["clauses"]
            return
        known = {one.id: one for one in law.clauses(engine.rulebook(), asked)}
        field = self.fields["clauses"]
        assert isinstance(field, forms.MultipleChoiceField)
        field.choices = [(name, _told(known[name], lang) if name in known else name) for name in asked]


class RefuseForm(PlainForm):
    """A refusal: its reason, and the clause it rests on."""

    reason = forms.CharField(
        label=_("Reason"), max_length=4000, widget=forms.Textarea(attrs={"rows": 4}), help_text=_REASON
    )
    ground = forms.ChoiceField(label=_("Clause it rests on"), required=False)

    def __init__(self, *args: Any, permit: Permit, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        lang, asked, book = get_language() or "en", permit.clauses(), engine.rulebook()
        known = {clause.id: clause for clause in law.clauses(book, [*asked, permit.rests_on])}
        at, service = permit.asked_from.rules(), permit.person.service
        known |= {clause.id: clause for clause in law.asking(book, permit.pack, at, service, timezone.localdate())}
        ground = self.fields["ground"]
        assert isinstance(ground, forms.ChoiceField)
        ground.choices = [
            ("", _("none that I can name")),
            *((name, _told(clause, lang)) for name, clause in known.items()),
        ]


class ReasonForm(PlainForm):
    """A reason."""

    reason = forms.CharField(
        label=_("What is missing"), max_length=4000, widget=forms.Textarea(attrs={"rows": 4}), help_text=_REASON
    )


class AnswerForm(PlainForm):
    """An answer to a question."""

    text = forms.CharField(label=_("Your answer"), max_length=8000, widget=forms.Textarea(attrs={"rows": 8}))


class RevokeForm(PlainForm):
    """From which day a permission no longer holds, and why."""

    on = _DayAsked(
        label=_("From which day it no longer holds"),
        help_text=_("Today, or a later day by which they can put things in order."),
    )
    reason = forms.CharField(
        label=_("Reason"), max_length=4000, widget=forms.Textarea(attrs={"rows": 4}), help_text=_REASON
    )


class GuidanceForm(PlainForm):
    """A question and its answer, told anew so that nobody can be known from it."""

    question = forms.CharField(
        label=_("The question, without names"), max_length=2000, widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Leave out names, offices, places and days by which somebody could be known."),
    )  # fmt: skip
    answer = forms.CharField(label=_("The answer"), max_length=4000, widget=forms.Textarea(attrs={"rows": 6}))
