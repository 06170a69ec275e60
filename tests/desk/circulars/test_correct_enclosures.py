"""Other enclosures for a corrected version: the earlier one keeps its own."""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Callable
from typing import Any

import pytest
from django.core import mail
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError
from django.http import FileResponse
from django.test import Client
from django.urls import reverse

from amanat.desk.audit.models import Event
from amanat.desk.circulars.actions import acknowledgements, corrections, enclosures, mails, scans, withdrawals
from amanat.desk.circulars.audience import Audience
from amanat.desk.circulars.models import Circular, Enclosure
from amanat.desk.lib import scans as lib_scans
from amanat.desk.lib.refusals import Overtaken, Refused
from amanat.desk.registry.models import Notice
from tests.desk.circulars.conftest import Letters

SignedIn = Callable[[str], Client]
OLD, NEW = b"%PDF-1.7 form as it was", b"%PDF-1.7 form put right"


def put(letters: Letters, circular: Circular, content: bytes = NEW, who: str = "head@top", **more: str) -> Enclosure:
    upload = SimpleUploadedFile(f"{hashlib.sha256(content).hexdigest()[:6]}.pdf", content)
    return enclosures.enclose(circular, by=letters.cast[who], upload=upload, **more)


def sent(letters: Letters, *, to: Audience | None = None) -> tuple[Circular, Enclosure]:
    """A public circular with one enclosure."""
    draft = letters.draft(to=to)
    Circular.objects.filter(pk=draft.pk).update(is_public=True)
    row = put(letters, draft, OLD, "officer@top", title="Form A")
    draft.refresh_from_db()
    return letters.send(draft, "head@top"), row


def correct(letters: Letters, circular: Circular, *rows: Enclosure, who: str = "head@top", **more: Any) -> None:
    facts = {"reason": "the wrong form", "version": circular.version, "enclosures": rows, **more}
    corrections.correct(circular, by=letters.cast[who], **facts)
    circular.refresh_from_db()


def content_of(client: Client, address: str) -> bytes | int:
    """What is downloaded; the status where nothing is."""
    answer = client.get(address)
    if not isinstance(answer, FileResponse):
        return answer.status_code
    return b"".join(answer)


def test_one_is_replaced_and_the_earlier_version_keeps_its_own(letters: Letters, signed_in: SignedIn) -> None:
    circular, old = sent(letters)
    acknowledgements.acknowledge(circular, by=letters.cast["officer@own"], version=1, language="ur")
    new = put(letters, circular, title="Form B")
    correct(letters, circular, new)
    assert [list(map(str, circular.enclosures_of(version))) for version in (1, 2)] == [["Form A"], ["Form B"]]
    assert [(one.language, one.body) for one in circular.texts_of(2)] == [
        (one.language, one.body) for one in circular.texts_of(1)
    ]
    event = Event.objects.get(verb="correct")
    assert event.facts["enclosures"] == [hashlib.sha256(NEW).hexdigest()]
    address = circular.get_absolute_url()
    for client, page, name in (
        (signed_in("officer@own"), f"{address}?version={{}}", "enclosure"),
        (Client(), reverse("circulars:public", args=[circular.slug]) + "?lang=en&version={}", "public-file"),
    ):
        shown = {version: client.get(page.format(version)).content.decode() for version in (1, 2)}
        assert ["Form A" in shown[1], "Form B" in shown[1]] == [True, False]
        assert ["Form A" in shown[2], "Form B" in shown[2]] == [False, True]
        place = [circular.slug] if name == "public-file" else []
        assert content_of(client, reverse(f"circulars:{name}", args=[*place, old.pk])) == OLD
        assert content_of(client, reverse(f"circulars:{name}", args=[*place, new.pk])) == NEW
    kept = circular.addressees.get(person=letters.cast["officer@own"]).acknowledgements.get()
    assert (kept.version, kept.language) == (1, "ur")


def test_one_is_added_one_is_left_out_and_comes_back(letters: Letters) -> None:
    circular, old = sent(letters)
    new = put(letters, circular, language="ur")
    correct(letters, circular, old, new)
    assert {one.pk for one in circular.enclosures_of()} == {old.pk, new.pk}
    correct(letters, circular, new)
    back = put(letters, circular, OLD, title="Form A")
    correct(letters, circular, new, back)
    correct(letters, circular)
    pks = [{one.pk for one in circular.enclosures_of(version)} for version in range(1, 6)]
    assert pks == [{old.pk}, {old.pk, new.pk}, {new.pk}, {new.pk, back.pk}, set()]


