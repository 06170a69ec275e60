"""`amanat worker` as people start it: once, beside a server, stopped, and without its tables."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

import pytest

from amanat.cli.desk import working
from amanat.errors import BadInput
from tests.desk.running.conftest import Env, amanat


def rows(env: Env, what: str) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(Path(env["AMANAT_DATA"]) / "amanat.sqlite3")) as file:
        return file.execute(what).fetchall()


def migrate(env: Env) -> None:
    words = [sys.executable, "-m", "django", "migrate", "-v0"]
    subprocess.run(words, env=env | {"DJANGO_SETTINGS_MODULE": "amanat.desk.settings"}, check=True)


def test_it_works_once_or_until_it_is_stopped_and_is_in_the_way_of_a_restore(production: Env, tmp_path: Path) -> None:
    migrate(production)
    assert amanat("worker", "--once", env=production) == (0, "", "")
    assert (
        len(rows(production, "SELECT 1 FROM registry_worker WHERE round_at IS NOT NULL AND ended_at IS NOT NULL")) == 1
    )
    running = subprocess.Popen([sys.executable, "-m", "amanat", "worker", "--every", "0.2"], env=production)
    try:
        for _ in range(100):
            if len(rows(production, "SELECT 1 FROM registry_worker WHERE round_at IS NOT NULL")) == 2:
                break
            time.sleep(0.1)
        assert amanat("backup", str(tmp_path / "a.tar"), env=production)[0] == 0
        status, _, err = amanat("restore", str(tmp_path / "a.tar"), "--force", env=production)
        assert (status, "is in use" in err) == (2, True)
    finally:
        running.send_signal(signal.SIGTERM)
        assert running.wait(timeout=20) == 0
    assert rows(production, "SELECT 1 FROM registry_worker WHERE ended_at IS NULL") == []
    assert list((Path(production["AMANAT_DATA"]) / ".workers").iterdir()) == []


def test_it_ends_with_the_process_it_stands_beside(production: Env) -> None:
    migrate(production)
    words = [sys.executable, "-m", "amanat", "worker", "--beside", "1"]
    assert os.getpid() != 1
    assert subprocess.run(words, env=production, check=False, timeout=60).returncode == 0


@pytest.mark.parametrize("every", ["0", "-1", "x", "100000"])
def test_a_pace_that_is_none_is_said(production: Env, every: str) -> None:
    status, _, err = amanat("worker", "--every", every, env=production)
    assert (status, "--every" in err) == (2, True)


def test_tables_that_are_missing_are_waited_for_and_then_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(working, "_PATIENCE", 0)
    with pytest.raises(BadInput, match="not up to date"):
        working._wait_for_tables()


@pytest.mark.parametrize(("name", "value"), [("AMANAT_DIGEST_HOUR", "24"), ("AMANAT_ADDRESS", "desk.example")])
def test_wrong_settings_of_mail_stop_the_start(production: Env, name: str, value: str) -> None:
    status, out, err = amanat("worker", "--once", env=production | {name: value})
    assert (status, out, err.count("\n")) == (2, "", 1)
    assert name in err
