"""What publishing does by the clock: the worker calls it, again and again."""

from __future__ import annotations

from datetime import datetime

from amanat.desk.publishing.actions import releases, watching


def run(now: datetime) -> None:
    """Send what is due, and look at the face of channels."""
    releases.send_due(now)
    watching.look_due(now)