def test_a_corrected_text_keeps_the_enclosures(letters: Letters) -> None:
    circular, old = sent(letters)
    new = put(letters, circular)
    correct(letters, circular, enclosures=None, language="en", subject="Use", body="Ask in writing.")
    assert circular.enclosures_of() == [old]
    new.refresh_from_db()
    assert new.version == 3  # what was prepared waits on, and stays unseen
    correct(letters, circular, old, new, language="en", subject="Use", body="Ask first, in writing.")
    assert circular.enclosures_of() == [old, new]


def test_what_is_prepared_is_seen_by_nobody_else(letters: Letters, signed_in: SignedIn) -> None:
    circular, _old = sent(letters)
    new = put(letters, circular, title="Secret so far")
    where = reverse("circulars:enclosure", args=[new.pk])
    page = reverse("circulars:correct-enclosures", args=[circular.pk])
    assert content_of(signed_in("officer@own"), where) == 404
    assert content_of(Client(), reverse("circulars:public-file", args=[circular.slug, new.pk])) == 404
    assert content_of(signed_in("head@top"), where) == NEW
    assert "Secret so far" in signed_in("head@top").get(page).content.decode()
    for who in ("officer@own", "head@top"):
        assert "Secret so far" not in signed_in(who).get(circular.get_absolute_url()).content.decode()
    withdrawals.withdraw(circular, by=letters.cast["head@top"], reason="over")
    assert content_of(signed_in("officer@own"), where) == 404


@pytest.mark.parametrize("who", ["officer@top", "auditor@top", "head@own", "steward@foreign"])
def test_others_prepare_and_issue_nothing(letters: Letters, who: str) -> None:
    circular, old = sent(letters)
    new = put(letters, circular)
    for act in (
        lambda: put(letters, circular, b"%PDF-3", who),
        lambda: enclosures.take_out(new, by=letters.cast[who]),
        lambda: correct(letters, circular, new, who=who),
    ):
        with pytest.raises(Refused):
            act()
    assert circular.enclosures_of() == [old]
    assert Enclosure.objects.count() == 2


def test_not_once_it_is_out_of_force(letters: Letters) -> None:
    circular, _old = sent(letters)
    new = put(letters, circular)
    withdrawals.withdraw(Circular.objects.get(pk=circular.pk), by=letters.cast["head@top"], reason="over")
    for act in (
        lambda: put(letters, circular, b"%PDF-3"),
        lambda: enclosures.take_out(new, by=letters.cast["head@top"]),
        lambda: correct(letters, circular, new),
    ):
        with pytest.raises(Refused, match="not in force"):
            act()


def test_not_without_a_change_nor_against_somebody_else(letters: Letters) -> None:
    circular, old = sent(letters)
    with pytest.raises(Refused, match="Nothing is different"):
        correct(letters, circular, old)
    new = put(letters, circular)
    enclosures.take_out(new, by=letters.cast["head@top"])
    assert Event.objects.filter(verb="take-out").count() == 1
    with pytest.raises(Overtaken, match="meanwhile"):
        correct(letters, circular, old, new)
    with pytest.raises(Overtaken):
        enclosures.take_out(new, by=letters.cast["head@top"])
    with pytest.raises(Overtaken, match="stays as it was"):
        enclosures.take_out(Enclosure.objects.get(pk=old.pk), by=letters.cast["head@top"])
    assert circular.version == 1
    assert circular.enclosures_of() == [old]


def test_never_the_same_twice_nor_too_many(letters: Letters, monkeypatch: pytest.MonkeyPatch) -> None:
    circular, old = sent(letters)
    with pytest.raises(Refused, match="very file"):
        put(letters, circular, OLD)
    new = put(letters, circular)
    monkeypatch.setattr(enclosures, "MOST", 1)
    with pytest.raises(Refused, match="twenty"):
        put(letters, circular, b"%PDF-3")
    with pytest.raises(Refused, match="twenty"):
        correct(letters, circular, old, new)
    correct(letters, circular, new)
    with pytest.raises(IntegrityError):
        Enclosure.objects.filter(pk=new.pk).update(until=1)


