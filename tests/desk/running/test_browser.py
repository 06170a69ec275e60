"""The demo in a real browser: a person signs in with what the terminal shows, in English and in Urdu."""

from __future__ import annotations

import os
import re
import signal
from pathlib import Path

from playwright.sync_api import sync_playwright

from tests.desk.running.conftest import Start
from tests.desk.running.test_demo_command import home, password_of


def test_a_person_of_the_cast_signs_in(chromium: str, start: Start, tmp_path: Path) -> None:
    running = start("demo", "--port", "0", env=home(tmp_path / "demo"))
    said = running.out.read_text(encoding="utf-8")
    mail = re.search(r"^  (\S+@\S+)", said, flags=re.MULTILINE)
    assert mail
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=chromium, args=["--no-sandbox"] if os.geteuid() == 0 else [])
        page = browser.new_page(viewport={"width": 390, "height": 800})
        faults: list[str] = []
        page.on("console", lambda message: faults.append(message.text) if message.type == "error" else None)
        page.goto(f"{running.url}/accounts/login/")
        page.fill("input[name=login]", mail[1])
        page.fill("input[name=password]", password_of(said))
        page.press("input[name=password]", "Enter")
        page.wait_for_url("**/today/")
        page.click("button[value=ur]")
        assert page.get_attribute("html", "dir") == "rtl"
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
        assert [fault for fault in faults if "Content Security Policy" in fault] == []
        browser.close()
    running.stop(signal.SIGINT)
