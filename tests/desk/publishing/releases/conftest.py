"""An account on Bluesky's own server for a test, and a channel that has its key."""

from __future__ import annotations

from typing import Any

import pytest

from tests.cast import Cast
from tests.desk.publishing.releases.sky import Sky, sky_of
from tests.desk.publishing.servers import bluesky


@pytest.fixture
def sky(cast: Cast, pds: bluesky.Server, settings: Any) -> Sky:
    settings.VERIFICATION_ALLOWED_HOSTS = [pds.host]
    return sky_of(cast, pds)
