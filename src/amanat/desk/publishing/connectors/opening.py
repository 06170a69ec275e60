"""Which connector speaks to which platform, what signs it in, and how it is made."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from importlib import import_module
from types import MappingProxyType
from typing import Any, cast

from django.utils.translation import gettext_lazy as _

from amanat.desk.lib.choices import Platform
from amanat.desk.publishing.connectors import Account, Connector

_HERE = "amanat.desk.publishing.connectors"


@dataclass(frozen=True, slots=True)
class Kind:
    """A platform that the desk speaks to: where its connector is, and the secrets that sign in, with their labels.

    `asks_server`: the account lives on a server of its own, which is asked for.
    """

    module: str
    name: str
    secrets: Mapping[str, Any]
    asks_server: bool = False
    server: str = ""


KINDS: Mapping[str, Kind] = MappingProxyType({
    Platform.BLUESKY: Kind("bluesky", "Bluesky", {"password": _("App password")}, True, "https://bsky.social"),
    Platform.MASTODON: Kind("mastodon", "Mastodon", {"token": _("Access token")}, True),
    Platform.X: Kind("x", "X", {
        "api_key": _("API key"), "api_secret": _("API key secret"),
        "token": _("Access token"), "token_secret": _("Access token secret"),
    }),
    Platform.FACEBOOK: Kind("facebook", "Facebook", {"page": _("Number of the page"), "token": _("Page access token")}),
})  # fmt: skip
"""Every other platform is served by hand."""


def connector(platform: str, account: Account) -> Connector:
    """The connector of a platform, for one attempt. Raises KeyError for a platform served by hand, and Permanent."""
    kind = KINDS[platform]
    return cast("Connector", getattr(import_module(f"{_HERE}.{kind.module}"), kind.name)(account))


def cannot(platform: str) -> frozenset[str]:
    """What a platform cannot do, without an account."""
    kind = KINDS[platform]
    found: frozenset[str] = getattr(import_module(f"{_HERE}.{kind.module}"), kind.name).cannot
    return found
