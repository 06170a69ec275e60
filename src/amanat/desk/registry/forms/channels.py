"""What is typed of channels, their panels and inspections."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from amanat.desk.lib.choices import Platform
from amanat.desk.registry import law
from amanat.desk.registry.actions.channels import RECOVERY
from amanat.desk.registry.forms.fields import DayField, PeopleField, PlainForm, RowForm, TonguesField
from amanat.desk.registry.models import SEATED, Channel, Office, Person
from amanat.desk.registry.models.channels import ChannelQuerySet
from amanat.desk.registry.workflow import CHANNEL_STATES, LEADERS


class ChannelForm(RowForm):
    """A channel. Who wins the account back is asked only of those who lead the office."""

    address = forms.URLField(
        label=_("Address"), required=False, max_length=300, assume_scheme="https",
        help_text=_("Where it is found, such as https://…"),
    )  # fmt: skip
    languages = TonguesField(label=_("Languages"), initial="en")

    class Meta:
        model = Channel
        fields = ["platform", "handle", "address", "purpose", "languages", "recovery_person", "recovery_note"]

    def __init__(self, *args: Any, by: Person, office: Office, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        keeps = Q(pk=self.instance.recovery_person_id)
        people = Person.objects.filter(keeps | Q(pk__in=Person.objects.posted_at(office).values("pk")))
        self.fields["recovery_person"].queryset = people  # type: ignore[attr-defined]
        if LEADERS.isdisjoint(by.roles_at(office)):
            self.fields = {name: field for name, field in self.fields.items() if name not in RECOVERY}

    def clean(self) -> dict[str, Any]:
        """A handle that no other channel in use has on that platform."""
        given = super().clean() or self.cleaned_data
        taken = Channel.objects.in_use().exclude(pk=self.instance.pk)
        taken = taken.filter(platform=given.get("platform"), handle__iexact=given.get("handle", ""))
        if taken.exists():
            self.add_error("handle", _("A channel of this name is in the registry already, of this or another office."))
        return given


class SeatForm(PlainForm):
    """The members of a panel."""

    people = PeopleField(label=_("Members"), help_text=_("People with a post at this office today."))

    def __init__(self, *args: Any, channel: Channel, **kwargs: Any) -> None:
        sitting = channel.seats.current().values("person")
        people = Person.objects.filter(
            Q(pk__in=sitting) | Q(pk__in=Person.objects.posted_at(channel.office, SEATED).values("pk"))
        )
        super().__init__(*args, initial={"people": Person.objects.filter(pk__in=sitting)}, **kwargs)
        self.fields["people"].queryset = people  # type: ignore[attr-defined]


class InspectForm(PlainForm):
    """A security inspection."""

    on = DayField(label=_("Day of the inspection"), initial=timezone.localdate)
    second_factor_on = forms.BooleanField(label=_("The second factor is on for everyone who signs in"), required=False)
    access_list_checked = forms.BooleanField(
        label=_("Everyone with access was checked, and is still needed"), required=False
    )
    recovery_tested = forms.BooleanField(
        label=_("It was tested that the recovery contact can win the account back"), required=False
    )
    note = forms.CharField(
        label=_("What was found"), required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Never write a password here."),
    )  # fmt: skip
    months = forms.IntegerField(label=_("Next inspection after … months"), min_value=1, max_value=24)

    def __init__(self, *args: Any, office: Office, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["months"].initial = law.inspection_months(office) or law.INSPECTION_MONTHS

    def clean_on(self) -> date:
        """A day that is not still to come."""
        day: date = self.cleaned_data["on"]
        if day > timezone.localdate():
            raise forms.ValidationError(_("This day is still to come."))
        return day


class ChannelFilter(PlainForm):
    """Filters of the list of channels; all may stay empty."""

    words = forms.CharField(label=_("Handle, or office by name or code"), required=False, max_length=100)
    platform = forms.ChoiceField(label=_("Platform"), required=False, choices=[("", _("any")), *Platform.choices])
    state = forms.ChoiceField(label=_("State"), required=False, choices=[("", _("any")), *CHANNEL_STATES])
    late = forms.BooleanField(label=_("Only where an inspection is late"), required=False)

    def narrow(self, channels: ChannelQuerySet) -> ChannelQuerySet:
        """`channels` that the filters leave; a filter that is not understood leaves all."""
        if not self.is_valid():
            return channels
        given = self.cleaned_data
        if words := given["words"]:
            channels = channels.filter(
                Q(handle__icontains=words) | Q(office__code__iexact=words) | Q(office__name__icontains=words)
                | Q(office__local_name__icontains=words)
            )  # fmt: skip
        if given["platform"]:
            channels = channels.filter(platform=given["platform"])
        if given["state"]:
            channels = channels.filter(state=given["state"])
        return channels.inspection_due() if given["late"] else channels
