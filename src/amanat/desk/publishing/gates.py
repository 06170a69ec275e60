"""What is looked at right before a release is sent."""

from __future__ import annotations

from datetime import datetime

from amanat.desk.lib.refusals import Refused
from amanat.desk.publishing.models import Draft
from amanat.desk.registry.models import Channel


def why_not(draft: Draft, channel: Channel, now: datetime) -> Refused | None:  # noqa: ARG001
    """Why the draft may not go out on the channel now; None where it may."""
    return None
