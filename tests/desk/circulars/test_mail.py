"""Addresses outside: each gets the letter by mail, once."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from smtplib import SMTPDataError, SMTPRecipientsRefused, SMTPSenderRefused

import pytest
from django.conf import settings
from django.core import mail
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.mail import EmailMessage
from django.utils import timezone

from amanat.desk.audit.models import Event
from amanat.desk.circulars import timed
from amanat.desk.circulars.actions import delivery, dispatches, enclosures, mails
from amanat.desk.circulars.audience import Audience
from amanat.desk.circulars.models import Addressee, Circular, Enclosure
from amanat.desk.registry.actions.mailings import HOLD, WAITS
from tests.desk.circulars.conftest import Letters

OUTSIDE = Audience(addresses=("press@elsewhere.example", "union@elsewhere.example"))


@pytest.fixture
def sent(letters: Letters) -> Circular:
    draft = letters.draft(to=OUTSIDE)
    upload = SimpleUploadedFile("form.pdf", b"%PDF-1.7")
    enclosures.enclose(draft, by=letters.cast["officer@top"], upload=upload)
    delivery.deliver(dispatches.dispatch(draft, by=letters.cast["head@top"]).pk)
    return Circular.objects.get(pk=draft.pk)


def test_everyone_outside_gets_the_whole_letter_once(sent: Circular) -> None:
    assert mails.send(sent) == 2
    assert mails.send(sent) == 0
    assert sorted(one.to[0] for one in mail.outbox) == list(OUTSIDE.addresses)
    letter = mail.outbox[0]
    for words in (sent.number, "Ask first.", "پہلے پوچھیں", "form.pdf"):
        assert words in letter.body
    assert letter.attachments == [("form.pdf", b"%PDF-1.7", "application/pdf")]
    assert Event.objects.filter(verb="mail").count() == 1


def test_heavy_enclosures_are_only_named(sent: Circular, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mails, "HEAVIEST", 3)
    mails.send(sent)
    assert not mail.outbox[0].attachments


def test_without_a_mail_server_it_waits_for_the_clock(sent: Circular, monkeypatch: pytest.MonkeyPatch) -> None:
    def down(_mail: object) -> None:
        raise ConnectionRefusedError

    later = timezone.now() + 2 * timed.PATIENCE
    with monkeypatch.context() as patch:
        patch.setattr(EmailMessage, "send", down)
        timed.run(later)
    assert Addressee.objects.unmailed().count() == 2
    timed.run(timezone.now())  # the queue has its time first
    assert not mail.outbox
    timed.run(later)
    assert len(mail.outbox) == 2
    assert not Addressee.objects.unmailed().exists()


def test_an_address_refused_for_good_is_not_tried_again(sent: Circular, monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(_mail: object) -> None:
        raise SMTPRecipientsRefused({})

    monkeypatch.setattr(EmailMessage, "send", refused)
    assert mails.send(sent) == 0
    assert not Addressee.objects.unmailed().exists()
    assert Event.objects.get(verb="mail").facts == {"sent": 0, "refused": 2}


FIRST, SECOND = OUTSIDE.addresses
TEMPORARY = [
    SMTPRecipientsRefused({FIRST: (450, b"try later")}),
    SMTPDataError(554, b"no"),
    SMTPSenderRefused(451, b"later", "desk@example.org"),
    ValueError("bad header"),
]


def _fails(monkeypatch: pytest.MonkeyPatch, error: Exception, address: str = FIRST) -> None:
    real = EmailMessage.send

    def send(letter: EmailMessage) -> int:
        if letter.to == [address]:
            raise error
        return real(letter)

    monkeypatch.setattr(EmailMessage, "send", send)


@pytest.mark.parametrize("error", TEMPORARY, ids=lambda error: type(error).__name__)
def test_what_is_wrong_with_one_mail_stops_no_other(
    sent: Circular, error: Exception, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        _fails(patch, error)
        assert mails.send(sent) == 1
    assert [letter.to for letter in mail.outbox] == [[SECOND]]
    assert mails.send(sent) == 0  # not at once again
    assert mails.send(sent, timezone.now() + timedelta(hours=1)) == 1
    assert mail.outbox[1].to == [FIRST]


def test_what_is_never_taken_is_given_up(sent: Circular, monkeypatch: pytest.MonkeyPatch) -> None:
    _fails(monkeypatch, TEMPORARY[0])
    for day in range(9):
        mails.send(sent, timezone.now() + timedelta(days=day))
    assert not Addressee.objects.unmailed().exists()
    assert Addressee.objects.get(address=FIRST).tries == len(WAITS) + 1


def test_a_mail_cut_off_by_a_kill_is_sent_later(sent: Circular, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patch:
        _fails(patch, KeyboardInterrupt())  # type: ignore[arg-type]
        with pytest.raises(KeyboardInterrupt):
            mails.send(sent)
    assert mails.send(sent) == 1  # what is in somebody's hands is left there
    assert mails.send(sent, timezone.now() + 2 * HOLD) == 1
    assert sorted(letter.to[0] for letter in mail.outbox) == list(OUTSIDE.addresses)


def test_without_an_enclosure_none_is_claimed_and_others_go_on(sent: Circular, letters: Letters) -> None:
    other = letters.sent(to=OUTSIDE)
    for file in Path(settings.MEDIA_ROOT).rglob("?" * 64):
        file.unlink()
    timed.run(timezone.now() + 2 * timed.PATIENCE)
    assert {row.circular_id for row in Addressee.objects.unmailed()} == {sent.pk}
    assert Addressee.objects.get(circular=sent, address=FIRST).tries == 0
    assert [letter.subject.partition(":")[0] for letter in mail.outbox] == [other.number] * 2


@pytest.mark.parametrize("state", ["withdrawn", "superseded"])
def test_what_is_out_of_force_is_not_mailed(sent: Circular, state: str) -> None:
    Circular.objects.update(state=state)
    assert mails.send(sent) == 0
    assert not mail.outbox


def test_white_space_in_a_subject_does_no_harm(sent: Circular) -> None:
    Circular.objects.update(subject={"en": "Use\r\n of\tmedia"})
    sent.refresh_from_db()
    mails.send(sent)
    assert mail.outbox[0].subject == f"{sent.number}: Use of media"


def test_of_files_nobody_looked_at_the_mail_says_so(sent: Circular) -> None:
    mails.send(sent)
    assert "Nobody has looked at these files for viruses" in mail.outbox[0].body
    Enclosure.objects.update(state="clean")
    Addressee.objects.update(mailed_at=None)
    mails.send(sent)
    assert "Nobody has looked" not in mail.outbox[2].body
