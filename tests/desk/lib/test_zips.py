"""Documents that are zips: known by their parts, and only where nothing in them could do harm."""

from __future__ import annotations

import io
import zipfile
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from amanat.desk.lib.files import DOCUMENTS, OFFICE_DOCUMENTS, keep
from amanat.desk.lib.refusals import Refused
from amanat.desk.lib.zips import DOCX, ODT, XLSX, kind_of

TYPES = ("[Content_Types].xml", b"<Types/>")
WORD = ("word/document.xml", b"<w/>")


def packed(*parts: tuple[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", method) as archive:
        for name, content in parts:
            archive.writestr(name, content)
    return file.getvalue()


@pytest.mark.parametrize(
    ("parts", "kind"),
    [
        ([TYPES, WORD], DOCX),
        ([TYPES, ("xl/workbook.xml", b"<x/>")], XLSX),
        ([("mimetype", ODT.encode()), ("content.xml", b"<o/>")], ODT),
    ],
)
def test_a_document_is_known_by_its_parts(parts: list[tuple[str, bytes]], kind: str) -> None:
    assert kind_of(io.BytesIO(packed(*parts))) == kind


@pytest.mark.parametrize(
    "parts",
    [
        [("a.txt", b"plain zip")],
        [WORD],
        [TYPES, WORD, ("xl/workbook.xml", b"")],
        [TYPES, WORD, ("word/vbaProject.bin", b"macro")],
        [("[Content_Types].xml", b'<O ContentType="application/vnd.ms-word.document.macroEnabled.main+xml"/>'), WORD],
        [TYPES, WORD, ("word/embeddings/oleObject1.bin", b"x")],
        [TYPES, WORD, ("../../evil", b"x")],
        [("mimetype", ODT.encode()), ("Basic/script.xml", b"x")],
        [("mimetype", b"application/epub+zip")],
        [TYPES, WORD, ("word/media/bomb", b"\0" * 30_000_000)],
        [TYPES, WORD, *((f"part{n}", b"") for n in range(2_001))],
    ],
)
def test_what_runs_hides_or_swells_is_no_document(parts: list[tuple[str, bytes]]) -> None:
    assert kind_of(io.BytesIO(packed(*parts))) == ""


def test_a_name_twice_is_no_document() -> None:
    with pytest.warns(UserWarning, match="Duplicate"):
        data = packed(TYPES, WORD, WORD)
    assert kind_of(io.BytesIO(data)) == ""


def test_what_is_broken_is_no_document() -> None:
    whole = packed(TYPES, WORD)
    for cut in range(4, len(whole) - 1, 7):
        assert kind_of(io.BytesIO(whole[:cut])) == ""


def test_it_is_kept_only_where_it_is_asked_for(settings: Any, tmp_path: Any) -> None:
    settings.MEDIA_ROOT = tmp_path
    upload = SimpleUploadedFile("letter.pdf", packed(TYPES, WORD))
    assert keep(upload, 10**6, OFFICE_DOCUMENTS).name == "letter.docx"
    with pytest.raises(Refused, match="known type"):
        keep(upload, 10**6, DOCUMENTS)
