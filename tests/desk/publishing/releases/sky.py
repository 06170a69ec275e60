"""A channel on Bluesky's own server, with its key."""

from __future__ import annotations

from dataclasses import dataclass

from amanat.desk.publishing.models import Credential
from amanat.desk.registry.models import Channel
from tests.cast import Cast
from tests.desk.publishing.releases import making
from tests.desk.publishing.servers import bluesky


@dataclass(frozen=True)
class Sky:
    """A channel on the server, with its key."""

    server: bluesky.Server
    holder: bluesky.Holder
    channel: Channel
    credential: Credential

    def texts(self) -> list[str]:
        return sorted(one["value"]["text"] for one in self.server.posts(self.holder))


def sky_of(cast: Cast, server: bluesky.Server) -> Sky:
    holder = server.holder()
    channel = making.channel_of(cast, "bluesky", holder.handle, f"https://bsky.app/profile/{holder.handle}")
    key = making.entrust(channel, server.address, cast["head@own"], password=bluesky.PASSWORD)
    return Sky(server, holder, channel, key)
