"""A panel of two is refused in Bangladesh, with the clause a click away; three are seated; without JavaScript."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from amanat.desk.registry.actions import channels
from tests.browser.conftest import Opener
from tests.browser.hands import led
from tests.cast import Cast

if TYPE_CHECKING:
    from playwright.sync_api import Page

NAMES = ("Officer At Foreign", "Moderator At Foreign", "Head At Foreign")


def choose(page: Page, *names: str) -> None:
    for name in NAMES:
        page.get_by_label(name).set_checked(name in names)
    led(page, page.locator("main form button"))


@pytest.mark.parametrize("lang", ["en", "bn"])
def test_two_are_refused_with_the_clause_and_three_are_seated(visit: Opener, cast: Cast, lang: str) -> None:
    channel = channels.enter(cast.foreign, by=cast["head@foreign"], platform="x", handle="primary")
    page = visit(f"/channels/{channel.pk}/seat/", who="head@foreign", lang=lang, js=False)
    choose(page, *NAMES[:2])
    refusal = page.get_by_role("alert")
    assert ("2" if lang == "en" else "২") in refusal.inner_text()
    assert [page.get_by_label(name).is_checked() for name in NAMES] == [True, True, False]  # what was ticked stays
    assert channel.seats.count() == 0

    address = page.url
    led(page, refusal.get_by_role("link"))
    assert "/rules/bd/" in page.url
    assert page.locator("h1").inner_text()
    assert page.get_by_role("table").count() >= 1

    page.goto(address)
    choose(page, *NAMES)
    page.wait_for_url(f"**/channels/{channel.pk}/")
    assert page.get_by_role("status").is_visible()
    assert page.locator("section[aria-labelledby=panel] .work > li").count() == 3
    assert channel.seats.current().count() == 3
