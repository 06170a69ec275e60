"""From a draft in Urdu to its correction, on Bluesky's own server: every button is pressed in Chromium."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import pytest
from django.utils import timezone, translation

from amanat.desk.publishing import timed
from amanat.desk.publishing.actions import drafts, editing, votes
from amanat.desk.publishing.models import Draft
from amanat.desk.registry.actions import panels
from amanat.desk.registry.models import Channel, Person
from tests.browser.conftest import PHONE, Opener
from tests.browser.hands import led
from tests.browser.publishing import photo
from tests.cast import Cast
from tests.desk.publishing.conftest import juror, pds
from tests.desk.publishing.servers import bluesky

if TYPE_CHECKING:
    from playwright.sync_api import FilePayload, Page

__all__ = ["pds"]  # a fixture
STOPPED = "اس بار مسلم لیگ ن کو ووٹ دیں، شیر پر مہر لگائیں، ہماری پارٹی زندہ باد!"
WRONG = "ڈومیسائل کا کاؤنٹر صبح دس بجے سے سہ پہر تین بجے تک کھلا ہے۔"
RIGHT = "ڈومیسائل کا کاؤنٹر صبح نو بجے سے سہ پہر تین بجے تک کھلا ہے۔"
SHOWS = "کاؤنٹر کا دروازہ"
REASON = "پوسٹ میں کھلنے کا وقت غلط تھا۔"
PICTURE: FilePayload = {"name": "door.png", "mimeType": "image/png", "buffer": photo()}
AHEAD = timedelta(hours=1)
LOUD: list[str] = []


@pytest.fixture(autouse=True)
def _no_complaint() -> Iterator[None]:
    """Nothing is said in the console but the status of pages that refuse."""
    LOUD.clear()
    yield
    assert LOUD == []


class Clock:
    """What time it is for the desk."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        real, self.ahead = timezone.now, timedelta()
        monkeypatch.setattr(timezone, "now", lambda: real() + self.ahead)


def heard(page: Page) -> Page:
    """The page, with what it complains of in LOUD."""
    page.on("pageerror", lambda error: LOUD.append(str(error)))
    page.on(
        "console",
        lambda said: LOUD.append(said.text) if said.type == "error" and "Failed to load resource" not in said.text
        else None,
    )  # fmt: skip
    return page


def words(text: str, lang: str = "ur") -> str:
    with translation.override(lang):
        return translation.gettext(text)


def send(page: Page) -> None:
    """Press the button of the form that is the page."""
    led(page, page.locator("main form > .row > button"))


def press(page: Page, verb: str) -> None:
    led(page, page.locator(f"form[action$='/{verb}/'] button"))


def vote(page: Page, choice: str = "for") -> None:
    page.locator(f"input[name=vote][value={choice}]").check()
    press(page, "vote")


def channel_of(cast: Cast, where: str, panel: list[Person], **facts: Any) -> Channel:
    due = timezone.localdate() + timedelta(days=30)
    office = cast.own if where == "own" else cast.foreign
    channel = Channel.objects.create(office=office, state="verified", inspection_due_on=due, **facts)
    panels.seat(channel, by=cast[f"head@{where}"], people=panel)
    return channel


def give_key(page: Page, server: bluesky.Server) -> None:
    led(page, page.locator("main a[href$='/key/']"))
    page.locator("#id_server").fill(server.address)
    page.locator("#id_password").fill("a typing mistake")
    send(page)
    assert page.get_by_role("alert").is_visible()
    page.locator("#id_password").fill(bluesky.PASSWORD)
    send(page)
    page.get_by_text(words("Take the key away")).first.wait_for()
    assert bluesky.PASSWORD not in page.content()


def write(page: Page, channel: Channel) -> None:
    """A draft: stopped by a rule, rewritten, with a picture and what it shows, for an hour from now."""
    led(page, page.locator(f"main a[href='/publishing/offices/{channel.office_id}/begin/']"))
    assert page.locator("#id_language").input_value() == "ur"
    page.locator("#id_title").fill("کاؤنٹر کے اوقات")
    page.locator("#id_purpose").select_option("service")
    page.locator("#id_text").fill(STOPPED)
    page.locator(f"input[name=channels][value='{channel.pk}']").check()
    send(page)
    stop = page.locator("section.verdict.stop[aria-labelledby^=text-]")  # beside the text, with the clause
    assert stop.locator("mark").count() >= 1
    assert stop.locator("a[href*='/rules/']").count() >= 1
    assert page.locator("form[action$='/submit/']").count() == 0

    led(page, page.locator("main a[href$='/texts/']"))
    page.locator("#id_text-ur").fill(WRONG)
    send(page)
    assert page.locator("section.verdict.clear[aria-labelledby^=text-]").inner_text().count(WRONG) == 1
    led(page, page.locator("main a[href$='/plan/']"))
    at = timezone.localtime() + AHEAD
    page.locator("#id_wanted_at").fill(f"{at:%Y-%m-%dT%H:%M}")
    send(page)
    led(page, page.locator("main a[href$='/pictures/']"))
    page.locator("#id_picture").set_input_files(PICTURE)
    send(page)
    assert page.locator("form[action$='/submit/']").count() == 0  # nobody has said yet what it shows
    led(page, page.locator("ul.pictures p a").first)
    page.locator("#id_alt-ur").fill(SHOWS)
    send(page)


