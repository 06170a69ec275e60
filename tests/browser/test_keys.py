"""Keys and links in a real browser, under the desk's own Content-Security-Policy."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

from amanat.desk.registry.actions import invitations
from amanat.desk.registry.models import Appointment, Person
from tests.browser.hands import led
from tests.cast import SINCE, Cast

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page
    from pytest_django.live_server_helper import LiveServer

KEY = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


@pytest.fixture
def page(chromium: Browser) -> Iterator[Page]:
    """A page of Chromium with a key that always answers. Nothing may be blocked or fail on it."""
    context = chromium.new_context()
    page = context.new_page()
    faults: list[str] = []
    page.on("console", lambda said: faults.append(said.text) if said.type == "error" else None)
    page.on("pageerror", lambda error: faults.append(str(error)))
    session = context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    session.send("WebAuthn.addVirtualAuthenticator", {"options": KEY})
    yield page
    context.close()
    assert faults == []


def sign_in(page: Page, address: str, password: str = "correct horse battery") -> None:
    page.goto(f"{address}/accounts/login/")
    page.get_by_label("E-mail").fill("officer.own@example.org")
    page.get_by_label("Password").fill(password)
    led(page, page.get_by_role("button", name="Sign in", exact=True))


def sign_out(page: Page) -> None:
    page.get_by_role("navigation", name="Main").get_by_role("button", name="Sign out").click()
    page.wait_for_url("**/")


def test_a_passkey_is_added_and_lets_in(cast: Cast, live_server: LiveServer, page: Page) -> None:
    sign_in(page, live_server.url)
    page.goto(f"{live_server.url}/accounts/2fa/webauthn/add/")
    page.get_by_label("Let me sign in with this key alone").check()
    page.get_by_role("button", name="Add this key").click()
    page.wait_for_url("**/recovery-codes/")
    sign_out(page)

    page.goto(f"{live_server.url}/accounts/login/")
    page.get_by_role("button", name="Sign in with a passkey").click()
    page.wait_for_url("**/today/")
    page.goto(f"{live_server.url}/accounts/2fa/webauthn/reauthenticate/?next=/log/")
    page.get_by_role("button", name="Use my key").click()
    page.wait_for_url(f"{live_server.url}/log/")
    sign_out(page)

    sign_in(page, live_server.url)
    assert page.url.endswith("/accounts/2fa/authenticate/")
    page.get_by_role("button", name="Use my key").click()
    page.wait_for_url("**/today/")


def test_an_invitation_is_taken_up(cast: Cast, live_server: LiveServer, page: Page) -> None:
    """A browser sends no origin with a form from a page that forbids all referrers; no test client knows that."""
    person = Person.objects.create(name="Newcomer", email="newcomer@example.org")
    Appointment.objects.create(person=person, office=cast.own, starts_on=SINCE)
    _invitation, token = invitations.invite(person, by=cast["head@own"])
    page.goto(f"{live_server.url}/invitation/{token}/")
    page.get_by_label("New password").fill("seven calm rivers run")
    page.get_by_label("The same again").fill("seven calm rivers run")
    page.get_by_role("button", name="Set it and sign in").click()
    page.wait_for_url("**/today/")
