"""What is typed of a circular: its text in a language, what it says of itself, a correction."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from amanat.desk.circulars.models import Circular, Enclosure
from amanat.desk.circulars.models.circulars import LANGUAGES
from amanat.desk.circulars.workflow import WRITERS
from amanat.desk.lib.commas import dot
from amanat.desk.registry.forms.fields import DayField, PlainForm, RowForm
from amanat.desk.registry.models import Office, Person

if TYPE_CHECKING:
    _EnclosuresField = forms.ModelMultipleChoiceField[Enclosure]
else:
    _EnclosuresField = forms.ModelMultipleChoiceField

LONGEST = 50_000
"""Signs that the text of a circular may have in one language; longer matter is enclosed."""


class TextForm(PlainForm):
    """Subject and body in one language."""

    subject = forms.CharField(label=_("Subject"), max_length=300)
    body = forms.CharField(
        label=_("Text"), max_length=LONGEST, widget=forms.Textarea(attrs={"rows": 14}),
        help_text=_("An empty line begins a new paragraph."),
    )  # fmt: skip


class BeginForm(TextForm):
    """A new circular: its office, and its text in the first language."""

    office = forms.ModelChoiceField(Office.objects.none(), label=_("Office that writes"))
    language = forms.ChoiceField(
        label=_("Language of this text"), choices=LANGUAGES, help_text=_("Other languages can be added afterwards.")
    )
    field_order = ("office", "language", "subject", "body")

    def __init__(self, *args: Any, by: Person, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        here = {post.office for post in by.posts if post.role in WRITERS}
        offices = Office.objects.open().filter(pk__in=here)
        self.fields["office"].queryset = offices  # type: ignore[attr-defined]
        self.fields["office"].initial = offices.first()
        self.fields["language"].initial = get_language()


class WriteForm(TextForm):
    """The text of a draft in a language; both fields empty take the language out."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.required = False

    def clean(self) -> dict[str, Any]:
        """Both, or neither."""
        given = self.cleaned_data
        missing = [name for name in ("subject", "body") if name in given and not given[name]]
        if len(missing) == 1:
            self.add_error(missing[0], _("Write this too; or leave both empty to take this language out."))
        return given


class EnclosuresField(_EnclosuresField):
    """Files by what they are, whom they are for, and whether anybody may open them."""

    def label_from_instance(self, one: Enclosure) -> str:
        """Such as: Form A · form_a.pdf · clean."""
        tongue = [one.get_language_display()] if one.language else []
        new = [_("New")] if one.version > one.circular.version else []
        # each in its own direction, whatever stands beside it
        words = [str(one), one.name, *tongue, one.get_state_display(), *new]
        return dot().join(f"\u2068{word}\u2069" for word in dict.fromkeys(words))


class ReviseForm(PlainForm):
    """A corrected version: what it encloses, and what was wrong."""

    enclosures = EnclosuresField(
        Enclosure.objects.none(), label=_("Enclosures"), required=False, widget=forms.CheckboxSelectMultiple,
        help_text=_("What is ticked goes with the corrected version. The earlier one keeps what it had."),
    )  # fmt: skip
    reason = forms.CharField(
        label=_("What was wrong"), max_length=400, help_text=_("It is kept in the log, and shown to the readers.")
    )
    again = forms.BooleanField(
        label=_("Everyone reads and acknowledges it again"), required=False,
        help_text=_("For a slip of the pen this is not needed; where the meaning changes, it is."),
    )  # fmt: skip

    def __init__(self, *args: Any, circular: Circular, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = Enclosure.objects.filter(circular=circular, until=None).select_related("circular")
        if rows:
            field = self.fields["enclosures"]
            field.queryset, field.initial = rows, [one for one in rows if one.is_open]  # type: ignore[attr-defined]
        else:
            del self.fields["enclosures"]


class CorrectForm(TextForm, ReviseForm):
    """A corrected text: a new version, with what was wrong."""

    field_order = ("subject", "body", "enclosures", "reason", "again")


class SettleForm(RowForm):
    """What a draft says of itself beside its text."""

    dated_on = DayField(label=_("Its date"), required=False)
    source = forms.URLField(
        label=_("Where the original is"), required=False, max_length=300, assume_scheme="https",
        help_text=_("An address on the web, such as https://…"),
    )  # fmt: skip

    class Meta:
        model = Circular
        fields = ["days", "asks_people", "is_public", "supersedes", "elsewhere", "number", "dated_on", "source"]
        labels = {
            "asks_people": _("Every person acknowledges, not only each office once"),
            "is_public": _("Open to everyone, at a public address that stays"),
            "elsewhere": _("It was issued on paper or in another system, and keeps the number and date it has"),
        }
        help_texts = {
            "days": _("Counted by the working calendar of your office. Empty: no day is set."),
            "supersedes": _("A circular of your office that ends when this one is sent."),
            "number": _("Only where it was issued elsewhere; otherwise it is counted when it is sent."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        office = self.instance.office
        replaceable = Circular.objects.in_force().filter(office=office)
        self.fields["supersedes"].queryset = replaceable  # type: ignore[attr-defined]
        self.fields["days"].max_value = 365  # type: ignore[attr-defined]
        self.fields["dated_on"].help_text = _("Only where it was issued elsewhere.")

    def clean(self) -> dict[str, Any]:
        """Issued elsewhere, it has a date of its own."""
        given = super().clean() or self.cleaned_data
        if given.get("elsewhere") and not given.get("dated_on") and "dated_on" not in self.errors:
            self.add_error("dated_on", _("Write the date it bears."))
        if given.get("days") is not None and not 1 <= given["days"] <= 365:
            self.add_error("days", _("From 1 to 365 working days."))
        return given


class EncloseForm(PlainForm):
    """A file that goes with a circular."""

    upload = forms.FileField(
        label=_("File"), max_length=250,
        help_text=_("PDF, DOCX, ODT, XLSX, PNG, JPEG, TIFF or plain text; at most 25 MB."),
    )  # fmt: skip
    title = forms.CharField(label=_("What it is"), max_length=150, required=False)
    language = forms.ChoiceField(
        label=_("For readers of"), required=False, choices=[("", _("every language")), *LANGUAGES]
    )
