"""Proving a channel official: by a link, by the handle, by a letter that a second person accepts."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.test import Client

from amanat.desk.audit.models import Event
from amanat.desk.lib import fetch
from amanat.desk.lib.refusals import Overtaken, Refused
from amanat.desk.registry import verification
from amanat.desk.registry.actions import proofs
from amanat.desk.registry.models import Channel, Verification
from amanat.desk.registry.views.proofs import proofs_context
from tests.cast import Cast
from tests.desk.website import Website

ADDRESS = "https://social.example.org/@lahore"
PDF = b"%PDF-1.7\nmade up"
Browser = Callable[[str], Client]


@pytest.fixture
def channel(cast: Cast) -> Channel:
    return Channel.objects.create(office=cast.own, platform="mastodon", handle="@lahore", address=ADDRESS)


@pytest.fixture
def site(cast: Cast, website: Website) -> Website:
    cast.own.website = website.address
    cast.own.save()
    return website


def pdf(body: bytes = PDF, name: str = "letter.pdf") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, body)


@pytest.mark.parametrize(
    "line",
    [
        '<a rel="me" href="https://social.example.org/@lahore">x</a>',
        '<LINK REL="Alternate ME" HREF="http://www.Social.Example.org/@lahore/">',
        "<p><a href=https://social.example.org/@lahore#top rel=me>unclosed",
    ],
)
def test_a_link_on_the_page_proves_it(cast: Cast, channel: Channel, site: Website, line: str) -> None:
    site.says("/contact", f"<!doctype html><p>{line}</p>")
    row = proofs.try_link(channel, f"{site.address}/contact", by=cast["moderator@own"])
    channel.refresh_from_db()
    assert channel.state == "verified"
    assert (row.is_proved, row.found, Verification.objects.get()) == (True, "linked", row)
    event = Event.objects.get()
    assert (event.verb, event.before, event.after, event.thing) == ("verify", "claimed", "verified", channel.pk)
    assert event.facts == {"way": "link", "address": f"{site.address}/contact", "found": "linked"}


@pytest.mark.parametrize(
    "page",
    [
        "<a href='https://social.example.org/@lahore'>no rel</a>",
        "<a rel='me' href='https://social.example.org/@lahore2'>another</a>",
        "<a rel='me' href='https://other.example.org/@lahore'>another place</a>",
        "<a rel='home' href='https://social.example.org/@lahore'>not me</a>",
        "<!-- <a rel='me' href='https://social.example.org/@lahore'>hidden</a> -->",
        "<script>'<a rel=me href=https://social.example.org/@lahore>'</script>",
        "<a rel='x' rel='me' href='https://social.example.org/@lahore'>the first rel counts</a>",
        "<a rel='me' href='http://[broken'>x</a><a rel='me'>no address</a>",
        "",
    ],
)
def test_no_such_link_proves_nothing_and_is_kept(cast: Cast, channel: Channel, site: Website, page: str) -> None:
    site.says("/", page)
    row = proofs.try_link(channel, site.address, by=cast["head@own"])
    channel.refresh_from_db()
    assert (channel.state, row.is_proved, row.found) == ("claimed", False, "no-link")
    event = Event.objects.get()
    assert (event.verb, event.thing, event.facts["found"]) == ("try", channel.pk, "no-link")
    assert "Put the line for" in verification.told(row.found)


def test_only_the_website_of_the_office_counts(cast: Cast, channel: Channel, site: Website) -> None:
    link = f'<a rel="me" href="{ADDRESS}">x</a>'
    site.says("/", link)
    for address in ("https://elsewhere.example.org/", "https://xlahore.example.gov.pk/", "http://127.0.0.1:1/"):
        row = proofs.try_link(channel, address, by=cast["head@own"])
        assert row.found.split()[0] in ("not-the-site", "not-an-address")
    assert site.asked == []
    cast.own.website = ""
    cast.own.save()
    cast.top.website = site.address
    cast.top.save()
    assert proofs.try_link(Channel.objects.get(), site.address, by=cast["head@own"]).is_proved


def test_a_subdomain_lies_on_the_website() -> None:
    assert verification._is_on("www.lahore.example.gov.pk", ["lahore.example.gov.pk"])
    assert not verification._is_on("lahore.example.gov.pk.evil.example.org", ["lahore.example.gov.pk"])
    assert not verification._is_on("example.gov.pk", ["lahore.example.gov.pk"])
    assert not verification._is_on("xlahore.example.gov.pk", ["lahore.example.gov.pk"])


def test_a_page_without_links_is_told(cast: Cast, channel: Channel, site: Website) -> None:
    site.says("/", f'<a rel="me" href="{ADDRESS}">', Content_Type="text/plain")
    assert proofs.try_link(channel, site.address, by=cast["head@own"]).found == "not-html text/plain"


def test_a_fault_of_the_website_is_kept_and_told(cast: Cast, channel: Channel, site: Website) -> None:
    site.says("/", "gone", 410)
    row = proofs.try_link(channel, site.address, by=cast["head@own"])
    assert row.found == "no-page 410"
    assert verification.told(row.found).endswith("mend it. (410)")


def test_without_address_or_website_nothing_is_tried(cast: Cast, channel: Channel) -> None:
    cast.own.website = ""
    cast.own.save()
    with pytest.raises(Refused, match="website"):
        proofs.try_link(channel, "https://example.org/", by=cast["head@own"])
    channel.address = ""
    with pytest.raises(Refused, match="address of the channel"):
        proofs.try_link(channel, "https://example.org/", by=cast["head@own"])
    assert not Verification.objects.exists()


@pytest.mark.parametrize("who", ["officer@own", "auditor@own", "head@sister", "steward@foreign", "moderator@top"])
def test_others_may_not_try(cast: Cast, channel: Channel, site: Website, who: str) -> None:
    with pytest.raises(Refused):
        proofs.try_link(channel, site.address, by=cast[who])
    with pytest.raises(Refused):
        proofs.hand_in(channel, pdf(), by=cast[who])
    assert site.asked == []
    assert not Verification.objects.exists()
    assert not Event.objects.exists()


@pytest.mark.parametrize("state", ["verified", "closed"])
def test_what_is_proved_or_closed_is_not_tried_again(cast: Cast, channel: Channel, site: Website, state: str) -> None:
    Channel.objects.update(state=state)
    with pytest.raises(Overtaken):
        proofs.try_link(Channel.objects.get(), site.address, by=cast["head@own"])
    assert site.asked == []


def test_trying_without_end_is_refused(cast: Cast, channel: Channel, site: Website) -> None:
    site.says("/", "")
    for _ in range(proofs.TRIES_AN_HOUR):
        proofs.try_link(channel, site.address, by=cast["head@own"])
    with pytest.raises(Refused, match="hour"):
        proofs.try_link(channel, site.address, by=cast["head@own"])


def a_handle(
    cast: Cast, monkeypatch: pytest.MonkeyPatch, text: str, handle: str = "@news.lahore.example.gov.pk"
) -> Channel:
    def answer(address: str, allows: Callable[[str], bool]) -> fetch.Page:
        assert address == f"https://{handle.lstrip('@')}/.well-known/atproto-did"
        if not allows(handle.lstrip("@")):
            raise fetch.Unreachable("not-the-site", handle)
        return fetch.Page(address, "text/plain", text)

    monkeypatch.setattr(fetch, "fetch", answer)
    return Channel.objects.create(office=cast.own, platform="bluesky", handle=handle)


def test_a_domain_handle_proves_it(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    channel = a_handle(cast, monkeypatch, "did:plc:abcdefghijklmnopqrstuvwx\n")
    row = proofs.try_domain(channel, by=cast["moderator@own"])
    assert (row.is_proved, row.method) == (True, "domain")
    assert Event.objects.get().verb == "verify"


@pytest.mark.parametrize(
    ("text", "handle", "found"),
    [
        ("<html>not found</html>", "lahore.example.gov.pk", "no-domain"),
        ("did:plc:short", "lahore.example.gov.pk", "no-domain"),
        ("did:plc:abcdefghijklmnopqrstuvwx", "lahore.bsky.example.org", "not-the-site"),
    ],
)
def test_a_domain_that_is_not_ours_proves_nothing(
    cast: Cast, monkeypatch: pytest.MonkeyPatch, text: str, handle: str, found: str
) -> None:
    row = proofs.try_domain(a_handle(cast, monkeypatch, text, handle), by=cast["head@own"])
    assert (row.is_proved, row.found.split()[0]) == (False, found)


def test_a_handle_that_is_no_domain_is_refused(cast: Cast, channel: Channel) -> None:
    with pytest.raises(Refused, match="no domain"):
        proofs.try_domain(channel, by=cast["head@own"])


def test_a_letter_waits_for_a_second_person(cast: Cast, channel: Channel, kept_files: Path) -> None:
    row = proofs.hand_in(channel, pdf(name="../../Letter <1>.pdf"), by=cast["head@own"])
    channel.refresh_from_db()
    assert (channel.state, row.is_proved, row.is_waiting, row.letter_name) == ("claimed", False, True, "Letter_1.pdf")
    assert (kept_files / row.letter[:2] / row.letter).read_bytes() == PDF
    assert Event.objects.get().verb == "try"
    with pytest.raises(Refused, match="Somebody else"):
        proofs.accept(row, by=cast["head@own"])
    for other in ("moderator@own", "auditor@own", "steward@sister"):
        with pytest.raises(Refused, match="the head"):
            proofs.accept(row, by=cast[other])
    proofs.accept(row, by=cast["authority@top"])
    channel.refresh_from_db()
    row.refresh_from_db()
    assert (channel.state, row.is_proved, row.decided_by) == ("verified", True, cast["authority@top"])
    assert [event.verb for event in Event.objects.all()] == ["verify", "try"]
    with pytest.raises(Overtaken):
        proofs.accept(row, by=cast["steward@own"])
    assert Event.objects.count() == 2


def test_a_letter_is_refused_with_a_reason(cast: Cast, channel: Channel) -> None:
    row = proofs.hand_in(channel, pdf(), by=cast["moderator@own"])
    with pytest.raises(Refused, match="reason"):
        proofs.refuse(row, by=cast["head@own"], reason=" ")
    proofs.refuse(row, by=cast["head@own"], reason="no stamp")
    row.refresh_from_db()
    assert (row.is_proved, row.is_waiting, row.channel.state) == (False, False, "claimed")
    event = Event.objects.first()
    assert event
    assert (event.verb, event.reason) == ("refuse", "no stamp")
    with pytest.raises(Overtaken):
        proofs.accept(row, by=cast["steward@own"])
    channel.refresh_from_db()
    assert channel.state == "claimed"
    assert Event.objects.count() == 2


@pytest.mark.parametrize("body", [b"MZ program", b"<html>", b"", b"PK\x03\x04", b"%PDF"])
def test_a_letter_is_known_by_its_content(cast: Cast, channel: Channel, body: bytes, kept_files: Path) -> None:
    with pytest.raises(Refused, match=r"PDF, PNG, JPG|empty"):
        proofs.hand_in(channel, pdf(body), by=cast["head@own"])
    assert not kept_files.exists()


def test_a_letter_too_large_is_refused(cast: Cast, channel: Channel, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(proofs, "LETTER_LIMIT", 10)
    with pytest.raises(Refused, match="too large"):
        proofs.hand_in(channel, pdf(), by=cast["head@own"])


def test_the_database_itself_wants_two_people(cast: Cast, channel: Channel) -> None:
    row = proofs.hand_in(channel, pdf(), by=cast["head@own"])
    for attack in ({"is_proved": True}, {"decided_by": cast["head@own"]}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Verification.objects.filter(pk=row.pk).update(**attack)


def test_the_page_says_how_and_what_was_tried(
    cast: Cast, channel: Channel, site: Website, signed_in: Browser, django_assert_max_num_queries: Any
) -> None:
    site.says("/", "")
    proofs.try_link(channel, site.address, by=cast["head@own"])
    letter = proofs.hand_in(channel, pdf(), by=cast["moderator@own"])
    browser = signed_in("head@own")
    with django_assert_max_num_queries(12):
        page = browser.get(f"/channels/{channel.pk}/proof/").text
    assert "&lt;a rel=&quot;me&quot; href=&quot;https://social.example.org/@lahore&quot;&gt;" in page
    assert f'value="{site.address}"' in page
    assert "Put the line for the website" in page
    assert f"/letters/{letter.pk}/accept/" in page
    assert f"/letters/{letter.pk}/accept/" not in signed_in("moderator@own").get(f"/channels/{channel.pk}/proof/").text
    reader = signed_in("auditor@own").get(f"/channels/{channel.pk}/proof/").text
    assert "Look at the page" not in reader
    assert "letter.pdf" in reader


def test_the_context_for_the_page_of_the_channel(cast: Cast, channel: Channel) -> None:
    context = proofs_context(channel, cast["head@own"])
    assert {"proof_form", "letter_form", "tries", "may_try", "proof_line", "proof_domain"} == context.keys()
    assert proofs_context(channel, cast["auditor@own"])["proof_form"] is None


def test_pressing_the_buttons(cast: Cast, channel: Channel, site: Website, signed_in: Browser) -> None:
    site.says("/", f'<a rel="me" href="{ADDRESS}">x</a>')
    browser = signed_in("moderator@own")
    at = f"/channels/{channel.pk}/proof/"
    for rubbish in ("", "x" * 400):
        assert browser.post(at, {"address": rubbish}).status_code == 200
    assert not Verification.objects.exists()
    assert browser.post(at, {"address": site.address}).status_code == 302
    assert browser.post(at, {"address": site.address}).status_code == 409
    assert Verification.objects.count() == 1


def test_a_refusal_stands_beside_the_field(cast: Cast, channel: Channel, signed_in: Browser) -> None:
    Channel.objects.update(address="")
    browser = signed_in("head@own")
    page = browser.post(f"/channels/{channel.pk}/proof/letter/", {"letter": pdf(b"MZ")}).text
    assert "not a file of a known type" in page
    cast.own.website = ""
    cast.own.save()
    Channel.objects.update(address=ADDRESS)
    page = browser.post(f"/channels/{channel.pk}/proof/", {"address": "https://example.org/typed"}).text
    assert "has a website here" in page
    assert "https://example.org/typed" in page
    assert (
        signed_in("officer@own").post(f"/channels/{channel.pk}/proof/", {"address": "https://x.org/"}).status_code
        == 403
    )


def test_a_letter_by_its_pages(cast: Cast, channel: Channel, signed_in: Browser) -> None:
    answer = signed_in("moderator@own").post(f"/channels/{channel.pk}/proof/letter/", {"letter": pdf()})
    assert answer.status_code == 302
    row = Verification.objects.get()
    read = signed_in("head@own").get(f"/letters/{row.pk}/")
    assert b"".join(read.streaming_content) == PDF  # type: ignore[attr-defined]
    assert read["Content-Type"] == "application/pdf"
    assert read["Content-Disposition"].startswith("attachment")
    assert signed_in("head@own").post(f"/letters/{row.pk}/refuse/", {"reason": ""}).status_code == 403
    assert signed_in("head@own").post(f"/letters/{row.pk}/accept/").status_code == 302
    assert signed_in("head@own").post(f"/letters/{row.pk}/accept/").status_code == 409
    channel.refresh_from_db()
    assert channel.state == "verified"


def test_strangers_find_nothing(cast: Cast, channel: Channel, signed_in: Browser) -> None:
    row = proofs.hand_in(channel, pdf(), by=cast["head@own"])
    stranger = signed_in("steward@foreign")
    at = f"/channels/{channel.pk}/proof/"
    assert stranger.get(at).status_code == stranger.post(f"{at}domain/").status_code == 404
    assert stranger.post(f"{at}letter/", {"letter": pdf()}).status_code == 404
    assert (
        stranger.get(f"/letters/{row.pk}/").status_code
        == stranger.post(f"/letters/{row.pk}/accept/").status_code
        == 404
    )
    assert Client().get(at).status_code == 302
    assert signed_in("head@own").get(f"/letters/{row.pk}/accept/").status_code == 405
