"""Copies of the database: SQLite by its own backup, PostgreSQL by pg_dump and pg_restore."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
from contextlib import closing
from pathlib import Path
from typing import Any, Protocol

from amanat.errors import BadInput, Missing


class Database(Protocol):
    """A database that can be copied out and put back."""

    kind: str
    dump_name: str

    def dump(self, into: Path) -> None:
        """Write a copy, as it stands at one moment."""

    def load(self, dump: Path, aside: Path) -> None:
        """Put a copy in the place of what is there, whole or not at all."""

    def is_filled(self) -> bool:
        """Whether there is anything in it."""


def current() -> Database:
    """The database of the settings."""
    from django.db import connection

    return Sqlite(Path(connection.settings_dict["NAME"])) if connection.vendor == "sqlite" else Postgres()


class Sqlite:
    """A file. What was there before is set aside, never lost."""

    kind = "sqlite"
    dump_name = "amanat.sqlite3"

    def __init__(self, file: Path) -> None:
        self.file = file

    def dump(self, into: Path) -> None:
        """Write a copy by SQLite's own backup, which waits for no writer and sees none half-way."""
        if not self.is_filled():
            raise BadInput("there is no database here", where=str(self.file), cure="Is AMANAT_DATA right?")
        here = f"{self.file.as_uri()}?mode=ro"
        with closing(sqlite3.connect(here, uri=True)) as source, closing(sqlite3.connect(into)) as target:
            source.backup(target)
            target.execute("PRAGMA journal_mode=DELETE")

    def load(self, dump: Path, aside: Path) -> None:
        """Put a copy in place; what was there goes `aside`, with what SQLite had not yet written into it."""
        if not _is_sound(dump):
            raise BadInput("the database in the backup is damaged", where=str(dump), cure="Take another backup")
        new, moved = self.file.with_name(f".{self.file.name}.new"), []
        try:
            shutil.copyfile(dump, new)
            for path in [
                Path(f"{self.file}{end}") for end in ("", "-wal", "-shm") if Path(f"{self.file}{end}").exists()
            ]:
                aside.mkdir(mode=0o700, exist_ok=True)
                shutil.move(path, aside / path.name)
                moved.append(path)
            new.replace(self.file)
        except BaseException:
            new.unlink(missing_ok=True)
            for path in moved:
                shutil.move(aside / path.name, path)
            raise

    def is_filled(self) -> bool:
        """Whether the file is there."""
        return self.file.is_file() and self.file.stat().st_size > 0


def _is_sound(file: Path) -> bool:
    with closing(sqlite3.connect(file)) as copy:
        try:
            return bool(copy.execute("PRAGMA integrity_check").fetchone() == ("ok",))
        except sqlite3.DatabaseError:
            return False


class Postgres:
    """A database on a server, reached with the same name and password as the desk's own."""

    kind = "postgresql"
    dump_name = "amanat.pgdump"

    def dump(self, into: Path) -> None:
        """Write a copy by pg_dump."""
        self._run("pg_dump", "--format=custom", "--no-owner", "--no-privileges", f"--file={into}", self._name())

    def load(self, dump: Path, aside: Path) -> None:
        """Put a copy in place, in one transaction; a copy of what was there goes `aside`."""
        if self.is_filled():
            aside.mkdir(mode=0o700, exist_ok=True)
            self.dump(aside / self.dump_name)
        words = ("--clean", "--if-exists", "--no-owner", "--no-privileges", "--single-transaction", "--exit-on-error")
        self._run("pg_restore", *words, f"--dbname={self._name()}", str(dump))

    def is_filled(self) -> bool:
        """Whether it has tables."""
        from django.db import connection

        return bool(connection.introspection.table_names())

    def _name(self) -> str:
        return str(self._settings()["NAME"])

    def _settings(self) -> dict[str, Any]:
        from django.db import connection

        return connection.settings_dict

    def _run(self, program: str, *words: str) -> None:
        if not shutil.which(program):
            raise Missing(f"{program} is not installed", cure="Run: apt-get install postgresql-client")
        from django.db import connection

        connection.close()
        settings = self._settings()
        names = {"PGHOST": "HOST", "PGPORT": "PORT", "PGUSER": "USER", "PGPASSWORD": "PASSWORD"}
        env = os.environ | {name: str(settings[key]) for name, key in names.items() if settings.get(key)}
        done = subprocess.run([program, *words], env=env, capture_output=True, text=True, check=False)  # noqa: S603
        if done.returncode:
            lines = done.stderr.strip().splitlines() or [f"{program} ended with {done.returncode}"]
            raise BadInput(lines[0].removeprefix(f"{program}: error: "), where=program, cure="Nothing was changed")
