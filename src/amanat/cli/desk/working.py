"""Running the worker as a process: its signals, its hold on the data folder, whose end it shares."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

from amanat.cli.desk import serving
from amanat.errors import BadInput

GRACE = 10
"""Seconds in which a worker that is stopped may finish what it is at; then that is undone."""
_PATIENCE = 60


def run(*, every: float, once: bool, beside: int | None) -> None:
    """Work until stopped, or once. `beside`: the process with which it ends, however that one ends."""
    from amanat.desk.home.worker import Worker

    with serving.in_use():
        _wait_for_tables()
        _listen()
        worker = Worker(every, goes_on=lambda: beside is None or os.getppid() == beside)
        if once:
            worker.once()
        else:
            worker.run()
        signal.alarm(0)


@contextmanager
def running_beside(every: int) -> Iterator[None]:
    """A worker in a process of its own, as long as the body runs."""
    mine = os.getpid()
    words = [sys.executable, "-m", "amanat", "worker", "--every", str(every), "--beside", str(mine)]
    # a session of its own: Ctrl-C ends this process, and that one's end the other's
    child = subprocess.Popen(words, stdin=subprocess.DEVNULL, start_new_session=True)  # noqa: S603
    try:
        yield
    finally:
        if os.getpid() == mine:  # and not one of the processes that serve, which come by here as well
            _end(child)


def _end(child: subprocess.Popen[bytes]) -> None:
    child.terminate()
    try:
        child.wait(timeout=GRACE + 5)
    except subprocess.TimeoutExpired:
        child.kill()


def _listen() -> None:
    """The first signal asks for an end, and after a while insists; the second does not wait."""
    from amanat.desk.lib import stopping

    def insist(_number: int, _frame: FrameType | None) -> None:
        raise KeyboardInterrupt

    def ask(_number: int, _frame: FrameType | None) -> None:
        if stopping.asked.is_set():
            raise KeyboardInterrupt
        stopping.asked.set()
        signal.alarm(GRACE)

    signal.signal(signal.SIGALRM, insist)
    signal.signal(signal.SIGTERM, ask)
    signal.signal(signal.SIGINT, ask)


def _wait_for_tables() -> None:
    """Wait a while for a server that starts at the same time and brings the tables up to date."""
    from django.db import DatabaseError, connection

    from amanat.desk.lib import health

    last = time.monotonic() + _PATIENCE
    while time.monotonic() < last:
        try:
            if not health.is_behind():
                return
        except DatabaseError:
            connection.close()
        time.sleep(1)
    raise BadInput("the tables are missing or not up to date", where="database", cure="Run: amanat serve")
