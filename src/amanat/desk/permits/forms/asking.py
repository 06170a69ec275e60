"""What is typed of a request."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from amanat.desk.lib.numerals import local
from amanat.desk.permits import law
from amanat.desk.permits.models import Act, Kind, Permit
from amanat.desk.registry.forms.fields import PlainForm
from amanat.desk.registry.models import Office, Person
from amanat.desk.rules import engine
from amanat.desk.rules.forms import Day
from amanat.rulebook import in_words

_LARGE, _SMALL = forms.Textarea(attrs={"rows": 6}), forms.Textarea(attrs={"rows": 4})


class AskForm(PlainForm):
    """A request for permission or for advice. A draft text is kept only where that is ticked."""

    asked_from = forms.ChoiceField(label=_("From which of your offices"))
    act = forms.ChoiceField(
        label=_("What you want permission for"),
        choices=[choice for choice in Act.choices if choice[0] != Act.ADVICE],
    )
    subject = forms.CharField(
        label=_("Subject"), max_length=150, help_text=_("One line, as it will stand in the letter.")
    )
    purpose = forms.CharField(label=_("What you want to do, and why"), max_length=4000, widget=_LARGE)
    place = forms.CharField(label=_("Where: the channel, programme or publisher"), max_length=200, required=False)
    wanted_from = Day(label=_("From"))
    wanted_until = Day(label=_("Until"))
    clauses = forms.MultipleChoiceField(
        label=_("Rules you ask about"), required=False, widget=forms.CheckboxSelectMultiple
    )
    text = forms.CharField(
        label=_("Your draft text"), max_length=20_000, required=False, widget=_LARGE, strip=False,
        help_text=_("Only if you want whoever decides to read it. It is kept only where you tick the box below."),
    )  # fmt: skip
    keep_text = forms.BooleanField(label=_("Keep my draft text with this request"), required=False)

    def __init__(self, *args: Any, person: Person, kind: str, permit: Permit | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kind, self.person = kind, person
        offices = Office.objects.filter(pk__in={post.office for post in person.posts}).order_by("path")
        self.offices = {str(office.pk): office for office in offices}
        own = permit.asked_from if permit else next(iter(self.offices.values()), None)
        place, clauses = self.fields["asked_from"], self.fields["clauses"]
        assert isinstance(place, forms.ChoiceField)
        assert isinstance(clauses, forms.MultipleChoiceField)
        place.choices = [(key, str(office)) for key, office in self.offices.items()]
        if len(self.offices) == 1:
            place.widget = forms.HiddenInput()
            place.initial = next(iter(self.offices))
        clauses.choices = self._clauses(own)
        if kind == Kind.ADVICE:
            for name in ("act", "place", "wanted_from", "wanted_until"):
                del self.fields[name]
            self.fields["purpose"].label = _("Your question")
        else:
            self.fields["wanted_from"].required = self.fields["wanted_until"].required = True

    def _clauses(self, own: Office | None) -> list[tuple[str, str]]:
        """The clauses that can be asked about from any of the person's offices, by the rules that bind them there."""
        today, lang = timezone.localdate(), get_language() or "en"
        book, found = engine.rulebook(), {}
        for office in {office.pk: office for office in (own, *self.offices.values()) if office}.values():
            at = office.rules()
            pack = law.binding(book, at, self.person.service, today)
            for clause in law.asking(book, pack, at, self.person.service, today):
                found[clause.id] = f"{clause.reference}: {local(in_words(clause.gist, lang)[1], lang)}"
        return list(found.items())

    @property
    def is_chosen(self) -> list[Any]:
        """The boxes of clauses that are ticked."""
        return [box for box in self["clauses"] if box.data.get("selected")]

    @property
    def not_chosen(self) -> list[Any]:
        """The boxes of clauses that are not."""
        return [box for box in self["clauses"] if not box.data.get("selected")]

    def clean_asked_from(self) -> Office:
        """The office itself."""
        return self.offices[self.cleaned_data["asked_from"]]

    def clean(self) -> dict[str, Any]:
        """The days in their order; no text that was not to be kept."""
        given = self.cleaned_data
        first, last = given.get("wanted_from"), given.get("wanted_until")
        if first and last and last < first:
            self.add_error("wanted_until", _("The last day comes before the first."))
        if not given.pop("keep_text", False):
            given["text"] = ""
        return {**given, "kind": self.kind}
