"""The demo in a real browser: a person signs in with what the terminal shows, and reads on in Urdu."""

from __future__ import annotations

import re
import signal
from pathlib import Path
from typing import TYPE_CHECKING

from tests.browser.conftest import PHONE
from tests.desk.running.conftest import Start, start
from tests.desk.running.test_demo_command import home, password_of

if TYPE_CHECKING:
    from playwright.sync_api import Browser, ViewportSize

__all__ = ["start"]  # a fixture


def test_a_person_of_the_cast_signs_in(chromium: Browser, start: Start, tmp_path: Path) -> None:
    running = start("demo", "--port", "0", env=home(tmp_path / "demo"))
    said = running.out.read_text(encoding="utf-8")
    mail = re.search(r"^  (\S+@\S+)", said, flags=re.MULTILINE)
    assert mail
    size: ViewportSize = PHONE  # type: ignore[assignment]
    context = chromium.new_context(viewport=size, base_url=running.url)
    page = context.new_page()
    faults: list[str] = []
    page.on("console", lambda message: faults.append(message.text) if message.type == "error" else None)
    page.goto("/accounts/login/")
    page.fill("input[name=login]", mail[1])
    page.fill("input[name=password]", password_of(said))
    page.press("input[name=password]", "Enter")
    page.wait_for_url("**/today/")
    page.click("button[value=ur]")
    assert page.get_attribute("html", "dir") == "rtl"
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    assert faults == []
    context.close()
    running.stop(signal.SIGINT)
