"""What is typed of offices."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from amanat.desk.registry import law
from amanat.desk.registry.actions.offices import BY_HEADS
from amanat.desk.registry.forms.fields import OfficeField, PlainForm, RowForm
from amanat.desk.registry.models import Office, Person
from amanat.desk.registry.models.offices import OfficeQuerySet
from amanat.rulebook import COMMON, in_words


def pack_choices() -> list[tuple[str, str]]:
    """The packs an office may work under, by their names."""
    packs = [pack for pack in law.rulebook().packs.values() if pack.id != COMMON]
    named = [(pack.id, in_words(pack.name, get_language() or "en")[1]) for pack in packs]
    return [("", str(_("those of the office above"))), *named]


class OfficeForm(RowForm):
    """A new office, or what is kept of one. A head sees only what a head may change."""

    website = forms.URLField(label=_("Website"), required=False, max_length=200, assume_scheme="https")
    pack = forms.ChoiceField(label=_("Rules it works under"), required=False, choices=pack_choices)

    class Meta:
        model = Office
        fields = ["code", "name", "local_name", "kind", "pack", "website"]
        help_texts = {"code": _("How spreadsheets and letters name it, such as ED-LHR.")}

    def __init__(self, *args: Any, is_head: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if is_head:
            self.fields = {name: field for name, field in self.fields.items() if name in BY_HEADS}


class MoveForm(PlainForm):
    """The new place of an office."""

    to = OfficeField(label=_("Code of the office it moves below"), max_length=40)

    def __init__(self, *args: Any, by: Person, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["to"].offices = Office.objects.visible_to(by)  # type: ignore[attr-defined]


class OfficeSearch(PlainForm):
    """Words in the name or code of an office, and the office under which to look."""

    under_office = forms.IntegerField(required=False, widget=forms.HiddenInput)
    words = forms.CharField(label=_("Name or code"), required=False, max_length=100)

    def under(self, offices: OfficeQuerySet) -> OfficeQuerySet:
        """`offices` under the one that is named; all where none is."""
        number = self.cleaned_data.get("under_office") if self.is_valid() else None
        return offices.filter(path__contains=f"/{number}/") if number else offices

    def narrow(self, offices: OfficeQuerySet) -> OfficeQuerySet | None:
        """`offices` that have the words; None where nothing was asked."""
        words = self.cleaned_data["words"] if self.is_valid() else ""
        if not words:
            return None
        return offices.filter(Q(name__icontains=words) | Q(local_name__icontains=words) | Q(code__icontains=words))
