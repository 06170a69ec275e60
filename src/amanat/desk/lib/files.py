"""Files kept by what is in them: each under its SHA-256, written once, never changed, never held twice.

What a file is follows from its first bytes, not from its name.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import tempfile
from collections.abc import Collection
from pathlib import Path, PurePath
from typing import NamedTuple

from django.conf import settings
from django.core.exceptions import SuspiciousFileOperation
from django.core.files.uploadedfile import UploadedFile
from django.utils.text import get_valid_filename
from django.utils.translation import gettext as _

from amanat.desk.lib.numerals import local
from amanat.desk.lib.refusals import Refused

PDF, PNG, JPEG, TIFF, TEXT = "application/pdf", "image/png", "image/jpeg", "image/tiff", "text/plain"
DOCUMENTS = (PDF, PNG, JPEG, TIFF, TEXT)
"""What an official document may be: something to read, that runs nothing."""
MEGABYTE = 1_000_000
_BEGINNINGS = {b"%PDF-": PDF, b"\x89PNG\r\n\x1a\n": PNG, b"\xff\xd8\xff": JPEG, b"II*\0": TIFF, b"MM\0*": TIFF}
_ENDINGS = {PDF: (".pdf",), PNG: (".png",), JPEG: (".jpg", ".jpeg"), TIFF: (".tif", ".tiff"), TEXT: (".txt",)}
_CONTROLS = frozenset(range(32)) - set(b"\t\n\f\r")
_LONGEST_NAME = 120


class Kept(NamedTuple):
    """A file that is kept: its hash, a name that is safe to offer, its media type, its bytes."""

    sha256: str
    name: str
    kind: str
    size: int


def path_of(sha256: str) -> Path:
    """Where the file of that hash lies."""
    return Path(settings.MEDIA_ROOT) / sha256[:2] / sha256


def keep(upload: UploadedFile[bytes], limit: int, kinds: Collection[str]) -> Kept:
    """Keep an upload of at most `limit` bytes whose content is one of `kinds`. Raises Refused."""
    size = upload.size or 0
    if not size:
        raise Refused(_("The file is empty."))
    if size > limit:
        raise Refused(_("The file is too large: at most {size} MB.").format(size=local(limit // MEGABYTE)))
    kind = _kind(upload)
    if kind not in kinds:
        known = ", ".join(_ENDINGS[one][0][1:].upper() for one in kinds)
        reason = _("This is not a file of a known type, whatever its name says. Known: {types}.")
        raise Refused(reason.format(types=known))
    return Kept(_written(upload), safe_name(upload.name or "", kind), kind, size)


def safe_name(name: str, kind: str) -> str:
    """`name` without folders and odd signs, with an ending that tells what the file really is."""
    plain = PurePath(name.replace("\\", "/")).name
    try:
        stem = PurePath(get_valid_filename(plain)).stem
    except SuspiciousFileOperation:  # nothing of it could stay
        stem = ""
    ending = PurePath(plain).suffix.lower()
    return f"{stem.strip('.')[:_LONGEST_NAME] or 'file'}{ending if ending in _ENDINGS[kind] else _ENDINGS[kind][0]}"


def _kind(upload: UploadedFile[bytes]) -> str:
    """The media type by the content; "" for none that is known."""
    upload.seek(0)
    beginning = upload.read(16)
    for sign, kind in _BEGINNINGS.items():
        if beginning.startswith(sign):
            return kind
    return TEXT if _is_text(upload) else ""


def _is_text(upload: UploadedFile[bytes]) -> bool:
    upload.seek(0)
    data = upload.read()
    if _CONTROLS.intersection(data):
        return False
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _written(upload: UploadedFile[bytes]) -> str:
    """The hash under which the file now lies; where it lay already it is left as it was."""
    folder = Path(settings.MEDIA_ROOT)
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    digest = hashlib.sha256()
    with tempfile.NamedTemporaryFile(dir=folder, prefix=".draft-") as draft:
        upload.seek(0)
        for chunk in upload.chunks():
            digest.update(chunk)
            draft.write(chunk)
        draft.flush()
        os.fchmod(draft.fileno(), 0o400)
        os.fsync(draft.fileno())
        place = path_of(digest.hexdigest())
        place.parent.mkdir(exist_ok=True, mode=0o700)
        with contextlib.suppress(FileExistsError):
            os.link(draft.name, place)  # unlike a rename, never over a file that is there
    return place.name
