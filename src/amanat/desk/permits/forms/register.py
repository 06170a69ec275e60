"""Filters of the register and of the figures; deputies, times to answer, a code to check."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from amanat.desk.audit.door import ROLE_NAMES
from amanat.desk.lib.numerals import in_ascii
from amanat.desk.permits.actions.deciding import CODE_LENGTH
from amanat.desk.permits.models import Kind
from amanat.desk.permits.models.permits import PermitQuerySet
from amanat.desk.permits.workflow import DECIDING, PERMIT_STATES
from amanat.desk.registry.forms.fields import PlainForm
from amanat.desk.registry.models import Office, Person
from amanat.desk.rules.forms import Day

_ANY = ("", _("any"))
MINE, DECIDE = "mine", "decide"


class PermitFilter(PlainForm):
    """Filters of the register; all may stay empty."""

    which = forms.ChoiceField(
        label=_("Which"), required=False,
        choices=[_ANY, (MINE, _("that I asked for")), (DECIDE, _("that wait for my decision"))],
    )  # fmt: skip
    state = forms.ChoiceField(label=_("State"), required=False, choices=[_ANY, *PERMIT_STATES])
    kind = forms.ChoiceField(label=_("What is asked for"), required=False, choices=[_ANY, *Kind.choices])
    number = forms.CharField(label=_("Number"), required=False, max_length=20)
    office = forms.CharField(
        label=_("Office that decides, or from which is asked: code or name"), required=False, max_length=100
    )
    decider = forms.CharField(label=_("Decided by"), required=False, max_length=100)
    clause = forms.CharField(label=_("Clause, by its id"), required=False, max_length=100)
    since = Day(label=_("Sent from"))
    until = Day(label=_("Sent until"))
    overdue = forms.BooleanField(label=_("Only those that are overdue"), required=False)

    def narrow(self, permits: PermitQuerySet, person: Person) -> PermitQuerySet:
        """`permits` that the filters leave; a filter that is not understood leaves all."""
        if not self.is_valid():
            return permits
        given = self.cleaned_data
        if given["which"] == MINE:
            permits = permits.filter(person=person)
        elif given["which"] == DECIDE:
            permits = permits & permits.model._default_manager.to_decide(person)
        exact = {"state": given["state"], "kind": given["kind"], "cited__clause": given["clause"].strip()}
        permits = permits.filter(**{name: value for name, value in exact.items() if value})
        if number := in_ascii(given["number"]).strip().upper():
            permits = permits.filter(number__startswith=number)
        if words := given["office"].strip():
            offices = Office.objects.filter(
                Q(code__iexact=words) | Q(name__icontains=words) | Q(local_name__icontains=words)
            ).values("pk")
            permits = permits.filter(Q(office__in=offices) | Q(asked_from__in=offices))
        if words := given["decider"].strip():
            people = Person.objects.filter(Q(name__icontains=words) | Q(local_name__icontains=words)).values("pk")
            permits = permits.filter(decided_by__in=people)
        days = {"submitted_on__gte": given["since"], "submitted_on__lte": given["until"]}
        permits = permits.filter(**{name: day for name, day in days.items() if day})
        return permits.overdue() if given["overdue"] else permits


class YearFilter(PlainForm):
    """The year of the figures."""

    year = forms.IntegerField(label=_("Year"), required=False, min_value=2000, max_value=2100)

    def chosen(self) -> int:
        """The year asked for; this one where none is."""
        asked: int | None = self.cleaned_data["year"] if self.is_valid() else None
        return asked or timezone.localdate().year


class DeputyForm(PlainForm):
    """Who stands in, for which post, on which days."""

    post = forms.ChoiceField(label=_("For which of your posts"))
    person = forms.ModelChoiceField(Person.objects.none(), label=_("Deputy"))
    starts_on = Day(label=_("From"))
    ends_on = Day(label=_("Until"))

    def __init__(self, *args: Any, person: Person, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        held = [post for post in person.posts if post.role in DECIDING]
        self.offices = {office.pk: office for office in Office.objects.filter(pk__in=[post.office for post in held])}
        post, deputy = self.fields["post"], self.fields["person"]
        assert isinstance(post, forms.ChoiceField)
        assert isinstance(deputy, forms.ModelChoiceField)
        post.choices = [
            (f"{one.role}-{one.office}", f"{ROLE_NAMES[one.role]}, {self.offices[one.office]}") for one in held
        ]
        there = Person.objects.serving().filter(appointments__office__in=self.offices).exclude(pk=person.pk)
        deputy.queryset = there.distinct()
        for name in ("starts_on", "ends_on"):
            self.fields[name].required = True

    def clean(self) -> dict[str, Any]:
        """The role and the office of the post."""
        given = dict(self.cleaned_data)
        role, _dash, office = given.pop("post", "").partition("-")
        return {**given, "role": role, "office": self.offices.get(int(office or 0))}


class PeriodForm(PlainForm):
    """Working days to answer."""

    days = forms.IntegerField(
        label=_("Working days to answer"), min_value=1, max_value=250,
        help_text=_("This is your office's own aim. Where a rule fixes a period, the rule counts."),
    )  # fmt: skip


class CodeForm(PlainForm):
    """The code of a letter."""

    code = forms.CharField(
        label=_("Code of the letter"),
        max_length=40,
        help_text=_("Twelve letters and digits, at the foot of the letter."),
    )

    def clean_code(self) -> str:
        """The code as it is kept: what is easily misread is read as it was meant."""
        code = in_ascii(self.cleaned_data["code"]).upper().translate(str.maketrans("OIL", "011", " -–"))
        if len(code) != CODE_LENGTH or not code.isascii() or not code.isalnum():
            raise forms.ValidationError(_("A code has twelve letters and digits. Look at the foot of the letter."))
        return code