def hand_in(page: Page, stranger: Page) -> str:
    """The draft that is open goes to its panel, once; its address. Who belongs to another office finds nothing."""
    again, address = heard(page.context.new_page()), page.url
    again.goto(address)
    press(page, "submit")
    assert page.get_by_role("status").is_visible()
    press(again, "submit")  # the same button, in another window
    assert again.locator("h1").inner_text() == words("Somebody was faster")
    assert page.locator("form[action$='/vote/']").count() == 0  # nobody decides on what they wrote
    answer = stranger.goto(address)
    assert answer
    assert answer.status == 404
    return address


def decide(address: str, officer: Page, head: Page) -> None:
    """Two of three vote, each once; nobody reads another's vote before casting one."""
    led(officer, officer.locator(f"main a[href='{urlsplit(address).path}']").first)
    late = heard(officer.context.new_page())
    late.goto(address)
    vote(officer)
    assert officer.get_by_role("status").is_visible()
    head.goto(address)
    panel = head.locator("section[aria-labelledby=panel]")
    assert words("has voted") in panel.locator("li").filter(has_text="Officer At Own").inner_text()
    assert panel.locator(".tag.clear").count() == 0
    vote(late)  # a second time
    assert words("You have voted already.") in late.get_by_role("alert").inner_text()
    vote(head)
    assert head.get_by_role("status").is_visible()
    assert panel.locator(".tag.clear").count() == 2  # the third is not waited for


