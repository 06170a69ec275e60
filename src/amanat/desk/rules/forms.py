"""What people fill in: the check, an official document, a grade, the date of a page."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from amanat.desk.lib.choices import Account, Platform, Service
from amanat.desk.lib.numerals import in_ascii
from amanat.desk.rules import engine
from amanat.desk.rules.models import Document
from amanat.inputs import MAX_BYTES
from amanat.phrases import say
from amanat.rulebook import COMMON, Clause, Rulebook, in_words
from amanat.rulebook.model import GRADES
from amanat.ruling import Context

DRAFT, COMMENT = "draft", "comment"
KINDS = [(DRAFT, gettext_lazy("a post of mine")), (COMMENT, gettext_lazy("a comment on our page"))]


class Day(forms.DateField):
    """A day, written as browsers send it and as one may type it: 2026-01-31."""

    def __init__(self, **more: Any) -> None:
        widget = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
        super().__init__(required=False, input_formats=["%Y-%m-%d"], widget=widget, **more)
        self.error_messages["invalid"] = gettext_lazy("This is not a day of the calendar. Write it as 2026-01-31.")

    def to_python(self, value: Any) -> Any:
        """The day, whichever digits it is written in."""
        return super().to_python(in_ascii(value) if isinstance(value, str) else value)


class CheckForm(forms.Form):
    """A text, and what it cannot tell: by whose rules, where, as whom, when."""

    kind = forms.ChoiceField(label=gettext_lazy("What it is"), choices=KINDS, widget=forms.RadioSelect, required=False)
    text = forms.CharField(label=gettext_lazy("Your text"), strip=False, required=False)
    pack = forms.ChoiceField(label=gettext_lazy("Your rules"), required=False)
    account = forms.ChoiceField(label=gettext_lazy("Where you post"), choices=Account.choices, required=False)
    platform = forms.ChoiceField(
        label=gettext_lazy("Platform"), choices=[("", gettext_lazy("any")), *Platform.choices], required=False
    )
    service = forms.ChoiceField(
        label=gettext_lazy("Your service"), required=False,
        help_text=gettext_lazy("Only where your rules have some of their own for it."),
    )  # fmt: skip
    date = Day(label=gettext_lazy("Day of the post"))
    duty = forms.BooleanField(label=gettext_lazy("Speaking is my duty"), required=False)

    SHOWN = ("pack", "account", "duty")
    MORE = ("platform", "service", "date")

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **{"label_suffix": "", **more})
        book = engine.shipped()
        packs, services = self.fields["pack"], self.fields["service"]
        assert isinstance(packs, forms.ChoiceField)
        assert isinstance(services, forms.ChoiceField)
        packs.choices = [("", _("Choose your rules")), *pack_choices(book)]
        services.choices = service_choices(book)

    def clean_text(self) -> str:
        """The text as its writer sees it: one sign a line end."""
        text: str = self.cleaned_data["text"].replace("\r\n", "\n")
        if not text.strip():
            raise forms.ValidationError(_("There is no text yet. Write or paste what you want to check."))
        if len(text.encode()) > MAX_BYTES:
            raise forms.ValidationError(too_large())
        return text

    def clean(self) -> dict[str, Any]:
        """A post is judged by somebody's rules; a comment by the house rules alone."""
        given = self.cleaned_data
        if not self.is_comment() and not given.get("pack") and "pack" not in self.errors:
            self.add_error("pack", _("Choose the rules you are under: without them nothing can be said."))
        return given

    @property
    def shown(self) -> list[forms.BoundField]:
        """What nearly everybody has to say."""
        return [self[name] for name in self.SHOWN]

    @property
    def more(self) -> list[forms.BoundField]:
        """What few have to say, folded away."""
        return [self[name] for name in self.MORE]

    @property
    def has_more(self) -> bool:
        """Whether something of it was said, or said wrongly."""
        today = timezone.localdate().isoformat()
        return any(str(field.value() or "") not in ("", today) or field.errors for field in self.more)

    def is_comment(self) -> bool:
        """Whether it is a comment, not a post."""
        return self.cleaned_data.get("kind") == COMMENT

    def context(self) -> Context:
        """Who speaks, where, when."""
        given = self.cleaned_data
        return Context(
            pack=given["pack"],
            on=given["date"] or timezone.localdate(),
            account=given["account"] or "personal",
            platform=given["platform"],
            duty=given["duty"],
            service=given["service"],
        )


def too_large() -> str:
    """What is said of a text over the limit."""
    return _("This text is too long to be checked at once (at most 1 MB). Cut it into parts.")


def pack_choices(book: Rulebook) -> list[tuple[str, str]]:
    """The packs a person can be under, by name; the common guide last."""
    lang = get_language() or "en"
    named = [(pack.id, in_words(pack.name, lang)[1]) for pack in book.packs.values()]
    return sorted(named, key=lambda one: (one[0] == COMMON, one[1]))


def service_choices(book: Rulebook) -> list[tuple[str, str]]:
    """General, then the services that any pack has rules of their own for."""
    known = {name for pack in book.packs.values() for clause in pack.clauses.values() for name in clause.services}
    return [(name, str(label)) for name, label in Service.choices if not name or name in known]


class OnForm(forms.Form):
    """The day as of which a page is shown."""

    on = Day(label=gettext_lazy("As of"))

    def day(self) -> date:
        """The day asked for; today where none or no real one is."""
        asked: date | None = self.cleaned_data["on"] if self.is_valid() else None
        return asked or timezone.localdate()


class SearchForm(forms.Form):
    """Words to find clauses by."""

    q = forms.CharField(label=gettext_lazy("Search the rules"), max_length=200, required=False)


class AttachForm(forms.Form):
    """An official document, with where it comes from."""

    upload = forms.FileField(
        label=gettext_lazy("File"), max_length=250,
        help_text=gettext_lazy("PDF, PNG, JPEG, TIFF or plain text; at most 25 MB. Kept for good, open to all."),
    )  # fmt: skip
    note = forms.CharField(
        label=gettext_lazy("Where it comes from"), max_length=300,
        help_text=gettext_lazy("Gazette and page, letter and date, or the web address."),
        widget=forms.TextInput(attrs={"dir": "auto"}),
    )  # fmt: skip


class ProposeForm(forms.Form):
    """A firmer grade for a clause, the document that shows its wording, and the place in it."""

    after = forms.ChoiceField(label=gettext_lazy("How firmly it is known now"))
    document = forms.ModelChoiceField(Document.objects.none(), label=gettext_lazy("Document"))
    place = forms.CharField(
        label=gettext_lazy("Where in the document"), max_length=120,
        help_text=gettext_lazy("Page and paragraph, so that a colleague finds it."),
        widget=forms.TextInput(attrs={"dir": "auto"}),
    )  # fmt: skip

    def __init__(self, clause: Clause, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        lang = get_language() or "en"
        grades, documents = self.fields["after"], self.fields["document"]
        assert isinstance(grades, forms.ChoiceField)
        assert isinstance(documents, forms.ModelChoiceField)
        grades.choices = [(one, say("grade", one, lang)) for one in firmer(clause)]
        documents.queryset = Document.objects.filter(pack=clause.pack, instrument=clause.instrument)


def firmer(clause: Clause) -> list[str]:
    """The grades above the clause's own."""
    return [grade for grade in GRADES if engine.is_firmer(grade, clause.grade)]
