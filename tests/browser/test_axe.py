"""Every page of the desk is looked at by axe-core; a page that is new and not in the list fails a test."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from django.utils import timezone

from amanat.desk import settings as desk
from tests.browser import permits, world
from tests.browser.conftest import DESKTOP, PHONE, RULES, Opener, client_as
from tests.browser.test_budget import EDGE
from tests.cast import Cast

if TYPE_CHECKING:
    from playwright.sync_api import Page


def test_the_list_names_every_address(rooms: dict[str, Any], cast: Cast) -> None:
    named = {world.route(path) for _who, path in world.pages(rooms) + world.others(rooms)}
    assert sorted(named ^ world.routes()) == []
    clients = {who: client_as(who, cast) for who in {who for who, _path in world.others(rooms)}}
    for who, path in world.others(rooms):
        response = clients[who].get(path)
        is_page = response.status_code == 200 and response.headers["Content-Type"].startswith("text/html")
        response.close()
        assert not is_page, f"{path} is a page: it belongs into world.pages"


@pytest.mark.parametrize(("lang", "size", "schemes"), [("en", DESKTOP, ("light", "dark")), ("ur", PHONE, ("light",))])
def test_no_barrier_on_any_page(
    visit: Opener, violations: Callable[..., list[str]], rooms: dict[str, Any], lang: str, size: Any, schemes: Any
) -> None:
    """In the light scheme by every rule, in the dark one by contrast."""
    found: list[str] = []
    at: dict[str, Page] = {}
    for who, path in world.pages(rooms):
        if who not in at:
            at[who] = visit("/", who=who, lang=lang, size=size)
        page = at[who]
        page.goto(path)
        assert world.route(page.url) == world.route(path), f"{path} leads to {page.url}"
        assert page.locator("h1").count() == 1, path
        page.locator("details:not([open])").evaluate_all("all => all.forEach(one => one.open = true)")
        for scheme in schemes:
            page.emulate_media(color_scheme=scheme)
            rules = RULES if scheme == "light" else ("color-contrast",)
            found += [f"{path}: {scheme}: {one}" for one in violations(page, rules)]
    assert not found, "\n".join(found)


def test_no_barrier_where_something_failed(visit: Opener, violations: Callable[..., list[str]]) -> None:
    """Faults in a form, a refusal, an answer, the page that stands alone when the desk itself fails."""
    page = visit("/accounts/login/")
    page.get_by_label("E-mail").fill("nobody@example.org")
    page.get_by_label("Password").fill("wrong")
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.wait_for_selector("[role=alert]")
    assert violations(page) == []
    page.goto("/")
    page.locator("#check").evaluate("form => form.noValidate = true")
    page.get_by_role("button", name="Check", exact=True).last.click()
    page.wait_for_selector("[role=alert]")
    assert violations(page) == []
    page = visit("/import/", who="officer@own")
    assert page.locator("h1").count() == 1
    assert violations(page) == []
    page.goto((Path(desk.HERE) / "templates" / "500.html").as_uri())
    assert violations(page) == []


def test_no_barrier_after_a_press(visit: Opener, violations: Callable[..., list[str]], rooms: dict[str, Any]) -> None:
    """Pages that only a form leads to: an invitation that was made, a form with a fault at every field."""
    page = visit(f"/people/{rooms['newcomer']}/", who=world.STEWARD)
    page.get_by_role("button", name="Invite again").click()
    page.wait_for_url("**/invite/")
    assert violations(page) == []
    page.goto(f"/offices/{rooms['own']}/people/enter/")
    page.locator("main form").evaluate("form => form.noValidate = true")
    page.locator("main form button").click()
    page.wait_for_selector("[aria-invalid=true]")
    assert violations(page) == []


def test_no_barrier_in_what_a_form_answers(visit: Opener, violations: Callable[..., list[str]], rooms: Any) -> None:
    """Faults at the fields, what was answered wrongly, what a file would do: in Urdu, on a phone."""
    asked, sent, found = rooms["permits"], rooms["circulars"], []
    quiz, sheet = f"/circulars/{sent['open']}/quiz/", f"/circulars/{sent['sent']}/sheet/{sent['top']}/"
    scan: Any = {"name": "a.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.7 another"}
    for who, path, shows in (
        (permits.ASKER, "/permits/new/", "[aria-invalid=true]"),
        (permits.DECIDER, f"/permits/{asked['sent']}/refuse/", "[aria-invalid=true]"),
        (world.STEWARD, "/circulars/new/", "[aria-invalid=true]"),
        (world.STEWARD, f"/circulars/copies/{sent['copy']}/endorse/", ".errorlist"),
        (world.STEWARD, quiz, ".verdict.care"),
        (world.STEWARD, sheet, "[name=kept]"),
        (world.STEWARD, f"/offices/{rooms['own']}/calendar/load/", ".errorlist"),
    ):
        page = visit(path, who=who, lang="ur", size=PHONE)
        page.locator("main form[method=post]").last.evaluate("form => form.noValidate = true")
        if path == quiz:
            page.locator("[type=radio]").first.check()
        if path == sheet:
            page.set_input_files("#id_scan", scan)
            page.fill("#id_signed_on", str(timezone.localdate()))
            page.fill("#id_numbers", "officer@top\nauditor@top\nofficer@sister\nnobody")
        page.locator("main form[method=post] button").last.click()
        page.wait_for_selector(shows, state="attached")
        found += [f"{path}: {one}" for one in violations(page)]
        is_at, edge, *over = page.evaluate(EDGE)
        assert (is_at <= edge, over) == (True, []), path
    assert not found, "\n".join(found)
