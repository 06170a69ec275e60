from __future__ import annotations

import io
import re
import sys
from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from openpyxl import Workbook

from amanat.desk.audit.models import Event
from amanat.desk.circulars.actions import acknowledgements, sheets
from amanat.desk.circulars.models import Acknowledgement, Addressee, Circular, Sheet
from amanat.desk.lib import files
from amanat.desk.lib.refusals import Refused
from amanat.desk.registry.models import Notice, Person
from tests.desk.circulars.conftest import Letters

SignedIn = Callable[[str], Client]
PDF = b"%PDF-1.7\nsigned"


def scan(content: bytes = PDF, name: str = "sheet.pdf") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def address(letters: Letters, circular: Circular, place: str = "own", name: str = "sheet") -> str:
    return reverse(f"circulars:{name}", args=[circular.pk, getattr(letters.cast, place).pk])


def sent(numbers: str, **more: Any) -> dict[str, Any]:
    today = timezone.localdate().isoformat()
    return {"scan": scan(), "language": "ur", "signed_on": today, "numbers": numbers} | more


def kept_of(text: str) -> str:
    found = re.search(r'name="kept" value="([^"]+)"', text)
    assert found
    return found[1]


def test_first_it_is_shown_and_then_written(letters: Letters, signed_in: SignedIn) -> None:
    circular = letters.sent()
    acknowledgements.acknowledge(circular, by=letters.cast["officer@own"], version=1, language="en")
    client = signed_in("head@own")
    text = client.post(
        address(letters, circular),
        sent("moderator@own, officer@own\nofficer@field\nofficer@sister\nnobody"),
    ).content.decode()
    assert "2 people will have acknowledged" in text
    known, _sep, rest = text.partition("Acknowledged before")
    assert "Officer At Own" in rest
    assert "nobody" in known
    assert "officer@sister" in known
    assert not Sheet.objects.exists()
    done = client.post(address(letters, circular, name="hand-in"), {"kept": kept_of(text)}, follow=True)
    assert "2 people have acknowledged" in done.content.decode()
    sheet = Sheet.objects.get()
    assert set(Acknowledgement.objects.filter(sheet=sheet).values_list("addressee__person__number", "language")) == {
        ("moderator@own", "ur"),
        ("officer@field", "ur"),
    }
    assert Addressee.objects.missing(circular).count() == 9
    assert Event.objects.filter(verb="hand-in").count() == 1
    again = client.post(address(letters, circular, name="hand-in"), {"kept": kept_of(text)})
    assert again.status_code in (403, 409)
    assert Event.objects.filter(verb="hand-in").count() == 1
    download = client.get(reverse("circulars:scan", args=[sheet.pk]))
    assert b"".join(download) == PDF
    assert download.headers["Content-Disposition"].startswith("attachment")


def test_numbers_in_a_spreadsheet_and_in_other_digits(letters: Letters, signed_in: SignedIn) -> None:
    circular = letters.sent()
    Person.objects.filter(pk=letters.cast["officer@own"].pk).update(number="1042")
    book = Workbook()
    sheet: Any = book.active
    sheet.append(["Name", "पर्सनल", "Personnel number"])
    sheet.append(["x", "", "moderator@own"])
    file = io.BytesIO()
    book.save(file)
    table = SimpleUploadedFile("t.xlsx", file.getvalue())
    text = signed_in("head@own").post(address(letters, circular), sent("۱۰۴۲", table=table)).content.decode()
    assert "2 people will have acknowledged" in text
    plain = SimpleUploadedFile("t.csv", b"moderator@own\nhead@own\n")
    text = signed_in("head@own").post(address(letters, circular), sent("", table=plain)).content.decode()
    assert "2 people will have acknowledged" in text


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"scan": scan(b"<html>", "sheet.pdf")}, "not a file of a known type"),
        ({"scan": ""}, "required"),
        ({"numbers": ""}, "Write the numbers"),
        ({"signed_on": "2999-01-01"}, "still to come"),
        ({"signed_on": "2001-01-01"}, "before the circular"),
        ({"language": "bn"}, "not one of the available"),
        ({"table": SimpleUploadedFile("t.xlsx", b"PK\x03\x04rubbish")}, "cannot be read"),
        ({"numbers": "\n".join(map(str, range(2001)))}, "at most 2,000"),
    ],
)
def test_rubbish_is_told_beside_the_field(
    letters: Letters, signed_in: SignedIn, wrong: dict[str, Any], says: str
) -> None:
    answer = signed_in("head@own").post(address(letters, letters.sent()), sent("officer@own") | wrong)
    assert answer.status_code == 200
    assert says in answer.content.decode()
    assert not Sheet.objects.exists()


def test_what_was_shown_to_another_cannot_be_written(letters: Letters, signed_in: SignedIn) -> None:
    circular = letters.sent()
    text = signed_in("head@own").post(address(letters, circular), sent("officer@own")).content.decode()
    for who, place in (("authority@own", "own"), ("steward@own", "field")):
        there = address(letters, circular, place, "hand-in")
        assert signed_in(who).post(there, {"kept": kept_of(text)}).status_code == 403
    assert signed_in("head@own").post(address(letters, circular, name="hand-in"), {"kept": "x"}).status_code == 403
    assert not Acknowledgement.objects.exists()


