"""The check in a real browser, without JavaScript: Enter checks, a language keeps what was typed, nothing overflows."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest

from tests.browser.conftest import PHONE, Opener

if TYPE_CHECKING:
    from playwright.sync_api import Page

TEXT = "Transfer list for the division is ready.\nSharing the draft here before it is notified."


def checked(page: Page) -> Page:
    page.fill("#id_text", TEXT)
    page.select_option("#id_pack", "pk-federal")
    page.click("#check button")
    page.wait_for_selector(".verdict.stop")
    return page


@pytest.mark.parametrize("lang", ["en", "ur", "hi", "bn"])
def test_the_answer_is_scrolled_to_and_fits_a_phone(visit: Opener, lang: str) -> None:
    page = checked(visit("/", lang=lang, size=PHONE, js=False))
    assert page.url.endswith("/#answer")
    assert page.input_value("#id_text") == TEXT
    assert page.locator("mark").count() >= 1
    box = page.locator("html").bounding_box()
    assert box
    assert box["width"] <= PHONE["width"]


def test_enter_in_a_field_checks_in_the_same_language(visit: Opener) -> None:
    page = visit("/", lang="ur", js=False)
    page.fill("#id_text", TEXT)
    page.select_option("#id_pack", "pk-federal")
    page.click("details summary")
    page.focus("#id_date")
    page.keyboard.press("Enter")
    page.wait_for_selector(".verdict.stop")
    assert page.locator("html").get_attribute("lang") == "ur"


def test_a_language_keeps_text_and_answer(visit: Opener) -> None:
    page = checked(visit("/", js=False))
    page.click("button[lang=bn]")
    page.wait_for_selector("html[lang=bn] .verdict.stop")
    assert page.input_value("#id_text") == TEXT


def test_for_a_comment_only_the_text_is_asked(visit: Opener) -> None:
    page = visit("/", js=False)
    page.check("[value=comment]")
    assert not page.locator("#id_pack").is_visible()


@pytest.mark.parametrize("lang", ["en", "ur"])
@pytest.mark.parametrize("address", ["/", "/rules/", "/rules/bd/", "/rules/bd/bdg19-politics/", "/api/docs"])
def test_no_barrier(visit: Opener, violations: Callable[[Any], list[str]], address: str, lang: str) -> None:
    page = visit(address, lang=lang)
    assert violations(checked(page) if address == "/" else page) == []
