"""What the registry does by the clock: the worker calls it, again and again."""

from __future__ import annotations

from datetime import datetime

from django.utils import timezone

from amanat.desk.registry.actions import mailings, people


def run(now: datetime) -> None:
    """Close the sign-in of those whose last post has ended."""
    people.leave(on=timezone.localdate(now))


def mail(now: datetime) -> None:
    """Put notices into mails, and send what is due."""
    mailings.compose(now)
    mailings.send(now)
