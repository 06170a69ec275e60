"""A real Chromium against the desk on loopback. Without Chromium, or without axe-core, its tests say so and skip."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.cast import Cast, assemble

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Page

os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"  # playwright runs a loop of its own in this thread
HERE = Path(__file__).parent
AXE = HERE / "node_modules" / "axe-core" / "axe.min.js"
PHONE, DESKTOP = {"width": 390, "height": 844}, {"width": 1280, "height": 900}


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """One browser for all tests."""
    found = shutil.which("chromium") or shutil.which("chromium-browser")
    if found is None:
        pytest.skip("no Chromium: apt-get install chromium")
    from playwright.sync_api import sync_playwright

    flags = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=found, args=[*flags, "--disable-component-update", "--disable-sync"]
        )
        yield browser
        browser.close()


@pytest.fixture
def cast(transactional_db: None, live_server: Any, settings: Any) -> Cast:
    """The made-up offices and people, in the database that the live server reads."""
    settings.SECURE_SSL_REDIRECT = settings.SESSION_COOKIE_SECURE = settings.CSRF_COOKIE_SECURE = False
    return assemble()


Opener = Callable[..., "Page"]


@pytest.fixture
def visit(chromium: Browser, live_server: Any, cast: Cast) -> Iterator[Opener]:
    """`visit("/rules/", who="head@own", lang="ur")`: a page in a browser of its own, whoever is signed in by cookie."""
    contexts: list[BrowserContext] = []

    def open_page(path: str, *, who: str = "", lang: str = "en", size: Any = DESKTOP, js: bool = True) -> Page:
        context = chromium.new_context(
            base_url=live_server.url, viewport=size, java_script_enabled=js, bypass_csp=False, locale=lang
        )
        contexts.append(context)
        cookies = [{"name": "language", "value": lang, "url": live_server.url}]
        if who:
            from django.test import Client

            client = Client()
            client.force_login(cast[who])
            cookies.append({"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live_server.url})
        context.add_cookies(cookies)  # type: ignore[arg-type]
        page = context.new_page()
        page.goto(path)
        return page

    yield open_page
    for context in contexts:
        context.close()


@pytest.fixture
def violations() -> Callable[[Page], list[str]]:
    """`violations(page)`: what axe-core finds wrong with a page by WCAG 2.2 AA, a line each."""
    if not AXE.is_file():
        pytest.skip("no axe-core: npm install --no-package-lock --prefix tests/browser")

    def find(page: Page) -> list[str]:
        # run in an isolated world, past the page's own content policy, which stays in force for the page
        page.context.new_cdp_session(page).send("Page.setBypassCSP", {"enabled": True})
        page.evaluate(AXE.read_text(encoding="utf-8"))
        found = page.evaluate(
            "() => axe.run(document, {runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa']})"
        )
        return [f"{one['id']}: {one['nodes'][0]['html'][:160]}" for one in found["violations"]]

    return find
