"""The public check: its answer, its faults, its languages, its defaults."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from amanat.inputs import MAX_BYTES
from tests.cast import Cast

LEAK = "Sharing the draft transfer list before it is notified."
GIVEN = {"kind": "draft", "text": LEAK, "pack": "pk-federal", "account": "personal", "date": "2026-06-30"}

pytestmark = pytest.mark.django_db


def ask(**changes: Any) -> Any:
    return Client().post("/", {**GIVEN, **changes})


def test_the_form_needs_no_sign_in_and_sets_no_cookie() -> None:
    response = Client().get("/")
    assert response.status_code == 200
    assert not response.cookies
    assert response.text.count("<h1>") == 1


def test_a_verdict_comes_in_the_response_with_level_clause_evidence_and_cure() -> None:
    page = ask().text
    assert 'class="verdict stop"' in page
    assert "Stop: this would break the rules" in page
    assert re.search(r"<mark>[^<]*draft transfer list", page)
    assert "/rules/pk-federal/pkcr64-leaks/" in page
    assert "in force since" in page
    assert "What would make it pass" in page
    assert "does not apply: no permit in force is known" in page
    assert "Nothing you typed was kept." in page


def test_the_answer_is_not_cached_and_never_a_redirect() -> None:
    response = ask()
    assert response.status_code == 200
    assert response["Cache-Control"] == "no-store"


def test_the_gist_stands_in_the_readers_language_with_the_official_beside_it() -> None:
    page = ask().text
    assert re.search(r'<p><span lang="en" dir="ltr">', page)
    assert re.search(r'<p class="official"><span lang="ur" dir="rtl">', page)


def test_an_unverified_clause_says_that_it_is_only_a_caution() -> None:
    page = ask(pack="pk-punjab", text="Sponsored post: buy from this electronics store, use my promo code.").text
    assert "not verified: never more than a caution" in page


def test_duty_is_an_exception_that_applies() -> None:
    text = "I will speak on television tonight about the vaccination drive of our department."
    assert 'class="verdict ask"' in ask(text=text).text
    page = ask(text=text, duty="on").text
    assert 'class="verdict clear"' in page
    assert "<strong>official duty</strong>: " in page
    assert "applies: you said that speaking is your duty" in page


def test_what_was_seen_and_does_not_count_is_told() -> None:
    page = ask(text='He wrote "you bastard" to the clerk.').text
    assert "Seen, but it does not count" in page
    assert "bastard</q> (insult): it is quoted" in page


def test_markup_in_a_text_stays_text_and_lines_stay_lines() -> None:
    page = ask(text="<script>alert(1)</script>\r\n& the draft transfer list\r\n\r\nend").text
    assert "<script>" not in page
    quoted = re.search(r'<p class="quoted" dir="auto">(.*?)</p>', page, re.DOTALL)
    assert quoted
    plain = re.sub(r"</?mark>", "", quoted[1])
    assert plain == "&lt;script&gt;alert(1)&lt;/script&gt;\n&amp; the draft transfer list\n\nend"


def test_what_was_typed_is_kept() -> None:
    page = ask(text="\n  two lines\nof it", platform="x", service="customs", duty="on", date="2024-02-29").text
    assert ">\n\n  two lines\nof it</textarea>" in page
    for kept in ('value="x" selected', 'value="customs" selected', 'value="2024-02-29"', 'value="pk-federal" selected'):
        assert kept in page
    assert re.search(r'name="duty"[^>]* checked', page)


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        ({"text": " \n "}, "There is no text yet"),
        ({"text": "x" * (MAX_BYTES + 1)}, "too long to be checked"),
        ({"text": "ک" * (MAX_BYTES // 2 + 1)}, "too long to be checked"),
        ({"pack": ""}, "Choose the rules you are under"),
        ({"pack": "atlantis"}, "atlantis is not one of the available choices"),
        ({"date": "31.2.2026"}, "This is not a day of the calendar"),
        ({"account": "ghost"}, "ghost is not one of the available choices"),
        ({"kind": "poem"}, "poem is not one of the available choices"),
        ({"text": "a\0b"}, "Null characters are not allowed"),
    ],
)
def test_a_fault_stands_beside_the_field_and_what_was_typed_stays(changes: dict[str, str], fault: str) -> None:
    response = ask(**changes)
    assert response.status_code == 200
    assert fault in response.text
    assert 'class="verdict' not in response.text
    if not changes.get("text"):
        assert LEAK in response.text
    else:
        assert changes["text"].strip()[:1000] in response.text


def test_more_than_the_server_reads_is_said_too() -> None:
    response = ask(text="x" * 2_100_000)
    assert response.status_code == 413
    assert "too long to be checked" in response.text


def test_no_date_is_today() -> None:
    assert 'class="verdict stop"' in ask(date="").text


def test_the_rules_of_the_day_apply() -> None:
    text = "Vote for our party in the next election!"
    for day, clause in (("2017-01-01", "bdg16-politics"), ("2026-01-01", "bdg19-politics")):
        page = ask(pack="bd", text=text, date=day, account="official").text
        assert set(re.findall(r"bdg1\d-politics", page)) == {clause}


def test_a_comment_is_triaged_by_the_house_rules() -> None:
    page = ask(kind="comment", pack="", text="No water for three months, this office has failed us!").text
    assert "Keep: nothing here is a reason to hide it" in page
    assert "complaint" in page
    hidden = ask(kind="comment", pack="", text="I know where you live, I will kill you tonight").text
    assert 'class="verdict hide"' in hidden
    assert "house rule of the page" in hidden


def test_the_language_switch_keeps_the_text_and_the_answer() -> None:
    client = Client()
    response = client.post("/", {**GIVEN, "language": "ur"})
    assert response.cookies["language"].value == "ur"
    assert response["Content-Language"] == "ur"
    page = response.text
    assert '<html lang="ur" dir="rtl">' in page
    assert f"{LEAK}</textarea>" in page
    assert 'class="verdict stop"' in page
    assert "رک جائیں" in page
    assert '<html lang="ur" dir="rtl">' in client.get("/").text


def test_switching_before_a_text_is_typed_is_no_fault() -> None:
    page = ask(language="bn", text="", account="group").text
    assert "errorlist" not in page
    assert 'value="group" selected' in page


def test_an_unknown_language_is_passed_over() -> None:
    response = ask(language="tlh")
    assert "language" not in response.cookies
    assert 'class="verdict stop"' in response.text


def test_enter_in_a_field_checks_and_never_switches_the_language() -> None:
    first = re.search(r'<button form="check"[^>]*>', Client().get("/").text)
    assert first
    assert "name=" not in first[0]


def test_the_page_stays_without_a_token_and_without_a_script() -> None:
    client = Client(enforce_csrf_checks=True)
    assert client.post("/", GIVEN).status_code == 200
    assert "<script" not in client.get("/").text


def test_a_file_sent_along_is_read_past() -> None:
    from django.core.files.uploadedfile import SimpleUploadedFile

    response = ask(text=SimpleUploadedFile("t.txt", b"Sharing the draft transfer list"))
    assert "There is no text yet" in response.text


@pytest.mark.parametrize(("lang", "pack"), [("bn", "bd"), ("hi", "in-cg"), ("ur", ""), ("en", "")])
def test_the_language_suggests_the_rules_where_it_can(lang: str, pack: str) -> None:
    client = Client()
    client.cookies["language"] = lang
    assert f'value="{pack}" selected' in client.get("/").text


def test_a_link_suggests_the_rules() -> None:
    assert 'value="pk-kp" selected' in Client().get("/?pack=pk-kp").text
    assert "atlantis" not in Client().get("/?pack=atlantis").text


def test_who_is_signed_in_begins_with_their_own_rules(cast: Cast, signed_in: Callable[[str], Client]) -> None:
    person = cast["officer@field"]
    person.service = "education"
    person.save()
    page = signed_in("officer@field").get("/").text
    assert 'value="pk-punjab" selected' in page
    assert 'value="education" selected' in page


def test_few_queries(cast: Cast, signed_in: Callable[[str], Client], django_assert_max_num_queries: Any) -> None:
    client = signed_in("officer@field")
    with django_assert_max_num_queries(8):
        client.get("/")
    with django_assert_max_num_queries(8):
        client.post("/", GIVEN)
    with django_assert_max_num_queries(1):
        Client().post("/", GIVEN)


@pytest.mark.parametrize("method", ["put", "delete", "patch"])
def test_other_methods_are_none(method: str) -> None:
    assert getattr(Client(), method)("/").status_code == 405


def test_a_day_may_be_written_in_any_digits(db: None) -> None:
    for day in ("2026-01-31", "২০২৬-০১-৩১", "۲۰۲۶-۰۱-۳۱"):
        page = Client().post("/", {"text": "Office opens at nine.", "pack": "bd", "account": "personal", "date": day})
        assert 'value="2026-01-31"' in page.text or f'value="{day}"' in page.text
        assert "not a day of the calendar" not in page.text
