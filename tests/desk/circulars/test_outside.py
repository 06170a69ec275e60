"""Addresses outside: by the link of their mail they say that they have it; until then they are reminded."""

from __future__ import annotations

import re
from collections import Counter
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.mail import EmailMessage
from django.http import FileResponse
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext

from amanat.desk.audit.models import Event
from amanat.desk.circulars import links, timed
from amanat.desk.circulars.actions import (
    acknowledgements,
    corrections,
    enclosures,
    mails,
    reminders,
    rounds,
    withdrawals,
)
from amanat.desk.circulars.audience import Audience
from amanat.desk.circulars.models import Acknowledgement, Addressee, Circular, Enclosure, Reminder
from amanat.desk.circulars.tally import tally_of
from amanat.desk.lib.refusals import Refused
from tests.cast import assemble
from tests.desk.circulars.conftest import Letters
from tests.desk.circulars.test_racing import race
from tests.desk.circulars.test_remind import MONDAY, at

PRESS, UNION = "press@elsewhere.example", "union@elsewhere.example"
OUTSIDE = Audience(addresses=(PRESS, UNION))


def sent(letters: Letters) -> Circular:
    """A letter with an enclosure, mailed to two addresses outside and to nobody else."""
    draft = letters.draft(to=OUTSIDE)
    upload = SimpleUploadedFile("form.pdf", b"%PDF-1.7")
    enclosures.enclose(draft, by=letters.cast["officer@top"], upload=upload)
    circular = letters.send(draft, "head@top")
    mails.send(circular)
    assert len(mail.outbox) == 2
    return circular


@pytest.fixture
def circular(letters: Letters) -> Circular:
    return sent(letters)


def row_of(address: str = PRESS) -> Addressee:
    row: Addressee = Addressee.objects.select_related("circular__office").get(address=address)
    return row


def page_in(letter: Any) -> str:
    """The path of the link in a mail."""
    found = re.search(r"https?://[^/]+(/circulars/received/\S+)", letter.body)
    assert found
    return found[1]


def say(page: str, **typed: str) -> Any:
    return Client().post(page, {"version": "1", "language": "en", **typed})


def test_every_mail_has_its_own_link_always_the_same(letters: Letters, circular: Circular) -> None:
    first = {letter.to[0]: page_in(letter) for letter in mail.outbox}
    assert "You need not sign in" in mail.outbox[0].body
    reminders.remind(circular, by=letters.cast["head@top"])
    rounds.go_on(Reminder.objects.get().pk)
    assert mails.send(circular) == 2
    assert {letter.to[0]: page_in(letter) for letter in mail.outbox[2:]} == first
    assert len(set(first.values())) == 2


def test_it_is_noted_once_that_they_have_it(circular: Circular, django_assert_max_num_queries: Any) -> None:
    page = page_in(mail.outbox[0])
    with django_assert_max_num_queries(12):
        shown = Client().get(page)
    assert "no-store" in shown.headers["Cache-Control"]
    text = shown.content.decode()
    assert "Ask first." in text
    assert "We have received it" in text
    assert row_of().seen == 0  # to look is not to say so: programs open links in mails
    for _twice in range(2):
        assert say(page).status_code == 302
    row = row_of()
    assert (row.seen, row.acknowledged_at is not None) == (1, True)
    assert list(row.acknowledgements.values_list("version", "language")) == [(1, "en")]
    event = Event.objects.get(verb="note-receipt")
    assert (event.actor, event.facts["addressee"]) == (None, row.pk)
    assert PRESS not in str(event.facts)  # the log is for ever
    after = Client().get(page).content.decode()
    assert "version 1 was received at press@elsewhere.example" in after
    assert "We have received it" not in after
    assert tally_of(circular).total.missing == 1


