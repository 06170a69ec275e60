"""What permits has done in the queue."""

from __future__ import annotations

from django_tasks import task

from amanat.desk.permits.actions import letters


@task()
def make_letter(pk: int) -> None:
    """Make a letter as PDF."""
    letters.make(pk)
