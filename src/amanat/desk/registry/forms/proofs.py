"""What is filled in to prove a channel official."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _


class ProofForm(forms.Form):
    """The page on which to look for the channel. What it may be is decided where it is fetched."""

    address = forms.CharField(
        label=_("Page on the office's website"),
        max_length=300,
        help_text=_("The page on which the line stands, in full: https://…"),
        widget=forms.URLInput(attrs={"dir": "ltr", "autocomplete": "url"}),
    )


class LetterForm(forms.Form):
    """A signed letter."""

    letter = forms.FileField(
        label=_("Signed letter"),
        max_length=300,
        help_text=_("PDF, PNG or JPEG, at most 25 MB."),
        widget=forms.FileInput(attrs={"accept": "application/pdf,image/png,image/jpeg"}),
    )
