"""Forms for putting right, and taking down, what is out."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from amanat.desk.publishing.models import Draft
from amanat.desk.publishing.models.corrections import key_of
from amanat.desk.registry.forms.fields import PlainForm

_LONGEST = 20_000


class ReasonForm(PlainForm):
    """Why: for the public, too."""

    reason = forms.CharField(
        label=_("Reason"), max_length=1000, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("It is shown to the public, with how long the post stood."),
    )  # fmt: skip


class CorrectForm(ReasonForm):
    """The texts as they should read. `ways` where a platform changes no post."""

    way = forms.ChoiceField(
        label=_("Where a platform cannot change a post"), widget=forms.RadioSelect, initial="replace",
        choices=[
            ("replace", _("delete it and post it anew: answers to it are lost")),
            ("answer", _("leave it, and set the right text below it")),
        ],
    )  # fmt: skip
    field_order = ("reason", "way")

    def __init__(self, *args: Any, draft: Draft, texts: dict[str, str], asks_way: bool, **more: Any) -> None:
        super().__init__(*args, **more)
        if not asks_way:
            del self.fields["way"]
        self._keys: dict[str, str] = {}
        for number, version in enumerate(draft.versions.all()):
            name = f"text-{number}"
            self._keys[name] = key_of(version)
            self.fields[name] = forms.CharField(
                label=str(version), max_length=_LONGEST, initial=texts[key_of(version)],
                widget=forms.Textarea(attrs={"rows": 6, "dir": "auto", "lang": version.language}),
            )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        """`reason`, `way`, and `texts` by the names of their versions."""
        typed = super().clean() or {}
        texts = {key: typed[name] for name, key in self._keys.items() if name in typed}
        return {"reason": typed.get("reason", ""), "way": typed.get("way", "replace"), "texts": texts}