def test_from_a_draft_in_urdu_to_its_correction(
    visit: Opener, cast: Cast, pds: bluesky.Server, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.VERIFICATION_ALLOWED_HOSTS = [pds.host]
    clock, holder = Clock(monkeypatch), pds.holder()
    panel = [cast["officer@own"], cast["head@own"], juror(cast.own, "Juror Three")]
    address = f"https://bsky.app/profile/{holder.handle}"
    channel = channel_of(cast, "own", panel, platform="bluesky", handle=holder.handle, address=address, languages="ur")

    head = heard(visit(f"/publishing/channels/{channel.pk}/", who="head@own", lang="ur"))
    assert head.get_attribute("html", "dir") == "rtl"
    give_key(head, pds)
    writer = heard(visit("/publishing/", who="moderator@own", lang="ur"))
    write(writer, channel)
    page = hand_in(writer, heard(visit("/publishing/", who="moderator@sister", lang="ur")))
    decide(page, heard(visit("/today/", who="officer@own", lang="ur")), head)
    begun_at = time.monotonic()
    draft = Draft.objects.get()
    assert draft.state == "scheduled"

    timed.run(timezone.now())
    assert pds.posts(holder) == []  # its moment has not come
    clock.ahead = AHEAD
    timed.run(timezone.now())
    (post,) = pds.posts(holder)
    took = time.monotonic() - begun_at
    sys.stdout.write(f"from approval to the post, its moment being there: {took:.1f} s\n")
    timed.run(timezone.now())
    assert pds.posts(holder) == [post]
    assert (post["value"]["text"], post["value"]["langs"]) == (WRONG, ["ur"])
    assert post["value"]["embed"]["images"][0]["alt"] == SHOWS

    put_right(writer, draft)
    (now,) = pds.posts(holder)
    assert now["uri"] == post["uri"]
    assert now["value"]["text"] == RIGHT
    assert now["value"]["embed"]["images"][0]["alt"] == SHOWS
    read_as_the_public(heard(visit(f"/publishing/public/{cast.own.code}/", lang="ur")), cast)


def put_right(page: Page, draft: Draft) -> None:
    """Found wrong, and changed in its place; the same form sent again changes nothing."""
    page.goto("/publishing/posts/")
    led(page, page.locator(f"main a[href='/publishing/drafts/{draft.pk}/correct/']"))
    form, again = page.url, heard(page.context.new_page())
    again.goto(form)
    for one in (page, again):
        one.locator("#id_text_0").fill(RIGHT)
        one.locator("#id_reason").fill(REASON)
        one.locator("input[type=radio][value=edit]").check()
    send(page)
    assert "/publishing/corrections/" in page.url
    assert page.locator("h1 .tag.done").is_visible()
    send(again)
    assert again.get_by_text(words("Nothing is changed yet. Write the right text.")).is_visible()
    draft.refresh_from_db()
    assert draft.state == "corrected"
    assert draft.corrections.count() == 1


def read_as_the_public(page: Page, cast: Cast) -> None:
    for _list_then_one in range(2):
        said = page.locator("main").inner_text()
        assert REASON in said
        assert [name for name in (str(one) for one in cast.people.values()) if name in page.content()] == []
        if page.locator("main ul.work a.what").count():
            led(page, page.locator("main ul.work a.what"))
    assert page.locator("main s").inner_text() == WRONG
    assert RIGHT in page.locator("main .quoted").last.inner_text()
    assert [one["name"] for one in page.context.cookies()] == ["language"]


@pytest.mark.parametrize("lang", ["en", "bn"])
def test_a_panel_of_two_is_refused_with_the_clause(visit: Opener, cast: Cast, lang: str) -> None:
    three = [cast[f"{role}@foreign"] for role in ("officer", "moderator", "head")]
    channel = channel_of(cast, "foreign", three, platform="x", handle="primary", languages="bn")
    draft = begun(cast, "foreign", channel, "bn")
    page = heard(visit(f"/publishing/drafts/{draft.pk}/", who="officer@foreign", lang=lang, js=False))
    panels.end_seats(channel, {three[1].pk})  # while the page is open
    press(page, "submit")
    two = "2" if lang == "en" else "২"
    refusal = page.locator("section.verdict.stop")
    assert two in refusal.inner_text()
    page.goto(f"/publishing/drafts/{draft.pk}/")
    assert page.locator("form[action$='/submit/']").count() == 0
    missing = page.locator("section[aria-labelledby=missing]")
    assert two in missing.inner_text()
    led(page, missing.get_by_role("link"))
    assert "/rules/bd/" in page.url
    assert page.locator("h1").inner_text()
    draft.refresh_from_db()
    assert draft.state == "draft"


def test_a_change_after_approval_voids_it(visit: Opener, cast: Cast) -> None:
    panel = [cast["officer@own"], cast["head@own"], juror(cast.own, "Juror Three")]
    channel = channel_of(cast, "own", panel, platform="facebook", handle="Lahore", languages="ur")
    draft = begun(cast, "own", channel, "ur", by="moderator@own")
    drafts.submit(draft, by=draft.author)
    for juror_ in panel[:2]:
        votes.cast(draft, by=juror_, vote="for")
    assert draft.releases.count() == 1
    page = heard(visit(f"/publishing/drafts/{draft.pk}/texts/", who="moderator@own", lang="ur", js=False))
    warning = "The panel has this draft, or has approved it. With a change that is void, and it decides anew."
    assert page.locator("p.lead").inner_text() == words(warning)
    page.locator("#id_text-ur").fill(RIGHT)
    send(page)
    assert page.locator("h1 .tag.draft").is_visible()
    draft.refresh_from_db()
    assert (draft.state, draft.approved_hash, draft.releases.count()) == ("draft", "", 0)
    press(page, "submit")
    assert page.get_by_role("status").is_visible()
    assert list(draft.rounds.order_by("number").values_list("outcome", flat=True)) == ["approved", ""]


def test_no_barrier_where_something_is_refused(
    visit: Opener, violations: Callable[..., list[str]], rooms: dict[str, Any]
) -> None:
    """Pages that only a form leads to: with faults at its fields, or a refusal above it, read on a phone."""
    of, page = rooms["publishing"], heard(visit("/", who="head@own", lang="ur", size=PHONE))
    page.goto(f"/publishing/drafts/{of['posted']}/correct/")
    page.locator("main form").evaluate("form => form.noValidate = true")
    send(page)
    assert page.locator("[aria-invalid=true]").count() >= 1
    assert violations(page) == []
    page.goto(f"/publishing/drafts/{of['voted']}/vote/")
    page.locator("input[name=vote][value=against]").check()
    send(page)
    assert page.locator("[aria-invalid=true]").count() == 1
    assert violations(page) == []
    page.goto(f"/publishing/releases/{of['waiting']}/post/")
    page.locator("#id_address").fill("https://elsewhere.example/1")
    send(page)
    assert page.get_by_role("alert").is_visible()
    assert page.locator("#id_address").input_value() == "https://elsewhere.example/1"
    assert violations(page) == []


def begun(cast: Cast, where: str, channel: Channel, lang: str, by: str = "") -> Draft:
    """A draft that lacks nothing."""
    author = cast[by or f"officer@{where}"]
    draft = editing.begin(
        channel.office, by=author, title="Counter", purpose="service", language=lang, text=WRONG, channels=[channel]
    )
    at = timezone.now() + timedelta(days=2)
    editing.plan(draft, by=author, title="Counter", purpose="service", wanted_at=at, targets={channel: lang})
    return draft
