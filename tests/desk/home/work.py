"""Tasks that tests queue."""

from __future__ import annotations

from typing import Any

from django_tasks import task
from django_tasks.base import TaskContext
from django_tasks_db.models import DBTaskResult, get_date_max

from amanat.desk.registry.models import Person

done: list[str] = []


@task()
def note(word: str) -> str:
    """Tell that it ran."""
    done.append(word)
    return word


@task()
def fail(word: str) -> None:
    """Fail, with something in the message that nobody may read."""
    raise ValueError(f"the secret {word}")


@task()
def stop() -> None:
    """What happens when the process is stopped meanwhile."""
    raise KeyboardInterrupt


@task(takes_context=True)
def tell_tries(context: TaskContext) -> None:
    """Tell how often it was begun."""
    done.append(f"try {context.attempt}")


@task()
def rename(number: int) -> None:
    """Half a thing, undone with the rest where it fails."""
    Person.objects.filter(pk=number).update(name="Renamed")


def queued(task: Any, *args: Any, **more: Any) -> DBTaskResult[..., Any]:
    """`task`, queued in the database whatever the settings of the tests say."""
    return DBTaskResult.objects.create(
        task_path=task.module_path, args_kwargs={"args": list(args), "kwargs": {}}, backend_name="default",
        **{"run_after": get_date_max(), "worker_ids": []} | more,
    )  # fmt: skip
