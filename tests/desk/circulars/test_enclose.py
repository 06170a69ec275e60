"""Enclosures: kept by content, looked at where a scanner is set up, offered only once they may be opened."""

from __future__ import annotations

import sys
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import FileResponse
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from amanat.desk.audit.models import Event
from amanat.desk.circulars import timed
from amanat.desk.circulars.actions import dispatches, enclosures, scans
from amanat.desk.circulars.models import Circular, Enclosure
from amanat.desk.lib import files
from amanat.desk.lib.refusals import Overtaken, Refused
from amanat.desk.lib.scans import Unseen
from amanat.desk.registry.models import Notice
from tests.desk.circulars.conftest import Letters

SCANNER = "import sys; sys.exit(1 if b'virus' in sys.stdin.buffer.read() else 0)"


def enclose(letters: Letters, draft: Circular, content: bytes = b"%PDF-1.7 plain", **more: str) -> Enclosure:
    upload = SimpleUploadedFile("../evil name.exe", content)
    return enclosures.enclose(draft, by=letters.cast["officer@top"], upload=upload, **more)


@pytest.fixture
def scanner(settings: Any) -> None:
    settings.SCAN = [sys.executable, "-c", SCANNER]


def test_a_file_is_known_by_its_content_and_kept_by_its_hash(letters: Letters, kept_files: Path) -> None:
    row = enclose(letters, letters.draft(), title="Form A", language="ur")
    assert (row.kind, row.name, row.state) == ("application/pdf", "evil_name.pdf", "unscanned")
    assert (kept_files / row.sha256[:2] / row.sha256).read_bytes() == b"%PDF-1.7 plain"
    assert Event.objects.filter(verb="enclose").count() == 1


@pytest.mark.parametrize("content", [b"MZ\x90\x00", b"PK\x03\x04 broken", b"", b"<svg/>\x00"])
def test_other_files_are_refused(letters: Letters, content: bytes) -> None:
    with pytest.raises(Refused):
        enclose(letters, letters.draft(), content)
    assert not Enclosure.objects.exists()


def test_not_the_same_twice_nor_too_many_nor_too_large(letters: Letters, monkeypatch: pytest.MonkeyPatch) -> None:
    draft = letters.draft()
    enclose(letters, draft)
    with pytest.raises(Refused, match="very file"):
        enclose(letters, draft)
    monkeypatch.setattr(enclosures, "MOST", 1)
    with pytest.raises(Refused, match="twenty"):
        enclose(letters, draft, b"%PDF-2")
    monkeypatch.setattr(enclosures, "MOST", 20)
    monkeypatch.setattr(enclosures, "LARGEST", 10)
    with pytest.raises(Refused, match="too large"):
        enclose(letters, draft, b"%PDF-1.7 longer")


def test_nothing_is_enclosed_or_taken_out_after_dispatch(letters: Letters) -> None:
    draft = letters.draft()
    row = enclose(letters, draft)
    dispatches.dispatch(Circular.objects.get(pk=draft.pk), by=letters.cast["head@top"])
    with pytest.raises(Overtaken):
        enclose(letters, draft, b"%PDF-2")  # whose page still showed a draft
    with pytest.raises(Overtaken):
        enclosures.take_out(row, by=letters.cast["officer@top"])
    assert draft.enclosures.count() == 1


def test_taken_out_of_a_draft(letters: Letters) -> None:
    row = enclose(letters, letters.draft())
    with pytest.raises(Refused):
        enclosures.take_out(row, by=letters.cast["auditor@top"])
    enclosures.take_out(row, by=letters.cast["officer@top"])
    assert not Enclosure.objects.exists()
    assert Event.objects.filter(verb="take-out").count() == 1


@pytest.mark.usefixtures("scanner")
@pytest.mark.parametrize(("content", "state"), [(b"%PDF fine", "clean"), (b"%PDF virus", "infected")])
def test_a_scanner_looks_before_anybody_opens_it(
    letters: Letters, signed_in: Callable[[str], Client], content: bytes, state: str,
    django_capture_on_commit_callbacks: Any,
) -> None:  # fmt: skip
    client, draft = signed_in("officer@top"), letters.draft()
    with django_capture_on_commit_callbacks() as queued:
        row = enclose(letters, draft, content)
    address = reverse("circulars:enclosure", args=[row.pk])
    assert row.state == "waiting"
    assert client.get(address).status_code == 404
    with pytest.raises(Refused, match="looked at"):
        dispatches.dispatch(draft, by=letters.cast["head@top"])
    for look in (*queued, lambda: scans.look(row.pk)):
        look()
    row.refresh_from_db()
    assert row.state == state
    assert Event.objects.filter(verb__in=("pass", "reject"), actor=None).count() == 1
    answer = client.get(address)
    assert answer.status_code == (200 if state == "clean" else 404)
    told = Notice.objects.filter(key=f"enclosure:{row.pk}", person=letters.cast["officer@top"])
    assert told.count() == (state == "infected")
    if isinstance(answer, FileResponse):
        answer.close()


@pytest.mark.parametrize("command", [["/nowhere/clamdscan", "-"], [sys.executable, "-c", "raise SystemExit(2)"]])
def test_while_the_scanner_fails_the_file_waits(letters: Letters, settings: Any, command: list[str]) -> None:
    settings.SCAN = command
    row = enclose(letters, letters.draft())
    with pytest.raises(Unseen):
        scans.look(row.pk)
    later = timezone.now() + 2 * timed.PATIENCE
    timed.run(later)
    row.refresh_from_db()
    assert row.state == "waiting"
    settings.SCAN = [sys.executable, "-c", SCANNER]
    timed.run(timezone.now() - timedelta(hours=1))
    row.refresh_from_db()
    assert row.state == "waiting"  # the queue has its time first
    timed.run(later)
    row.refresh_from_db()
    assert row.state == "clean"


def test_a_file_that_cannot_be_looked_at_keeps_no_other_waiting(letters: Letters, settings: Any) -> None:
    settings.SCAN = [sys.executable, "-c", SCANNER]
    draft = letters.draft()
    rows = [enclose(letters, draft, f"%PDF-1.7 {number}".encode()) for number in range(4)]
    for row in rows[:3]:
        files.path_of(row.sha256).unlink()
    timed.run(timezone.now() + 2 * timed.PATIENCE)
    rows[3].refresh_from_db()
    assert rows[3].state == "clean"
    assert Enclosure.objects.filter(state="waiting").count() == 3


def test_an_infected_enclosure_is_not_sent(letters: Letters) -> None:
    draft = letters.draft()
    row = enclose(letters, draft)
    Enclosure.objects.filter(pk=row.pk).update(state="infected")
    with pytest.raises(Refused, match="harmful"):
        dispatches.dispatch(draft, by=letters.cast["head@top"])


def test_it_is_a_download_and_nothing_else(letters: Letters, signed_in: Callable[[str], Client]) -> None:
    draft = letters.draft()
    row = enclose(letters, draft)
    dispatches.dispatch(draft, by=letters.cast["head@top"])
    answer = signed_in("head@top").get(reverse("circulars:enclosure", args=[row.pk]))
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Disposition"] == 'attachment; filename="evil_name.pdf"'
    assert "sandbox" in answer["Content-Security-Policy"]
    answer.close()
