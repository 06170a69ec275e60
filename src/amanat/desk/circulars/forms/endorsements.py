"""What is typed when a circular is sent onward."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import Exists, OuterRef
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from amanat.desk.circulars.models import Copy
from amanat.desk.circulars.models.circulars import LANGUAGES
from amanat.desk.registry.forms.fields import DayField, PlainForm
from amanat.desk.registry.models import Office

SHOWN = 200
"""How many offices of the next level can be ticked one by one."""


class EndorseForm(PlainForm):
    """To which offices below, under which memo number, with which covering note."""

    everywhere = forms.BooleanField(label=_("To every office below that has none yet"), required=False)
    chosen = forms.MultipleChoiceField(
        label=_("Or to these, directly below"), required=False, widget=forms.CheckboxSelectMultiple
    )
    number = forms.CharField(
        label=_("Memo number"), required=False, max_length=120,
        help_text=_("Empty: the next number of your office is taken."),
    )  # fmt: skip
    dated_on = DayField(label=_("Date"), initial=timezone.localdate)

    def __init__(self, *args: Any, copy: Copy, languages: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.languages, names = languages, dict(LANGUAGES)
        has = Copy.objects.filter(circular=copy.circular_id, office=OuterRef("pk"))
        below = Office.objects.open().under(copy.office).exclude(pk=copy.office_id)
        self.free = below.filter(~Exists(has)).order_by("path")
        near = self.free.filter(parent=copy.office).order_by("name")[:SHOWN]
        self.fields["chosen"].choices = [(str(one.pk), str(one)) for one in near]  # type: ignore[attr-defined]
        if not near:
            self.fields["chosen"].widget = forms.MultipleHiddenInput()
            self.fields["everywhere"].label = _("To the offices further below that have none yet")
        for code in languages:
            self.fields[f"note_{code}"] = forms.CharField(
                label=_("Covering note in {language}").format(language=names[code]), required=False, max_length=2000,
                widget=forms.Textarea(attrs={"rows": 3, "dir": "auto", "lang": code}),
            )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        """At least one office, and no day that is still to come."""
        given = self.cleaned_data
        if not given.get("everywhere") and not given.get("chosen") and "chosen" not in self.errors:
            self.add_error("chosen", _("Choose at least one office."))
        if given.get("dated_on") and given["dated_on"] > timezone.localdate():
            self.add_error("dated_on", _("This day is still to come."))
        return given

    def offices(self) -> list[Office]:
        """The offices meant, once it is valid."""
        given = self.cleaned_data
        return list(self.free if given["everywhere"] else self.free.filter(pk__in=given["chosen"]))

    def note(self) -> dict[str, str]:
        """The covering note by language, without empty ones."""
        notes = {code: self.cleaned_data[f"note_{code}"].strip() for code in self.languages}
        return {code: text for code, text in notes.items() if text}
