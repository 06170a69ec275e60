"""Backup and restore: whole, proved by sums, or not at all."""

from __future__ import annotations

import hashlib
import io
import json
import os
import re
import shutil
import sqlite3
import tarfile
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any
from unittest import mock

import pytest

from amanat.cli.desk import databases, keeping
from amanat.errors import BadInput
from tests.desk.running.conftest import Env, Start, amanat, settings_of

DATABASE = "database/amanat.sqlite3"


@pytest.fixture
def desk(tmp_path: Path) -> Env:
    """A desk with a database and two files."""
    env = settings_of(tmp_path / "data")
    fill(tmp_path / "data", "first")
    return env


@pytest.fixture
def here(desk: Env, tmp_path: Path, settings: Any, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The data folder of that desk, for this very process."""
    data = tmp_path / "data"
    settings.DATA, settings.MEDIA_ROOT = data, data / "files"
    monkeypatch.setattr(databases, "current", lambda: databases.Sqlite(data / "amanat.sqlite3"))
    return data


def fill(data: Path, word: str) -> None:
    (data / "files/ab").mkdir(parents=True, exist_ok=True)
    (data / "files/ab/abcdef").write_text(word)
    (data / "files/letter").write_bytes(b"\x00" * 3_000_000)
    with closing(sqlite3.connect(data / "amanat.sqlite3")) as base, base:
        base.execute("CREATE TABLE IF NOT EXISTS said (word TEXT)")
        base.execute("DELETE FROM said")
        base.execute("INSERT INTO said VALUES (?)", (word,))


def holds(data: Path) -> tuple[str, str]:
    with closing(sqlite3.connect(data / "amanat.sqlite3")) as base:
        return base.execute("SELECT word FROM said").fetchone()[0], (data / "files/ab/abcdef").read_text()


def names(data: Path) -> set[str]:
    return {path.name for path in data.iterdir()} - {".in-use"}


def test_what_was_backed_up_comes_back(desk: Env, tmp_path: Path) -> None:
    file = tmp_path / "there" / "backup.tar"
    assert amanat("backup", str(file), env=desk) == (0, f"{file}: the database and 2 files\n", "")
    assert file.stat().st_mode & 0o777 == 0o600
    assert [path.name for path in file.parent.iterdir()] == ["backup.tar"]
    with tarfile.open(file) as tar:
        assert set(tar.getnames()) == {DATABASE, "files/ab/abcdef", "files/letter", "manifest.json"}
    status, out, err = amanat("restore", str(file), env=settings_of(tmp_path / "new"))
    assert (status, err) == (0, "")
    assert "restored, with 2 files" in out
    assert holds(tmp_path / "new") == ("first", "first")
    assert names(tmp_path / "new") == {"amanat.sqlite3", "files"}


def test_lines_not_yet_settled_are_in_the_backup(desk: Env, tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "data/amanat.sqlite3")) as base:
        base.execute("PRAGMA journal_mode=WAL")
        with base:
            base.execute("UPDATE said SET word = 'second'")
        assert (tmp_path / "data/amanat.sqlite3-wal").stat().st_size > 0
        assert amanat("backup", str(tmp_path / "b.tar"), env=desk)[0] == 0
    amanat("restore", str(tmp_path / "b.tar"), env=settings_of(tmp_path / "new"))
    assert holds(tmp_path / "new")[0] == "second"


def test_what_is_there_is_neither_overwritten_nor_lost(desk: Env, tmp_path: Path) -> None:
    data, file = tmp_path / "data", tmp_path / "b.tar"
    amanat("backup", str(file), env=desk)
    status, _, err = amanat("backup", str(file), env=desk)
    assert (status, "is there already" in err) == (2, True)
    assert amanat("backup", str(file), "--force", env=desk)[0] == 0
    fill(data, "later")
    status, _, err = amanat("restore", str(file), env=desk)
    assert (status, "--force" in err, err.count("\n")) == (2, True, 1)
    assert holds(data) == ("later", "later")
    status, out, _ = amanat("restore", str(file), "--force", env=desk)
    assert status == 0
    assert holds(data) == ("first", "first")
    (aside,) = data.glob("before-*")
    assert str(aside) in out
    assert holds(aside) == ("later", "later")


def again(file: Path, change: Callable[[dict[str, bytes]], None]) -> None:
    """Write an archive anew with its members changed."""
    with tarfile.open(file) as tar:
        members = {name: tar.extractfile(name).read() for name in tar.getnames()}  # type: ignore[union-attr]
    change(members)
    with tarfile.open(file, "w") as tar:
        for name, content in members.items():
            info = tarfile.TarInfo(name)
            info.size = len(content)
            tar.addfile(info, io.BytesIO(content))


def manifest(members: dict[str, bytes], **changes: object) -> None:
    members["manifest.json"] = json.dumps(json.loads(members["manifest.json"]) | changes).encode()


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (lambda m: m.update({"files/letter": b"forged"}), "files/letter is not what the manifest says"),
        (lambda m: m.pop("files/letter"), "files/letter is not what the manifest says"),
        (lambda m: m.update({"files/more": b"planted"}), "files/more is not what the manifest says"),
        (lambda m: m.update({"../../planted": b"out"}), "is no backup"),
        (lambda m: m.update({"elsewhere/planted": b"out"}), "is no backup"),
        (lambda m: m.pop("manifest.json"), "is no backup"),
        (lambda m: m.update({"manifest.json": b"[]"}), "is no backup"),
        (lambda m: m.update({"manifest.json": b"{"}), "is no backup"),
        (lambda m: manifest(m, version="999.0.0"), "Install Amanat 999.0.0"),
        (lambda m: manifest(m, schema="other/1"), "was made by"),
        (lambda m: manifest(m, database="postgresql"), "backup of postgresql"),
    ],
)
def test_an_archive_that_is_not_right_changes_nothing(
    here: Path, tmp_path: Path, change: Callable[[dict[str, bytes]], None], says: str
) -> None:
    data, file = here, tmp_path / "b.tar"
    keeping.backup(file)
    fill(data, "later")
    again(file, change)
    with pytest.raises(BadInput, match=re.escape(says)):
        keeping.restore(file, force=True)
    assert holds(data) == ("later", "later")
    assert names(data) == {"amanat.sqlite3", "files"}
    assert not (tmp_path.parent / "planted").exists()


def test_links_and_pieces_are_refused(here: Path, tmp_path: Path) -> None:
    file = tmp_path / "b.tar"
    keeping.backup(file)
    whole = file.read_bytes()
    with tarfile.open(file, "a") as tar:
        link = tarfile.TarInfo("files/link")
        link.type, link.linkname = tarfile.SYMTYPE, "/etc/passwd"
        tar.addfile(link)
    with pytest.raises(BadInput, match="is no backup"):
        keeping.restore(file, force=True)
    for piece in (b"", b"not a tar at all", whole[: len(whole) // 2]):
        file.write_bytes(piece)
        with pytest.raises(BadInput) as caught:
            keeping.restore(file, force=True)
        assert "\n" not in str(caught.value)
    with pytest.raises(FileNotFoundError):
        keeping.restore(tmp_path / "none.tar", force=True)
    assert holds(here) == ("first", "first")


def test_a_damaged_database_puts_everything_back(here: Path, tmp_path: Path) -> None:
    """The sums are right and the database is not: the files that stood there stand there again."""
    data, file = here, tmp_path / "b.tar"
    keeping.backup(file)
    fill(data, "later")

    def spoil(members: dict[str, bytes]) -> None:
        members[DATABASE] = members[DATABASE][:2000] + b"\xff" * 5000
        sums = json.loads(members["manifest.json"])["sums"]
        manifest(members, sums=sums | {DATABASE: hashlib.sha256(members[DATABASE]).hexdigest()})

    again(file, spoil)
    with pytest.raises(BadInput, match="damaged"):
        keeping.restore(file, force=True)
    assert holds(data) == ("later", "later")
    assert names(data) == {"amanat.sqlite3", "files"}


def test_a_full_disk_puts_everything_back(here: Path, tmp_path: Path) -> None:
    data, file = here, tmp_path / "b.tar"
    keeping.backup(file)
    fill(data, "later")
    with (
        mock.patch.object(Path, "replace", side_effect=OSError(28, "No space left")),
        pytest.raises(OSError, match="space"),
    ):
        keeping.restore(file, force=True)
    assert holds(data) == ("later", "later")
    assert names(data) == {"amanat.sqlite3", "files"}


def test_there_must_be_something_to_back_up(production: Env, tmp_path: Path) -> None:
    status, _, err = amanat("backup", str(tmp_path / "b.tar"), env=production)
    assert (status, "there is no database here" in err) == (2, True)
    assert {path.name for path in tmp_path.iterdir()} == {"data"}


def test_nothing_is_restored_under_a_desk_that_runs(start: Start, tmp_path: Path) -> None:
    env = settings_of(tmp_path / "data")
    running = start("serve", "--bind", "127.0.0.1:0", "--workers", "1", env=env)
    file = tmp_path / "b.tar"
    assert amanat("backup", str(file), env=env)[0] == 0
    status, _, err = amanat("restore", str(file), "--force", env=env)
    assert (status, "Stop the desk first" in err) == (2, True)
    running.stop()
    assert amanat("restore", str(file), "--force", env=env)[0] == 0


POSTGRES = os.environ.get("DATABASE_URL", "").startswith("postgres")


@pytest.mark.skipif(not POSTGRES, reason="a test for PostgreSQL: .ci/postgres ./test tests/desk")
def test_on_postgresql_too(tmp_path: Path) -> None:
    import psycopg

    if not shutil.which("pg_dump"):
        pytest.skip("pg_dump is not installed: apt-get install postgresql-client")
    server = os.environ["DATABASE_URL"].rpartition("/")[0]
    with psycopg.connect(f"{server}/postgres", autocommit=True) as base:
        for name in ("kept", "new"):
            base.execute(f"CREATE DATABASE {name}")
    here = settings_of(tmp_path / "data") | {"DATABASE_URL": f"{server}/kept"}
    there = settings_of(tmp_path / "other") | {"DATABASE_URL": f"{server}/new"}
    (tmp_path / "data/files").mkdir(parents=True)
    (tmp_path / "data/files/letter").write_text("dear")
    file = tmp_path / "b.tar"

    def said(name: str) -> str:
        with psycopg.connect(f"{server}/{name}") as base:
            row = base.execute("SELECT word FROM said").fetchone()
        assert row
        return str(row[0])

    with psycopg.connect(f"{server}/kept") as base:
        base.execute("CREATE TABLE said (word TEXT)")
        base.execute("INSERT INTO said VALUES ('first')")
    assert amanat("backup", str(file), env=here)[0] == 0
    assert amanat("restore", str(file), env=there)[::2] == (0, "")
    assert said("new") == "first"
    assert (tmp_path / "other/files/letter").read_text() == "dear"
    with psycopg.connect(f"{server}/kept") as base:
        base.execute("UPDATE said SET word = 'later'")
    assert "--force" in amanat("restore", str(file), env=here)[2]
    again(file, lambda members: members.update({"files/letter": b"forged"}))
    assert amanat("restore", str(file), "--force", env=here)[0] == 2
    assert said("kept") == "later"
    amanat("backup", str(file), "--force", env=there)
    status, out, _ = amanat("restore", str(file), "--force", env=here)
    assert (status, said("kept")) == (0, "first")
    assert "before-" in out
    no_tools = {"PATH": str(Path(shutil.which("true") or "").parent.parent / "nothing")}
    assert "apt-get install" in amanat("backup", str(tmp_path / "c.tar"), env=here | no_tools)[2]
    gone = {"DATABASE_URL": f"{server}/gone"}
    assert "does not exist" in amanat("backup", str(tmp_path / "d.tar"), env=here | gone)[2]
