"""The worker: everything timed again and again, and between two rounds whatever is queued, or has just become due.

It may run twice at once, and may be killed at any moment. What it was doing then is undone by the database, or taken up
by the next one: each worker holds a file while it lives and keeps a row in which it says so.
"""

from __future__ import annotations

import logging
import os
import platform
import re
import secrets
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from pathlib import Path

from django.conf import settings
from django.db import DatabaseError, close_old_connections, connections
from django.utils import timezone

from amanat.desk.home.timed import SOON, TIMED
from amanat.desk.lib import liveness, stopping
from amanat.desk.lib.logs import place_of
from amanat.desk.registry.actions import queue, workers
from amanat.desk.registry.models import Worker as Row

BEAT = 20.0
"""Seconds between two signs of life."""
IDLE = 1.0
"""Seconds between two looks into an empty queue."""
log = logging.getLogger("amanat.worker")
Share = Callable[[datetime], None]


def new_name() -> str:
    """A name that no other worker has or had."""
    host = re.sub(r"[^a-z0-9.-]", "-", platform.node().lower())[:30]
    return f"{host}-{os.getpid()}-{secrets.token_hex(6)}"


@dataclass
class Worker:
    """One worker. `every`: seconds from one round to the next. `goes_on`: asked each time whether to.

    `soon`: what it does besides whenever the queue is empty.
    """

    every: float = 60.0
    shares: tuple[Share, ...] = TIMED
    soon: tuple[Share, ...] = SOON
    goes_on: Callable[[], bool] = lambda: True
    name: str = field(default_factory=new_name)

    def run(self) -> None:
        """Work until told to stop."""
        with self._alive():
            due = time.monotonic()
            while self._may_go_on():
                if time.monotonic() >= due:
                    due = time.monotonic() + self.every
                    self._guarded(self.round)
                if not self._guarded(lambda: queue.run_next(self.name)):
                    for share in self.soon:
                        self._fault_of(share)
                    stopping.asked.wait(max(0.0, min(IDLE, due - time.monotonic())))

    def once(self) -> None:
        """Do everything that is due, and end."""
        with self._alive():
            self.round()
            while self._may_go_on() and queue.run_next(self.name):
                pass

    def round(self) -> None:
        """Everything timed, each share by itself; then what dead workers left, and what is old."""
        faults = []
        for share in (*self.shares, self._tidy):
            if not self._may_go_on():
                return
            faults.append(self._fault_of(share))
        workers.tell_round(self.name, now=timezone.now(), faults=[fault for fault in faults if fault])

    def _fault_of(self, share: Share) -> str:
        """Do a share; what went wrong, and "" where nothing did."""
        try:
            close_old_connections()
            share(timezone.now())
        except Exception as error:
            name = f"{share.__module__}.{share.__name__}".removeprefix("amanat.desk.")
            _complain(name, error)
            return f"{name}: {type(error).__name__}"
        return ""

    def is_gone(self, name: str) -> bool:
        """Whether the worker of that name is dead. What this one left lies idle too: it does one thing at a time."""
        if name == self.name:
            return True
        gone = liveness.is_gone(self._folder, name)
        return not Row.objects.alive(timezone.now()).filter(name=name).exists() if gone is None else gone

    def _tidy(self, now: datetime) -> None:
        queue.take_up(self.is_gone, now=now)
        for file in self._folder.glob("*"):
            if liveness.is_gone(self._folder, file.name):  # which takes the file away, so that the row has to say it
                workers.end(file.name, now=now)
        queue.prune(now=now)
        workers.prune(now=now)

    def _may_go_on(self) -> bool:
        return not stopping.asked.is_set() and self.goes_on()

    def _guarded(self, act: Callable[[], bool | None]) -> bool:
        """Whether there was something to do. A database that is away for a while is waited for."""
        try:
            close_old_connections()
            return bool(act())
        except DatabaseError as error:
            _complain("database", error)
            connections.close_all()
            return False

    @cached_property
    def _folder(self) -> Path:
        return Path(settings.DATA) / ".workers"

    @contextmanager
    def _alive(self) -> Iterator[None]:
        """Hold the file, keep the row."""
        ended = threading.Event()
        with liveness.held(self._folder, self.name):
            workers.begin(self.name, now=timezone.now())
            beating = threading.Thread(target=self._beat, args=(ended,), daemon=True)
            beating.start()
            try:
                yield
            finally:
                ended.set()
                beating.join(timeout=BEAT)
                workers.end(self.name, now=timezone.now())

    def _beat(self, ended: threading.Event) -> None:
        while not ended.wait(BEAT):
            try:
                workers.beat(self.name, now=timezone.now())
            except DatabaseError as error:
                _complain("sign of life", error)
            finally:
                connections.close_all()
        connections.close_all()


def _complain(what: str, error: Exception) -> None:
    log.error("%s failed: %s\n%s", what, type(error).__name__, place_of(error))
