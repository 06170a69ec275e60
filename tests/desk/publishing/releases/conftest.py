"""Bluesky's own server for the whole run, an account on it for a test, and a channel that has its key."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from amanat.desk.publishing.models import Credential
from amanat.desk.registry.models import Channel
from tests.cast import Cast
from tests.desk.publishing.releases import making
from tests.desk.publishing.servers import bluesky


@pytest.fixture(scope="session")
def pds(tmp_path_factory: pytest.TempPathFactory) -> Iterator[bluesky.Server]:
    if why := bluesky.missing():
        if os.environ.get("EVERY_SERVER"):
            pytest.fail(why)
        pytest.skip(why)
    server = bluesky.Server(tmp_path_factory.mktemp("pds"))
    yield server
    server.stop()


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


@pytest.fixture
def sky(cast: Cast, pds: bluesky.Server, settings: Any) -> Sky:
    settings.VERIFICATION_ALLOWED_HOSTS = [pds.host]
    return sky_of(cast, pds)
