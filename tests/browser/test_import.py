"""A spreadsheet of people is loaded, its one fault is read and mended, and it is written; without JavaScript."""

from __future__ import annotations

from typing import TYPE_CHECKING

from amanat.desk.registry.models import Person
from tests.browser import world
from tests.browser.conftest import Opener

if TYPE_CHECKING:
    from playwright.sync_api import FilePayload, Page

ROWS = ["P-1,Asma Tariq,ED,officer", "P-2,Bilal Ahmad,ED-LHR,king", "P-3,حنا اقبال,ED-LHR-1,moderator"]


def load(page: Page, rows: list[str]) -> None:
    file: FilePayload = {
        "name": "staff.csv",
        "mimeType": "text/csv",
        "buffer": (world.HEAD + "\n".join(rows)).encode(),
    }
    page.locator("input[type=file]").set_input_files(file)
    page.get_by_role("button", name="See what it would do").click()
    page.wait_for_url("**/import/people/*/")


def test_load_mend_write(visit: Opener) -> None:
    page = visit("/people/", who=world.STEWARD, js=False)
    page.get_by_role("link", name="Import from a spreadsheet").click()
    load(page, ROWS)
    alert = page.get_by_role("alert")
    assert "1 fault." in alert.inner_text()
    faults = page.get_by_role("table").filter(has_text="What is wrong").locator("tbody tr")
    assert faults.count() == 1
    assert "king" in faults.inner_text()
    assert faults.locator("td").first.inner_text() == "3"  # as the spreadsheet counts, its head included
    assert page.get_by_role("button", name="Write it").count() == 0
    assert not Person.objects.filter(number__startswith="P-").exists()

    page.get_by_role("link", name="Import", exact=True).click()
    load(page, [row.replace("king", "moderator") for row in ROWS])
    assert page.get_by_role("alert").count() == 0
    changes = page.get_by_role("table", name="Row by row").locator("tbody tr")
    assert changes.count() == 3
    assert not Person.objects.filter(number__startswith="P-").exists()  # looking writes nothing
    page.get_by_role("button", name="Write it").click()
    page.wait_for_url("**/offices/")
    assert "3 new" in page.get_by_role("status").inner_text()
    page.goto("/people/?words=حنا")
    assert page.locator("tbody tr").count() == 1
    assert Person.objects.filter(number__startswith="P-").count() == 3
