"""Addresses of posts, as a person gives them."""

from __future__ import annotations

from urllib.parse import urlsplit

from django.utils.translation import gettext as _

from amanat.desk.lib.refusals import Refused
from amanat.desk.publishing.models import Release


def belongs(row: Release, address: str) -> None:
    """Raise Refused for a link that is not on the host of the channel, or is the channel's own page."""
    channel, link = row.channel.address, urlsplit(address)
    home = urlsplit(channel)
    hosts = {_plain(home.hostname)} - {""} or {_plain(link.hostname)}
    if link.scheme != "https" or _plain(link.hostname) not in hosts or address.rstrip("/") == channel.rstrip("/"):
        raise Refused(
            _("This is not the address of a post on {channel}. Open the post there, and copy its address.").format(
                channel=row.channel
            )
        )


def _plain(host: str | None) -> str:
    return (host or "").removeprefix("www.").removeprefix("m.").removeprefix("mobile.")
