"""A real Chromium against the desk on loopback. Without Chromium, or without axe-core, its tests say so and skip."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Generator, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.browser import world
from tests.cast import PASSWORD, Cast, assemble, client_of

if TYPE_CHECKING:
    from django.test import Client
    from playwright.sync_api import Browser, BrowserContext, Page

os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"  # playwright runs a loop of its own in this thread
HERE = Path(__file__).parent
AXE = HERE / "node_modules" / "axe-core" / "axe.min.js"
RULES = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice")
PHONE, DESKTOP = {"width": 390, "height": 844}, {"width": 1280, "height": 900}


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: Any) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """What is missing is said once for the whole folder, not for every test."""
    report = yield
    if report.skipped and isinstance(report.longrepr, tuple):
        report.longrepr = str(HERE), None, report.longrepr[2]  # type: ignore[assignment]
    return report


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """One browser for all tests."""
    found = shutil.which("chromium") or shutil.which("chromium-browser")
    if found is None:
        pytest.skip("no Chromium for the tests in a browser: apt-get install chromium")
    from playwright.sync_api import sync_playwright

    flags = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=found, args=[*flags, "--disable-component-update", "--disable-sync"]
        )
        yield browser
        browser.close()


@pytest.fixture
def cast(transactional_db: None, live_server: Any, settings: Any, tmp_path: Path) -> Cast:
    """The made-up offices and people, in the database that the live server reads."""
    settings.MEDIA_ROOT = tmp_path / "files"
    settings.SECURE_SSL_REDIRECT = settings.SESSION_COOKIE_SECURE = settings.CSRF_COOKIE_SECURE = False
    return assemble()


@pytest.fixture
def rooms(cast: Cast, settings: Any, monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """Something in every room of the cast's desk, and what addresses need to name it. No PDF is typeset for it."""
    settings.SOCIALACCOUNT_PROVIDERS = world.PROVIDERS
    monkeypatch.setattr("amanat.desk.lib.letters.pdf", lambda *_: b"%PDF-1.7 letter")
    return world.fill(cast)


def client_as(who: str, cast: Cast) -> Client:
    """The session of one of the cast: signed in just now, or halfway: with the password, before the code."""
    from django.test import Client

    if who != world.HALFWAY:
        return client_of(cast[who]) if who else Client()
    client = Client()
    client.post("/accounts/login/", {"login": cast[world.WITH_FACTORS].email, "password": PASSWORD})
    return client


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
            session = client_as(who, cast).cookies["sessionid"].value
            cookies.append({"name": "sessionid", "value": session, "url": live_server.url})
        context.add_cookies(cookies)  # type: ignore[arg-type]
        page = context.new_page()
        page.goto(path)
        return page

    yield open_page
    for context in contexts:
        context.close()


@pytest.fixture
def violations() -> Callable[..., list[str]]:
    """`violations(page)`: what axe-core finds wrong with a page by WCAG 2.2 AA and good practice, a line each."""
    if not AXE.is_file():
        pytest.skip("no axe-core for the checks of accessibility: npm install --no-package-lock --prefix tests/browser")

    axe = AXE.read_text(encoding="utf-8")

    def find(page: Page, only: tuple[str, ...] = RULES) -> list[str]:
        if page.evaluate("() => !window.axe"):
            page.evaluate(axe)
        found = page.evaluate("only => axe.run(document, {runOnly: only, resultTypes: ['violations']})", only)
        return [f"{one['id']}: {one['nodes'][0]['html'][:160]}" for one in found["violations"]]

    return find
