"""What is typed of working calendars."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.files import File
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext_lazy as _

from amanat.desk.lib.files import MEGABYTE
from amanat.desk.registry.forms.fields import DayField, PlainForm, RowForm
from amanat.desk.registry.models import Holiday

LIMIT = MEGABYTE


class WeekendForm(PlainForm):
    """The days of the week on which an office rests."""

    days = forms.TypedMultipleChoiceField(
        label=_("Days without work"), choices=list(WEEKDAYS.items()), coerce=int, required=False,
        widget=forms.CheckboxSelectMultiple,
    )  # fmt: skip

    def clean_days(self) -> frozenset[int]:
        """Some of the seven, never all."""
        days: list[Any] = self.cleaned_data["days"]
        if len(set(days)) > 6:
            raise forms.ValidationError(_("One day of the week at least is worked."))
        return frozenset(days)


class HolidayForm(RowForm):
    """A holiday by hand."""

    on = DayField(label=_("Day"))

    class Meta:
        model = Holiday
        fields = ["on", "name", "local_name", "is_tentative"]
        help_texts = {
            "is_tentative": _("As where it hangs on the sight of the moon. It counts as a holiday all the same.")
        }


class FileForm(PlainForm):
    """An iCalendar file."""

    file = forms.FileField(
        label=_("iCalendar file"), max_length=300, widget=forms.FileInput(attrs={"accept": ".ics,text/calendar"}),
        help_text=_("It ends with .ics, and has at most 1 MB and 2,000 events. First you see what it would do."),
    )  # fmt: skip

    def clean_file(self) -> File[bytes]:
        """Not too large."""
        file: File[bytes] = self.cleaned_data["file"]
        if file.size > LIMIT:
            raise forms.ValidationError(_("The file is larger than 1 MB. Export the holidays alone."))
        return file
