"""What circulars leave to the worker: reaching many people."""

from __future__ import annotations

from django_tasks import task

from amanat.desk.circulars.actions import delivery


@task()
def deliver(pk: int) -> None:
    """Make the copies of one sending."""
    delivery.deliver(pk)
