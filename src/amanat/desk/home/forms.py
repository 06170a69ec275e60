"""What is searched for."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _


class SearchForm(forms.Form):
    """The words to look for."""

    q = forms.CharField(
        label=_("Words"), max_length=100, required=False, strip=True,
        widget=forms.TextInput(attrs={"type": "search", "dir": "auto"}),
        help_text=_("An office, a person, a channel, a group, a rule. Every word must occur."),
    )  # fmt: skip
