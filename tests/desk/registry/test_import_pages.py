"""The pages of the import: load, look, write; and what a stranger finds."""

from __future__ import annotations

import io
import os
import time
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from openpyxl import Workbook, load_workbook

from amanat.desk.audit.models import Event
from amanat.desk.lib import sheets
from amanat.desk.registry.forms import imports as forms
from amanat.desk.registry.imports.columns import KINDS, folded, heads_of, in_all_languages
from amanat.desk.registry.models import Person
from tests.cast import Cast
from tests.desk.registry.sheets import faults_of, load

Browser = Callable[[str], Client]
HEAD = "personnel number,name,office code,role"


def send(browser: Client, body: str | bytes, kind: str = "people", name: str = "staff.csv") -> Any:
    raw = body.encode() if isinstance(body, str) else body
    return browser.post("/import/", {"kind": kind, "file": SimpleUploadedFile(name, raw)})


def test_load_look_and_write(signed_in: Browser, django_assert_max_num_queries: Any) -> None:
    browser = signed_in("steward@top")
    with django_assert_max_num_queries(12):
        page = browser.get("/import/?kind=people").text
    assert "Education Department" in page
    assert "template.xlsx" in page
    at = send(browser, f"{HEAD}\nP-1,Asma,ED,officer\n")["Location"]
    with django_assert_max_num_queries(12):
        page = browser.get(at).text
    assert "Asma · P-1 · ED · officer" in page
    assert not Person.objects.filter(number="P-1").exists()
    fingerprint = page.partition('name="fingerprint" value="')[2].partition('"')[0]
    assert browser.post(at, {"fingerprint": "rubbish"}).status_code == 409
    assert not Person.objects.filter(number="P-1").exists()
    assert browser.post(at, {"fingerprint": fingerprint}).status_code == 302
    assert Person.objects.filter(number="P-1").exists()
    assert browser.post(at, {"fingerprint": fingerprint}).status_code == 404
    assert Event.objects.count() == 1


def test_faults_are_listed_and_downloaded(signed_in: Browser) -> None:
    browser = signed_in("steward@top")
    lines = "".join(f"\n=P{i},<b>Asma</b>,ED,king" for i in range(250))
    at = send(browser, HEAD + lines)["Location"]
    page = browser.get(at).text
    assert page.count("is not known: king") == 200
    assert "250 faults" in page
    assert "Write it" not in page
    told = b"".join(browser.get(f"{at}faults.csv").streaming_content).decode()  # type: ignore[attr-defined]
    assert told.startswith("\ufeffRow,Column")
    assert told.count("is not known: king") == 250
    assert browser.post(at, {"fingerprint": "x"}).status_code in (403, 409)


def test_pages_of_changes(signed_in: Browser) -> None:
    browser = signed_in("steward@top")
    lines = "".join(f"\nP-{i},<b>Asma {i}</b>,ED,officer" for i in range(120))
    at = send(browser, HEAD + lines)["Location"]
    page = browser.get(f"{at}?show=new&page=3").text
    assert "&lt;b&gt;Asma 119&lt;/b&gt;" in page
    assert "Asma 99&lt;" not in page
    assert "No row here" in browser.get(f"{at}?show=same").text
    assert browser.get(f"{at}?show=rubbish&page=rubbish").status_code == 200


def test_columns_not_known_are_told(signed_in: Browser) -> None:
    browser = signed_in("steward@top")
    assert "blood group" in browser.get(send(browser, f"{HEAD},blood group\nP-1,Asma,ED,officer,x\n")["Location"]).text
    page = browser.get(send(browser, "colour,name\nred,x\n", kind="offices")["Location"]).text
    assert "no column has this head" in page
    page = browser.get(send(browser, "name,name,code\nx,y,z\n", kind="offices")["Location"]).text
    assert "stands in the head twice" in page


