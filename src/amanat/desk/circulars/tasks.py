"""What circulars leave to the worker: reaching many people, looking at files. Each is safe to run twice."""

from __future__ import annotations

from django_tasks import task

from amanat.desk.circulars.actions import delivery, mails, rounds, scans
from amanat.desk.circulars.models import Circular


@task()
def deliver(pk: int) -> None:
    """Make the copies of one sending."""
    delivery.deliver(pk)


@task()
def tell(pk: int) -> None:
    """Carry one round of telling through."""
    rounds.go_on(pk)


@task()
def mail(pk: int) -> None:
    """Mail a circular to addresses outside."""
    mails.send(Circular.objects.select_related("office").get(pk=pk))


@task()
def look(pk: int) -> None:
    """Look at one enclosure."""
    scans.look(pk)
