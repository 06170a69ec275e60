"""What is typed to put a post right, to take it down, and to find posts."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from itertools import groupby
from typing import Any

from django import forms
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from amanat.desk.lib.commas import listed
from amanat.desk.lib.numerals import local
from amanat.desk.publishing import corrections as rules
from amanat.desk.publishing.actions.corrections import Wanted
from amanat.desk.publishing.lengths import measure
from amanat.desk.publishing.models import Mending, Release
from amanat.desk.publishing.models.corrections import CorrectionQuerySet
from amanat.desk.publishing.models.releases import ReleaseQuerySet
from amanat.desk.publishing.workflow_corrections import CORRECTION_STATES, KINDS, WAYS
from amanat.desk.registry.forms.fields import DayField, PlainForm
from amanat.desk.registry.models import Channel, Office, Person


class WithdrawForm(PlainForm):
    """Why a post is taken down."""

    reason = forms.CharField(
        label=_("What is wrong, as the public is told"), max_length=1000, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("It stands on the office's public page of corrections. Name no person in it."),
    )  # fmt: skip
    found_at = forms.DateTimeField(
        label=_("When the office learned of it"), help_text=_("From this moment the time to correction is counted."),
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["found_at"].initial = timezone.localtime().replace(second=0, microsecond=0)

    def clean_found_at(self) -> datetime:
        """A moment that is over."""
        moment: datetime = self.cleaned_data["found_at"]
        if moment > timezone.now():
            raise forms.ValidationError(_("This moment is still to come."))
        return moment


class CorrectForm(WithdrawForm):
    """What is right instead: one text for all channels where the same text stands, and for each channel how."""

    shows_before = forms.BooleanField(
        label=_("The public may read the wrong text beside the right one. Untick it where showing it does harm."),
        required=False, initial=True,
    )  # fmt: skip

    def __init__(self, *args: Any, rows: list[Release], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._groups: list[tuple[str, str, list[Release]]] = []
        for number, (text, found) in enumerate(_by_text(rows)):
            self._groups.append((f"text_{number}", text, found))
            self.fields[f"text_{number}"] = self._text(text, found)
            for row in found:
                self.fields[f"way_{row.pk}"] = _way(row)

    def _text(self, text: str, rows: list[Release]) -> forms.CharField:
        language = rows[0].draft.version_for(rows[0].channel).language
        label = _("The right text for {channels}").format(channels=listed(row.channel for row in rows))
        widget = forms.Textarea(attrs={"rows": 6, "dir": "auto", "lang": language})
        again = _("Change what is wrong. What you leave as it is stays as it is.")
        return forms.CharField(label=label, initial=text, max_length=70_000, widget=widget, help_text=again)

    def clean(self) -> dict[str, Any]:
        """Every changed text fits where it goes, and it is said how it gets there."""
        typed = super().clean() or {}
        wanted = []
        for name, before, rows in self._groups:
            text = str(typed.get(name, before)).replace("\r\n", "\n").strip()
            if text == before.strip():
                continue
            for row in rows:
                self._fits(name, text, row)
                if not typed.get(f"way_{row.pk}"):
                    self.add_error(f"way_{row.pk}", _("Choose how."))
                else:
                    wanted.append(Wanted(row, typed[f"way_{row.pk}"], text))
        if not wanted and not self.errors:
            raise forms.ValidationError(_("Nothing is changed yet. Write the right text."))
        return {key: typed.get(key) for key in ("reason", "found_at", "shows_before")} | {"wanted": wanted}

    def _fits(self, name: str, text: str, row: Release) -> None:
        length = measure(row.channel.platform, text)
        if not length.fits:
            words = _("Too long for {channel}: {used} of {most}. Shorten it.")
            told = words.format(channel=row.channel, used=local(length.used), most=local(length.most))
            self.add_error(name, told)


class ConfirmForm(PlainForm):
    """Where it stands now."""

    address = forms.URLField(
        label=_("Address of the new post"), max_length=500, assume_scheme="https",
        help_text=_("Open it there, and copy its address."),
    )  # fmt: skip

    def __init__(self, *args: Any, row: Mending, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not row.publishes:
            del self.fields["address"]


class PostFilter(PlainForm):
    """Which posts: of an office, on a channel, between two days."""

    office = forms.CharField(label=_("Office, by its code"), required=False, max_length=40)
    channel = forms.ModelChoiceField(Channel.objects.none(), label=_("Channel"), required=False, empty_label=_("all"))
    first = DayField(label=_("From"), required=False)
    last = DayField(label=_("Until"), required=False)

    def __init__(self, *args: Any, person: Person, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        code = str(self.data.get("office", "")).strip()
        self.chosen = Office.objects.visible_to(person).filter(code__iexact=code).first() if code else None
        near = Q(office=self.chosen) if self.chosen else Q(office__in=[post.office for post in person.posts])
        self.fields["channel"].queryset = Channel.objects.filter(near)  # type: ignore[attr-defined]

    def narrow(self, rows: ReleaseQuerySet) -> ReleaseQuerySet:
        """The rows that fit; a filter that is not understood takes nothing away."""
        self.is_valid()
        typed = self.cleaned_data
        if typed.get("office"):
            rows = rows.filter(draft__office=self.chosen) if self.chosen else rows.none()
        if typed.get("channel"):
            rows = rows.filter(channel=typed["channel"])
        if typed.get("first"):
            rows = rows.filter(released_at__date__gte=typed["first"])
        if typed.get("last"):
            rows = rows.filter(released_at__date__lte=typed["last"])
        return rows


class CorrectionFilter(PlainForm):
    """Which corrections."""

    kind = forms.ChoiceField(label=_("Kind"), required=False, choices=[("", _("all")), *KINDS])
    state = forms.ChoiceField(label=_("State"), required=False, choices=[("", _("all")), *CORRECTION_STATES])

    def narrow(self, rows: CorrectionQuerySet) -> CorrectionQuerySet:
        """The rows that fit."""
        self.is_valid()
        return rows.filter(**{key: value for key, value in self.cleaned_data.items() if value})


def _by_text(rows: list[Release]) -> Iterator[tuple[str, list[Release]]]:
    """The releases by the text that stands there, those alike together."""
    pairs = sorted(((rules.text_of(row), row) for row in rows), key=lambda pair: (pair[0], pair[1].pk))
    for text, found in groupby(pairs, key=lambda pair: pair[0]):
        yield text, [row for _text, row in found]


def _way(row: Release) -> forms.ChoiceField:
    words = dict(WAYS)
    label = _("How on {channel}").format(channel=row.channel)
    choices = [(way, words[way]) for way in rules.ways(row.channel)]
    return forms.ChoiceField(
        label=label, choices=choices, required=False, widget=forms.RadioSelect, help_text=rules.note(row.channel)
    )
