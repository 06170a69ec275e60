"""The form by which an office hands in a signed sheet."""

from __future__ import annotations

import re
import tempfile
from pathlib import Path
from typing import Any

from django import forms
from django.core.files import File
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from amanat.desk.circulars.actions.sheets import LARGEST, MOST
from amanat.desk.circulars.models import Circular
from amanat.desk.circulars.models.circulars import LANGUAGES
from amanat.desk.lib import files, sheets
from amanat.desk.lib.numerals import in_ascii
from amanat.desk.registry.forms.fields import DayField, PlainForm
from amanat.desk.registry.imports.columns import folded, heads_of

_NUMBERS = heads_of("people")


class SheetForm(PlainForm):
    """The scan, what was signed and when, and the personnel numbers: typed, pasted, or in a spreadsheet."""

    scan = forms.FileField(
        label=_("Scan of the signed sheet"), help_text=_("PDF, JPEG, PNG or TIFF, at most 25 MB."),
        widget=forms.FileInput(attrs={"accept": ".pdf,.jpg,.jpeg,.png,.tif,.tiff"}),
    )  # fmt: skip
    language = forms.ChoiceField(label=_("Which text they read"))
    signed_on = DayField(label=_("Day of the signatures"))
    numbers = forms.CharField(
        label=_("Personnel numbers of those who signed"), required=False, max_length=60_000,
        help_text=_("One a line, or with commas between them."), widget=forms.Textarea(attrs={"rows": 6}),
    )  # fmt: skip
    table = forms.FileField(
        label=_("Or a spreadsheet with the personnel numbers"), required=False, max_length=300,
        help_text=_("XLSX or CSV with a column “personnel number”; without such a head the first column counts."),
        widget=forms.FileInput(attrs={"accept": ".xlsx,.csv,.tsv,.txt"}),
    )  # fmt: skip

    def __init__(self, *args: Any, circular: Circular, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.circular = circular
        written = {text.language for text in circular.texts_of()}
        self.fields["language"].choices = [one for one in LANGUAGES if one[0] in written]  # type: ignore[attr-defined]

    def clean_scan(self) -> File[bytes]:
        """Not too large."""
        scan: File[bytes] = self.cleaned_data["scan"]
        if scan.size > LARGEST:
            raise forms.ValidationError(_("The file is too large: at most 25 MB."))
        return scan

    def clean_signed_on(self) -> Any:
        """Neither to come, nor before the letter was sent."""
        day = self.cleaned_data["signed_on"]
        if day > timezone.localdate():
            raise forms.ValidationError(_("This day is still to come."))
        sent = self.circular.dispatched_at
        if sent and day < timezone.localdate(sent):
            raise forms.ValidationError(_("This day is before the circular was sent."))
        return day

    def clean(self) -> dict[str, Any]:
        """The numbers from the field and from the table together, each once; digits of every script count alike."""
        data = super().clean() or {}
        found = re.split(r"[\n,;،\t]+", data.get("numbers", ""))
        if data.get("table"):
            found += self._read(data["table"])
        clean = [in_ascii(one).strip() for one in found]
        data["all_numbers"] = list(dict.fromkeys(one[:40] for one in clean if one))
        if not data["all_numbers"] and not self.errors:
            self.add_error("numbers", _("Write the numbers of those who signed, or add a spreadsheet with them."))
        if len(data["all_numbers"]) > MOST:
            self.add_error("numbers", gettext("A sheet holds at most 2,000 numbers. Hand in several."))
        return data

    def _read(self, upload: File[bytes]) -> list[str]:
        if upload.size > 5 * files.MEGABYTE:
            self.add_error("table", _("The spreadsheet is too large: at most 5 MB."))
            return []
        with tempfile.TemporaryDirectory() as folder:
            _digest, path = files.write_down(upload, Path(folder))
            try:
                rows = [cells for _number, cells in sheets.rows_of(path)]
            except sheets.Unreadable as error:
                self.add_error("table", str(error))
                return []
        heads = [_NUMBERS.get(folded(cell)) for cell in rows[0]] if rows else []
        place = heads.index("number") if "number" in heads else 0
        return [str(cells[place]) for cells in rows["number" in heads :] if len(cells) > place]
