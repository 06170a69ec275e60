"""Letters: their words in four languages, the PDF with its shapes, kept once; whether they are genuine."""

from __future__ import annotations

from datetime import date
from typing import Any

import pypdfium2  # type: ignore[import-untyped]
import pytest
from django.test import Client

from amanat.desk.lib import files, letters
from amanat.desk.lib.letters import Passage, Sheet
from amanat.desk.permits import paper
from amanat.desk.permits.actions import letters as acts
from amanat.desk.permits.models import Letter, Permit
from amanat.desk.permits.tasks import make_letter
from amanat.desk.registry.models import Appointment
from tests.desk.permits.conftest import CLAUSE, Asked, SignedIn

SAID = {
    "en": ("Subject", "The office is open on working days."),
    "ur": ("موضوع", "دفتر ایامِ کار میں کھلا رہتا ہے۔"),
    "hi": ("विषय", "कार्यालय कार्य दिवसों में खुला रहता है।"),
    "bn": ("বিষয়", "কার্যালয় কর্মদিবসে খোলা থাকে।"),
}


def sheet(lang: str, text: str) -> Sheet:
    return Sheet(
        language=lang, title="t", office=["A", "B"], number="PK-2026-000123", day=date(2026, 3, 9), to=["C"],
        subject="s", passages=[Passage(text, "h", is_quoted=True)], signed=["D"], copies=["E", "F"],
        code="7K2MQ9XD4TPA", address="https://desk.example.org/permits/verify/7K2MQ9XD4TPA/",
    )  # fmt: skip


def picture(lang: str, text: str) -> Any:
    """The first page of a letter with that text alone as its words, as grey dots."""
    document = pypdfium2.PdfDocument(letters.pdf(sheet(lang, text)))
    try:
        return document[0].render(scale=1).to_pil().convert("L")
    finally:
        document.close()


@pytest.mark.parametrize("lang", SAID)
def test_the_pdf_is_tagged_says_its_language_and_misses_no_letter(lang: str) -> None:
    made = letters.pdf(sheet(lang, SAID[lang][1]))
    document = pypdfium2.PdfDocument(made)
    try:
        page = document[0]
        text = page.get_textpage().get_text_range()
        tags = document.get_metadata_dict()
        assert pypdfium2.raw.FPDFCatalog_IsTagged(document)
    finally:
        document.close()
    assert "PK-2026-000123" in text
    assert "\ufffd" not in text
    assert "\x00" not in text
    assert tags["Title"]
    plain = _uncompressed(sheet(lang, SAID[lang][1]))
    assert f"/Lang ({lang})".encode() in plain or f"<{lang.encode('utf-16').hex()}".encode() in plain.lower()
    assert b"pdfuaid" in plain


def _uncompressed(one: Sheet) -> bytes:
    from weasyprint import HTML

    made: bytes = HTML(string=letters.html(one)).write_pdf(pdf_variant="pdf/ua-1", uncompressed_pdf=True)
    return made


@pytest.mark.parametrize(("lang", "word"), [("ur", "دفتر"), ("hi", "क्षेत्र"), ("bn", "ক্ষেত্র")])
def test_letters_are_joined_as_the_script_joins_them(lang: str, word: str) -> None:
    """The same letters kept apart by signs that forbid joining are drawn otherwise: so they were joined before."""
    joined, apart = picture(lang, word), picture(lang, "\u200c".join(word))
    assert joined.size == apart.size
    assert joined.tobytes() != apart.tobytes()


def test_urdu_is_set_in_nastaliq_and_runs_from_the_other_side() -> None:
    document = pypdfium2.PdfDocument(letters.pdf(sheet("ur", SAID["ur"][1])))
    try:
        fonts = {part.get_font().get_base_name() for part in document[0].get_objects(filter=[1])}
    finally:
        document.close()
    assert any("Nastaliq" in name for name in fonts), fonts
    page = picture("ur", SAID["ur"][1])
    width = page.size[0]
    body = page.crop((0, int(page.size[1] * 0.16), width, int(page.size[1] * 0.3)))
    half = width // 2
    ink = [sum(255 - dot for dot in part.tobytes()) for part in
           (body.crop((0, 0, half, body.size[1])), body.crop((half, 0, width, body.size[1])))]  # fmt: skip
    assert ink[1] > ink[0]


