"""Addresses of posts, as a person gives them."""

from __future__ import annotations

from urllib.parse import urlsplit

from django.utils.translation import gettext as _

from amanat.desk.lib.refusals import Refused
from amanat.desk.publishing.models import Release


def belongs(row: Release, address: str) -> None:
    """Raise Refused for a link that is not on the host of the channel, or is the channel's own page.

    Also where nobody knows the host of the channel: then any address would do.
    """
    channel, link = row.channel.address, urlsplit(address)
    home = _plain(urlsplit(channel).hostname)
    if not home:
        raise Refused(
            _("The list of channels does not say where {channel} stands. Give its address there first.").format(
                channel=row.channel
            )
        )
    if link.scheme != "https" or _plain(link.hostname) != home or address.rstrip("/") == channel.rstrip("/"):
        raise Refused(
            _("This is not the address of a post on {channel}. Open the post there, and copy its address.").format(
                channel=row.channel
            )
        )


def _plain(host: str | None) -> str:
    return (host or "").removeprefix("www.").removeprefix("m.").removeprefix("mobile.")
