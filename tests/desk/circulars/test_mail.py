"""Addresses outside: each gets the letter by mail, once."""

from __future__ import annotations

from smtplib import SMTPRecipientsRefused

import pytest
from django.core import mail
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.mail import EmailMessage
from django.utils import timezone

from amanat.desk.audit.models import Event
from amanat.desk.circulars import timed
from amanat.desk.circulars.actions import delivery, dispatches, enclosures, mails
from amanat.desk.circulars.audience import Audience
from amanat.desk.circulars.models import Addressee, Circular
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