@pytest.mark.parametrize(("content", "state"), [(b"%PDF fine", "clean"), (b"%PDF virus", "infected")])
def test_nothing_goes_out_before_it_was_looked_at(letters: Letters, settings: Any, content: bytes, state: str) -> None:
    circular, old = sent(letters)
    settings.SCAN = [sys.executable, "-c", "import sys; sys.exit(1 if b'virus' in sys.stdin.buffer.read() else 0)"]
    new = put(letters, circular, content)
    with pytest.raises(Refused, match="looked at"):
        correct(letters, circular, old, new)
    scans.look(new.pk)
    new.refresh_from_db()
    assert new.state == state
    assert Notice.objects.filter(person=letters.cast["head@top"], key=f"enclosure:{new.pk}").count() == (
        state == "infected"
    )
    if state == "clean":
        correct(letters, circular, old, new)
    else:
        with pytest.raises(Refused, match="harmful"):
            correct(letters, circular, old, new)
        enclosures.take_out(new, by=letters.cast["head@top"])


def test_a_correction_made_while_the_scanner_looks_is_not_undone(
    letters: Letters, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    circular, _old = sent(letters)
    settings.SCAN = ["scanner"]
    new = put(letters, circular)

    def slow(*_args: object) -> bool:
        correct(letters, circular)  # without the file that is looked at
        return True

    monkeypatch.setattr(lib_scans, "is_clean", slow)
    scans.look(new.pk)
    new.refresh_from_db()
    assert (new.state, new.version) == ("clean", 3)
    assert circular.enclosures_of() == []


def test_on_the_pages(letters: Letters, signed_in: SignedIn, django_assert_max_num_queries: Any) -> None:
    circular, old = sent(letters)
    client = signed_in("head@top")
    page = reverse("circulars:correct-enclosures", args=[circular.pk])
    put_in = reverse("circulars:enclose", args=[circular.pk])
    assert page in client.get(circular.get_absolute_url()).content.decode()
    wrong = client.post(put_in, {"upload": SimpleUploadedFile("a.pdf", b"MZ\x90\x00"), "title": "Form B"})
    assert wrong.status_code == 403
    assert "not a file of a known type" in wrong.content.decode()
    assert 'value="Form B"' in wrong.content.decode()
    for twice in range(2):
        answer = client.post(put_in, {"upload": SimpleUploadedFile("b.pdf", NEW), "title": "Form B"})
        assert (answer.status_code, answer.headers.get("Location")) == ((302, page), (403, None))[twice]
    new = Enclosure.objects.get(title="Form B")
    with django_assert_max_num_queries(12):
        shown = client.get(page).content.decode()
    assert shown.count("checked") == 2
    typed = {"enclosures": [str(new.pk)], "reason": "the wrong form", "version": "1"}
    rubbish = client.post(page, {**typed, "enclosures": ["x"]})
    assert rubbish.status_code == 200
    assert "the wrong form" in rubbish.content.decode()
    assert client.post(page, {**typed, "version": "x"}).status_code == 409
    assert client.post(page, typed).status_code == 302
    again = client.post(page, typed)
    assert again.status_code == 409
    assert "the wrong form" in again.content.decode()
    circular.refresh_from_db()
    assert (circular.version, circular.enclosures_of()) == (2, [new])
    assert client.post(reverse("circulars:take-out", args=[old.pk])).status_code == 409


def test_the_page_of_the_text_carries_them_too(letters: Letters, signed_in: SignedIn) -> None:
    circular, old = sent(letters)
    page = reverse("circulars:correct", args=[circular.pk, "en"])
    client = signed_in("head@top")
    assert "Form A" in client.get(page).content.decode()
    typed = {"subject": "Use", "body": "Ask in writing.", "reason": "unclear", "version": "1"}
    assert client.post(page, {**typed, "enclosures": [str(old.pk)]}).status_code == 302
    circular.refresh_from_db()
    assert circular.enclosures_of() == [old]
    assert client.post(page, {**typed, "body": "Ask.", "version": "2"}).status_code == 302
    circular.refresh_from_db()
    assert circular.enclosures_of() == []


def test_a_mail_carries_what_is_in_force(letters: Letters) -> None:
    circular, _old = sent(letters, to=Audience(addresses=("press@elsewhere.example",)))
    correct(letters, circular, put(letters, circular))
    mails.send(circular)
    assert [content for _name, content, _kind in mail.outbox[0].attachments] == [NEW]
