"""Starting the desk as people start it, and stopping it."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import pytest

if os.environ.get("DATABASE_URL", "").startswith("postgres"):
    # these start desks with a database of their own, and were run with the tests on SQLite
    collect_ignore = ["test_demo_command.py", "test_serve.py", "test_settings.py", "test_worker_command.py"]

SECRET = "only-for-tests-" * 5
Env = dict[str, str]


@pytest.fixture
def production(tmp_path: Path) -> Env:
    """The settings of a desk in production, with a data folder of its own."""
    return settings_of(tmp_path / "data")


def settings_of(data: Path) -> Env:
    """The surroundings of a desk in production that keeps its data in `data`."""
    own = {name: value for name, value in os.environ.items() if not name.startswith(("AMANAT_", "DJANGO_", "DATABASE"))}
    return own | {"AMANAT_DATA": str(data), "AMANAT_SECRET_KEY": SECRET, "AMANAT_HOSTS": "desk.example"}


def amanat(*words: str, env: Env, cwd: Path | None = None) -> tuple[int, str, str]:
    """Run the command to its end: status, standard output, standard error."""
    done = subprocess.run(
        [sys.executable, "-m", "amanat", *words],
        env=env, cwd=cwd, capture_output=True, text=True, check=False, timeout=120,
    )  # fmt: skip
    return done.returncode, done.stdout, done.stderr


@dataclass
class Running:
    """A desk that runs: where, and what it said."""

    process: subprocess.Popen[str]
    out: Path
    err: Path
    url: str = ""
    said: str = field(default="", repr=False)

    def get(self, path: str, **headers: str) -> httpx.Response:
        """Ask for a page as the web server in front would."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        base = {"host": "desk.example", "x-forwarded-proto": "https"} if "host" not in named else {}
        return httpx.get(f"{self.url}{path}", headers=base | named)

    def stop(self, how: signal.Signals = signal.SIGTERM) -> int:
        """Stop it as `kill` or Ctrl-C does; its status."""
        if self.process.poll() is None:
            os.killpg(self.process.pid, how)
        status = self.process.wait(timeout=30)
        self.said = self.out.read_text(encoding="utf-8") + self.err.read_text(encoding="utf-8")
        return status


Start = Callable[..., Running]


@pytest.fixture(scope="module")
def start(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Start]:
    """Start `amanat …` and wait for the text by which it says where it listens; all are stopped in the end."""
    started: list[Running] = []

    def begin(*words: str, env: Env, cwd: Path | None = None) -> Running:
        home = tmp_path_factory.mktemp("said")
        with (home / "out").open("w") as out, (home / "err").open("w") as err:
            process = subprocess.Popen(
                [sys.executable, "-m", "amanat", *words],
                env=env, cwd=cwd, stdout=out, stderr=err, text=True, start_new_session=True,
            )  # fmt: skip
        running = Running(process, home / "out", home / "err")
        started.append(running)
        running.url = _address(running)
        return running

    yield begin
    for running in started:
        running.stop(signal.SIGKILL)


def _address(running: Running) -> str:
    for _ in range(600):
        said = running.out.read_text(encoding="utf-8") + running.err.read_text(encoding="utf-8")
        if found := re.search(r"(?:open|Listening) at:? (http://[\d.:]+\d)", said):
            return found[1]
        if running.process.poll() is not None:
            pytest.fail(f"it ended before it listened: {said}")
        time.sleep(0.1)
    pytest.fail(f"it does not listen: {said}")
