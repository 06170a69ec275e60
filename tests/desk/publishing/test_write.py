"""Writing: begun, changed, screened on every save; every change voids what was decided."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from amanat.desk.audit.models import Event
from amanat.desk.lib.refusals import Overtaken, Refused
from amanat.desk.publishing.actions import drafts, editing, pictures
from amanat.desk.publishing.models import Draft, Version
from amanat.desk.publishing.screening import screen
from amanat.desk.rules import engine
from tests.desk.publishing.conftest import PLAIN, STOPPED, Press, photo

SignedIn = Callable[[str], Client]


def begun(press: Press, **more: Any) -> dict[str, Any]:
    asked = {"title": "Hours", "purpose": "service", "language": "en", "text": PLAIN, "channels": [press.page.pk]}
    return asked | more


def test_a_draft_is_begun_on_the_page(press: Press, signed_in: SignedIn) -> None:
    address = reverse("publishing:begin", args=[press.cast.own.pk])
    answer = signed_in("officer@own").post(address, begun(press))
    draft = Draft.objects.get()
    assert answer.url == draft.get_absolute_url()  # type: ignore[attr-defined]
    assert (draft.state, draft.level, draft.author.name) == ("draft", "clear", "Officer At Own")
    assert [one.channel for one in draft.targets.all()] == [press.page]
    assert Event.objects.get(kind="publishing.draft").verb == "write"


def test_a_channel_of_another_office_is_no_choice(press: Press, signed_in: SignedIn) -> None:
    address = reverse("publishing:begin", args=[press.cast.own.pk])
    page = signed_in("officer@own").post(address, begun(press, channels=[press.abroad.pk]))
    assert page.status_code == 200
    assert PLAIN in page.text  # what was typed is not lost
    assert not Draft.objects.exists()


@pytest.mark.parametrize("who", ["steward@own", "auditor@own", "authority@own"])
def test_whoever_does_not_write_for_the_office_is_refused(press: Press, signed_in: SignedIn, who: str) -> None:
    address = reverse("publishing:begin", args=[press.cast.own.pk])
    assert signed_in(who).post(address, begun(press)).status_code == 403
    assert signed_in("officer@sister").post(address, begun(press)).status_code == 404
    assert not Draft.objects.exists()


def test_what_is_found_stands_beside_the_text(press: Press, signed_in: SignedIn) -> None:
    draft = press.write(text=STOPPED)
    version = draft.versions.get()
    assert (draft.level, version.level, version.is_praise) == ("stop", "stop", True)
    assert ["pbcr66-praise-meetings", "stop"] in version.clauses
    page = signed_in("officer@own").get(draft.get_absolute_url()).text
    assert "<mark>" in page
    assert reverse("rules:clause", args=["pk-punjab", "pbcr66-praise-meetings"]) in page
    assert "praises a person" in page


def test_it_is_screened_again_on_every_save(press: Press) -> None:
    draft = press.write(text=STOPPED)
    editing.write(draft, by=draft.author, texts={("en", ""): PLAIN})
    draft.refresh_from_db()
    assert (draft.level, draft.versions.get().level) == ("clear", "clear")
    assert draft.versions.get().clauses == []


@pytest.mark.parametrize(
    "text",
    ["মহাপরিচালকের সুযোগ্য নেতৃত্বে অধিদপ্তর এগিয়ে যাচ্ছে।", "ہمارے ڈائریکٹر کی ولولہ انگیز قیادت میں دفتر آگے بڑھ رہا ہے۔",
     "कलेक्टर के कुशल नेतृत्व में जिला आगे बढ़ा।", "Under the able leadership of the director work goes on."],
)  # fmt: skip
def test_praise_of_a_person_gives_a_hint_in_every_language(press: Press, text: str) -> None:
    found = screen(text, press.cast.foreign, timezone.localdate(), engine.rulebook())
    assert found.is_praise


@pytest.mark.parametrize(
    "text", [PLAIN, "شناختی کارڈ کاؤنٹر صبح نو بجے کھلتا ہے۔", "टीम के सभी साथियों को धन्यवाद।", "দপ্তর সকাল নয়টায় খোলে।",
             "The minister opened the bridge on Monday."],
)  # fmt: skip
def test_a_service_gives_none(press: Press, text: str) -> None:
    assert not screen(text, press.cast.own, timezone.localdate(), engine.rulebook()).is_praise


def test_praise_alone_blocks_nothing(press: Press) -> None:
    draft = press.write("officer@foreign", [press.abroad], text="মহাপরিচালকের সুযোগ্য নেতৃত্বে অধিদপ্তর এগিয়ে যাচ্ছে।")
    assert (draft.level, draft.versions.get().is_praise) == ("clear", True)
    drafts.submit(draft, by=draft.author)


def test_nothing_changed_is_no_event(press: Press) -> None:
    draft = press.write()
    before = Event.objects.count()
    editing.write(draft, by=draft.author, texts={("en", ""): PLAIN})
    editing.plan(
        draft, by=draft.author, title=draft.title, purpose=draft.purpose, wanted_at=draft.wanted_at,
        targets={press.page: "en"},
    )  # fmt: skip
    assert Event.objects.count() == before


def changes(press: Press, draft: Draft) -> dict[str, Callable[[], object]]:
    by = draft.author
    plan = {"title": draft.title, "purpose": draft.purpose, "wanted_at": draft.wanted_at, "targets": {press.page: "en"}}
    return {
        "text": lambda: editing.write(draft, by=by, texts={("en", ""): "The counter is shut."}),
        "platform": lambda: editing.write(draft, by=by, texts={("en", "bluesky"): "Shut."}),
        "time": lambda: editing.plan(draft, by=by, **plan | {"wanted_at": press.soon(72)}),  # type: ignore[arg-type]
        "targets": lambda: editing.plan(draft, by=by, **plan | {"targets": {press.wall: "en"}}),  # type: ignore[arg-type]
        "language": lambda: editing.plan(draft, by=by, **plan | {"targets": {press.page: "ur"}}),  # type: ignore[arg-type]
        "picture": lambda: pictures.add(draft, photo(), by=by, alts={"en": "The counter"}),
        "alt": lambda: pictures.describe(draft.pictures.get(), by=by, alts={"en": "A closed door"}),
        "removal": lambda: pictures.remove(draft.pictures.get(), by=by),
    }


@pytest.mark.parametrize("what", ["text", "platform", "time", "targets", "language", "picture", "alt", "removal"])
def test_every_change_voids_the_approval_with_one_event(press: Press, what: str) -> None:
    draft = press.write()
    if what in ("alt", "removal"):
        pictures.add(draft, photo(), by=draft.author, alts={"en": "The counter"})
    drafts.submit(draft, by=draft.author)
    from amanat.desk.publishing.actions import votes

    for juror in press.jurors[:2]:
        votes.cast(draft, by=juror, vote="for")
    old = draft.hash()
    assert old == draft.approved_hash
    before = Event.objects.count()
    changes(press, draft)[what]()
    fresh = Draft.objects.get(pk=draft.pk)
    assert (fresh.state, fresh.approved_hash, fresh.approved_at) == ("draft", "", None)
    assert fresh.hash() != old
    assert Event.objects.count() == before + 1
    assert Event.objects.latest("pk").verb == "recall"


def test_title_and_purpose_are_the_offices_own_and_void_nothing(press: Press) -> None:
    draft = press.approve()
    editing.plan(
        draft, by=draft.author, title="Another title", purpose="awareness", wanted_at=draft.wanted_at,
        targets={press.page: "en"},
    )  # fmt: skip
    fresh = Draft.objects.get(pk=draft.pk)
    assert (fresh.state, fresh.title, fresh.hash()) == ("scheduled", "Another title", fresh.approved_hash)


def test_the_hash_is_the_same_for_the_same_content(press: Press) -> None:
    draft = press.write(channels=[press.page, press.wall])
    assert draft.hash() == Draft.objects.prefetch_related("versions", "targets", "pictures").get(pk=draft.pk).hash()
    assert len(draft.hash()) == 64


def test_the_text_for_a_channel(press: Press) -> None:
    draft = press.write(channels=[press.page, press.wall])
    editing.write(draft, by=draft.author, texts={("en", "bluesky"): "Short.", ("ur", ""): "اردو میں۔"})
    assert draft.version_for(press.page).text == "Short."
    assert draft.version_for(press.wall).text == PLAIN
    editing.write(draft, by=draft.author, texts={("en", "bluesky"): " "})
    assert draft.version_for(press.page).text == PLAIN
    draft.targets.filter(channel=press.wall).update(language="hi")
    with pytest.raises(Version.DoesNotExist):
        Draft.objects.get(pk=draft.pk).version_for(press.wall)


def test_what_is_out_is_not_written_in(press: Press, signed_in: SignedIn) -> None:
    draft = press.approve()
    Draft.objects.filter(pk=draft.pk).update(state="released")
    with pytest.raises(Overtaken):
        editing.write(draft, by=draft.author, texts={("en", ""): "Other."})
    with pytest.raises(Overtaken):
        editing.recall(draft, by=draft.author)
    assert signed_in("officer@own").get(reverse("publishing:texts", args=[draft.pk])).status_code == 409
    assert draft.versions.get().text == PLAIN


def test_nobody_from_elsewhere_writes(press: Press) -> None:
    draft = press.write()
    for who in ("officer@sister", "steward@top", "auditor@own"):
        with pytest.raises(Refused):
            editing.write(draft, by=press.cast[who], texts={("en", ""): "Other."})
    assert draft.versions.get().text == PLAIN


def test_texts_by_language_and_platform_on_the_page(press: Press, signed_in: SignedIn) -> None:
    draft = press.write()
    address = reverse("publishing:texts", args=[draft.pk])
    client = signed_in("moderator@own")
    assert "At most 300" in client.get(address).text
    client.post(address, {"text-en": "One.", "text-en-bluesky": "Two."})
    assert dict(draft.versions.values_list("platform", "text")) == {"": "One.", "bluesky": "Two."}
    assert set(draft.writers.values_list("name", flat=True)) == {"Officer At Own", "Moderator At Own"}


def test_the_plan_on_the_page(press: Press, signed_in: SignedIn) -> None:
    draft = press.write()
    address, client = reverse("publishing:plan", args=[draft.pk]), signed_in("officer@own")
    sent = {"title": "New", "purpose": "service", "wanted_at": "2026-01-01T10:00", f"channel-{press.wall.pk}": "ur"}
    page = client.post(address, sent)
    assert "This moment is over" in page.text
    at = timezone.localtime(press.soon(90)).strftime("%Y-%m-%dT%H:%M")
    urdu = at.translate(str.maketrans("0123456789", "۰۱۲۳۴۵۶۷۸۹"))
    client.post(address, sent | {"wanted_at": urdu})
    fresh = Draft.objects.get(pk=draft.pk)
    assert timezone.localtime(fresh.wanted_at).strftime("%Y-%m-%dT%H:%M") == at
    assert [(one.channel, one.language) for one in fresh.targets.all()] == [(press.wall, "ur")]


@pytest.mark.parametrize("at", ["9999-12-31T23:59", "0001-01-01T00:00", "nonsense", "2099-01-01T10:00"])
def test_a_moment_that_cannot_be_is_a_fault_of_the_form(press: Press, signed_in: SignedIn, at: str) -> None:
    draft = press.write()
    sent = {"title": "New", "purpose": "service", "wanted_at": at, f"channel-{press.page.pk}": "en"}
    page = signed_in("officer@own").post(reverse("publishing:plan", args=[draft.pk]), sent)
    assert page.status_code == 200
    assert "errorlist" in page.text
