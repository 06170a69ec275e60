"""Forms about releases and the keys of channels."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from amanat.desk.publishing import workflow as steps
from amanat.desk.publishing.connectors.opening import KINDS
from amanat.desk.registry.forms.fields import PlainForm
from amanat.desk.registry.models import Channel

if TYPE_CHECKING:
    from amanat.desk.publishing.models.releases import ReleaseQuerySet


class AddressForm(PlainForm):
    """Where a post stands."""

    address = forms.URLField(
        label=_("Address of the post"), max_length=500, assume_scheme="https",
        help_text=_("Open the post on the platform, and copy its address here."),
    )  # fmt: skip


class ReleaseFilter(PlainForm):
    """Filters of the list; all may stay empty."""

    state = forms.ChoiceField(label=_("State"), required=False, choices=[("", _("all")), *steps.RELEASE_STATES])

    def narrow(self, rows: ReleaseQuerySet) -> ReleaseQuerySet:
        """The `rows` that the filters leave."""
        if self.is_valid() and self.cleaned_data["state"]:
            rows = rows.filter(state=self.cleaned_data["state"])
        return rows


class KeyForm(PlainForm):
    """What signs the desk in to a channel. What is typed here never comes back onto a page."""

    def __init__(self, *args: Any, channel: Channel, server: str = "", **more: Any) -> None:
        super().__init__(*args, **more)
        kind = KINDS[channel.platform]
        self._names = tuple(kind.secrets)
        if kind.asks_server:
            self.fields["server"] = forms.URLField(
                label=_("Server"), max_length=200, assume_scheme="https", initial=server or kind.server,
                help_text=_("The public address of the server on which the account lives."),
            )  # fmt: skip
        for name, label in kind.secrets.items():
            hidden = forms.PasswordInput(attrs={"autocomplete": "off", "dir": "ltr"}, render_value=False)
            self.fields[name] = forms.CharField(label=label, max_length=1000, widget=hidden)

    def clean(self) -> dict[str, Any]:
        """`server` and `secrets`. A key has no spaces and no strokes in it, whatever was copied along."""
        typed = super().clean() or {}
        for name in self._names:
            if name in typed and re.search(r"[\s/\\\x00-\x1f]", typed[name]) and name == "token":
                self.add_error(name, _("A key holds no spaces and no strokes. Copy it again."))
        return {
            "server": typed.get("server", "").rstrip("/"),
            "secrets": {name: typed[name] for name in self._names if name in typed},
        }