def test_rubbish_is_answered_kindly(signed_in: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    browser = signed_in("steward@top")
    assert "empty" in send(browser, "").text
    assert "valid choice" in send(browser, "x", kind="cats").text
    assert browser.post("/import/", {}).status_code == 200
    assert browser.get("/import/people/rubbish/").status_code == 404
    assert browser.get(f"/import/cats/{'0' * 64}/").status_code == 404
    assert browser.get("/import/cats/template.xlsx").status_code == 404
    monkeypatch.setattr(forms, "LIMIT", 2)
    assert "larger than 25 MB" in send(browser, "x,y").text


@pytest.mark.parametrize("who", ["officer@top", "head@top", "authority@top", "auditor@top"])
def test_only_stewards_come_in(signed_in: Browser, who: str) -> None:
    for address in ("/import/", "/import/people/template.xlsx", f"/import/people/{'0' * 64}/"):
        assert signed_in(who).get(address).status_code == 403
    assert send(signed_in(who), HEAD).status_code == 403
    assert Client().get("/import/").status_code == 302


def test_nobody_else_finds_the_file(signed_in: Browser) -> None:
    at = send(signed_in("steward@top"), f"{HEAD}\nP-1,Asma,ED,officer\n")["Location"]
    for other in ("steward@own", "steward@foreign"):
        assert signed_in(other).get(at).status_code == 404
        assert signed_in(other).get(f"{at}faults.csv").status_code == 404
        assert signed_in(other).post(at, {"fingerprint": "x"}).status_code == 404


def test_files_older_than_a_day_are_swept_away(cast: Cast, kept_files: Path) -> None:
    old = load(cast["steward@top"], "people", f"{HEAD}\nP-1,Asma,ED,officer\n")
    day_ago = time.time() - 25 * 3600
    os.utime(old.folder, (day_ago, day_ago))
    new = load(cast["steward@own"], "people", f"{HEAD}\nP-2,Noor,ED-LHR,officer\n")
    assert (old.is_there(), new.is_there()) == (False, True)


@pytest.mark.parametrize("kind", KINDS)
def test_templates_can_be_loaded_as_they_are(cast: Cast, signed_in: Browser, kind: str) -> None:
    answer = signed_in("steward@top").get(f"/import/{kind}/template.xlsx")
    body = b"".join(answer.streaming_content)  # type: ignore[attr-defined]
    kept = load(cast["steward@top"], kind, body, f"{kind}.xlsx")
    assert (faults_of(kept), kept.summary()["unread"]) == ([], [])
    assert load_workbook(io.BytesIO(body)).sheetnames == [kind, "Columns"]


@pytest.mark.parametrize("kind", KINDS)
def test_no_head_means_two_columns(kind: str) -> None:
    for column in KINDS[kind].columns:
        for head in {column.name, *column.heads.split("|"), *in_all_languages(column.label)}:
            assert heads_of(kind)[folded(head)] == column.name


def workbook(*rows: list[Any], **sheets: list[list[Any]]) -> bytes:
    book = Workbook()
    for row in rows:
        book.active.append(row)  # type: ignore[union-attr]
    for name, lines in sheets.items():
        sheet = book.create_sheet(name)
        for line in lines:
            sheet.append(line)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def test_a_workbook_with_dates_numbers_and_gaps(cast: Cast) -> None:
    from datetime import date, datetime

    head = ["Personnel number", None, "Name", "Office code", "Role", "From", "Until"]
    body = workbook(
        [], head, [1001, "x", " Asma ", "ED", "officer", date(2024, 1, 31), datetime(2024, 12, 31)],  # noqa: DTZ001
        [], [1002.0, None, "Noor", "ED", "king", "2024-01-31T00:00:00", None],
    )  # fmt: skip
    kept = load(cast["steward@top"], "people", body)
    assert faults_of(kept) == ["5 role: is not known: king"]
    _row, _status, title, fields = next(kept.lines("new"))
    assert title == "Asma · 1001 · ED · officer"
    assert (fields["starts_on"], fields["ends_on"]) == (["", "2024-01-31"], ["", "2024-12-31"])


def test_the_sheet_of_the_kind_is_read(cast: Cast) -> None:
    body = workbook(["notes"], People=[["name", "number", "office", "role"], ["Asma", "P-1", "ED", "officer"]])
    assert load(cast["steward@top"], "people", body).summary()["counts"]["new"] == 1


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_csv_in_every_dress(cast: Cast, encoding: str, delimiter: str) -> None:
    text = f"{HEAD}\r\nP-1,عاصمہ,ED,officer\r\n".replace(",", delimiter)
    for dress in (text, f"sep={delimiter}\r\n{text}"):
        kept = load(cast["steward@top"], "people", dress.encode(encoding))
        assert (faults_of(kept), kept.summary()["counts"]["new"]) == ([], 1)


def bomb(parts: int = 1, size: int = 500 * 1024 * 1024) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as pack:
        for part in range(parts):
            with pack.open(f"xl/{part}.xml", "w", force_zip64=True) as member:
                for _ in range(size // (1024 * 1024)):
                    member.write(bytes(1024 * 1024))
    return file.getvalue()


@pytest.mark.parametrize(
    ("body", "what"),
    [
        (b"PK\x03\x04 rubbish", "cannot be read"),
        (b"PK\x03\x04" + bytes(100), "cannot be read"),
        (b"\x00\x01\x02", "neither XLSX nor text"),
        (b"\xff\xff\xff", "neither XLSX nor text"),
        (b"\xff\xfea", "neither XLSX nor text"),
        ("نام".encode("cp1256"), "neither XLSX nor text"),
        (b'"' + b"x" * 200_000, "no proper CSV"),
    ],
)
def test_what_is_no_spreadsheet_is_told(cast: Cast, body: bytes, what: str) -> None:
    assert what in faults_of(load(cast["steward@top"], "people", body))[0]


def test_bombs_are_refused_unopened(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    def never(*args: Any, **more: Any) -> Any:
        raise AssertionError("opened")

    monkeypatch.setattr(sheets, "load_workbook", never)
    assert "far too large" in faults_of(load(cast["steward@top"], "people", bomb()))[0]
    assert "far too large" in faults_of(load(cast["steward@top"], "people", bomb(3000, 0)))[0]


def test_too_many_rows_are_refused(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sheets, "MOST_ROWS", 2)
    text = f"{HEAD}\nP-1,A,ED,officer\nP-2,B,ED,officer\n"
    assert faults_of(load(cast["steward@top"], "people", text)) == []
    assert "100,000" in faults_of(load(cast["steward@top"], "people", f"{text}P-3,C,ED,officer\n"))[0]
