"""The one engine: made once, safe for many threads."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest

from amanat.desk.rules import engine
from amanat.screening import Reader

TEXTS = [f"Sharing the draft transfer list of unit{n} before it is notified; word{n} other{n}" for n in range(200)]


def test_made_once_however_many_come_first(monkeypatch: pytest.MonkeyPatch) -> None:
    made = []

    def reader() -> Reader:
        made.append(1)
        return Reader()

    monkeypatch.setattr(engine, "Reader", reader)
    engine._made.cache_clear()
    gate = Barrier(6)

    def come(_: int) -> str:
        gate.wait(10)
        return engine.read("The office is open.").lang

    with ThreadPoolExecutor(6) as pool:
        assert set(pool.map(come, range(6))) == {"en"}
    assert made == [1]
    monkeypatch.undo()
    engine._made.cache_clear()


def test_many_threads_read_what_one_reads() -> None:
    alone = [Reader().read(text) for text in TEXTS[:3]] + [engine.read(text) for text in TEXTS[3:]]
    with ThreadPoolExecutor(8) as pool:
        together = list(pool.map(engine.read, TEXTS))
    assert together == alone


def test_warming_needs_no_database() -> None:
    engine.warm()
    assert engine.shipped().packs
