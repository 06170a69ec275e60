"""What the log is filtered by."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django import forms
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from amanat.desk.audit.models import EventQuerySet


class EventFilter(forms.Form):
    """Filters of the log; all may stay empty."""

    words = forms.CharField(label=_("Words"), required=False, max_length=100)
    verb = forms.CharField(label=_("Verb"), required=False, max_length=40)
    since = forms.DateField(label=_("From"), required=False, widget=forms.DateInput(attrs={"type": "date"}))
    until = forms.DateField(label=_("Until"), required=False, widget=forms.DateInput(attrs={"type": "date"}))

    def narrow(self, events: EventQuerySet) -> EventQuerySet:
        """`events` that the filters leave; a filter that is not understood leaves all."""
        if not self.is_valid():
            return events
        given = self.cleaned_data
        if given["words"]:
            events = events.filter(title__icontains=given["words"])
        if given["verb"]:
            events = events.filter(verb=given["verb"])
        if given["since"]:
            events = events.filter(at__date__gte=given["since"])
        if given["until"]:
            events = events.filter(at__date__lte=given["until"])
        return events
