"""Whom a letter goes to, as it is chosen: by tree, kind, role, service, by name."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from amanat.desk.circulars.audience import Audience, within
from amanat.desk.circulars.models import DistributionList
from amanat.desk.lib.choices import Service
from amanat.desk.registry.forms.fields import PlainForm
from amanat.desk.registry.models import Appointment, Office, Person, Role
from amanat.desk.registry.models.offices import Kind

MOST_NAMED = 1000
SHOWN = 60
"""How many offices of the next level can be ticked; more are written by their codes."""
_BREAKS = re.compile(r"[\s,;،]+")


class AudienceForm(PlainForm):
    """One audience. Offices are those to which `by` may write from `office`."""

    trees = forms.MultipleChoiceField(
        label=_("These offices, each with everything below it"), required=False, widget=forms.CheckboxSelectMultiple
    )
    codes = forms.CharField(
        label=_("Other offices, by their codes"), required=False, max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 2}), help_text=_("Each alone, without those below it."),
    )  # fmt: skip
    kinds = forms.MultipleChoiceField(
        label=_("Of the trees and offices above only these kinds"), required=False, choices=Kind.choices,
        widget=forms.CheckboxSelectMultiple,
    )  # fmt: skip
    roles = forms.MultipleChoiceField(
        label=_("At them only people in these roles"), required=False, choices=Role.choices,
        widget=forms.CheckboxSelectMultiple,
    )  # fmt: skip
    services = forms.MultipleChoiceField(
        label=_("At them only people of these services"), required=False,
        choices=[one for one in Service.choices if one[0]], widget=forms.CheckboxSelectMultiple,
    )  # fmt: skip
    named = forms.CharField(
        label=_("And these people by name"), required=False, max_length=100_000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("E-mail addresses or personnel numbers, one a line. An address may be of somebody outside."),
    )  # fmt: skip

    def __init__(self, *args: Any, by: Person, office: Office, kept: Audience | None = None, **kwargs: Any) -> None:
        self.reachable = within(by, office)
        self.kept = kept or Audience()
        super().__init__(*args, initial={**self._kept_values(), **kwargs.pop("initial", {})}, **kwargs)
        near = self.reachable.filter(parent=office).order_by("name")[:SHOWN]
        shown = {one.pk: one for one in (*self._trees(), office, *near)}
        self.fields["trees"].choices = [(str(pk), str(one)) for pk, one in shown.items()]  # type: ignore[attr-defined]

    @property
    def narrowing(self) -> list[forms.BoundField]:
        """What leaves only some of the offices and people chosen."""
        return [self[name] for name in ("kinds", "roles", "services")]

    @property
    def is_narrowed(self) -> bool:
        """Whether some of that is chosen, or chosen wrongly."""
        return any(field.value() or field.errors for field in self.narrowing)

    @property
    def first(self) -> list[forms.BoundField]:
        """What is asked before it."""
        return [self[name] for name in ("name", "lists", "trees", "codes") if name in self.fields]

    def clean_codes(self) -> tuple[int, ...]:
        """The numbers of the offices. Raises ValidationError with the codes that nobody here bears."""
        codes = [code for code in re.split(r"[\n,;،]+", self.cleaned_data["codes"]) if code.strip()]
        asked = {code.strip().upper() for code in codes}
        found = {one.code.upper(): one.pk for one in _coded(self.reachable, asked)}
        if missing := sorted(asked - found.keys()):
            raise ValidationError(
                _("You cannot write to an office with this code: %(codes)s"), params={"codes": ", ".join(missing[:10])}
            )
        return tuple(sorted(found.values()))

    def clean_named(self) -> tuple[tuple[int, ...], tuple[str, ...]]:
        """Numbers of people, and addresses. Raises ValidationError with what is neither."""
        given = list(dict.fromkeys(word for word in _BREAKS.split(self.cleaned_data["named"]) if word))
        if len(given) > MOST_NAMED:
            raise ValidationError(_("At most a thousand names. Choose larger groups by office, role or service."))
        addresses = tuple(word.lower() for word in given if "@" in word)
        numbers = {word for word in given if "@" not in word}
        posts = Appointment.objects.current().filter(office__in=self.reachable.values("pk"))
        people = Person.objects.serving().filter(number__in=numbers, pk__in=posts.values("person"))
        known = dict(people.values_list("number", "pk"))
        wrong = [word for word in addresses if not _is_address(word)] + sorted(numbers - known.keys())
        if wrong:
            raise ValidationError(
                _("Neither an e-mail address nor the number of anybody you may write to: %(words)s"),
                params={"words": ", ".join(wrong[:10])},
            )
        return tuple(sorted(known.values())), addresses

    def audience(self) -> Audience:
        """What was chosen, once it is valid."""
        given = self.cleaned_data
        people, addresses = given["named"]
        trees = tuple(int(pk) for pk in given["trees"])
        return Audience(
            trees, given["codes"], tuple(given["kinds"]), tuple(given["roles"]), tuple(given["services"]), people,
            addresses,
        )  # fmt: skip

    def _trees(self) -> list[Office]:
        return list(Office.objects.filter(pk__in=self.kept.trees)) if self.kept.trees else []

    def _kept_values(self) -> dict[str, Any]:
        kept = self.kept
        codes = Office.objects.filter(pk__in=kept.offices).values_list("code", flat=True) if kept.offices else ()
        people = Person.objects.filter(pk__in=kept.people).values_list("number", flat=True) if kept.people else ()
        return {
            "trees": [str(pk) for pk in kept.trees], "codes": ", ".join(codes), "kinds": kept.kinds,
            "roles": kept.roles, "services": kept.services,
            "named": "\n".join([*(number or "" for number in people), *kept.addresses]),
        }  # fmt: skip


class AddressForm(AudienceForm):
    """Whom a draft goes to: saved lists, and others."""

    lists = forms.ModelMultipleChoiceField(
        DistributionList.objects.none(), label=_("Saved lists"), required=False, widget=forms.CheckboxSelectMultiple
    )
    field_order = ("lists",)

    def __init__(self, *args: Any, by: Person, office: Office, **kwargs: Any) -> None:
        super().__init__(*args, by=by, office=office, **kwargs)
        lists = DistributionList.objects.filter(office=office)
        self.fields["lists"].queryset = lists  # type: ignore[attr-defined]
        if not lists.exists():
            del self.fields["lists"]


class ListForm(AudienceForm):
    """A distribution list with its name."""

    name = forms.CharField(label=_("Name of the list"), max_length=120)
    field_order = ("name",)

    def clean(self) -> dict[str, Any]:
        """Somebody is on it."""
        given = self.cleaned_data
        if not self.errors and not self.audience():
            self.add_error(None, _("Choose at least one office or person: now nobody is on the list."))
        return given


def _coded(offices: QuerySet[Office], codes: set[str]) -> QuerySet[Office]:
    """The offices with these codes; codes are kept as entered, so they are asked for in both cases."""
    return offices.filter(code__in={*codes, *(code.lower() for code in codes)})


def _is_address(word: str) -> bool:
    try:
        validate_email(word)
    except ValidationError:
        return False
    return True
