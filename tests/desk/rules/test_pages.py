"""Pages of packs, instruments and clauses, and the search in them: open to all, and few queries."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from amanat.desk.rules import engine
from amanat.desk.rules.search import find, search
from tests.cast import Cast

pytestmark = pytest.mark.django_db
LEAKS = "/rules/pk-federal/pkcr64-leaks/"


def get(address: str, lang: str = "en") -> Any:
    client = Client()
    client.cookies["language"] = lang
    return client.get(address)


def test_the_packs_are_listed_with_scope_country_and_size() -> None:
    page = get("/rules/").text
    for shown in ("Pakistan: Punjab", "India: Chhattisgarh", "104 clauses", "Amanat&#x27;s own guide, not law"):
        assert shown in page, shown
    assert "বাংলাদেশ" in get("/rules/", "bn").text


def test_a_pack_shows_what_was_in_force_on_a_day() -> None:
    assert "bdg19-politics" in get("/rules/bd/").text
    then = get("/rules/bd/?on=2017-01-01").text
    assert "bdg16-politics" in then
    assert "bdg19-politics" not in then
    assert "Nothing of these rules was in force that day" in get("/rules/bd/?on=1801-01-01").text
    assert "bdg19-politics" in get("/rules/bd/?on=rubbish").text


def test_an_instrument_shows_its_clauses_of_all_days() -> None:
    page = get("/rules/bd/instruments/bdg16/").text
    assert "bdg16-politics" in page
    assert "The text itself was not found" in page


def test_a_clause_tells_all_there_is_to_know() -> None:
    page = get(LEAKS).text
    assert page.count("<h1>") == 1
    for shown in (
        "This is the sense in our own words", "What would make it pass", "wording seen", "in force since",
        "official information", "my own account", "Exceptions", "pkcr64-leaks", "Made-up texts", "Where it was read",
        "this clause", 'class="level stop"',
    ):  # fmt: skip
        assert shown in page, shown
    assert re.search(r'class="official"><span lang="ur" dir="rtl">', page)


def test_an_unverified_clause_says_what_that_means() -> None:
    page = get("/rules/pk-punjab/pbcr66-gifts/").text
    assert "never grounds more than a caution" in page
    assert "Government of the Punjab, through your administrative department" in page


def test_every_clause_and_instrument_has_a_page_in_every_language() -> None:
    for pack in engine.shipped().packs.values():
        for lang in ("en", "ur", "hi", "bn"):
            assert get(f"/rules/{pack.id}/", lang).status_code == 200
        for number, clause in enumerate(pack.clauses):
            lang = ("en", "ur", "hi", "bn")[number % 4]
            assert get(f"/rules/{pack.id}/{clause}/", lang).status_code == 200, clause
        for instrument in pack.instruments:
            assert get(f"/rules/{pack.id}/instruments/{instrument}/", "ur").status_code == 200


def test_limits_are_said_in_words() -> None:
    for pack in engine.shipped().packs.values():
        for clause in pack.clauses.values():
            for limit in clause.limits:
                if limit.one_of:
                    assert f"one of {' · '.join(map(str, limit.one_of))}" in get(f"/rules/{pack.id}/{clause.id}/").text


def test_time_shows_what_came_before_and_after() -> None:
    page = get("/rules/bd/bdg19-politics/").text
    assert "/rules/bd/bdg16-politics/" in page
    bars = re.findall(r'<rect x="(\d+)" width="(\d+)"', page)
    assert len(bars) >= 2
    assert all(int(x) <= 1000 for x, _ in bars)


@pytest.mark.parametrize(
    "address",
    ["/rules/atlantis/", "/rules/bd/no-such-clause/", "/rules/pk-federal/bdg19-politics/", "/rules/bd/instruments/x/",
     "/rules/atlantis/instruments/bdg16/", "/rules/cited/no-such-clause/", "/rules/documents/1/"],
)  # fmt: skip
def test_what_is_not_there_is_404(address: str) -> None:
    assert get(address).status_code == 404


def test_a_cited_clause_leads_to_its_page() -> None:
    response = get("/rules/cited/pkcr64-leaks/")
    assert (response.status_code, response["Location"]) == (302, LEAKS)


def found(words: str) -> list[str]:
    return [clause.id for clause in search(words)]


def test_search_finds_in_every_language_and_by_topic_reference_and_title() -> None:
    assert "pkcr64-leaks" in found("official information")
    assert "pkcr64-leaks" in found("سرکاری معلومات")
    assert "bdg19-politics" in found("দলীয় রাজনীতি")
    assert any(clause.startswith("cg17") for clause in found("शासकीय"))
    assert "bdg16-politics" in found("guideline 2016")


def test_all_words_have_to_occur_and_a_beginning_is_enough() -> None:
    assert found("official informat") == found("informat official")
    assert not found("official zebra")
    assert not found("   ")
    assert not found("%%% _")


def test_spelling_variants_and_case_do_not_matter() -> None:
    assert found("سياسی") == found("سیاسی") != []
    assert found("SOCIAL MÉDIA") == found("social media") != []


def test_words_of_the_clause_itself_come_first() -> None:
    first = search("newspaper")[0]
    title = engine.shipped().packs[first.pack].instruments[first.instrument].title
    assert "newspaper" in f"{first.gist['en']} {title['en']}".lower()


def test_the_search_of_all_rooms_finds_clauses_too(cast: Cast, signed_in: Callable[[str], Client]) -> None:
    hits = list(find(cast["officer@own"], "official information"))
    assert 0 < len(hits) <= 20
    assert hits[0].url.startswith("/rules/")
    assert hits[0].detail
    page = signed_in("officer@own").get("/search/?q=official+information").text
    assert all(hit.url in page for hit in hits)


def test_the_search_page() -> None:
    page = get("/rules/search/?q=official+information").text
    assert "clauses have all these words" in page
    assert 'value="official information"' in page
    assert "Next page" in page
    assert get("/rules/search/?q=official+information&page=999").status_code == 200
    assert "No clause has all these words" in get("/rules/search/?q=zebra").text
    assert "Write one or several words" in get("/rules/search/").text
    assert "<script>" not in get("/rules/search/?q=<script>").text
    assert get("/rules/search/?q=" + "x" * 300).status_code == 200


@pytest.mark.parametrize(
    "address", ["/rules/", "/rules/bd/", "/rules/bd/instruments/bdg16/", LEAKS, "/rules/search/?q=official"]
)
def test_few_queries(
    cast: Cast, signed_in: Callable[[str], Client], django_assert_max_num_queries: Any, address: str
) -> None:
    client = signed_in("steward@top")
    with django_assert_max_num_queries(8):
        assert client.get(address).status_code == 200
    with django_assert_max_num_queries(4):
        assert Client().get(address).status_code == 200