@pytest.mark.parametrize("lang", SAID)
def test_the_words_are_there_in_every_language(lang: str) -> None:
    for group, words in letters._words().items():
        for key, texts in words.items():
            assert texts[lang].strip(), (group, key)
            assert texts[lang].count("{") == texts["en"].count("{"), (group, key)
    html = letters.html(sheet(lang, SAID[lang][1]))
    assert SAID[lang][0] in html
    assert f'<html lang="{lang}"' in html
    assert ("rtl" in html.split(">")[1]) == (lang == "ur")


def test_nothing_is_fetched(website: Any) -> None:
    one = sheet("en", "x")
    foreign = letters.html(one).replace("data:image/svg+xml", f"http://{website.host}/a.svg?")
    from weasyprint import HTML
    from weasyprint.urls import URLFetcher

    HTML(string=foreign, url_fetcher=URLFetcher(allowed_protocols={"data"})).write_pdf()
    assert website.asked == []


def test_small_things() -> None:
    assert letters.grouped("7K2MQ9XD4TPA") == "7K2M-Q9XD-4TPA"
    assert [letters.direction(text) for text in ("12 abc", "۱ دفتر", "123", "שלום")] == ["ltr", "rtl", "ltr", "rtl"]
    assert letters.day_in(date(2026, 3, 9), "bn").startswith("৯ ")
    assert sheet("ur", "x").numbered[1] == ("۲", "F")
    assert letters.qr("x").startswith(b"<")


