"""`amanat demo` as a person meets it: opened, signed in to, stopped, opened again, made anew."""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import time
from pathlib import Path

import httpx
import pytest

from tests.desk.running.conftest import Start, amanat


def home(folder: Path) -> dict[str, str]:
    """Surroundings in which everything would go wrong, if the demo listened to them."""
    own = {name: value for name, value in os.environ.items() if not name.startswith(("AMANAT_", "DJANGO_"))}
    wrong = {"DATABASE_URL": "postgres://nobody@127.0.0.1:1/none", "AMANAT_HOSTS": "elsewhere.example"}
    return own | wrong | {"AMANAT_DATA": str(folder)}


def password_of(said: str) -> str:
    found = re.search(r"password (\S+)", said)
    assert found
    return found[1]


def test_a_demo_from_the_first_start_to_the_last(start: Start, tmp_path: Path) -> None:
    folder = tmp_path / "demo"
    first = start("demo", "--port", "0", env=home(folder))
    said = first.out.read_text(encoding="utf-8")
    mails = re.findall(r"^  (\S+@\S+)", said, flags=re.MULTILINE)
    assert len(mails) == 10
    with httpx.Client(base_url=first.url, follow_redirects=True) as browser:
        assert "Amanat" in browser.get("/").text
        style = re.search(r'href="(/static/\S+\.css)"', browser.get("/").text)
        assert style
        assert browser.get(style[1]).status_code == 200
        page = browser.get("/accounts/login/")
        token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page.text)
        assert token
        form = {"login": mails[0], "password": password_of(said), "csrfmiddlewaretoken": token[1]}
        inside = browser.post("/accounts/login/", data=form, headers={"referer": first.url})
        assert inside.url.path == "/today/"
    status, _, err = amanat("demo", "--fresh", "--port", "0", env=home(folder))
    assert (status, "is in use" in err) == (2, True)  # nobody loses the ground they stand on
    assert first.stop(signal.SIGINT) == 0
    assert "Traceback" not in first.said
    assert "login" not in first.said

    begun = time.monotonic()
    second = start("demo", "--port", "0", env=home(folder))
    assert time.monotonic() - begun < 12
    assert password_of(second.out.read_text(encoding="utf-8")) == password_of(said)
    second.stop(signal.SIGINT)
    assert "making" not in second.said

    third = start("demo", "--port", "0", "--fresh", env=home(folder))
    assert password_of(third.out.read_text(encoding="utf-8")) != password_of(said)
    third.stop(signal.SIGTERM)
    assert [path.name for path in tmp_path.iterdir()] == ["demo"]
    assert (folder / "demo.json").stat().st_mode & 0o077 == 0
    assert (folder / "amanat.sqlite3").stat().st_mode & 0o077 == 0


def test_a_start_that_was_cut_short_is_begun_again(start: Start, tmp_path: Path) -> None:
    folder = tmp_path / "demo"
    folder.mkdir()
    (folder / "THIS-IS-A-DEMO").touch()
    (folder / "amanat.sqlite3").write_text("half")
    running = start("demo", "--port", "0", env=home(folder))
    assert len(json.loads((folder / "demo.json").read_text(encoding="utf-8"))["cast"]) == 10
    running.stop(signal.SIGINT)


@pytest.mark.parametrize("more", [(), ("--fresh",)])
def test_a_folder_with_something_else_in_it_is_left_alone(tmp_path: Path, more: tuple[str, ...]) -> None:
    (tmp_path / "amanat.sqlite3").write_text("dear")
    status, out, err = amanat("demo", "--port", "0", *more, env=home(tmp_path))
    assert (status, out) == (2, "")
    assert "no demo" in err
    assert err.count("\n") == 1
    assert [path.name for path in tmp_path.iterdir()] == ["amanat.sqlite3"]


def test_a_port_that_is_taken_is_said_at_once(tmp_path: Path) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        status, out, err = amanat("demo", "--port", str(port), env=home(tmp_path / "demo"))
    assert (status, out) == (2, "")
    assert f"port {port} is taken" in err
    assert f"amanat demo --port {port + 1}" in err
    assert err.count("\n") == 1
    assert not (tmp_path / "demo").exists()
