"""Takes the pictures of docs/desk.md from the demo, in Chromium. Run: .venv/bin/python docs/pictures.py"""

from __future__ import annotations

import base64
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from playwright.sync_api import sync_playwright

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

HERE = Path(__file__).parent
LARGEST = 54_000
DESKTOP, PHONE = {"width": 1120, "height": 800}, {"width": 390, "height": 844}
ENGLISH = "Transfer list for the division is ready. Sharing the draft here before it is notified."
URDU = "ڈویژن کی تبادلوں کی فہرست تیار ہے۔ نوٹیفکیشن سے پہلے مسودہ یہاں شیئر کر رہا ہوں۔"


@contextmanager
def demo() -> Iterator[tuple[str, str]]:
    """A demo of its own: its address, and what it said."""
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "amanat", "demo", "--port", "0"]
        env = os.environ | {"AMANAT_DATA": str(Path(folder) / "demo"), "PYTHONUNBUFFERED": "1"}
        said = Path(folder) / "said"
        with said.open("w") as out:
            process = subprocess.Popen(command, env=env, stdout=out, stderr=out)  # noqa: S603 (our own command)
        try:
            yield _address(process, said), said.read_text(encoding="utf-8")
        finally:
            process.send_signal(signal.SIGINT)
            process.wait(timeout=30)


def _address(process: subprocess.Popen[bytes], said: Path) -> str:
    while process.poll() is None:
        if found := re.search(r"open at:? (http://[\d.:]+\d)", said.read_text(encoding="utf-8")):
            return found[1]
        time.sleep(0.2)
    raise SystemExit(said.read_text(encoding="utf-8"))


def opened(browser: Browser, address: str, size: Any, lang: str) -> Page:
    """A browser of somebody who has chosen that language."""
    context = browser.new_context(base_url=address, viewport=size, color_scheme="light", device_scale_factor=1.5)
    context.add_cookies([{"name": "language", "value": lang, "url": address}])
    return context.new_page()


def keep(page: Page, name: str) -> None:
    """Keep what is on the screen as docs/`name`.webp."""
    session = page.context.new_cdp_session(page)
    shot = session.send("Page.captureScreenshot", {"format": "webp", "quality": 60})
    picture = base64.b64decode(shot["data"])
    if len(picture) > LARGEST:
        raise SystemExit(f"{name} has {len(picture)} bytes, more than {LARGEST}")
    (HERE / f"{name}.webp").write_bytes(picture)


def check(page: Page, text: str) -> None:
    """Have a text checked under the federal rules of Pakistan, and look at the answer."""
    page.goto("/")
    page.fill("#id_text", text)
    page.select_option("#id_pack", "pk-federal")
    page.click("#check div > button")
    page.wait_for_selector("#answer")
    page.mouse.move(0, 0)


def main() -> None:
    """Take the pictures."""
    found = shutil.which("chromium") or shutil.which("chromium-browser")
    if not found:
        raise SystemExit("no Chromium: apt-get install chromium")
    with demo() as (address, said), sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=["--no-sandbox", "--disable-gpu"])
        page = opened(browser, address, DESKTOP, "en")
        check(page, ENGLISH)
        keep(page, "check")
        page = opened(browser, address, PHONE, "ur")
        check(page, URDU)
        keep(page, "check-ur")

        page = opened(browser, address, DESKTOP, "en")
        page.goto("/accounts/login/")
        page.fill("#id_login", "kamran.mirza@csd.example")
        page.fill("#id_password", re.findall(r"password (\S+)", said)[0])
        page.press("#id_password", "Enter")
        page.wait_for_url("**/today/")
        keep(page, "today")
        page.goto("/offices/")
        keep(page, "offices")
        browser.close()


if __name__ == "__main__":
    main()
