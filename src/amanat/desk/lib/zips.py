"""Documents that are zips inside: what they are by what they hold, without unpacking them.

Only the directory is read, and two small parts. Whatever could run (macros, scripts), hides (a password) or would
swell beyond measure when opened is none of the known kinds.
"""

from __future__ import annotations

import zipfile
from typing import IO

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
ODT = "application/vnd.oasis.opendocument.text"
SIGN = b"PK\x03\x04"
_OFFICE = {"word/document.xml": DOCX, "xl/workbook.xml": XLSX}
_TYPES = "[Content_Types].xml"
_MOST_PARTS = 2_000
_LARGEST = 400_000_000
_SWELL = 200
_SMALL = 100_000
_RUNS = ("vbaproject.bin", "vbadata.xml", "activex", "oleobject", ".exe", ".dll", ".js", ".vbs", ".bat", ".jar")
_SCRIPTS = ("basic/", "scripts/")


def kind_of(file: IO[bytes]) -> str:
    """The media type of a document in a zip; "" for anything else, and for what is not safe to open."""
    try:
        with zipfile.ZipFile(file) as archive:
            return _kind(archive)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, OSError, ValueError, EOFError):
        return ""


def _kind(archive: zipfile.ZipFile) -> str:
    parts = archive.infolist()
    if not _is_modest(parts) or any(_is_dangerous(part) for part in parts):
        return ""
    names = [part.filename for part in parts]
    if len(names) != len(set(names)):  # two parts of one name: what is checked might not be what is opened
        return ""
    if names[0] == "mimetype":
        return ODT if _read(archive, "mimetype").strip() == ODT.encode() else ""
    found = [kind for name, kind in _OFFICE.items() if name in names]
    if len(found) != 1 or _TYPES not in names or b"macroenabled" in _read(archive, _TYPES).lower():
        return ""
    return found[0]


def _is_modest(parts: list[zipfile.ZipInfo]) -> bool:
    """Whether it is no bomb: not too many parts, and none that grows out of all proportion."""
    if not 0 < len(parts) <= _MOST_PARTS or sum(part.file_size for part in parts) > _LARGEST:
        return False
    return all(part.file_size <= _SMALL or part.file_size <= _SWELL * part.compress_size for part in parts)


def _is_dangerous(part: zipfile.ZipInfo) -> bool:
    name = part.filename.lower().replace("\\", "/")
    leads_out = name.startswith("/") or ".." in name.split("/")
    runs = name.startswith(_SCRIPTS) or any(sign in name for sign in _RUNS)
    return bool(part.flag_bits & 0x1) or leads_out or runs


def _read(archive: zipfile.ZipFile, name: str) -> bytes:
    """The beginning of one part, whatever its directory entry says of its size."""
    with archive.open(name) as part:
        return part.read(_SMALL)
