"""What circulars leave to the worker: reaching many people."""

from __future__ import annotations

from django_tasks import task

from amanat.desk.circulars.actions import delivery, rounds


@task()
def deliver(pk: int) -> None:
    """Make the copies of one sending."""
    delivery.deliver(pk)


@task()
def tell(pk: int) -> None:
    """Carry one round of telling through."""
    rounds.go_on(pk)
