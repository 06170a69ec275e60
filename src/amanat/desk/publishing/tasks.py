"""What publishing puts into the queue."""

from __future__ import annotations

from django_tasks import task

from amanat.desk.publishing.actions import mending, sending


@task()
def send(pk: int) -> None:
    """Send a release that is due. Safe to run twice."""
    sending.send(pk)


@task()
def mend(pk: int) -> None:
    """Put one release right, as its correction says. Safe to run twice."""
    mending.mend(pk)