def test_no_other_link_opens_anything(circular: Circular) -> None:
    row, other = row_of(), row_of(UNION)
    mine, its = links.path_to(row), links.path_to(other)
    mark = mine.split("/")[-2]
    for wrong in (
        its.replace(f"/{other.pk}/", f"/{row.pk}/"), mine.replace(mark, mark[:-1]), mine.replace(mark, "x"),
        mine.replace(f"/{row.pk}/", "/999999/"),
    ):  # fmt: skip
        assert Client().get(wrong).status_code == 404
        assert say(wrong).status_code == 404
    Addressee.objects.filter(pk=row.pk).update(address="somebody.else@elsewhere.example")
    assert Client().get(mine).status_code == 404
    assert not Acknowledgement.objects.exists()
    assert circular.state == "dispatched"


def test_somebody_who_serves_here_has_no_such_page(letters: Letters) -> None:
    letters.sent()
    assert Client().get(links.path_to(Addressee.objects.all()[0])).status_code == 404


@pytest.mark.parametrize(
    "typed", [{"version": "2"}, {"version": "0"}, {"version": "x"}, {"language": "bn"}, {"language": ""}]
)
def test_rubbish_notes_nothing(circular: Circular, typed: dict[str, str]) -> None:
    answer = say(links.path_to(row_of()), **typed)
    assert answer.status_code == 403
    assert "Nothing was changed." in answer.content.decode()
    assert (row_of().seen, circular.state) == (0, "dispatched")


@pytest.mark.parametrize("state", ["withdrawn", "superseded"])
def test_out_of_force_it_asks_nothing(letters: Letters, circular: Circular, state: str) -> None:
    page = links.path_to(row_of())
    if state == "withdrawn":
        withdrawals.withdraw(circular, by=letters.cast["head@top"], reason="It named the wrong form.")
    else:
        letters.sent(supersedes=circular)
    text = Client().get(page).content.decode()
    assert ("It named the wrong form." if state == "withdrawn" else "a newer circular took its place") in text
    assert "We have received it" not in text
    assert say(page).status_code == 403


def test_the_enclosures_are_there(letters: Letters, circular: Circular) -> None:
    page, file = links.path_to(row_of()), Enclosure.objects.get()
    assert f"{page}{file.pk}/" in Client().get(page).content.decode()
    answer = Client().get(f"{page}{file.pk}/")
    assert isinstance(answer, FileResponse)
    assert b"".join(answer) == b"%PDF-1.7"
    upload = SimpleUploadedFile("b.pdf", b"%PDF-2")
    prepared = enclosures.enclose(circular, by=letters.cast["head@top"], upload=upload)
    other = letters.draft()
    foreign = enclosures.enclose(other, by=letters.cast["officer@top"], upload=SimpleUploadedFile("c.txt", b"text"))
    for wrong in (prepared.pk, foreign.pk, 999_999):
        assert Client().get(f"{page}{wrong}/").status_code == 404
    assert Client().get(reverse("circulars:outside-file", args=[row_of().pk, "x", file.pk])).status_code == 404


def test_a_round_is_mailed_once_and_only_to_who_has_the_letter(circular: Circular) -> None:
    Circular.objects.filter(pk=circular.pk).update(due_on=MONDAY, dispatched_at=at(MONDAY - timedelta(days=20)))
    # of the other address the letter itself still waits
    Addressee.objects.filter(address=UNION).update(mailed_at=None, held_until=at(MONDAY + timedelta(days=1)))
    for minute in range(3):
        timed.run(at(MONDAY) + timedelta(minutes=minute))
    mails.send(circular, at(MONDAY + timedelta(days=2)))
    reminder, letter = mail.outbox[2:]
    assert (reminder.to, letter.to) == ([PRESS], [UNION])
    assert "This circular is to be acknowledged today." in reminder.body
    assert "Ask first." not in reminder.body
    assert reminder.attachments == []
    assert "Ask first." in letter.body
    assert len(letter.attachments) == 1
    ids = [one.extra_headers["Message-ID"] for one in (mail.outbox[0], reminder)]
    assert ids[0] != ids[1]
    assert reminder.extra_headers["In-Reply-To"] == ids[0]
    assert Reminder.objects.get(occasion="due").people == 1


