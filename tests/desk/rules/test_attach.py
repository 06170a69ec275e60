"""Official documents: kept by hash, known by content, downloaded under a safe name."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.test import Client

from amanat.desk.audit.models import Event
from amanat.desk.lib import files
from amanat.desk.lib.refusals import Refused
from amanat.desk.rules import actions, engine
from amanat.desk.rules.models import Document
from tests.cast import Cast

PDF = b"%PDF-1.7\n%made up\n"
ATTACH = "/rules/bd/instruments/bdg16/attach/"


@pytest.fixture(autouse=True)
def _own_folder(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path / "files"


def upload(data: bytes = PDF, name: str = "guideline.pdf") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, data)


def attach(cast: Cast, who: str = "steward@top", **more: Any) -> Document:
    given = {"upload": upload(), "note": "Gazette, page 3", **more}
    return actions.attach(engine.shipped().packs["bd"].instruments["bdg16"], by=cast[who], **given)


def test_a_document_is_kept_under_its_hash_with_one_event(cast: Cast) -> None:
    document = attach(cast)
    digest = hashlib.sha256(PDF).hexdigest()
    assert (document.sha256, document.kind, document.size) == (digest, files.PDF, len(PDF))
    assert document.office == cast.top
    path = files.path_of(digest)
    assert path.read_bytes() == PDF
    assert path.stat().st_mode & 0o777 == 0o400
    event = Event.objects.get()
    assert (event.verb, event.thing, event.facts["sha256"]) == ("attach", document.pk, digest)


@pytest.mark.parametrize("who", ["officer@own", "moderator@own", "head@own", "authority@top", "auditor@top"])
def test_others_are_refused_and_no_file_is_written(cast: Cast, who: str, settings: Any) -> None:
    with pytest.raises(Refused, match="steward"):
        attach(cast, who)
    assert not Document.objects.exists()
    assert not Event.objects.exists()
    assert not Path(settings.MEDIA_ROOT).exists()


def test_the_same_file_twice_is_refused_once_kept(cast: Cast) -> None:
    attach(cast)
    with pytest.raises(Refused, match="already"):
        attach(cast, "steward@foreign")
    assert Event.objects.count() == 1


def test_the_database_itself_knows_a_document_once(cast: Cast) -> None:
    document = attach(cast)
    document.pk = None
    with pytest.raises(IntegrityError), transaction.atomic():
        document.save(force_insert=True)


def test_the_form_attaches_and_leads_back(cast: Cast, signed_in: Callable[[str], Client]) -> None:
    client = signed_in("steward@own")
    assert ATTACH in client.get("/rules/bd/instruments/bdg16/").text
    assert client.get(ATTACH).status_code == 200
    response = client.post(ATTACH, {"upload": upload(), "note": "Gazette"})
    assert (response.status_code, response["Location"]) == (302, "/rules/bd/instruments/bdg16/")
    page = Client().get("/rules/bd/instruments/bdg16/").text
    assert "guideline.pdf" in page
    assert ATTACH not in page
    assert "guideline.pdf" in Client().get("/rules/bd/bdg16-politics/").text


@pytest.mark.parametrize(
    ("data", "note", "fault"),
    [
        (b"MZ\x90\0 a program", "Gazette", "not a file of a known type"),
        (b"PK\x03\x04 an archive", "Gazette", "not a file of a known type"),
        (b"\xff\xfe\0\0 not UTF-8", "Gazette", "not a file of a known type"),
        (PDF, "", "This field is required"),
        (b"", "Gazette", "empty"),
    ],
)
def test_rubbish_is_refused_beside_the_field_and_the_note_is_kept(
    cast: Cast, signed_in: Callable[[str], Client], data: bytes, note: str, fault: str
) -> None:
    response = signed_in("steward@own").post(ATTACH, {"upload": upload(data), "note": note})
    assert response.status_code == 200
    assert fault in response.text
    assert f'value="{note}"' in response.text or not note
    assert not Document.objects.exists()


def test_too_large_a_file_is_refused(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(actions, "LARGEST", 10)
    with pytest.raises(Refused, match="too large"):
        attach(cast)


def test_who_may_not_does_not_see_the_form(cast: Cast, signed_in: Callable[[str], Client]) -> None:
    assert signed_in("auditor@top").get(ATTACH).status_code == 403
    assert ATTACH not in signed_in("auditor@top").get("/rules/bd/instruments/bdg16/").text
    assert "/accounts/login/" in Client().get(ATTACH)["Location"]
    assert signed_in("steward@top").get("/rules/bd/instruments/none/attach/").status_code == 404


def test_anyone_downloads_it_as_a_file_never_as_a_page(cast: Cast) -> None:
    document = attach(cast, upload=upload(b"<script>alert(1)</script>", "evil.html"))
    response = Client().get(f"/rules/documents/{document.pk}/")
    assert b"".join(response.streaming_content) == b"<script>alert(1)</script>"  # type: ignore[attr-defined]
    assert response["Content-Disposition"] == 'attachment; filename="evil.txt"'
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Content-Type"] == "text/plain"
    assert "sandbox" in response["Content-Security-Policy"]


def test_a_document_whose_file_is_gone_is_404(cast: Cast) -> None:
    document = attach(cast)
    files.path_of(document.sha256).unlink()
    assert Client().get(f"/rules/documents/{document.pk}/").status_code == 404
