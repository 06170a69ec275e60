"""Files kept by what is in them: each under its SHA-256, written once, never changed, never held twice.

What a file is follows from its first bytes, not from its name.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import re
import tempfile
from collections.abc import Collection
from pathlib import Path, PurePath
from typing import NamedTuple

from django.conf import settings
from django.core.exceptions import SuspiciousFileOperation
from django.core.files import File
from django.core.files.base import ContentFile
from django.utils.text import get_valid_filename
from django.utils.translation import gettext as _

from amanat.desk.lib import zips
from amanat.desk.lib.commas import listed
from amanat.desk.lib.numerals import local
from amanat.desk.lib.refusals import Refused

PDF, PNG, JPEG, TIFF, TEXT = "application/pdf", "image/png", "image/jpeg", "image/tiff", "text/plain"
WEBP = "image/webp"
DOCUMENTS = (PDF, PNG, JPEG, TIFF, TEXT)
"""What an official document may be: something to read, that runs nothing."""
OFFICE_DOCUMENTS = (zips.DOCX, zips.ODT, zips.XLSX)
"""What offices write in: zips inside, told by their parts; none that holds macros or scripts."""
MEGABYTE = 1_000_000
_BEGINNINGS = {b"%PDF-": PDF, b"\x89PNG\r\n\x1a\n": PNG, b"\xff\xd8\xff": JPEG, b"II*\0": TIFF, b"MM\0*": TIFF}
_ENDINGS = {
    PDF: (".pdf",), PNG: (".png",), JPEG: (".jpg", ".jpeg"), TIFF: (".tif", ".tiff"), TEXT: (".txt",),
    WEBP: (".webp",), zips.DOCX: (".docx",), zips.ODT: (".odt",), zips.XLSX: (".xlsx",),
}  # fmt: skip
_CONTROLS = frozenset(range(32)) - set(b"\t\n\f\r")
_LONGEST_NAME = 120
_HASH = re.compile(r"[0-9a-f]{64}")


class Kept(NamedTuple):
    """A file that is kept: its hash, a name that is safe to offer, its media type, its bytes."""

    sha256: str
    name: str
    kind: str
    size: int


def path_of(sha256: str) -> Path:
    """Where the file of that hash lies. Raises ValueError for what is no hash."""
    if not _HASH.fullmatch(sha256):
        raise ValueError("not a SHA-256")
    return Path(settings.MEDIA_ROOT) / sha256[:2] / sha256


def keep(upload: File[bytes], limit: int, kinds: Collection[str]) -> Kept:
    """Keep an upload of at most `limit` bytes whose content is one of `kinds`. Raises Refused."""
    size = upload.size or 0
    if not size:
        raise Refused(_("The file is empty."))
    if size > limit:
        raise Refused(_("The file is too large: at most {size} MB.").format(size=local(limit // MEGABYTE)))
    kind = _kind(upload)
    if kind not in kinds:
        known = listed(_ENDINGS[one][0][1:].upper() for one in kinds)
        reason = _("This is not a file of a known type, whatever its name says. Known: {types}.")
        raise Refused(reason.format(types=known))
    return Kept(_written(upload), safe_name(upload.name or "", kind), kind, size)


def keep_bytes(data: bytes) -> str:
    """Keep what the desk itself made or heard: its hash."""
    return _written(ContentFile(data))


def safe_name(name: str, kind: str) -> str:
    """`name` without folders and odd signs, with an ending that tells what the file really is."""
    plain = PurePath(plain_name(name))
    ending = plain.suffix.lower()
    return f"{plain.stem}{ending if ending in _ENDINGS[kind] else _ENDINGS[kind][0]}"


def plain_name(name: str) -> str:
    """`name` without folders and odd signs, not too long; "file" where nothing of it could stay."""
    try:
        plain = PurePath(get_valid_filename(PurePath(name.replace("\\", "/")).name))
    except SuspiciousFileOperation:
        return "file"
    return f"{plain.stem.strip('.')[:_LONGEST_NAME] or 'file'}{plain.suffix[:10]}"


def _kind(upload: File[bytes]) -> str:
    """The media type by the content; "" for none that is known."""
    upload.seek(0)
    beginning = upload.read(16)
    if beginning.startswith(zips.SIGN):
        upload.seek(0)
        return zips.kind_of(upload)
    return kind_of(beginning) or (TEXT if _is_text(upload) else "")


def kind_of(beginning: bytes) -> str:
    """The media type by a file's first bytes; "" where they tell none."""
    if beginning.startswith(b"RIFF") and beginning[8:12] == b"WEBP":
        return WEBP
    return next((kind for sign, kind in _BEGINNINGS.items() if beginning.startswith(sign)), "")


def _is_text(upload: File[bytes]) -> bool:
    upload.seek(0)
    data = upload.read()
    if _CONTROLS.intersection(data):
        return False
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _written(upload: File[bytes]) -> str:
    """The hash under which the file now lies; where it lay already it is left as it was."""
    sha256, draft = write_down(upload, Path(settings.MEDIA_ROOT))
    draft.chmod(0o400)
    place = path_of(sha256)
    place.parent.mkdir(exist_ok=True, mode=0o700)
    with contextlib.suppress(FileExistsError):
        os.link(draft, place)  # unlike a rename, never over a file that is there
    draft.unlink()
    return sha256


def write_down(upload: File[bytes], folder: Path) -> tuple[str, Path]:
    """Write `upload` into `folder` under a passing name, whole or not at all: its hash, and where it is."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    digest = hashlib.sha256()
    handle, draft = tempfile.mkstemp(dir=folder, prefix=".draft-")
    try:
        with os.fdopen(handle, "wb") as file:
            upload.seek(0)
            for chunk in upload.chunks():
                digest.update(chunk)
                file.write(chunk)
            file.flush()
            os.fsync(file.fileno())
    except BaseException:
        Path(draft).unlink(missing_ok=True)
        raise
    return digest.hexdigest(), Path(draft)