@pytest.mark.parametrize(
    ("who", "status"),
    [("officer@own", 403), ("auditor@own", 403), ("head@top", 403), ("head@sister", 404), ("head@foreign", 404)],
)
@pytest.mark.parametrize("name", ["sheet", "blank"])
def test_only_who_leads_the_office(letters: Letters, signed_in: SignedIn, who: str, status: int, name: str) -> None:
    assert signed_in(who).get(address(letters, letters.sent(), name=name)).status_code == status


def test_an_office_that_did_not_get_it_hands_in_nothing(letters: Letters, signed_in: SignedIn) -> None:
    circular = letters.sent()
    assert signed_in("head@sister").get(address(letters, circular, "sister")).status_code == 404
    kept = files.Kept("0" * 64, "a.pdf", files.PDF, 5)
    day = timezone.localdate()
    with pytest.raises(Refused, match="did not get"):
        sheets.hand_in(
            circular, letters.cast.sister, by=letters.cast["head@sister"], scan=kept, language="en", signed_on=day,
            numbers=["officer@own"], version=1,
        )  # fmt: skip
    circular.state = "withdrawn"
    with pytest.raises(Refused, match="not in force"):
        sheets.check(circular, letters.cast.own, by=letters.cast["head@own"])


def test_the_blank_sheet_is_in_the_language_of_the_office(letters: Letters, signed_in: SignedIn) -> None:
    circular = letters.sent()
    acknowledgements.acknowledge(circular, by=letters.cast["officer@own"], version=1, language="en")
    text = signed_in("head@own").get(address(letters, circular, name="blank")).content.decode()
    assert '<html lang="ur" dir="rtl">' in text
    assert "سوشل میڈیا کا استعمال" in text
    assert "moderator@own" in text
    assert "officer@own" not in text
    assert "officer@field" not in text


def test_the_scan_is_there_for_who_leads(letters: Letters, signed_in: SignedIn) -> None:
    circular = letters.sent()
    head = letters.cast["head@own"]
    kept = sheets.keep_scan(circular, letters.cast.own, scan(), by=head)
    sheet = sheets.hand_in(
        circular, letters.cast.own, by=head, scan=kept, language="en", signed_on=timezone.localdate(),
        numbers=["officer@own"], version=1,
    )  # fmt: skip
    there = reverse("circulars:scan", args=[sheet.pk])
    found = {}
    for who in ("head@own", "head@top", "officer@own", "auditor@top", "head@sister", "head@foreign"):
        answer = signed_in(who).get(there)
        found[who] = answer.status_code
        assert b"".join(answer) if answer.streaming else answer.content
    assert found == {
        "head@own": 200, "head@top": 200, "officer@own": 403, "auditor@top": 403, "head@sister": 404,
        "head@foreign": 404,
    }  # fmt: skip


def test_whoever_acknowledged_by_a_sheet_is_told(letters: Letters) -> None:
    circular, head = letters.sent(), letters.cast["head@own"]
    acknowledgements.acknowledge(circular, by=letters.cast["moderator@own"], version=1, language="en")
    kept = sheets.keep_scan(circular, letters.cast.own, scan(), by=head)
    sheet = sheets.hand_in(
        circular, letters.cast.own, by=head, scan=kept, language="en", signed_on=timezone.localdate(),
        numbers=["officer@own", "moderator@own"], version=1,
    )  # fmt: skip
    notice = Notice.objects.get(key=f"sheet:{sheet.pk}")
    assert notice.person == letters.cast["officer@own"]
    assert notice.why.startswith("Your office handed in a signed sheet")


FINDS, FAILS = "import sys; sys.exit(b'virus' in sys.stdin.buffer.read())", "raise SystemExit(2)"


@pytest.mark.parametrize(
    ("scanner", "content", "why"),
    [(FINDS, PDF, ""), (FINDS, b"%PDF-1.7 virus", "harmful"), (FAILS, PDF, "could not be looked at")],
)
def test_a_scanner_looks_at_the_scan_too(
    letters: Letters, signed_in: SignedIn, settings: Any, scanner: str, content: bytes, why: str
) -> None:
    settings.SCAN = [sys.executable, "-c", scanner]
    circular = letters.sent()
    answer = signed_in("head@own").post(address(letters, circular), sent("officer@own", scan=scan(content)))
    text = answer.content.decode()
    assert ('name="kept"' in text) == (not why)
    assert why in text


def test_a_scan_that_is_lost_is_not_found(letters: Letters, signed_in: SignedIn) -> None:
    circular, head = letters.sent(), letters.cast["head@own"]
    kept = sheets.keep_scan(circular, letters.cast.own, scan(), by=head)
    sheet = sheets.hand_in(
        circular, letters.cast.own, by=head, scan=kept, language="en", signed_on=timezone.localdate(),
        numbers=["officer@own"], version=1,
    )  # fmt: skip
    files.path_of(kept.sha256).unlink()
    assert signed_in("head@own").get(reverse("circulars:scan", args=[sheet.pk])).status_code == 404
