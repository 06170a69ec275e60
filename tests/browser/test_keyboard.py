"""The check and the sign-in page by keyboard alone: every stop is seen, the skip link is the first, nothing traps."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.browser import world
from tests.browser.conftest import DESKTOP, PHONE, Opener
from tests.cast import PASSWORD, Cast

if TYPE_CHECKING:
    from playwright.sync_api import Page

HERE = """() => {
    const at = document.activeElement
    if (!at || at === document.body) return null
    const box = at.getBoundingClientRect(), style = getComputedStyle(at)
    return {
        name: [at.tagName, at.id, at.className, at.name || at.getAttribute("href"), at.lang].join(" "),
        isSkip: at.classList.contains("skip"),
        isSeen: box.width > 0 && box.height > 0 && box.bottom > 0 && box.top < innerHeight
            && box.right > 0 && box.left < innerWidth,
        isMarked: style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2,
    }
}"""
MOST = 120


def stops(page: Page) -> list[dict[str, Any]]:
    """Where Tab leads, from the top of the page until it leaves it."""
    found: list[dict[str, Any]] = []
    for _ in range(MOST):
        page.keyboard.press("Tab")
        here = page.evaluate(HERE)
        if here is None or (found and here["isSkip"]):
            return found
        found.append(here)
    pytest.fail(f"Tab never leaves the page: {[one['name'] for one in found[-6:]]}")


@pytest.mark.parametrize(("lang", "size"), [("en", DESKTOP), ("ur", PHONE)])
@pytest.mark.parametrize(
    ("path", "who", "least"), [("/", "", 12), ("/accounts/login/", "", 10), ("/offices/", world.STEWARD, 20)]
)
def test_every_stop_is_seen_and_none_is_a_trap(
    visit: Opener, path: str, who: str, least: int, lang: str, size: Any
) -> None:
    page = visit(path, who=who, lang=lang, size=size)
    found = stops(page)
    assert found[0]["isSkip"]
    assert len(found) >= least
    assert [one["name"] for one in found if not (one["isSeen"] and one["isMarked"])] == []
    for _ in found:  # and back again
        page.keyboard.press("Shift+Tab")
    assert page.evaluate(HERE)


def press_tab_until(page: Page, selector: str) -> None:
    for _ in range(MOST):
        page.keyboard.press("Tab")
        if page.evaluate("what => document.activeElement.matches(what)", selector):
            return
    pytest.fail(f"Tab never reaches {selector}")


def test_a_text_is_checked_without_a_mouse(visit: Opener) -> None:
    page = visit("/")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")  # past the head of the page
    assert page.evaluate("document.activeElement.id") == "content"
    press_tab_until(page, "#id_text")
    page.keyboard.type("Sharing the draft transfer list here before it is notified.")
    press_tab_until(page, "#id_pack")
    page.keyboard.type("Pakistan")
    press_tab_until(page, "form#check div > button")
    page.keyboard.press("Enter")
    page.wait_for_selector("#answer")
    assert page.url.endswith("/#answer")


def test_a_person_signs_in_without_a_mouse(visit: Opener, cast: Cast) -> None:
    page = visit("/accounts/login/", js=False)
    press_tab_until(page, "#id_login")
    page.keyboard.type(cast["officer@own"].email or "")
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url("**/today/")
