"""Backup and restore: the database and every file in one tar archive, with the sum of each in its manifest.

An archive holds `manifest.json`, `database/<dump>` and `files/<name>`. The manifest comes last, so an archive that was
cut short has none.
"""

from __future__ import annotations

import hashlib
import io
import json
import os
import shutil
import tarfile
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath
from typing import IO, Any

from amanat import __version__
from amanat.cli.desk import databases, serving
from amanat.errors import BadInput

MANIFEST = "manifest.json"
_SCHEMA = "amanat-backup/1"
_BLOCK = 1 << 20


def backup(file: Path, *, force: bool = False) -> str:
    """Write an archive, whole or not at all; a line on what is in it.

    The database is copied first, as it stands at one moment. Files are only ever added, so all it speaks of are there;
    one that begins with a dot is still being written.
    """
    from django.conf import settings

    if file.exists() and not force:
        raise BadInput("is there already", where=str(file), cure="Name another file, or write over it with --force")
    database, root = databases.current(), Path(settings.MEDIA_ROOT)
    file.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=file.parent, prefix=".amanat-backup-") as folder:
        dump, part = Path(folder) / database.dump_name, Path(folder) / "part"
        database.dump(dump)
        sums = {}
        with tarfile.open(part, "w") as tar:
            sums[f"database/{dump.name}"] = _add(tar, dump, f"database/{dump.name}")
            for path in sorted(path for path in root.rglob("[!.]*") if path.is_file() and not path.is_symlink()):
                name = f"files/{path.relative_to(root).as_posix()}"
                sums[name] = _add(tar, path, name)
            _add_manifest(tar, {"database": database.kind, "sums": sums})
        _settle(part, file)
    return f"the database and {len(sums) - 1} files"


def restore(file: Path, *, force: bool = False) -> str:
    """Put an archive in place, once every sum in it is right; a line on what was done.

    Raises BadInput for an archive that is not whole, for another kind of database, where something is there already
    (without `force`), and while the desk runs. Whatever fails, what was there before stays.
    """
    from django.conf import settings

    data, root, database = Path(settings.DATA), Path(settings.MEDIA_ROOT), databases.current()
    with serving.in_use(alone=True):
        with _opened(file) as tar:
            manifest = _verified(tar, file)
        if manifest["database"] != database.kind:
            what = f"is a backup of {manifest['database']}, and DATABASE_URL names {database.kind}"
            raise BadInput(what, where=str(file), cure="Restore it where the database is of the same kind")
        if not force and (database.is_filled() or any(root.glob("*"))):
            raise BadInput("holds data already", where=str(data), cure="With --force it is set aside and replaced")
        with tempfile.TemporaryDirectory(dir=data, prefix=".restore-") as folder, _opened(file) as tar:
            _unpack(tar, manifest, Path(folder))
            aside = data / f"before-{datetime.now(UTC):%Y%m%dT%H%M%S}"
            with _replaced(root, Path(folder) / "files", aside / "files"):
                database.load(Path(folder) / "database" / database.dump_name, aside)
    old = f"; what was there before lies in {aside}" if aside.exists() else ""
    return f"restored, with {len(manifest['sums']) - 1} files, as of {manifest['made_at']}{old}"


def _add(tar: tarfile.TarFile, path: Path, name: str) -> str:
    """Put a file into the archive; the sum of exactly what went in."""
    with path.open("rb") as source:
        info = tar.gettarinfo(arcname=name, fileobj=source)
        info.uid = info.gid = 0
        info.uname = info.gname = ""
        info.mode = 0o600
        reading = _Summed(source)
        tar.addfile(info, reading)
    return reading.sum.hexdigest()


def _add_manifest(tar: tarfile.TarFile, facts: dict[str, Any]) -> None:
    now = datetime.now(UTC)
    made_at = now.isoformat(timespec="seconds")
    text = json.dumps({"schema": _SCHEMA, "version": __version__, "made_at": made_at, **facts}, indent=1).encode()
    info = tarfile.TarInfo(MANIFEST)
    info.size, info.mode, info.mtime = len(text), 0o600, int(now.timestamp())
    tar.addfile(info, io.BytesIO(text))


