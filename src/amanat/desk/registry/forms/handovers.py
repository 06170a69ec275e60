"""What is typed of handovers."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from amanat.desk.registry.forms.fields import DayField, PlainForm
from amanat.desk.registry.models import Appointment, Handover, Person
from amanat.desk.registry.models.handovers import HandoverQuerySet
from amanat.desk.registry.workflow import HANDOVER_STATES


class PlanForm(PlainForm):
    """When a person leaves a post and who succeeds."""

    leaves_on = DayField(label=_("Last day in the post"))
    successor = forms.ModelChoiceField(
        Person.objects.none(), label=_("Successor"), required=False, empty_label=_("nobody yet"),
        help_text=_("Somebody with a post at this office. Seats, groups and recovery contacts pass to them."),
    )  # fmt: skip

    def __init__(self, *args: Any, post: Appointment, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        posts = Appointment.objects.filter(office=post.office_id).exclude(ends_on__lt=timezone.localdate())
        others = Person.objects.serving().filter(pk__in=posts.values("person")).exclude(pk=post.person_id)
        self.fields["successor"].queryset = others  # type: ignore[attr-defined]


class BeginForm(PlanForm):
    """A handover to begin."""

    cause = forms.ChoiceField(label=_("Why the post ends"), choices=Handover.Cause.choices)
    others = forms.CharField(
        label=_("What else is to be given back"), required=False, max_length=4000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("One thing a line: a telephone, a key, a file. What is in the registry is listed by itself."),
    )  # fmt: skip
    field_order = ["cause", "leaves_on", "successor", "others"]

    def clean_others(self) -> list[str]:
        """The lines that say something."""
        lines = [line.strip() for line in self.cleaned_data["others"].splitlines() if line.strip()]
        if any(len(line) > 200 for line in lines):
            raise forms.ValidationError(_("A line has more than 200 letters. Say it shorter."))
        return lines


class AddForm(PlainForm):
    """Something else to give back."""

    text = forms.CharField(label=_("What else is to be given back"), max_length=200)


class TickForm(PlainForm):
    """How it was seen to be done."""

    proof = forms.CharField(
        label=_("How it was seen to be done"), max_length=300,
        help_text=_("Such as: signed in with the old access and was turned away. Never write a password here."),
    )  # fmt: skip


class HandoverFilter(PlainForm):
    """Filters of the list of handovers; all may stay empty."""

    state = forms.ChoiceField(label=_("State"), required=False, choices=[("", _("any")), *HANDOVER_STATES])
    late = forms.BooleanField(label=_("Only those that are late"), required=False)

    def narrow(self, handovers: HandoverQuerySet) -> HandoverQuerySet:
        """`handovers` that the filters leave; a filter that is not understood leaves all."""
        if not self.is_valid():
            return handovers
        given = self.cleaned_data
        if given["state"]:
            handovers = handovers.filter(state=given["state"])
        if given["late"]:
            handovers = handovers.under_way().filter(leaves_on__lt=timezone.localdate())
        return handovers
