"""What workers tell of themselves. It changes nothing of anybody's, so the log has no line of it."""

from __future__ import annotations

from datetime import datetime, timedelta

from amanat.desk.registry.models import Worker

_KEPT = timedelta(days=7)


def begin(name: str, *, now: datetime) -> None:
    """A worker starts."""
    Worker.objects.create(name=name, started_at=now, seen_at=now)


def beat(name: str, *, now: datetime) -> None:
    """It still lives."""
    Worker.objects.filter(name=name).update(seen_at=now, ended_at=None)


def tell_round(name: str, *, now: datetime, faults: list[str]) -> None:
    """It went through everything timed, and this failed."""
    Worker.objects.filter(name=name).update(seen_at=now, round_at=now, faults=faults)


def end(name: str, *, now: datetime) -> None:
    """It ends."""
    Worker.objects.filter(name=name).update(seen_at=now, ended_at=now)


def prune(*, now: datetime) -> None:
    """Forget workers that were not heard of for a week, but the last of all that did something."""
    last = Worker.objects.exclude(round_at=None).order_by("-round_at").values("pk")[:1]
    Worker.objects.filter(seen_at__lt=now - _KEPT).exclude(pk__in=list(last.values_list("pk", flat=True))).delete()
