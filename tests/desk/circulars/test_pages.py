"""Every page of circulars, filled and empty, within its queries; and the way of a letter through them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from amanat.desk.audit.models import Event
from amanat.desk.circulars.actions import dispatches, lists
from amanat.desk.circulars.audience import Audience
from amanat.desk.circulars.models import Acknowledgement, Circular, Copy, DistributionList, NumberFormat
from amanat.desk.registry.models import Person
from tests.desk.circulars.conftest import Letters

SignedIn = Callable[[str], Client]
COMMON = 5
"""Session, person, posts, and the savepoints around them: what every page asks."""


def page(client: Client, name: str, *args: object) -> str:
    answer = client.get(reverse(f"circulars:{name}", args=args))
    assert answer.status_code == 200
    return answer.content.decode()


def test_a_letter_from_draft_to_acknowledgement(
    letters: Letters, signed_in: SignedIn, django_capture_on_commit_callbacks: Any
) -> None:
    cast, writer = letters.cast, signed_in("officer@top")
    typed = {"office": cast.top.pk, "language": "en", "subject": "Two steps", "body": "Turn them on."}
    begun = writer.post(reverse("circulars:begin"), typed)
    row = Circular.objects.get()
    assert begun["Location"] == row.get_absolute_url()
    writer.post(reverse("circulars:write", args=[row.pk, "ur"]), {"subject": "دو مرحلے", "body": "چالو کریں۔"})
    writer.post(reverse("circulars:settle", args=[row.pk]), {"days": "3", "asks_people": "on"})
    writer.post(reverse("circulars:address", args=[row.pk]), {"trees": [str(cast.own.pk)], "roles": ["head"]})
    assert "dispatches it" in page(writer, "circular", row.pk)
    head = signed_in("head@top")
    assert "This goes to 2 offices · 2 people" in page(head, "dispatch", row.pk)
    with django_capture_on_commit_callbacks(execute=True):
        head.post(reverse("circulars:dispatch", args=[row.pk]))
    reader = signed_in("head@own")
    assert "to acknowledge" in page(reader, "mine")
    assert "Read" in reader.get(reverse("home:today")).content.decode()
    assert "I have read it" in page(reader, "circular", row.pk)
    reader.post(reverse("circulars:acknowledge", args=[row.pk]), {"version": "1", "language": "ur"})
    assert "You acknowledged version 1 in Urdu" in page(reader, "circular", row.pk)
    reader.post(reverse("circulars:receive", args=[letters.copy(row, "own").pk]), {"version": "1"})
    assert "Acknowledged by Head At Own" in page(reader, "circular", row.pk)
    verbs = ["draft", "write", "settle", "address", "dispatch", "deliver", "acknowledge", "receive"]
    assert list(Event.objects.order_by("pk").values_list("verb", flat=True)) == verbs


@pytest.mark.parametrize("who", ["head@top", "head@own", "officer@own", "steward@top"])
def test_pages_ask_little(letters: Letters, signed_in: SignedIn, django_assert_max_num_queries: Any, who: str) -> None:
    circular = letters.sent(days=3)
    letters.sent(supersedes=circular)
    client = signed_in(who)
    for name, args in (("mine", []), ("circulars", []), ("lists", []), ("circular", [circular.pk])):
        address = reverse(f"circulars:{name}", args=args)
        with django_assert_max_num_queries(12):
            assert client.get(address).status_code == 200


def test_draft_pages_ask_little(letters: Letters, signed_in: SignedIn, django_assert_max_num_queries: Any) -> None:
    cast, client = letters.cast, signed_in("head@top")
    draft = letters.draft()
    kept = lists.enter(cast.top, by=cast["head@top"], name="All", audience=Audience(trees=(cast.top.pk,)))
    sent = letters.sent(to=Audience(offices=(cast.top.pk, cast.own.pk)))
    pages: list[tuple[str, list[Any]]] = [
        ("begin", []), ("circular", [draft.pk]), ("write", [draft.pk, "bn"]), ("settle", [draft.pk]),
        ("address", [draft.pk]), ("enclose", [draft.pk]), ("dispatch", [draft.pk]), ("correct", [sent.pk, "en"]),
        ("endorse", [letters.copy(sent, "top").pk]), ("list", [kept.pk]), ("enter-list", [cast.top.pk]),
        ("numbers", [cast.top.pk]),
    ]  # fmt: skip
    for name, args in pages:
        address = reverse(f"circulars:{name}", args=args)
        with django_assert_max_num_queries(12):
            assert client.get(address).status_code == 200, name


def test_empty_pages_teach(letters: Letters, signed_in: SignedIn) -> None:
    client = signed_in("officer@foreign")
    assert "No circular is in force for you" in page(client, "mine")
    assert "There is no circular yet" in page(client, "circulars")
    assert "No list is kept yet" in page(client, "lists")


def test_what_was_typed_stays_on_the_form(letters: Letters, signed_in: SignedIn) -> None:
    client, draft = signed_in("officer@top"), letters.draft()
    answer = client.post(reverse("circulars:write", args=[draft.pk, "hi"]), {"subject": "केवल विषय", "body": ""})
    assert "केवल विषय" in answer.content.decode()
    assert "Write this too" in answer.content.decode()
    answer = client.post(reverse("circulars:address", args=[draft.pk]), {"codes": "ED-MUX, NOWHERE", "named": "x@y"})
    for words in ("NOWHERE", "Neither an e-mail address", "ED-MUX"):
        assert words in answer.content.decode()
    answer = client.post(reverse("circulars:settle", args=[draft.pk]), {"elsewhere": "on", "number": "17", "days": "0"})
    for words in ("Write the date it bears", "From 1 to 365", "17"):
        assert words in answer.content.decode()


def test_a_text_emptied_is_taken_out_but_not_the_last(letters: Letters, signed_in: SignedIn) -> None:
    client, draft = signed_in("officer@top"), letters.draft()
    client.post(reverse("circulars:write", args=[draft.pk, "ur"]), {"subject": "", "body": ""})
    assert list(draft.texts.values_list("language", flat=True)) == ["en"]
    answer = client.post(reverse("circulars:write", args=[draft.pk, "en"]), {"subject": "", "body": ""})
    assert answer.status_code == 403
    assert list(draft.texts.values_list("language", flat=True)) == ["en"]


def test_the_reader_gets_their_language_and_may_choose(letters: Letters, signed_in: SignedIn) -> None:
    circular, client = letters.sent(), signed_in("officer@own")
    assert "Ask first." in page(client, "circular", circular.pk)
    address = circular.get_absolute_url()
    assert "پہلے پوچھیں" in client.get(f"{address}?language=ur").content.decode()
    assert "Ask first." in client.get(f"{address}?language=bn&version=9").content.decode()
    client.cookies["language"] = "ur"
    assert "پہلے پوچھیں" in client.get(address).content.decode()


def test_dispatch_is_refused_on_its_page(letters: Letters, signed_in: SignedIn) -> None:
    draft = letters.draft("officer@own", to=Audience(offices=(letters.cast.sister.pk,)))
    answer = signed_in("head@own").post(reverse("circulars:dispatch", args=[draft.pk]))
    assert answer.status_code == 403
    assert "stands outside" in answer.content.decode()


def test_sending_on_shows_the_chain(letters: Letters, signed_in: SignedIn) -> None:
    cast = letters.cast
    circular = letters.sent(to=Audience(offices=(cast.own.pk,)))
    client, copy = signed_in("head@own"), letters.copy(circular, "own")
    typed = {"chosen": [str(cast.field.pk)], "number": "M-7", "dated_on": str(circular.dated_on), "note_en": "Comply."}
    client.post(reverse("circulars:endorse", args=[copy.pk]), typed)
    assert letters.copy(circular, "field").dispatch.number == "M-7"
    shown = page(signed_in("head@field"), "circular", circular.pk)
    assert shown.index("Education Department") < shown.index("M-7") < shown.index("Comply.")
    again = client.post(reverse("circulars:endorse", args=[copy.pk]), typed)
    assert "from <bdi>Directorate Lahore</bdi>" in again.content.decode()
    assert Copy.objects.count() == 2


def test_lists_are_kept_changed_and_used(letters: Letters, signed_in: SignedIn) -> None:
    cast, client = letters.cast, signed_in("officer@top")
    client.post(reverse("circulars:enter-list", args=[cast.top.pk]), {"name": "Lahore", "trees": [str(cast.own.pk)]})
    kept = DistributionList.objects.get()
    Person.objects.filter(pk=cast.people["head@own"].pk).update(number="77")
    typed = {"name": "Kasur", "codes": "ed-lhr-1", "named": "77\nX@example.org"}
    client.post(reverse("circulars:list", args=[kept.pk]), typed)
    kept.refresh_from_db()
    assert kept.name == "Kasur"
    number = cast.people["head@own"].pk
    assert kept.audience == {"offices": [cast.field.pk], "people": [number], "addresses": ["x@example.org"]}
    assert "77" in page(client, "list", kept.pk)
    draft = letters.draft(to=Audience())
    client.post(reverse("circulars:address", args=[draft.pk]), {"lists": [str(kept.pk)]})
    draft.refresh_from_db()
    assert dispatches.reach_of(draft).count()[0] == 1
    empty = client.post(reverse("circulars:enter-list", args=[cast.top.pk]), {"name": "Nobody"})
    assert "nobody is on the list" in empty.content.decode()


def test_a_form_of_numbers_is_tried_then_saved(letters: Letters, signed_in: SignedIn) -> None:
    client, address = signed_in("head@top"), reverse("circulars:numbers", args=[letters.cast.top.pk])
    typed = {"template": "No.F.3/3/{year}-PR-II({n})", "digits": "bn"}
    shown = client.post(address, typed | {"show": "1"}).content.decode()
    assert "PR-II(৪২)" in shown
    assert not NumberFormat.objects.exists()
    assert client.post(address, typed | {"save": "1"}).status_code == 302
    assert client.post(address, typed | {"save": "1"}).status_code == 403
    assert "Write {n} once" in client.post(address, {"template": "No {year}", "save": "1"}).content.decode()
    assert NumberFormat.objects.get().template == typed["template"]
    assert Event.objects.filter(verb="number").count() == 1


def test_search_finds_by_number_and_by_subject_in_any_language(letters: Letters, signed_in: SignedIn) -> None:
    circular, client = letters.sent(), signed_in("officer@own")
    for words in (circular.number, "social media", "سوشل"):
        assert circular.get_absolute_url() in client.get(reverse("home:search"), {"q": words}).content.decode()
    stranger = signed_in("officer@foreign")
    assert circular.get_absolute_url() not in stranger.get(reverse("home:search"), {"q": "social"}).content.decode()
    shown = client.get(reverse("circulars:circulars"), {"words": "سوشل", "state": "dispatched", "ours": "on"})
    assert "fits these filters" in shown.content.decode()


def test_rubbish_is_no_version(letters: Letters, signed_in: SignedIn) -> None:
    circular, client = letters.sent(), signed_in("officer@own")
    for version in ("", "x", "-1", "99999999", "٣", "7"):
        sent = {"version": version, "language": "en"}
        assert client.post(reverse("circulars:acknowledge", args=[circular.pk]), sent).status_code in (302, 403)
    assert not Acknowledgement.objects.exists()


def test_enclosing_on_the_page(letters: Letters, signed_in: SignedIn) -> None:
    draft, client = letters.draft(), signed_in("officer@top")
    address = reverse("circulars:enclose", args=[draft.pk])
    bad = client.post(address, {"upload": SimpleUploadedFile("a.pdf", b"MZ\x00\x01")})
    assert "known type" in bad.content.decode()
    client.post(address, {"upload": SimpleUploadedFile("a.pdf", b"%PDF-1.7"), "title": "Form"})
    assert "not looked at for viruses" in page(client, "circular", draft.pk)
