"""A circular in Bengali and in Hindi: sent, sent on, acknowledged, called to mind; without JavaScript."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from amanat.desk.audit.models import Event
from amanat.desk.circulars.actions import drafts
from amanat.desk.circulars.audience import Audience
from amanat.desk.circulars.models import Acknowledgement, Circular, Copy, Dispatch, Reminder
from amanat.desk.lib.numerals import local
from amanat.desk.registry.models import Person
from tests.browser.conftest import PHONE, Opener
from tests.browser.hands import follow, led, press, status_of, twin
from tests.cast import Cast

if TYPE_CHECKING:
    from playwright.sync_api import Page

SUBJECT = {"bn": "সামাজিক মাধ্যমের ব্যবহার", "hi": "सोशल मीडिया का उपयोग"}
BODY = {"bn": "আগে জিজ্ঞাসা করুন।\n\n<b>তারপর</b> লিখুন।", "hi": "पहले पूछें।\n\n<b>फिर</b> लिखें।"}
MEMO = "ED-LHR/17-<x>/'26"
READER, MISSING = "officer@field", "moderator@field"


def times(verb: str) -> int:
    """How often the log has a deed about circulars."""
    return Event.objects.filter(verb=verb, office__isnull=False).count()


@pytest.fixture
def circular(cast: Cast, lang: str) -> Circular:
    """A draft of the department in one language, for one directorate alone."""
    Person.objects.update(language=lang)
    officer = cast["officer@top"]
    draft = drafts.begin(cast.top, by=officer, language=lang, subject=SUBJECT[lang], body=BODY[lang])
    drafts.address(draft, by=officer, lists=[], audience=Audience(offices=(cast.own.pk,)))
    return draft


@pytest.mark.parametrize("lang", ["bn", "hi"])
def test_sent_sent_on_acknowledged_called_to_mind(visit: Opener, cast: Cast, circular: Circular, lang: str) -> None:
    head = visit(circular.get_absolute_url(), who="head@top", lang=lang, size=PHONE, js=False)
    reader = visit("/today/", who=READER, lang=lang, size=PHONE, js=False)
    assert status_of(reader, circular.get_absolute_url()) == 404
    sent(head, cast, lang)
    sent_on(visit("/today/", who="head@own", lang=lang, size=PHONE, js=False), circular, cast)
    acknowledged(reader, circular, lang)
    called_to_mind(head, circular, cast)
    told(visit("/notices/", who=MISSING, lang=lang, size=PHONE, js=False), circular, 2)
    told(visit("/notices/", who=READER, lang=lang, size=PHONE, js=False), circular, 1)


def sent(page: Page, cast: Cast, lang: str) -> None:
    """Whoever leads looks whom it reaches, and sends it; once."""
    assert follow(page, "Look it over and dispatch") == 200
    people = Person.objects.posted_at(cast.own).count()
    lead = page.locator("p.lead").inner_text()
    assert local(1, lang) in lead
    assert local(people, lang) in lead
    assert cast.own.code in page.locator("main details[open]").inner_text()
    again = twin(page)
    assert press(page, "Dispatch") == 200
    assert press(again, "Dispatch") in (403, 409)
    assert Dispatch.objects.count() == times("dispatch") == 1


def sent_on(page: Page, circular: Circular, cast: Cast) -> None:
    """The directorate sends it on under a memo number of its own; a form without an office keeps what was typed."""
    led(page, page.locator(f"main a[href='{circular.get_absolute_url()}']").first)
    assert follow(page, "Send it on") == 200
    page.fill("#id_number", MEMO)
    assert press(page, "Send it on") == 200
    assert page.locator("main .errorlist").count() == 1
    assert page.input_value("#id_number") == MEMO
    page.check("#id_everywhere")
    assert press(page, "Send it on") == 200
    assert page.url.endswith(circular.get_absolute_url())
    page.go_back()
    page.check("#id_everywhere")
    press(page, "Send it on")
    assert Dispatch.objects.get(is_endorsement=True).number == MEMO
    assert Copy.objects.filter(circular=circular, office=cast.field).count() == 1


def acknowledged(page: Page, circular: Circular, lang: str) -> None:
    """A person reads it in their language and says so; pressed in two tabs, it is noted once."""
    page.goto("/circulars/")
    led(page, page.locator(f"main a[href='{circular.get_absolute_url()}']").first)
    assert page.locator("h1").inner_text().startswith(SUBJECT[lang])
    assert BODY[lang].splitlines()[-1] in page.locator("main").inner_text()
    assert MEMO in page.locator("main").inner_text()
    again = twin(page)
    for tab in (page, again):
        assert press(tab, "I have read it: acknowledge") == 200
        assert tab.get_by_role("status").is_visible()
    assert list(Acknowledgement.objects.values_list("version", "language", "addressee__person__number")) == [
        (1, lang, READER)
    ]
    assert status_of(page, f"{circular.get_absolute_url()}missing/") == 404


def called_to_mind(page: Page, circular: Circular, cast: Cast) -> None:
    """The department sees who has not, and reminds them; on a day once."""
    page.goto(circular.get_absolute_url())
    follow(page, "By name, office by office")
    names = page.locator("tbody th").all_inner_texts()
    assert cast[MISSING].name in names
    assert cast[READER].name not in names
    again = twin(page)
    assert press(page, "Remind now") == 200
    assert page.get_by_role("status").is_visible()
    assert press(again, "Remind now") in (403, 409)
    assert Reminder.objects.count() == 1
    assert status_of(page, f"{circular.get_absolute_url()}missing/?office=<x>") == 200
    assert page.locator("main tbody th").count() == 0


def told(page: Page, circular: Circular, times: int) -> None:
    """So often a person was told of the circular."""
    assert page.locator(f"main a[href='{circular.get_absolute_url()}']").count() == times
