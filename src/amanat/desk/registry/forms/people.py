"""What is typed of people and their posts."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from amanat.desk.lib.choices import Service
from amanat.desk.registry.actions.people import NAMES
from amanat.desk.registry.forms.fields import DayField, OfficeField, PlainForm, RowForm
from amanat.desk.registry.models import Appointment, Office, Person, Role
from amanat.desk.registry.models.people import PersonQuerySet
from amanat.desk.registry.workflow import given_by


def _roles(given: frozenset[str]) -> list[tuple[str, Any]]:
    return [(role.value, role.label) for role in Role if role.value in given]


class PersonForm(RowForm):
    """What is kept of a person."""

    language = forms.ChoiceField(
        label=_("Language"), required=False, choices=[("", _("as the browser asks")), *settings.LANGUAGES]
    )

    class Meta:
        model = Person
        fields = ["name", "local_name", "number", "email", "service", "cadre", "language"]
        help_texts = {"email": _("The official address, by which the person signs in.")}

    def __init__(self, *args: Any, only_names: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if only_names:
            self.fields = {name: field for name, field in self.fields.items() if name in NAMES}

    def clean_email(self) -> str | None:
        """An address that nobody else has."""
        email = (self.cleaned_data["email"] or "").strip().lower() or None
        if email and Person.objects.filter(email__iexact=email).exclude(pk=self.instance.pk).exists():
            raise forms.ValidationError(_("Somebody in the registry has this address already."))
        return email


class EnterForm(PersonForm):
    """A person together with their first post."""

    role = forms.ChoiceField(label=_("Role"))
    title = forms.CharField(label=_("Designation"), max_length=120, required=False)
    starts_on = DayField(label=_("In the post from"), initial=timezone.localdate)

    field_order = ["name", "local_name", "role", "title", "starts_on"]

    def __init__(self, *args: Any, by: Person, office: Office, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["role"].choices = _roles(given_by(by.roles_at(office)))  # type: ignore[attr-defined]


class AppointForm(PlainForm):
    """A further post."""

    office = OfficeField(
        label=_("Code of the office"), max_length=40, help_text=_("The page of an office shows its code.")
    )
    role = forms.ChoiceField(label=_("Role"))
    title = forms.CharField(label=_("Designation"), max_length=120, required=False)
    starts_on = DayField(label=_("In the post from"), initial=timezone.localdate)

    def __init__(self, *args: Any, by: Person, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["office"].offices = Office.objects.visible_to(by).open()  # type: ignore[attr-defined]
        self.fields["role"].choices = _roles(given_by(by.roles_at(None)))  # type: ignore[attr-defined]


class EndForm(PlainForm):
    """The last day of a post."""

    on = DayField(label=_("Last day in the post"), initial=timezone.localdate)


class PeopleFilter(PlainForm):
    """Filters of the list of people; all may stay empty."""

    words = forms.CharField(label=_("Name or personnel number"), required=False, max_length=100)
    office = forms.CharField(label=_("Office, by name or code"), required=False, max_length=100)
    role = forms.ChoiceField(label=_("Role"), required=False, choices=[("", _("any")), *Role.choices])
    service = forms.ChoiceField(
        label=_("Service"), required=False, choices=[("", _("any")), *(c for c in Service.choices if c[0])]
    )
    serving = forms.ChoiceField(
        label=_("Serving"), required=False, choices=[("", _("all")), ("yes", _("serving")), ("no", _("left"))]
    )

    def narrow(self, people: PersonQuerySet, by: Person) -> PersonQuerySet:
        """`people` that the filters leave; a filter that is not understood leaves all."""
        if not self.is_valid():
            return people
        given = self.cleaned_data
        if words := given["words"]:
            people = people.filter(Q(name__icontains=words) | Q(local_name__icontains=words) | Q(number__iexact=words))
        if given["office"] or given["role"]:
            posts = Appointment.objects.visible_to(by).current()
            if office := given["office"]:
                posts = posts.filter(
                    Q(office__code__iexact=office) | Q(office__name__icontains=office)
                    | Q(office__local_name__icontains=office)
                )  # fmt: skip
            if given["role"]:
                posts = posts.filter(role=given["role"])
            people = people.filter(pk__in=posts.values("person"))
        if given["service"]:
            people = people.filter(service=given["service"])
        if given["serving"]:
            people = people.filter(is_active=given["serving"] == "yes")
        return people
