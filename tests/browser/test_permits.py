"""A permission in Urdu: the check asks for it, it is asked for and granted, the check knows it; without JavaScript."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from django.utils import timezone

from amanat.desk.audit.models import Event
from amanat.desk.permits.actions import asking
from amanat.desk.permits.models import Permit
from tests.browser.conftest import PHONE, Opener
from tests.browser.hands import follow, led, press, said, status_of, twin
from tests.browser.test_keyboard import press_tab_until
from tests.cast import Cast

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

CLAUSE = "pbsm25-approval"
TEXT = "I will be live on the TV talk show tonight. Please watch my interview on the news channel."
PURPOSE = "ریڈیو پر <b>ہیلپ لائن</b> '; -- 🎙\u202e سمجھانا"
CONDITIONS = "صرف اعداد و شمار۔"
ASKER, DECIDER = "officer@own", "authority@top"


def times(verb: str) -> int:
    """How often the log has a step of a request."""
    return Event.objects.filter(kind="permits.permit", verb=verb).count()


def checked(page: Page) -> Locator:
    """What the check finds about the clause on permission."""
    page.goto("/")
    page.fill("#id_text", TEXT)
    page.select_option("#id_pack", "pk-punjab")
    page.select_option("#id_account", "personal")
    press(page, "Check", "#check")
    if (more := page.locator("#answer details.finding:not([open]) > summary").first).count():
        more.click()
    return page.locator("article.finding", has=page.locator(f"a[href$='/{CLAUSE}/']"))


def test_asked_for_granted_and_known(visit: Opener, cast: Cast) -> None:
    page, day = visit("/", who=ASKER, lang="ur", size=PHONE, js=False), timezone.localdate()
    finding = checked(page)
    assert finding.locator(".level.ask").count() == 1
    finding.get_by_role("link", name=said(page, "Ask for permission")).click()
    page.wait_for_url(f"**/permits/new/?clause={CLAUSE}")
    assert page.locator("[name=clauses]:checked").evaluate_all("all => all.map(one => one.value)") == [CLAUSE]
    assert "talk show" not in page.content()

    page.fill("#id_subject", "ریڈیو پر گفتگو")
    page.fill("#id_purpose", PURPOSE)
    page.fill("#id_wanted_from", str(day))
    page.fill("#id_wanted_until", str(day - timedelta(days=1)))
    assert press(page, "Keep it and read it once more") == 200
    assert page.locator("#id_wanted_until[aria-invalid=true]").count() == 1
    assert page.input_value("#id_purpose") == PURPOSE
    assert page.locator("[name=clauses]:checked").count() == 1
    page.fill("#id_wanted_until", str(day + timedelta(days=30)))
    press(page, "Keep it and read it once more")

    permit = Permit.objects.get()
    address = permit.get_absolute_url()
    assert page.url.endswith(address)
    assert PURPOSE in page.locator(".quoted").inner_text()
    way = page.locator("section[aria-labelledby=way]")
    assert cast.top.name in way.inner_text()  # to whom it goes
    assert way.locator("a[href^='/rules/pk-punjab/']").count() >= 1  # and by which rule
    again = twin(page)
    assert press(page, "Send it") == 200
    assert page.get_by_role("status").is_visible()
    assert press(again, "Send it") in (403, 409)
    assert times("submit") == 1
    assert status_of(page, f"{address}grant/") == 403
    assert status_of(visit("/today/", who="head@sister", lang="ur", js=False), address) == 404

    granted(visit, permit)
    finding = checked(page)
    assert finding.locator(".level.clear").count() == 1
    permit.refresh_from_db()
    assert permit.number
    assert permit.number.startswith("PK-")
    assert permit.number in finding.inner_text()

    page.goto(address)
    assert CONDITIONS in page.locator("section[aria-labelledby=decision]").inner_text()
    led(page, page.locator("section[aria-labelledby=letters] a[lang=ur]").first)
    letter = page.locator("article.letter[lang=ur]")
    assert permit.number in letter.inner_text()
    assert CONDITIONS in letter.inner_text()
    assert status_of(page, address) == 200
    genuine(visit, letter_code(permit))


def granted(visit: Opener, permit: Permit) -> None:
    """Whoever decides finds it among what waits, grants it, and cannot grant it once more."""
    page = visit("/today/", who=DECIDER, lang="ur", size=PHONE, js=False)
    led(page, page.locator(f"main a[href='{permit.get_absolute_url()}']"))
    assert follow(page, "Grant") == 200
    last = permit.wanted_until
    assert last
    page.fill("#id_conditions", CONDITIONS)
    page.fill("#id_ends_on", str(timezone.localdate() - timedelta(days=1)))
    press(page, "Grant it")
    assert page.locator("main [role=alert], main .errorlist").count() >= 1
    assert page.input_value("#id_conditions") == CONDITIONS
    assert times("grant") == 0
    page.fill("#id_ends_on", str(last - timedelta(days=10)))
    assert press(page, "Grant it") == 200
    assert page.url.endswith(permit.get_absolute_url())
    page.go_back()
    page.fill("#id_ends_on", str(last))
    assert press(page, "Grant it") in (403, 409)
    assert times("grant") == 1
    assert Permit.objects.get().ends_on == last - timedelta(days=10)


def letter_code(permit: Permit) -> str:
    """The code as somebody may type it: by the letter's groups, small, with spaces."""
    assert permit.code
    return " ".join(re.findall(".{1,4}", permit.code.lower()))


def genuine(visit: Opener, code: str) -> None:
    """Anybody who holds the letter reads that it is genuine; of another code nothing is known."""
    page = visit("/permits/verify/", lang="ur", size=PHONE, js=False)
    for typed, status, heading, verdicts in (
        ("' OR 1=1 --", 200, "Is a letter genuine?", 0),
        ("0000 0000 0000", 404, "No letter has this code", 0),
        (code, 200, "This letter is genuine", 1),
    ):
        page.goto("/permits/verify/")
        page.fill("main input", typed)
        assert press(page, "Check this letter") == status, typed
        assert page.locator("h1").inner_text() == said(page, heading)
        assert page.locator(".verdict.clear").count() == verdicts
    assert "Officer At Own" not in page.content()


@pytest.mark.parametrize("lang", ["ur"])
def test_a_permission_is_granted_without_a_mouse(visit: Opener, cast: Cast, lang: str) -> None:
    day = timezone.localdate()
    permit = asking.draft(
        by=cast[ASKER], kind="permission", act="media", asked_from=cast.own, subject="ریڈیو پر گفتگو",
        purpose=PURPOSE, wanted_from=day, wanted_until=day + timedelta(days=30), clauses=[CLAUSE],
    )  # fmt: skip
    asking.submit(permit, by=cast[ASKER])
    page = visit(permit.get_absolute_url(), who=DECIDER, lang=lang, js=False)
    press_tab_until(page, "main a[href$='/grant/']")
    page.keyboard.press("Enter")
    page.wait_for_url("**/grant/")
    press_tab_until(page, "#id_conditions")
    page.keyboard.type(CONDITIONS)
    press_tab_until(page, "main form button")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**{permit.get_absolute_url()}")
    permit.refresh_from_db()
    assert (permit.state, permit.conditions) == ("granted", CONDITIONS)
