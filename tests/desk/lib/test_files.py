"""Files by hash: once, unchanged, known by content."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile, TemporaryUploadedFile
from hypothesis import given
from hypothesis import strategies as st

from amanat.desk.lib.files import DOCUMENTS, JPEG, PDF, PNG, TEXT, TIFF, keep, path_of, safe_name
from amanat.desk.lib.refusals import Refused


@pytest.fixture(autouse=True)
def _own_folder(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path


@pytest.mark.parametrize(
    ("data", "kind", "name"),
    [
        (b"%PDF-1.4 x", PDF, "a.pdf"),
        (b"\x89PNG\r\n\x1a\n x", PNG, "a.png"),
        (b"\xff\xd8\xff\xe0 x", JPEG, "a.jpg"),
        (b"II*\0 x", TIFF, "a.tif"),
        (b"MM\0* x", TIFF, "a.tif"),
        ("متن\r\n\tپہلا".encode(), TEXT, "a.txt"),
    ],
)
def test_the_kind_follows_from_the_content_and_the_name_from_the_kind(data: bytes, kind: str, name: str) -> None:
    kept = keep(SimpleUploadedFile("a.exe", data), 1000, DOCUMENTS)
    assert (kept.kind, kept.name, kept.size) == (kind, name, len(data))
    assert path_of(kept.sha256).read_bytes() == data


def test_a_kind_not_asked_for_is_refused() -> None:
    with pytest.raises(Refused, match="Known: PNG"):
        keep(SimpleUploadedFile("a.pdf", b"%PDF-1.4"), 1000, (PNG,))


def test_the_same_content_is_held_once_and_left_as_it_was(tmp_path: Path) -> None:
    first = keep(SimpleUploadedFile("a.txt", b"same"), 1000, DOCUMENTS)
    path = path_of(first.sha256)
    before = path.stat()
    second = keep(SimpleUploadedFile("b.txt", b"same"), 1000, DOCUMENTS)
    assert second == first._replace(name="b.txt")
    assert path.stat().st_mtime_ns == before.st_mtime_ns
    assert [one for one in tmp_path.rglob("*") if one.is_file()] == [path]


def test_a_large_upload_comes_through_whole(tmp_path: Path) -> None:
    data = b"%PDF-" + bytes(range(256)) * 20_000
    upload = TemporaryUploadedFile("big.pdf", "application/pdf", len(data), None)
    upload.write(data)
    upload.seek(0)
    kept = keep(upload, 10**7, DOCUMENTS)
    assert path_of(kept.sha256).read_bytes() == data


@given(st.text(max_size=300))
def test_a_safe_name_has_no_folder_no_control_sign_and_the_right_ending(name: str) -> None:
    safe = safe_name(name, PDF)
    assert safe.endswith(".pdf")
    assert 4 < len(safe) <= 130
    assert not set(safe) & set("/\\\0\r\n\"'<>|:*?;")
    assert not safe.startswith(".")


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("../../etc/passwd", "passwd.pdf"),
        ("C:\\x\\Order 5.PDF", "Order_5.pdf"),
        ("حکم نامہ.pdf", "حکم_نامہ.pdf"),
        ("", "file.pdf"),
    ],
)
def test_names_that_were_thought_of(name: str, safe: str) -> None:
    assert safe_name(name, PDF) == safe
