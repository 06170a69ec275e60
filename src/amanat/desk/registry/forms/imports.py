"""The form by which a spreadsheet is loaded."""

from __future__ import annotations

from django import forms
from django.core.exceptions import ValidationError
from django.core.files import File
from django.utils.translation import gettext_lazy as _

from amanat.desk.lib.files import MEGABYTE
from amanat.desk.registry.imports.columns import KINDS

LIMIT = 25 * MEGABYTE


class ImportForm(forms.Form):
    """Which kind, and the file."""

    kind = forms.ChoiceField(
        label=_("What is in the file"), choices=[(kind.name, kind.label) for kind in KINDS.values()]
    )
    file = forms.FileField(
        label=_("Spreadsheet"),
        max_length=300,
        help_text=_(
            "XLSX or CSV, at most 25 MB and 100,000 rows. Nothing is written yet: first you see what it would do."
        ),
        widget=forms.FileInput(attrs={"accept": ".xlsx,.csv,.tsv,.txt"}),
    )

    def clean_file(self) -> File[bytes]:
        """Not too large."""
        file: File[bytes] = self.cleaned_data["file"]
        if file.size > LIMIT:
            raise ValidationError(_("The file is larger than 25 MB. Divide it into several files."))
        return file