class _Summed:
    """A file that is summed up while it is read."""

    def __init__(self, source: IO[bytes]) -> None:
        self.source, self.sum = source, hashlib.sha256()

    def read(self, size: int = -1) -> bytes:
        """The next bytes."""
        block = self.source.read(size)
        self.sum.update(block)
        return block


def _settle(part: Path, file: Path) -> None:
    """Give a finished file its name, once it is surely on the disk."""
    with part.open("rb") as written:
        os.fsync(written.fileno())
    part.chmod(0o600)
    part.replace(file)


@contextmanager
def _opened(file: Path) -> Iterator[tarfile.TarFile]:
    try:
        with tarfile.open(file) as tar:
            yield tar
    except (tarfile.TarError, EOFError) as error:
        why = str(error).partition("\n")[0].rstrip(":")
        raise BadInput(f"is no whole archive ({why})", where=str(file), cure="Take another backup") from None


def _verified(tar: tarfile.TarFile, file: Path) -> dict[str, Any]:
    """The manifest, once every member is what it says and nothing else is there. Raises BadInput."""
    found = {member.name: member for member in tar}
    wrong = BadInput("is no backup of Amanat, or was cut short", where=str(file), cure="Take another backup")
    if len(found) != len(tar.getmembers()) or any(not _is_plain(member) for member in found.values()):
        raise wrong
    try:
        manifest: dict[str, Any] = json.loads(_content(tar, found.pop(MANIFEST)).read())
        sums, is_ours = manifest["sums"], manifest["schema"] == _SCHEMA
        newer = _order(manifest["version"]) > _order(__version__)
    except (KeyError, TypeError, ValueError):
        raise wrong from None
    if not is_ours or newer:
        cure = f"Install Amanat {manifest['version']} to restore it"
        raise BadInput(f"was made by Amanat {manifest['version']}; this is {__version__}", where=str(file), cure=cure)
    for name in sorted(found.keys() | sums.keys()):
        if name not in found or name not in sums or _sum(_content(tar, found[name])) != sums[name]:
            what = f"{name} is not what the manifest says"
            raise BadInput(what, where=str(file), cure="It was damaged or altered: take another backup")
    return manifest


def _is_plain(member: tarfile.TarInfo) -> bool:
    path = PurePosixPath(member.name)
    inside = not path.is_absolute() and ".." not in path.parts
    return member.isreg() and inside and (member.name == MANIFEST or path.parts[0] in ("database", "files"))


def _unpack(tar: tarfile.TarFile, manifest: dict[str, Any], folder: Path) -> None:
    """Write the members out, and look at their sums once more: the archive may have changed since."""
    (folder / "files").mkdir()
    for name, right in manifest["sums"].items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("wb") as out:
            reading = _Summed(_content(tar, tar.getmember(name)))
            shutil.copyfileobj(reading, out, _BLOCK)
        if reading.sum.hexdigest() != right:
            raise BadInput(f"{name} changed while it was read", where=str(tar.name), cure="Try again")


@contextmanager
def _replaced(there: Path, new: Path, aside: Path) -> Iterator[None]:
    """`new` stands in the place of `there`, which is set aside; undone where the body fails."""
    was_there = there.exists()
    if was_there:
        aside.parent.mkdir(mode=0o700, exist_ok=True)
        there.rename(aside)
    new.rename(there)
    try:
        yield
    except BaseException:
        there.rename(new)
        if was_there:
            aside.rename(there)
        if aside.parent.exists() and not any(aside.parent.iterdir()):
            aside.parent.rmdir()
        raise
    if was_there and not any(aside.iterdir()):
        aside.rmdir()
        if not any(aside.parent.iterdir()):
            aside.parent.rmdir()


def _content(tar: tarfile.TarFile, member: tarfile.TarInfo) -> IO[bytes]:
    content = tar.extractfile(member)
    if content is None:  # a plain file always has one
        raise KeyError(member.name)
    return content


def _sum(content: IO[bytes]) -> str:
    reading = _Summed(content)
    while reading.read(_BLOCK):
        pass
    return reading.sum.hexdigest()


def _order(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.split(".")[:3])
