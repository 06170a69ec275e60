"""Workers as processes of their own: forked from a warm parent, so that a start costs nothing."""

from __future__ import annotations

import itertools
import os
import random
import signal
import time
import warnings
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from django.db import connection, connections
from django.utils import timezone

from amanat.desk.lib.wire import Exchange, Wire
from amanat.desk.publishing.actions import mending, releases
from amanat.desk.publishing.models import Mending, Release


def forked(work: Callable[[], object]) -> int:
    """The number of a child that does `work` on the same database, and ends."""
    connections.close_all()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # of forking where there are threads
        pid = os.fork()
    if pid:
        return pid
    code = 1
    try:
        work()
        code = 0
    finally:
        os._exit(code)


def seconds(work: Callable[[], object]) -> float:
    """How long a child takes for `work`, from its beginning to its end, on this machine today."""
    begun = time.monotonic()
    assert ended(forked(work)) == 0
    return time.monotonic() - begun


def drain(many: int) -> None:
    """Send what is due until all `many` releases are settled."""
    while Release.objects.filter(state__in=["pending", "sending"]).exists():
        releases.send_due(timezone.now() + timedelta(seconds=1), seconds=5)


def drain_mendings() -> None:
    """Put right what is due until nothing more is to be done by itself."""
    while Mending.objects.filter(state__in=["pending", "sending"]).exists():
        mending.mend_due(timezone.now() + timedelta(seconds=1), seconds=5)


def chance() -> random.Random:
    """Moments for kills: others in every run, and the same again by its seed."""
    return random.Random(os.environ.get("PYTEST_RANDOMLY_SEED", "7"))


def killed(work: Callable[[], object], whole: float, by: random.Random) -> datetime:
    """A child does `work` and is killed, at any moment of the time in which it does two pieces; when it began."""
    begun = timezone.now()
    pid = forked(work)
    time.sleep(by.uniform(0.1, 2) * whole)
    kill(pid)
    return begun


def killed_at(number: int, work: Callable[[], object]) -> datetime:
    """A child does `work` and is killed at that of its steps, however fast the machine is; when it began.

    Steps are questions to the database, and to a platform before and after it answers.
    """
    begun, steps = timezone.now(), itertools.count(1)

    def count() -> None:
        if next(steps) >= number:
            os.kill(os.getpid(), signal.SIGKILL)

    def ask(execute: Callable[..., Any], *args: Any) -> Any:
        count()
        return execute(*args)

    def run() -> None:
        call = Wire.call

        def counted(*args: Any) -> Exchange:
            count()
            heard = call(*args)
            count()
            return heard

        Wire.call = counted  # type: ignore[method-assign, assignment]  # in the child alone
        with connection.execute_wrapper(ask):
            work()

    assert ended(forked(run)) in (0, -signal.SIGKILL)
    return begun


def ended(pid: int) -> int:
    """Wait for a child: its exit code, negative for a signal."""
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])


def kill(pid: int) -> None:
    os.kill(pid, signal.SIGKILL)
    assert ended(pid) in (0, -signal.SIGKILL)
