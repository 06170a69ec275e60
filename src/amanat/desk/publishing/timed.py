"""What publishing does by the clock: the worker calls it, again and again."""

from __future__ import annotations

from datetime import datetime


def run(now: datetime) -> None:
    """Nothing yet."""
