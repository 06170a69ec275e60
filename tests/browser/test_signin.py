"""Signing in on the real pages, without JavaScript: a password, an app with codes set up, out, and in with a code."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import pytest
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value

from amanat.desk.registry.models import Person
from tests.browser.conftest import PHONE, Opener
from tests.cast import PASSWORD, Cast

if TYPE_CHECKING:
    from playwright.sync_api import Page

WHO = "head@own"


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> float:
    """A clock that stands in the middle of half a minute, so that no code runs out under the test."""
    middle = int(time.time()) // 30 * 30 + 15.0
    monkeypatch.setattr(time, "time", lambda: middle)
    return middle


def code(secret: str, at: float) -> str:
    """What an app shows at that moment."""
    return str(format_hotp_value(hotp_value(secret, int(at) // 30)))


def give_password(page: Page, person: Person, password: str = PASSWORD) -> None:
    page.goto("/accounts/login/")
    page.fill("#id_login", person.email or "")
    page.fill("#id_password", password)
    page.press("#id_password", "Enter")


def test_a_person_sets_up_an_app_and_comes_back_with_its_code(
    visit: Opener, cast: Cast, clock: float, settings: object
) -> None:
    settings.AMANAT_SECOND_FACTOR = "deciders"  # type: ignore[attr-defined]
    page = visit("/", size=PHONE, js=False)
    give_password(page, cast[WHO])
    page.wait_for_url("**/accounts/2fa/")  # whoever decides for others sets up a second step before anything else
    page.get_by_role("link", name="Set up an app").click()
    page.get_by_text("The app cannot read it?").click()
    secret = page.locator("details code").inner_text()
    page.get_by_label("Code").fill("000000")
    page.get_by_role("button", name="Set it up").click()
    page.wait_for_selector(".errorlist")
    assert page.locator("details code").text_content() == secret  # a wrong code does not make the app read anew
    page.get_by_label("Code").fill(code(secret, clock))
    page.get_by_role("button", name="Set it up").click()
    page.wait_for_url("**/accounts/2fa/recovery-codes/")
    assert page.locator(".keys li").count() == 10

    page.get_by_role("navigation", name="Main").get_by_role("button", name="Sign out").click()
    page.wait_for_url(lambda address: address.endswith("/"))
    page.goto("/today/")
    assert "/accounts/login/" in page.url

    give_password(page, cast[WHO])
    page.wait_for_url("**/accounts/2fa/authenticate/")
    page.goto("/today/")
    assert "/accounts/2fa/authenticate/" in page.url  # the password alone opens nothing
    page.get_by_label("Code").fill(code(secret, clock))
    page.get_by_label("Code").press("Enter")
    page.wait_for_url("**/today/")
    assert page.get_by_role("heading", level=1).inner_text() == "Today"


def test_a_wrong_password_is_told_beside_what_was_typed(visit: Opener, cast: Cast) -> None:
    page = visit("/accounts/login/", lang="ur", size=PHONE, js=False)
    give_password(page, cast[WHO], "not this one at all")
    page.wait_for_selector("[role=alert]")
    assert page.input_value("#id_login") == cast[WHO].email
    assert page.locator("html").get_attribute("dir") == "rtl"
