"""Fifty kills at random: two workers at once, one of them killed with SIGKILL wherever it is and started anew.

In the end every unit is done exactly once, as far as the database tells: no number is missing or double, everybody is
told, everybody who left has left once, every notice is in one mail, every mail is sent. A mail server may have got a
mail twice (a kill between its yes and our tick), and then under the same Message-ID; never a mail is lost.
"""

from __future__ import annotations

import json
import os
import random
import re
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import psycopg
import pytest

from tests.desk.running.conftest import settings_of
from tests.desk.running.killed_work import LEAVING, PEOPLE
from tests.desk.running.sink import Sink

KILLS = 50
ROOT = Path(__file__).parents[3]


class Nursery:
    """A process that makes workers."""

    def __init__(self, env: dict[str, str], said: Path) -> None:
        self.said = said
        with said.open("w") as err:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "tests.desk.running.nursery"],
                env=env | {"PYTHONPATH": str(ROOT)}, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                stderr=err, text=True,
            )  # fmt: skip
        assert self._read() == '"ready"'

    def ask(self, line: str) -> Any:
        assert self._process.stdin
        self._process.stdin.write(f"{line}\n")
        self._process.stdin.flush()
        return json.loads(self._read())

    def _read(self) -> str:
        assert self._process.stdout
        line = self._process.stdout.readline().strip()
        assert line, self.said.read_text(encoding="utf-8")[-3000:]
        return line

    def close(self) -> None:
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.close()
        self._process.wait(timeout=30)
        self._process.stdout.close()


@pytest.fixture
def database() -> Iterator[dict[str, str]]:
    """Nothing for SQLite, which is a file in the data folder; else a database of this test's own."""
    address = os.environ.get("DATABASE_URL", "")
    if not address.startswith("postgres"):
        yield {}
        return
    name = f"amanat_kill_{os.getpid()}"
    with psycopg.connect(address, autocommit=True) as admin:
        admin.execute(f"CREATE DATABASE {name}")
        try:
            yield {"DATABASE_URL": urlunsplit(urlsplit(address)._replace(path=f"/{name}"))}
        finally:
            admin.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def sink() -> Iterator[Sink]:
    server = Sink()
    yield server
    server.close()


@pytest.fixture
def nursery(database: dict[str, str], sink: Sink, tmp_path: Path) -> Iterator[Nursery]:
    mail = {"AMANAT_MAIL_HOST": "127.0.0.1", "AMANAT_MAIL_PORT": str(sink.port), "AMANAT_DIGEST_HOUR": "0"}
    made = Nursery(settings_of(tmp_path / "data") | database | mail, tmp_path / "said")
    yield made
    made.close()


def test_fifty_kills_lose_nothing_and_double_nothing(nursery: Nursery, sink: Sink) -> None:
    nursery.ask("fill")
    seed = random.SystemRandom().randrange(10**9)
    chance, begun = random.Random(seed), time.monotonic()
    workers = [nursery.ask("worker --every 0.3") for _ in range(2)]
    for _ in range(KILLS):
        tasks = nursery.ask("feed")
        time.sleep(chance.uniform(0.02, 0.3))
        place = chance.randrange(2)
        os.kill(workers[place], signal.SIGKILL)
        assert nursery.ask(f"wait {workers[place]}") == -signal.SIGKILL
        workers[place] = nursery.ask("worker --every 0.3")
    tasks = nursery.ask("feed")
    for worker in workers:
        os.kill(worker, signal.SIGTERM)
        assert nursery.ask(f"wait {worker}") == 0
    for _ in range(2):  # the second sends what the first told
        nursery.ask("let_time_pass")
        assert nursery.ask(f"wait {nursery.ask('worker --once')}") == 0
    found = nursery.ask("count")
    where = f"seed {seed}, {time.monotonic() - begun:.0f} s; {nursery.said.read_text(encoding='utf-8')[-2000:]}"
    assert found["tasks"] == {"SUCCESSFUL": tasks}, where
    assert found["numbers"] == list(range(1, tasks + 1)), where
    assert (found["left"], found["still"]) == (LEAVING + KILLS + 2, 0), where
    assert (found["unsent"], found["empty"], found["unmailed"]) == (0, 0, 0), where
    assert found["digests"] == [3] * PEOPLE, where
    _check_what_was_mailed(sink, found["mails"], tasks, where)


def _check_what_was_mailed(sink: Sink, mails: list[str], tasks: int, where: str) -> None:
    times = Counter(message for message, _to, _text in sink.taken)
    assert {message.split("-")[1] for message in times} == set(mails), where
    assert sum(times.values()) - len(times) <= KILLS, where
    assert len({(message, to, text) for message, to, text in sink.taken}) == len(times), where
    told = "".join(text for to, text in {(to, text) for _message, to, text in sink.taken} if to == "reader@example.org")
    numbers = [int(number) for number in re.findall(r"Number (\d+)", told)]
    assert len(numbers) == len(set(numbers)), where
    assert set(numbers) <= set(range(1, tasks + 1)), where  # a long mail names the first forty
