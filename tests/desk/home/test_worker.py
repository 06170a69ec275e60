"""The worker: rounds whose shares fail alone, a queue that loses nothing, an end at any moment."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import OperationalError
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from amanat.desk.home import worker as home
from amanat.desk.home.timed import TIMED
from amanat.desk.home.worker import Worker
from amanat.desk.lib import liveness, stopping
from amanat.desk.registry.actions import queue, workers
from amanat.desk.registry.models import Worker as Row
from tests.cast import Cast
from tests.desk.home import work

READY, RUNNING, FAILED, SUCCESSFUL = "READY", "RUNNING", "FAILED", "SUCCESSFUL"
_BEAT = Worker._beat
pytestmark = pytest.mark.usefixtures("quiet")


@pytest.fixture
def quiet(db: None, settings: Any, tmp_path: Path) -> Iterator[None]:
    """Its own folder, and no thread that beats: the tests' transactions are not others' to see."""
    settings.DATA = tmp_path
    work.done.clear()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Worker, "_beat", lambda _self, _ended: None)
        patch.setattr(home, "close_old_connections", lambda: None)
        yield
    stopping.asked.clear()


def states() -> list[str]:
    return list(DBTaskResult.objects.order_by("enqueued_at").values_list("status", flat=True))


def test_once_does_all_that_is_due_and_ends() -> None:
    for word in ("a", "b", "c"):
        work.queued(work.note, word)
    work.queued(work.note, "tomorrow", run_after=timezone.now() + timedelta(days=1))
    rounds: list[datetime] = []
    Worker(shares=(rounds.append,)).once()
    assert (work.done, len(rounds)) == (["a", "b", "c"], 1)
    assert states() == [SUCCESSFUL] * 3 + [READY]
    row = Row.objects.get()
    assert row.ended_at
    assert row.round_at
    kept = DBTaskResult.objects.values_list("return_value", flat=True)
    assert list(kept) == [None] * 4  # what a task found is nobody's to keep


def test_a_share_that_fails_stops_no_other_and_says_nothing_of_what_was_typed(
    caplog: pytest.LogCaptureFixture,
) -> None:
    rounds: list[datetime] = []

    def share(now: datetime) -> None:
        raise ValueError("the secret words of somebody")

    with caplog.at_level(logging.ERROR):
        Worker(shares=(share, rounds.append)).once()
    assert len(rounds) == 1
    assert Row.objects.get().faults == [f"{__name__}.share: ValueError"]
    assert "test_worker.py" in caplog.text
    assert "secret" not in caplog.text


def test_what_every_room_does_by_the_clock_is_safe_to_run_twice(cast: Cast) -> None:
    for _ in range(2):
        Worker(shares=TIMED).once()
    assert [row.faults for row in Row.objects.all()] == [[], []]


def test_it_works_until_it_is_told_to_stop() -> None:
    work.queued(work.note, "a")
    rounds: list[datetime] = []

    def share(now: datetime) -> None:
        rounds.append(now)
        if len(rounds) == 3:
            stopping.asked.set()

    Worker(every=0.05, shares=(share,)).run()
    assert (len(rounds), work.done) == (3, ["a"])


def test_what_has_just_become_due_does_not_wait_for_the_next_round(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(home, "IDLE", 0.01)
    looks: list[datetime] = []

    def soon(now: datetime) -> None:
        looks.append(now)
        if len(looks) == 3:
            stopping.asked.set()
        raise ValueError("which stops nothing")

    rounds: list[datetime] = []
    Worker(shares=(rounds.append,), soon=(soon,)).run()
    assert (len(rounds), len(looks)) == (1, 3)


def test_it_ends_with_the_process_it_serves() -> None:
    rounds: list[datetime] = []
    Worker(every=0.01, shares=(rounds.append,), goes_on=lambda: len(rounds) < 4).run()
    assert len(rounds) == 4


def test_a_database_that_is_away_is_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    calls: list[int] = []

    def away(_name: str) -> bool:
        calls.append(1)
        if len(calls) == 3:
            stopping.asked.set()
        raise OperationalError("the server closed the connection")

    monkeypatch.setattr(queue, "run_next", away)
    monkeypatch.setattr(home, "IDLE", 0.01)
    monkeypatch.setattr("django.db.connections.close_all", lambda: None)
    Worker(shares=()).run()
    assert len(calls) == 3


def test_a_task_that_fails_is_tried_five_times_and_keeps_no_message() -> None:
    row = work.queued(work.fail, "word")
    for number in range(queue.TRIES):
        assert states() == [READY]
        DBTaskResult.objects.update(run_after=timezone.now())
        assert queue.run_next(f"w{number}")
        assert not queue.run_next("w")  # not before its time
    row.refresh_from_db()
    assert (row.status, row.exception_class_path, len(row.worker_ids)) == (FAILED, "builtins.ValueError", 5)
    assert "work.py" in row.traceback
    assert "secret" not in row.traceback


def test_a_task_that_is_gone_from_the_code_fails_like_any_other() -> None:
    row = work.queued(work.note, "a")
    for path in ("tests.desk.home.work.gone", "tests.desk.home.work.queued"):
        DBTaskResult.objects.update(task_path=path, run_after=timezone.now())
        queue.run_next("w")
    row.refresh_from_db()
    assert (row.status, row.exception_class_path, len(row.worker_ids)) == (READY, "builtins.TypeError", 2)


def test_a_task_that_is_stopped_is_put_back_as_it_was() -> None:
    row = work.queued(work.stop)
    with pytest.raises(KeyboardInterrupt):
        queue.run_next("w")
    row.refresh_from_db()
    assert (row.status, row.worker_ids) == (READY, [])


def test_a_task_may_ask_how_often_it_was_begun() -> None:
    work.queued(work.tell_tries, worker_ids=["dead"])
    queue.run_next("w")
    assert work.done == ["try 2"]


def test_what_a_dead_worker_left_is_taken_up(settings: Any) -> None:
    now, folder = timezone.now(), settings.DATA / ".workers"
    for name in ("lives", "silent", "ended"):
        workers.begin(name, now=now)
    workers.end("ended", now=now)
    Row.objects.filter(name="silent").update(seen_at=now - timedelta(minutes=3))
    folder.mkdir()
    (folder / "killed").touch()
    workers.begin("killed", now=now)
    names = ["lives", "held", "silent", "ended", "killed", "unknown"]
    for name in names:
        work.queued(work.note, name, status=RUNNING, worker_ids=[name], started_at=now)
    with liveness.held(folder, "held"):
        Worker(shares=()).once()
        assert sorted(work.done) == ["ended", "killed", "silent", "unknown"]
        assert not (folder / "killed").exists()
        assert (folder / "held").exists()
    assert states().count(RUNNING) == 2


def test_a_worker_whose_file_was_swept_away_is_known_to_be_dead(settings: Any) -> None:
    now, one = timezone.now(), Worker(shares=())
    workers.begin("killed", now=now)
    (settings.DATA / ".workers").mkdir()
    (settings.DATA / ".workers" / "killed").touch()
    one.round()
    work.queued(work.note, "a", status=RUNNING, worker_ids=["killed"], started_at=now)  # as if it had just claimed it
    one.once()
    assert work.done == ["a"]


def test_a_task_that_kills_whoever_takes_it_is_given_up() -> None:
    row = work.queued(work.note, "a", status=RUNNING, worker_ids=["a", "b", "c", "d", "e"], started_at=timezone.now())
    Worker(shares=()).once()
    row.refresh_from_db()
    assert (row.status, row.exception_class_path, work.done) == (FAILED, queue.KILLED, [])


def test_who_was_held_for_dead_does_not_overwrite_what_came_after() -> None:
    row = work.queued(work.note, "a")
    claimed = queue._claim("slow")
    assert claimed
    queue.take_up(lambda _name: True, now=timezone.now())
    assert queue.run_next("fast")
    assert queue._set(claimed, status=FAILED) == 0
    row.refresh_from_db()
    assert row.status == SUCCESSFUL


def test_what_was_done_long_ago_is_forgotten() -> None:
    now = timezone.now()
    for state, days in ((SUCCESSFUL, 8), (SUCCESSFUL, 6), (FAILED, 8), (FAILED, 91)):
        work.queued(work.note, "a", status=state, finished_at=now - timedelta(days=days))
    for name, days in (("old", 9), ("older", 10), ("new", 1)):
        workers.begin(name, now=now - timedelta(days=days))
    workers.tell_round("older", now=now - timedelta(days=10), faults=[])
    Worker(shares=(), name="me").round()
    assert states() == [SUCCESSFUL, FAILED]
    assert set(Row.objects.values_list("name", flat=True)) == {"older", "new"}  # the last that did something stays


def test_a_sign_of_life_is_given_while_a_task_takes_long(monkeypatch: pytest.MonkeyPatch) -> None:
    beats: list[str] = []

    def beat(name: str, *, now: datetime) -> None:
        beats.append(name)

    monkeypatch.setattr(home, "BEAT", 0.01)
    monkeypatch.setattr(workers, "beat", beat)
    ended, one = threading.Event(), Worker(shares=(), name="me")
    beating = threading.Thread(target=_BEAT, args=(one, ended))
    beating.start()
    time.sleep(0.1)
    ended.set()
    beating.join()
    assert len(beats) > 2


def test_names_differ() -> None:
    assert len({home.new_name() for _ in range(20)}) == 20
    assert all(len(home.new_name()) <= 64 for _ in range(3))
