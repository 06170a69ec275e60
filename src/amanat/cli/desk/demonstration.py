"""The demo's folder: made once, kept, thrown away only when it is surely a demo."""

from __future__ import annotations

import json
import os
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

import click

from amanat.cli.console import complain, paint
from amanat.cli.desk import serving
from amanat.errors import BadInput

_MARK, _NOTES = "THIS-IS-A-DEMO", "demo.json"
_KEY = "secret"
_OWN = {_MARK, _KEY, ".in-use"}


@contextmanager
def opened(folder: Path, fresh: bool, url: str) -> Iterator[dict[str, Any]]:
    """The demo in `folder`, made where it is not there yet, and held while it is open: its password and its cast.

    `url` is where it opens: links in its mails lead there.

    Raises BadInput for a folder that holds something else, and for `fresh` while the demo runs.
    """
    _claim(folder)
    _set_environment(folder, url)
    serving.set_up()
    if fresh:
        with serving.in_use(alone=True):
            _empty(folder)
    elif not (folder / _NOTES).is_file():
        with serving.in_use(alone=True):
            _empty(folder)  # what a start that was cut short left behind
    with serving.in_use():
        notes = _notes(folder)
        yield notes


def announce(url: str, folder: Path, notes: dict[str, Any]) -> None:
    """Say where it opens and who may sign in."""
    wide = max(len(one["mail"]) for one in notes["cast"])
    click.echo(f"\nAmanat is open at {paint(url, 'strong')}\n")
    click.echo(f"Sign in as one of these, all with the password {paint(notes['password'], 'strong')}\n")
    for one in notes["cast"]:
        who = f"{one['name']}, {one['role']}, {one['office']} ({one['government']})"
        click.echo(f"  {one['mail']:{wide}}  {who}")
    click.echo(f"\nEverything in it is made up. It is kept in {folder}. Ctrl-C stops it.")


def _claim(folder: Path) -> None:
    """Make the folder, with the mark that it is a demo. Raises BadInput where something else is in it."""
    if folder.is_dir() and not (folder / _MARK).exists() and any(folder.iterdir()):
        cure = "Name an empty folder: AMANAT_DATA=/some/folder amanat demo"
        raise BadInput("this folder holds something that is no demo", where=str(folder), cure=cure)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    (folder / _MARK).write_text("amanat demo --fresh throws everything in this folder away.\n", encoding="ascii")


def _set_environment(folder: Path, url: str) -> None:
    """The settings of the demo, whatever the surroundings say: no other database, no other host is ever touched."""
    for name in [name for name in os.environ if name.startswith("AMANAT_")]:
        del os.environ[name]
    os.environ |= {
        "AMANAT_DATA": str(folder),
        "AMANAT_SECRET_KEY": _secret(folder / _KEY),
        "AMANAT_HOSTS": "localhost,127.0.0.1,[::1]",
        "AMANAT_PLAIN_HTTP": "1",
        "AMANAT_ADDRESS": url,
        "AMANAT_SECOND_FACTOR": "none",
        "AMANAT_MAIL": "console",
        "DATABASE_URL": f"sqlite:///{folder / 'amanat.sqlite3'}",
        "DJANGO_SETTINGS_MODULE": "amanat.desk.settings",
    }


def _secret(file: Path) -> str:
    """What signs sessions and seals second steps: the same at every start, so that those stay good."""
    if not file.is_file():
        _write(file, secrets.token_urlsafe(60))
    return file.read_text(encoding="utf-8")


def _write(file: Path, text: str) -> None:
    with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as out:
        out.write(text)


def _empty(folder: Path) -> None:
    for path in folder.iterdir():
        if path.name not in _OWN:
            shutil.rmtree(path) if path.is_dir() else path.unlink()


def _notes(folder: Path) -> dict[str, Any]:
    """Password and cast: read where the demo is made, else made together with it, and written last of all."""
    file = folder / _NOTES
    if file.is_file():
        serving.make_ready(migrate=True)
        notes: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
        return notes
    complain("making three governments (once) …")
    serving.make_ready(migrate=True)
    from amanat.desk.demo.build import build

    notes = {"password": _password()}
    notes["cast"] = build(notes["password"], date.today())
    _write(file, json.dumps(notes, ensure_ascii=False, indent=1))
    return notes


def _password() -> str:
    """Three words that can be said, and four digits."""
    syllable = "".join
    said = [syllable(secrets.choice("bdgkmnprstv") + secrets.choice("aeiou") for _ in range(2)) for _ in range(3)]
    return "-".join([*said, f"{secrets.randbelow(10_000):04}"])