def test_a_decision_has_its_letters_made_and_kept(
    asked: Asked, letters: None, django_capture_on_commit_callbacks: Any, signed_in: SignedIn
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        permit = asked.granted()
    made = list(Letter.objects.filter(permit=permit))
    assert {letter.language for letter in made} == {"ur", "en"}
    client = signed_in("officer@own")
    for letter in made:
        assert files.path_of(letter.sha256).read_bytes().startswith(b"%PDF-")
        response = client.get(f"{permit.get_absolute_url()}letters/{letter.pk}/letter.pdf")
        assert response["Content-Type"] == "application/pdf"
        assert b"".join(response.streaming_content)[:5] == b"%PDF-"  # type: ignore[attr-defined]
        page = client.get(f"{permit.get_absolute_url()}letters/{letter.pk}/")
        assert str(permit.number) in page.text
    before = {letter.pk: (letter.sha256, letter.made_at) for letter in made}
    for letter in made:
        make_letter.enqueue(letter.pk)
        acts.make(letter.pk)
    assert {one.pk: (one.sha256, one.made_at) for one in Letter.objects.all()} == before


def test_until_it_is_made_the_page_says_so(asked: Asked, signed_in: SignedIn) -> None:
    permit = asked.granted()
    letter = Letter.objects.filter(permit=permit).first()
    assert letter
    client = signed_in("officer@own")
    assert "the PDF is being made" in client.get(permit.get_absolute_url()).text
    assert "The PDF is being made" in client.get(f"{permit.get_absolute_url()}letters/{letter.pk}/").text
    assert client.get(f"{permit.get_absolute_url()}letters/{letter.pk}/letter.pdf").status_code == 404
    Letter.objects.filter(pk=letter.pk).update(sha256="0" * 64, made_at=permit.made_at)
    assert client.get(f"{permit.get_absolute_url()}letters/{letter.pk}/letter.pdf").status_code == 404
    for who in ("head@own", "officer@sister"):
        assert signed_in(who).get(f"{permit.get_absolute_url()}letters/{letter.pk}/").status_code == 404


def test_what_a_grant_says(asked: Asked, settings: Any) -> None:
    settings.AMANAT_ADDRESS = "https://desk.example.org"
    permit = asked.granted(place="Radio Lahore")
    Appointment.objects.filter(person=permit.decided_by).update(title="Secretary")
    one = Letter.objects.get(permit=permit, language="en")
    said = paper.sheet(one)
    text = "\n".join(passage.text for passage in said.passages)
    assert "permission is granted for an appearance in the media, from" in text
    assert "Radio Lahore" in text
    assert "Figures only." in text
    assert said.office == ["Education Department"]
    assert said.to == ["Officer At Own", "Directorate Lahore"]
    assert said.signed == ["Authority At Top", "Secretary", "Education Department"]
    assert said.address == f"https://desk.example.org/permits/verify/{permit.code}/"
    local = paper.sheet(Letter.objects.get(permit=permit, language="ur"))
    assert local.to[-1] == "نظامت لاہور"
    assert "کی اجازت دی جاتی ہے" in local.passages[0].text


def test_what_a_refusal_says(asked: Asked) -> None:
    permit = asked.refused()
    one = Letter.objects.get(permit=permit, language="en")
    said = paper.sheet(one)
    assert one.kind == "refusal"
    assert [passage.text for passage in said.passages[1:2]] == ["Too early."]
    assert any(passage.heading == "Provision it rests on" for passage in said.passages)
    assert said.number == f"ED/{permit.pk}"
    assert said.copies == ["Office file"]


def test_a_letter_of_a_silence_and_of_a_deputy(asked: Asked) -> None:
    permit = asked.granted()
    one = Letter.objects.get(permit=permit, language="en")
    Permit.objects.filter(pk=permit.pk).update(on_behalf_of=asked.cast["head@top"])
    one.refresh_from_db()
    assert paper.sheet(one).signed[1] == "in place of Head At Top"
    Permit.objects.filter(pk=permit.pk).update(decided_by=None, due_by="gone-clause")
    one = Letter.objects.get(pk=one.pk)
    said = paper.sheet(one)
    assert said.signed == []
    assert "was not answered within the period that gone-clause fixes" in said.passages[0].text


def test_everybody_sees_whether_a_letter_is_genuine_and_little_else(asked: Asked) -> None:
    permit, refused = asked.granted(), asked.refused()
    page = Client().get(f"/permits/verify/{permit.code}/")
    assert page.status_code == 200
    for told in ("This letter is genuine", permit.number, "Education Department", "O. A. O."):
        assert str(told) in page.text
    for secret in ("Officer At Own", "A talk on local radio", "Figures only", "helpline", "Authority At Top"):
        assert secret not in page.text
    assert "refusal of a permission" in Client().get(f"/permits/verify/{refused.code}/").text
    assert "Too early" not in Client().get(f"/permits/verify/{refused.code}/").text


@pytest.mark.parametrize("typed", ["{code}", " {lower} ", "{grouped}"])
def test_a_code_is_found_as_people_type_it(asked: Asked, typed: str) -> None:
    permit = asked.granted()
    Permit.objects.filter(pk=permit.pk).update(code="0123456789AB")
    code = "O1234S6789AB".replace("S", "5")
    given = typed.format(code=code, lower=code.lower(), grouped="oi23-4567-89ab")
    response = Client().get("/permits/verify/", {"code": given})
    assert response.status_code == 302
    assert response["Location"] == "/permits/verify/0123456789AB/"
    assert Client().get(response["Location"]).status_code == 200


@pytest.mark.parametrize("code", ["0000-0000-0000", "short", "x" * 40, "12345678901é"])
def test_a_code_of_no_letter(db: None, code: str) -> None:
    assert Client().get("/permits/verify/", {"code": code}).status_code in (200, 302)
    assert Client().get("/permits/verify/000000000000/").status_code == 404
    assert "errorlist" in Client().get("/permits/verify/", {"code": "short"}).text


def test_the_page_tells_what_no_longer_holds(asked: Asked) -> None:
    permit = asked.granted()
    Permit.objects.filter(pk=permit.pk).update(state="revoked", revoked_from=permit.starts_on)
    assert "<strong>no</strong>" in Client().get(f"/permits/verify/{permit.code}/").text
    assert CLAUSE not in Client().get(f"/permits/verify/{permit.code}/").text
