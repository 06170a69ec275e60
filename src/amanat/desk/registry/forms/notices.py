"""How a person wants to be mailed."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from amanat.desk.registry.models import Mail


class MailForm(forms.Form):
    """One of three ways."""

    mail = forms.ChoiceField(label=_("Notices by mail"), choices=Mail.choices, widget=forms.RadioSelect)
