"""What a person does in a browser, named by the words of their own language: press a button, follow a link."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils import translation
from django.utils.translation import gettext

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page


def said(page: Page, words: str) -> str:
    """`words` of the desk in the language of a page."""
    with translation.override(page.locator("html").get_attribute("lang")):
        return gettext(words)


def press(page: Page, words: str, within: str = "main") -> int:
    """Press the button that says `words`; the status of the page to which that leads."""
    return led(page, page.locator(within).get_by_role("button", name=said(page, words), exact=True))


def follow(page: Page, words: str, within: str = "main") -> int:
    """Follow the link that says `words`; the status of its page."""
    return led(page, page.locator(within).get_by_role("link", name=said(page, words), exact=True))


def led(page: Page, at: Locator) -> int:
    """Click what leads to a page, and wait for that: what is looked for next may stand on the page before as well."""
    with page.expect_navigation() as answer:
        at.click()
    assert answer.value
    return answer.value.status


def status_of(page: Page, path: str) -> int:
    """The status with which an address is answered."""
    answer = page.goto(path)
    assert answer
    return answer.status


def twin(page: Page) -> Page:
    """The same page once more, in another tab: what it shows stays, whatever is done in the first."""
    other = page.context.new_page()
    other.goto(page.url)
    return other
