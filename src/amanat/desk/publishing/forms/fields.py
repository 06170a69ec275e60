"""Days and moments as they are typed."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from amanat.desk.lib.numerals import in_ascii
from amanat.desk.registry.forms.fields import DayField

_YEARS = range(1900, 2200)
"""Years with room for the weeks around a day, in every time zone."""


class NearDayField(DayField):
    """A day of our time."""

    def clean(self, value: Any) -> Any:
        """The day. Raises ValidationError for one that no calendar here shows."""
        day = super().clean(in_ascii(value) if isinstance(value, str) else value)
        if day is not None and day.year not in _YEARS:
            raise forms.ValidationError(_("Choose a day nearer to today."))
        return day


class MomentField(forms.DateTimeField):
    """A day and a time, picked or typed, in any digits."""

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
        formats = ["%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M", "%Y-%m-%dT%H:%M:%S"]
        super().__init__(widget=widget, input_formats=formats, **kwargs)

    def to_python(self, value: Any) -> Any:
        """The moment, whichever digits it is written in. Raises ValidationError."""
        moment = super().to_python(in_ascii(value) if isinstance(value, str) else value)
        if moment is not None and moment.year not in _YEARS:
            raise forms.ValidationError(_("Choose a day nearer to today."))
        return moment
