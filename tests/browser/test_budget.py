"""What a page costs: bytes, queries, a clean console; and that nothing runs over the edge of a phone."""

from __future__ import annotations

import gzip
from functools import cache
from pathlib import Path
from time import thread_time
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import pytest
from django.contrib.staticfiles import finders
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.browser import world
from tests.browser.conftest import PHONE, Opener, client_as
from tests.cast import Cast

if TYPE_CHECKING:
    from playwright.sync_api import ConsoleMessage, Page

FIRST, AFTER = 60_000, 15_000
"""Bytes over the wire, headers and all: for whoever comes for the first time, and for every page from then on."""
QUERIES = 12
FIRST_BYTE, TRIES = 0.1, 3
"""Seconds of the processor until a page is made, whatever else the machine does; the first try may still have to read
templates and rules."""
EDGE = """() => [document.documentElement.scrollWidth, window.innerWidth,
    ...[...document.querySelectorAll("main *")].filter(one => !one.closest(".scroll, .unseen, .hidden, [hidden]"))
    .filter(one => one.getBoundingClientRect().right > window.innerWidth + 1 || one.getBoundingClientRect().left < -1)
    .slice(0, 3).map(one => one.outerHTML.slice(0, 90))]"""


HEADERS = 600


@cache
def gzipped(name: str) -> int:
    """The bytes of a file of the desk, as it is kept compressed."""
    found = finders.find(name)
    assert found
    return len(gzip.compress(Path(found).read_bytes()))


class Scales:
    """Weighs what a page loads. Files come from the tests' server as they are, and weigh here what they do gzipped."""

    def __init__(self, page: Page) -> None:
        self.bytes = 0
        self.complaints: list[str] = []
        self.asked: dict[str, str] = {}
        session = page.context.new_cdp_session(page)
        session.send("Network.enable")
        session.on(
            "Network.requestWillBeSent", lambda one: self.asked.update({one["requestId"]: one["request"]["url"]})
        )
        session.on("Network.loadingFinished", self._weigh)
        page.on("console", self._hear)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))

    def _weigh(self, loaded: dict[str, Any]) -> None:
        path, size = urlsplit(self.asked.get(loaded["requestId"], "")).path, int(loaded["encodedDataLength"])
        if path.startswith("/static/") and size > HEADERS:
            size = HEADERS + gzipped(path.removeprefix("/static/"))
        self.bytes += size

    def _hear(self, said: ConsoleMessage) -> None:
        # a page that answers with the status of a refusal, as some should, is reported as a fault to load
        is_itself = said.page is not None and said.location["url"] == said.page.url
        if said.type == "error" and not (is_itself and said.text.startswith("Failed to load resource")):
            self.complaints.append(said.text)

    def take(self, page: Page, path: str) -> int:
        """The bytes that opening `path` costs."""
        self.bytes = 0
        page.goto(path)
        return self.bytes


@pytest.mark.parametrize("path", ["/", "/accounts/login/", "/rules/", "/rules/pk-punjab/"])
def test_the_first_page_is_light(visit: Opener, path: str) -> None:
    page = visit("about:blank", size=PHONE)
    assert Scales(page).take(page, path) <= FIRST


@pytest.mark.parametrize("lang", ["en", "ur"])
def test_every_page_is_light_quiet_and_fits_a_phone(visit: Opener, rooms: dict[str, Any], lang: str) -> None:
    heavy, loud, wide = [], [], []
    at: dict[str, tuple[Page, Scales]] = {}
    for who, path in world.pages(rooms):
        if who not in at:
            page = visit("/accounts/login/", who=who, lang=lang, size=PHONE)
            at[who] = page, Scales(page)
        page, scales = at[who]
        if (cost := scales.take(page, path)) > AFTER:
            heavy.append(f"{path}: {cost} bytes")
        loud += [f"{path}: {one}" for one in scales.complaints]
        scales.complaints.clear()
        is_at, edge, *over = page.evaluate(EDGE)
        if is_at > edge or over:
            wide.append(f"{path}: {is_at} > {edge}: {over}")
    assert not heavy, "\n".join(heavy)
    assert not loud, "\n".join(loud)
    assert not wide, "\n".join(wide)


def test_every_page_is_soon_made_and_asks_the_database_at_most_twelve_times(rooms: dict[str, Any], cast: Cast) -> None:
    many, slow = [], []
    clients = {who: client_as(who, cast) for who in {who for who, _path in world.pages(rooms)}}
    for who, path in world.pages(rooms):
        for _again in range(TRIES):
            begun = thread_time()
            with CaptureQueriesContext(connection) as asked:
                clients[who].get(path, follow=True)
            if (took := thread_time() - begun) <= FIRST_BYTE:
                break
        else:
            slow.append(f"{path}: {took:.3f} s")
        questions = [one for one in asked if not one["sql"].startswith(("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE"))]
        if len(questions) > QUERIES:
            many.append(f"{path}: {len(questions)}")
    assert not many, "\n".join(many)
    assert not slow, "\n".join(slow)
