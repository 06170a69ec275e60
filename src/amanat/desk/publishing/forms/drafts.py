"""What is typed of drafts: texts, plan, pictures, votes."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from django import forms
from django.conf import settings
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from amanat.desk.lib.choices import Platform
from amanat.desk.lib.numerals import local
from amanat.desk.publishing.actions.editing import tongues
from amanat.desk.publishing.forms.fields import MomentField, NearDayField
from amanat.desk.publishing.lengths import measure
from amanat.desk.publishing.models import Draft
from amanat.desk.publishing.models.drafts import DraftQuerySet
from amanat.desk.publishing.workflow import DRAFT_STATES
from amanat.desk.registry.forms.fields import PlainForm
from amanat.desk.registry.models import Channel, Office, Person
from amanat.desk.registry.models.channels import Purpose

_LANGUAGES = dict(settings.LANGUAGES)
_LONGEST = 70_000
_FARTHEST = timedelta(days=731)
UNITS = {"characters": _("characters"), "graphemes": _("signs as one sees them"), "bytes": _("bytes")}


class BeginForm(PlainForm):
    """A new draft: enough to begin with."""

    title = forms.CharField(
        label=_("Title"), max_length=120, help_text=_("For the office's own use: it is not released.")
    )
    purpose = forms.ChoiceField(label=_("What it is for"), choices=Purpose.choices)
    language = forms.ChoiceField(label=_("Language of the text"), choices=settings.LANGUAGES)
    text = forms.CharField(
        label=_("Text"), max_length=_LONGEST, strip=False, widget=forms.Textarea(attrs={"rows": 8}),
        help_text=_("It is official record from the first save, and screened by the rules of your office."),
    )  # fmt: skip
    channels = forms.ModelMultipleChoiceField(
        Channel.objects.none(), label=_("Channels"), widget=forms.CheckboxSelectMultiple, required=False,
        help_text=_("Where it is to be released. You can change this later, and the language of each."),
    )  # fmt: skip

    def __init__(self, *args: Any, office: Office, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["channels"].queryset = Channel.objects.in_use().filter(office=office)  # type: ignore[attr-defined]
        self.fields["language"].initial = get_language() or "en"

    def clean_text(self) -> str:
        """A text that says something, with one sign a line end."""
        text: str = self.cleaned_data["text"].replace("\r\n", "\n").strip()
        if not text:
            raise forms.ValidationError(_("There is no text yet."))
        return text


class TextsForm(PlainForm):
    """The texts of a draft: one a language, and where wanted one for a platform alone."""

    def __init__(self, *args: Any, draft: Draft, **kwargs: Any) -> None:
        now = {(one.language, one.platform): one.text for one in draft.versions.all()}
        targets = [(one.language, one.channel.platform) for one in draft.targets.all()]
        keys = dict.fromkeys([(lang, "") for lang, _platform in targets] + [(lang, "") for lang, _platform in now])
        keys = {**keys, **dict.fromkeys(targets), **dict.fromkeys(now)}
        super().__init__(*args, **kwargs)
        self.keys = {f"text-{lang}-{platform}" if platform else f"text-{lang}": (lang, platform)
                     for lang, platform in sorted(keys)}  # fmt: skip
        for name, (language, platform) in self.keys.items():
            self.fields[name] = self._field(language, platform, now.get((language, platform), ""))

    def _field(self, language: str, platform: str, text: str) -> forms.CharField:
        shown = _LANGUAGES.get(language, language)
        if not platform:
            label, rows, about = _("Text in {language}").format(language=shown), 8, ""
        else:
            name = str(Platform(platform).label)
            label, rows = _("Only for {platform}, in {language}").format(platform=name, language=shown), 4
            about = _room(platform)
        widget = forms.Textarea(attrs={"rows": rows, "lang": language, "dir": "auto"})
        return forms.CharField(
            label=label, required=False, max_length=_LONGEST, strip=False, initial=text, widget=widget, help_text=about
        )

    def texts(self) -> dict[tuple[str, str], str]:
        """What was typed, by language and platform."""
        return {key: self.cleaned_data[name] for name, key in self.keys.items()}


def _room(platform: str) -> str:
    length = measure(platform, "")
    if length.most is None:
        return str(_("No limit of this platform is known."))
    words = _("At most {most} {unit}. Leave it empty to use the text above.")
    return str(words).format(most=local(f"{length.most:,}"), unit=UNITS[length.unit])


class PlanForm(PlainForm):
    """When and where, what for, and whether it is urgent."""

    title = forms.CharField(label=_("Title"), max_length=120)
    purpose = forms.ChoiceField(label=_("What it is for"), choices=Purpose.choices)
    wanted_at = MomentField(
        label=_("Moment of release"), required=False,
        help_text=_("What the panel has not approved by then expires: it never goes out late in silence."),
    )  # fmt: skip
    emergency_reason = forms.CharField(
        label=_("Why it cannot wait for the whole panel"), required=False, max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Only in an emergency: two members then decide, and the full panel looks at it the next working "
                    "day. Empty for everything else."),
    )  # fmt: skip

    def __init__(self, *args: Any, draft: Draft, channels: Iterable[Channel], **kwargs: Any) -> None:
        aims = {one.channel_id: one.language for one in draft.targets.all()}
        initial = {
            "title": draft.title, "purpose": draft.purpose, "emergency_reason": draft.emergency_reason,
            "wanted_at": timezone.localtime(draft.wanted_at) if draft.wanted_at else None,
        }  # fmt: skip
        super().__init__(*args, initial=initial | kwargs.pop("initial", {}), **kwargs)
        self.channels = {f"channel-{channel.pk}": channel for channel in channels}
        for name, channel in self.channels.items():
            spoken = [(code, _LANGUAGES.get(code, code)) for code in tongues(channel) or _LANGUAGES]
            self.fields[name] = forms.ChoiceField(
                label=str(channel), choices=[("", _("not here")), *spoken], required=False,
                initial=aims.get(channel.pk, ""),
            )  # fmt: skip
        self.order_fields(["title", "purpose", "wanted_at", *self.channels, "emergency_reason"])

    def clean_wanted_at(self) -> Any:
        """A moment that is still to come."""
        moment = self.cleaned_data["wanted_at"]
        if moment is None or "wanted_at" not in self.changed_data:
            return moment
        if moment <= timezone.now():
            raise forms.ValidationError(_("This moment is over."))
        if moment > timezone.now() + _FARTHEST:
            raise forms.ValidationError(_("This moment is more than two years away."))
        return moment

    def plan(self) -> dict[str, Any]:
        """What was typed, as the action takes it."""
        given = self.cleaned_data
        targets = {channel: given[name] for name, channel in self.channels.items() if given[name]}
        own = {name: given[name] for name in ("title", "purpose", "wanted_at", "emergency_reason")}
        return {**own, "targets": targets}


class AltForm(PlainForm):
    """What a picture shows, in each language that the draft speaks."""

    def __init__(self, *args: Any, languages: Iterable[str], alts: dict[str, str] | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.languages = list(languages)
        for code in self.languages:
            self.fields[f"alt-{code}"] = forms.CharField(
                label=_("What it shows, in {language}").format(language=_LANGUAGES.get(code, code)), required=False,
                max_length=1000, initial=(alts or {}).get(code, ""),
                widget=forms.Textarea(attrs={"rows": 2, "lang": code, "dir": "auto"}),
                help_text=_("For those who cannot see it. It has to be there before the panel gets the draft."),
            )  # fmt: skip

    def alts(self) -> dict[str, str]:
        """What was typed, by language."""
        return {code: self.cleaned_data[f"alt-{code}"] for code in self.languages}


class PictureForm(AltForm):
    """A picture, and what it shows."""

    picture = forms.FileField(
        label=_("Picture"), max_length=300,
        help_text=_("JPEG, PNG, WebP or GIF that stands still, at most 10 MB. Where and when it was taken is removed."),
        widget=forms.FileInput(attrs={"accept": "image/jpeg,image/png,image/webp,image/gif"}),
    )  # fmt: skip


class VoteForm(PlainForm):
    """A vote, and its reason."""

    vote = forms.ChoiceField(
        label=_("Your vote"), widget=forms.RadioSelect,
        choices=[("for", _("for")), ("against", _("against")), ("recused", _("I stand aside"))],
    )  # fmt: skip
    reason = forms.CharField(
        label=_("Reason"), required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Needed where you vote against or stand aside. It is kept, and shown once you have voted."),
    )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        """A reason with everything but a vote for."""
        given = self.cleaned_data
        if given.get("vote") in ("against", "recused") and not given.get("reason", "").strip():
            self.add_error("reason", _("Say why: a vote against and a step aside are kept with their reason."))
        return given


class LiftForm(PlainForm):
    """Why something that stops is lifted."""

    reason = forms.CharField(
        label=_("Reason"), max_length=2000, widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("It is kept in the log and shown to those who decide."),
    )  # fmt: skip


class DraftFilter(PlainForm):
    """Filters of the list of drafts; all may stay empty."""

    words = forms.CharField(label=_("Title"), required=False, max_length=100)
    state = forms.ChoiceField(label=_("State"), required=False, choices=[("", _("any")), *DRAFT_STATES])
    channel = forms.ModelChoiceField(Channel.objects.none(), label=_("Channel"), required=False, empty_label=_("any"))
    on = NearDayField(label=_("Day of release"), required=False)
    mine = forms.BooleanField(label=_("Only what I wrote"), required=False)

    def __init__(self, *args: Any, by: Person, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.by = by
        self.fields["channel"].queryset = Channel.objects.visible_to(by).in_use()  # type: ignore[attr-defined]

    def narrow(self, drafts: DraftQuerySet) -> DraftQuerySet:
        """`drafts` that the filters leave; a filter that is not understood leaves all."""
        if not self.is_valid():
            return drafts
        given = self.cleaned_data
        if words := given["words"]:
            drafts = drafts.filter(Q(title__icontains=words))
        if given["state"]:
            drafts = drafts.filter(state=given["state"])
        if given["channel"]:
            drafts = drafts.filter(targets__channel=given["channel"])
        if given["on"]:
            drafts = drafts.on(given["on"])
        return drafts.filter(writers=self.by) if given["mine"] else drafts
