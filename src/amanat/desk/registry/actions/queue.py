"""The queue of django-tasks, worked off: each task is run by one worker, tried again where it failed or was killed.

A task may run twice (a worker was killed after its work and before its tick), so every task is safe to run twice. The
queue keeps no result, and of a fault its kind and its place in the code: what people typed could stand in the rest.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils import timezone
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _
from django_tasks.base import Task, TaskContext, TaskResultStatus
from django_tasks_db.models import DBTaskResult

from amanat.desk.audit.door import recorded
from amanat.desk.lib.logs import place_of
from amanat.desk.lib.refusals import Overtaken
from amanat.desk.registry.actions.logins import seat
from amanat.desk.registry.workflow import STEWARD

if TYPE_CHECKING:
    from uuid import UUID

    from amanat.desk.registry.models import Person

TRIES = 5
"""How often a task is begun before a person is asked."""
WAITS = (timedelta(minutes=1), timedelta(minutes=5), timedelta(minutes=30), timedelta(hours=2))
"""How long a task that failed waits for its next try."""
KILLED = "killed"
"""Stands for the kind of fault where no try came to an end, not even a bad one."""
_KEPT, _KEPT_FAILED = timedelta(days=7), timedelta(days=90)
_CHUNK = 1000


def run_next(worker: str) -> bool:
    """Run the next task that is ready, if there is one. A stop from outside puts it back as it was."""
    row = _claim(worker)
    if row is None:
        return False
    try:
        task = import_string(row.task_path)
        if not isinstance(task, Task):
            raise TypeError("this is no task")  # noqa: TRY301 (it fails like any other)
        result: Any = row.task_result if task.takes_context else None
        context = (TaskContext(task_result=result),) if result else ()
        task.call(*context, *row.args_kwargs["args"], **row.args_kwargs["kwargs"])
    except Exception as error:
        _fail(row, error)
    except BaseException:
        _set(row, status=TaskResultStatus.READY, worker_ids=row.worker_ids[:-1])
        raise
    else:
        _set(row, status=TaskResultStatus.SUCCESSFUL, finished_at=timezone.now(), exception_class_path="", traceback="")
    return True


def take_up(is_gone: Callable[[str], bool], *, now: datetime) -> int:
    """Put back what workers that are gone left half-way; how many tasks. One that was begun too often has failed."""
    taken = 0
    for row in DBTaskResult.objects.running().only("pk", "worker_ids", "started_at"):
        if row.worker_ids and not is_gone(row.worker_ids[-1]):
            continue
        if len(row.worker_ids) < TRIES:
            taken += _set(row, status=TaskResultStatus.READY)
        else:
            taken += _set(row, status=TaskResultStatus.FAILED, finished_at=now, exception_class_path=KILLED)
    return taken


def run_again(number: UUID, *, by: Person) -> None:
    """Queue a failed task anew."""
    with recorded("rerun", by=by, office=seat(by), roles=STEWARD) as record:
        row = _failed(number)
        _failed_rows(number).update(
            status=TaskResultStatus.READY, worker_ids=[], run_after=timezone.now(), finished_at=None
        )
        record.facts |= {"task": row.task_path, "fault": row.exception_class_path}


def drop(number: UUID, *, by: Person) -> None:
    """Give a failed task up."""
    with recorded("discard", by=by, office=seat(by), roles=STEWARD) as record:
        row = _failed(number)
        record.facts |= {"task": row.task_path, "fault": row.exception_class_path}
        row.delete()


def prune(*, now: datetime) -> None:
    """Forget what was done a week ago, and what failed three months ago."""
    done, failed = DBTaskResult.objects.successful(), DBTaskResult.objects.failed()
    for rows in (done.filter(finished_at__lt=now - _KEPT), failed.filter(finished_at__lt=now - _KEPT_FAILED)):
        while numbers := list(rows.order_by().values_list("pk", flat=True)[:_CHUNK]):
            DBTaskResult.objects.filter(pk__in=numbers).delete()


def _claim(worker: str) -> DBTaskResult[..., Any] | None:
    """The next task, now this worker's alone: of two who ask at once each gets another."""
    ready = DBTaskResult.objects.ready()
    if not ready.exists():
        return None  # and no lock was taken to find that out
    with transaction.atomic():
        row = ready.get_locked()
        if row is not None:
            row.claim(worker)
    return row


def _fail(row: DBTaskResult[..., Any], error: Exception) -> None:
    now, tries = timezone.now(), len(row.worker_ids)
    kind = f"{type(error).__module__}.{type(error).__qualname__}"
    told = {"exception_class_path": kind, "traceback": place_of(error)}
    if tries < TRIES:
        _set(row, status=TaskResultStatus.READY, run_after=now + WAITS[tries - 1], **told)
    else:
        _set(row, status=TaskResultStatus.FAILED, finished_at=now, **told)


def _set(row: DBTaskResult[..., Any], **values: Any) -> int:
    """Write what became of a task, where it is still this run of it that counts."""
    rows = DBTaskResult.objects.filter(pk=row.pk, status=TaskResultStatus.RUNNING, started_at=row.started_at)
    return rows.update(**values)


def _failed_rows(number: UUID) -> Any:
    return DBTaskResult.objects.failed().filter(pk=number)


def _failed(number: UUID) -> DBTaskResult[..., Any]:
    row: DBTaskResult[..., Any] | None = _failed_rows(number).select_for_update().first()
    if row is None:
        raise Overtaken(_("Somebody else was faster, or this is no longer possible. Look at it again."))
    return row