def test_who_has_said_so_is_left_in_peace(letters: Letters, circular: Circular) -> None:
    rounds.go_on(reminders.begin(circular, "due", day=MONDAY).pk)
    assert Addressee.objects.unmailed().count() == 2
    say(links.path_to(row_of()))
    assert mails.send(circular) == 1
    assert mail.outbox[-1].to == [UNION]
    assert not Addressee.objects.unmailed().exists()
    say(links.path_to(row_of(UNION)))
    with pytest.raises(Refused, match="Everybody"):
        reminders.remind(circular, by=letters.cast["head@top"])


def test_a_later_round_takes_the_place_of_one_that_waits(circular: Circular, monkeypatch: pytest.MonkeyPatch) -> None:
    begun = reminders.begin(circular, "due", day=MONDAY)
    rounds.go_on(begun.pk)
    later = reminders.begin(circular, "after-1", day=MONDAY)
    real = EmailMessage.send

    def slow(letter: EmailMessage) -> int:
        rounds.go_on(later.pk)  # while the first is in the server's hands
        return real(letter)

    with monkeypatch.context() as patch:
        patch.setattr(EmailMessage, "send", slow)
        assert mails.send(circular) == 1
    assert "today" in mail.outbox[2].body
    assert mails.send(circular) == 2
    assert all("should have been acknowledged" in letter.body for letter in mail.outbox[3:])


def test_a_correction_that_asks_again_comes_whole(letters: Letters, circular: Circular) -> None:
    page = links.path_to(row_of())
    say(page)
    fixed = {"language": "en", "subject": "Use", "body": "Ask in writing.", "reason": "was unclear", "version": 1}
    corrections.correct(circular, by=letters.cast["head@top"], again=True, **fixed)  # type: ignore[arg-type]
    rounds.go_on(Reminder.objects.get().pk)
    circular.refresh_from_db()
    assert mails.send(circular) == 2
    letter = mail.outbox[-1]
    for language in ("en", "ur"):
        with translation.override(language):
            assert gettext("This circular was corrected: read the new version, and acknowledge it.") in letter.body
    assert "Ask in writing." in letter.body
    assert len(letter.attachments) == 1
    assert "We have received it" in Client().get(page).content.decode()
    assert "We have received it" not in Client().get(f"{page}?version=1").content.decode()
    assert say(page).status_code == 302  # the version before: was said before
    assert say(page, version="2").status_code == 302
    assert (row_of().seen, row_of().acknowledgements.count()) == (2, 2)


def test_they_hear_that_it_has_ended(letters: Letters, circular: Circular) -> None:
    say(links.path_to(row_of()))
    rounds.go_on(reminders.begin(circular, "due", day=MONDAY).pk)
    withdrawals.withdraw(circular, by=letters.cast["head@top"], reason="It named the wrong form.")
    assert mails.send(circular) == 0  # what was to be reminded of is over
    timed.run(timezone.now())
    timed.run(timezone.now() + 2 * timed.PATIENCE)
    assert sorted(letter.to[0] for letter in mail.outbox[2:]) == [PRESS, UNION]
    assert "This circular was withdrawn." in mail.outbox[2].body
    assert "You need not sign in" not in mail.outbox[2].body


@pytest.mark.usefixtures("racing")
def test_of_many_who_mail_and_say_so_at_once_each_is_done_once() -> None:
    circular = sent(Letters(assemble()))
    rounds.go_on(reminders.begin(circular, "due", day=MONDAY).pk)
    assert sum(race(lambda _n: mails.send(circular), 8)) == 2
    row = row_of()
    came = race(lambda _n: acknowledgements.from_outside(row, version=1, language="en"), 12)
    assert Counter(came) == {True: 1, False: 11}
    assert Acknowledgement.objects.count() == Event.objects.filter(verb="note-receipt").count() == 1
