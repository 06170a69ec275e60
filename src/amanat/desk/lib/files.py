"""Files that people hand in, kept under their SHA-256. What a file is, its content says, never its name."""

from __future__ import annotations

import hashlib
import os
import re
import tempfile
from collections.abc import Collection
from pathlib import Path
from typing import NamedTuple

from django.conf import settings
from django.core.files import File
from django.utils.translation import gettext as _

from amanat.desk.lib.refusals import Refused

MEGABYTE = 1024 * 1024
_SIGNS = {
    "application/pdf": (b"%PDF-",),
    "image/png": (b"\x89PNG\r\n\x1a\n",),
    "image/jpeg": (b"\xff\xd8\xff",),
}
_NAMES = {"application/pdf": "PDF", "image/png": "PNG", "image/jpeg": "JPEG"}


class Kept(NamedTuple):
    """A file that was kept: its hash, the name it came with, its type and its bytes."""

    sha256: str
    name: str
    kind: str
    size: int


def kind_of(head: bytes) -> str:
    """The type of a file by its first bytes; "" for one not known here."""
    return next((kind for kind, signs in _SIGNS.items() if head.startswith(signs)), "")


def keep(upload: File[bytes], limit: int, kinds: Collection[str]) -> Kept:
    """Keep `upload` if it has at most `limit` bytes and its content is one of `kinds`. Raises Refused."""
    if upload.size > limit:
        raise Refused(_("The file is larger than {size} MB. Make it smaller.").format(size=limit // MEGABYTE))
    upload.seek(0)
    kind = kind_of(upload.read(16))
    if kind not in kinds:
        names = ", ".join(_NAMES[one] for one in _NAMES if one in kinds)
        raise Refused(_("This is not a file of the types that are taken: {names}.").format(names=names))
    sha256, written = write_down(upload, settings.MEDIA_ROOT)
    target = path_of(sha256)
    target.parent.mkdir(exist_ok=True, mode=0o700)
    written.replace(target)
    return Kept(sha256, plain_name(upload.name or ""), kind, upload.size)


def write_down(upload: File[bytes], folder: str | Path) -> tuple[str, Path]:
    """Write `upload` into `folder` under a passing name, whole or not at all; returns its hash and where it is."""
    Path(folder).mkdir(parents=True, exist_ok=True, mode=0o700)
    digest = hashlib.sha256()
    upload.seek(0)
    handle, temporary = tempfile.mkstemp(dir=folder)
    try:
        with os.fdopen(handle, "wb") as file:
            for chunk in upload.chunks():
                digest.update(chunk)
                file.write(chunk)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise
    return digest.hexdigest(), Path(temporary)


def path_of(sha256: str) -> Path:
    """Where the file with that hash is kept. Raises ValueError for what is no hash."""
    if not re.fullmatch(r"[0-9a-f]{64}", sha256):
        raise ValueError("not a SHA-256")
    return Path(settings.MEDIA_ROOT) / sha256[:2] / sha256


def plain_name(name: str) -> str:
    """The name of a file without folders or signs that a header or a page could stumble over; at most 150 signs."""
    bare = re.sub(r"[^\w .()-]+", "_", re.split(r"[/\\]", name)[-1]).strip(" .")
    stem, dot, ending = bare.rpartition(".")
    return f"{stem[: 149 - len(ending)]}.{ending}" if dot and len(ending) < 10 else bare[:150] or "file"
