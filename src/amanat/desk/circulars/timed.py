"""What circulars does by the clock: the worker calls it, again and again."""

from __future__ import annotations

from datetime import datetime

from amanat.desk.circulars.clock import run_reminders


def run(now: datetime) -> None:
    """Remind whoever has not acknowledged."""
    run_reminders(now)
