"""Mails with notices: what is put into which, when, once; what a mail server may do."""

from __future__ import annotations

import smtplib
import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.core import mail
from django.utils.translation import gettext as _

from amanat.desk.lib import stopping
from amanat.desk.registry import mails, timed
from amanat.desk.registry.actions import mailings, notices
from amanat.desk.registry.models import Calendar, Mailing, Notice, Person
from tests.cast import Cast

THURSDAY = datetime(2026, 1, 1, 4, tzinfo=UTC)
"""Nine in the morning in Karachi, a working day: an hour after the hour of the digest."""
NIGHT = THURSDAY - timedelta(hours=3)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
HEAD = "head.own@example.org"


def tell(
    cast: Cast, who: str, key: str, *, at: datetime = NIGHT, urgent: bool = False, url: str = "/channels/"
) -> None:
    notices.tell([cast[who]], key, lambda: (_("closed"), f"because {key}"), url, urgent=urgent)
    Notice.objects.filter(key=key, person=cast[who]).update(made_at=at)


def wants(cast: Cast, who: str, how: str) -> None:
    Person.objects.filter(pk=cast[who].pk).update(mail=how)


def sent() -> list[tuple[str, int]]:
    """To whom, and how many notices are in it."""
    return [(one.to[0], str(one.body).count("because")) for one in mail.outbox]


def test_a_digest_holds_what_came_before_its_hour_once(cast: Cast) -> None:
    for key in ("one", "two"):
        tell(cast, "head@own", key)
    tell(cast, "officer@own", "one")
    tell(cast, "head@own", "later", at=THURSDAY)
    timed.mail(THURSDAY - 2 * HOUR)
    assert sent() == []
    for _again in range(3):
        timed.mail(THURSDAY)
    assert sorted(sent()) == [(HEAD, 2), ("officer.own@example.org", 1)]
    timed.mail(THURSDAY + DAY)
    assert sent()[2:] == [(HEAD, 1)]


def test_one_a_day_even_where_something_came_late(cast: Cast) -> None:
    tell(cast, "head@own", "one")
    timed.mail(THURSDAY)
    tell(cast, "head@own", "written before its time", at=NIGHT)
    timed.mail(THURSDAY + HOUR)
    assert sent() == [(HEAD, 1)]
    timed.mail(THURSDAY + DAY)
    assert sent() == [(HEAD, 1), (HEAD, 1)]


def test_no_digest_on_a_day_off(cast: Cast) -> None:
    tell(cast, "head@own", "one", at=NIGHT + DAY)
    tell(cast, "head@foreign", "one", at=NIGHT + DAY)
    saturday, sunday = THURSDAY + 2 * DAY, THURSDAY + 3 * DAY
    timed.mail(saturday)
    assert sent() == []
    timed.mail(sunday)
    assert sent() == [("head.foreign@example.org", 1)]
    Calendar.objects.create(office=cast.top, weekend=16)
    timed.mail(sunday)
    assert sent()[1:] == [(HEAD, 1)]


def test_what_was_read_on_the_page_is_not_mailed(cast: Cast) -> None:
    tell(cast, "head@own", "one")
    notices.read(Notice.objects.all(), by=cast["head@own"])
    timed.mail(THURSDAY)
    assert sent() == []


def test_each_is_mailed_as_they_chose(cast: Cast) -> None:
    wants(cast, "head@own", "at-once")
    wants(cast, "officer@own", "never")
    for who in ("head@own", "officer@own", "moderator@own"):
        tell(cast, who, "usual", at=THURSDAY)
        tell(cast, who, "urgent", at=THURSDAY, urgent=True)
    timed.mail(THURSDAY)
    assert sorted(sent()) == [(HEAD, 2), ("moderator.own@example.org", 1), ("officer.own@example.org", 1)]
    assert sum("because urgent" in str(one.body) for one in mail.outbox) == 3
    timed.mail(THURSDAY + DAY)
    assert sent()[3:] == [("moderator.own@example.org", 1)]


def test_nobody_is_mailed_who_left_or_has_no_address(cast: Cast) -> None:
    for who in ("head@own", "officer@own"):
        tell(cast, who, "one")
    Person.objects.filter(pk=cast["head@own"].pk).update(is_active=False)
    Person.objects.filter(pk=cast["officer@own"].pk).update(email=None)
    timed.mail(THURSDAY)
    assert (sent(), Mailing.objects.count()) == ([], 0)


def test_a_mail_speaks_the_language_of_its_reader(cast: Cast, settings: Any) -> None:
    settings.AMANAT_ADDRESS = "https://desk.example.gov.pk"
    Person.objects.filter(pk=cast["head@own"].pk).update(language="ur")
    tell(cast, "head@own", "one")
    tell(cast, "head@own", "two", url="/rules/")
    timed.mail(THURSDAY)
    (letter,) = mail.outbox
    lines = str(letter.body).splitlines()
    assert any("بند" in line for line in lines)
    assert "۲" in letter.subject
    assert all(line.startswith("\u200f") for line in lines if line and not line.startswith("https://"))
    assert [line for line in lines if line.startswith("https://")] == [
        "https://desk.example.gov.pk/rules/",
        "https://desk.example.gov.pk/channels/",
        "https://desk.example.gov.pk/notices/",
    ]
    assert letter.extra_headers["Message-ID"].endswith("@desk.example.gov.pk>")
    assert letter.extra_headers["Content-Language"] == "ur"


def test_what_looks_like_html_is_left_as_it_is(cast: Cast) -> None:
    notices.tell([cast["head@own"]], "odd", lambda: ("Tom & <Jerry>", 'a "b"'), "/x/?a=1&b=2", urgent=True)
    timed.mail(THURSDAY)
    text = str(mail.outbox[0].body)
    assert "Tom & <Jerry>" in text
    assert "/x/?a=1&b=2" in text


def test_a_long_digest_names_the_rest(cast: Cast) -> None:
    rows = [Notice(person=cast["head@own"], key=str(n), what="w", why="because", url="/") for n in range(50)]
    Notice.objects.bulk_create(rows)
    Notice.objects.update(made_at=NIGHT)
    timed.mail(THURSDAY)
    assert sent() == [(HEAD, mails.SHOWN)]
    assert "50 notices wait" in str(mail.outbox[0].body)
    assert "10 more" in str(mail.outbox[0].body)


class Server:
    """A mail server that raises what it is told to."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.faults: list[Exception | None] = []
        self.taken: list[str] = []
        server = self

        class Connection:
            def __enter__(self) -> Connection:
                return self

            def __exit__(self, *_: object) -> None:
                pass

            def send_messages(self, messages: list[Any]) -> int:
                fault = server.faults.pop(0) if server.faults else None
                if fault:
                    raise fault
                server.taken += [one.extra_headers["Message-ID"] for one in messages]
                return 1

        monkeypatch.setattr("django.core.mail.get_connection", Connection)


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Server:
    return Server(monkeypatch)


def refused(code: int) -> smtplib.SMTPRecipientsRefused:
    return smtplib.SMTPRecipientsRefused({HEAD: (code, b"no such user")})


@pytest.mark.parametrize("fault", [refused(450), smtplib.SMTPDataError(451, b"later"), ValueError("header")])
def test_a_mail_that_is_not_taken_is_tried_later_and_at_last_given_up(
    cast: Cast, server: Server, fault: Exception
) -> None:
    tell(cast, "head@own", "one", urgent=True)
    server.faults = [fault] * 6
    now = THURSDAY
    timed.mail(now)
    timed.mail(now)
    assert len(server.faults) == 5  # not before its time
    for wait in mailings.WAITS:
        now += wait
        timed.mail(now)
    (row,) = Mailing.objects.all()
    assert (server.faults, row.tries, row.fault) == ([], 6, "undelivered")
    timed.mail(now + 100 * DAY)
    assert server.taken == []


@pytest.mark.parametrize("fault", [smtplib.SMTPServerDisconnected("gone"), ConnectionResetError(), TimeoutError()])
def test_a_server_that_goes_away_is_left_alone_until_the_next_round(
    cast: Cast, server: Server, fault: Exception
) -> None:
    for who in ("head@own", "officer@own"):
        tell(cast, who, "one", urgent=True)
    server.faults = [fault]
    with pytest.raises(OSError):
        timed.mail(THURSDAY)
    assert server.taken == []
    timed.mail(THURSDAY + HOUR)
    timed.mail(THURSDAY + HOUR)
    assert len(server.taken) == len(set(server.taken)) == 2


def test_a_refused_address_is_not_tried_until_it_is_another(cast: Cast, server: Server) -> None:
    tell(cast, "head@own", "one", urgent=True)
    server.faults = [refused(550)]
    timed.mail(THURSDAY)
    assert Mailing.objects.get().fault == "refused"
    tell(cast, "head@own", "two", urgent=True)
    timed.mail(THURSDAY + DAY)
    assert (server.taken, Mailing.objects.count()) == ([], 1)
    Person.objects.filter(pk=cast["head@own"].pk).update(email="another@example.org")
    timed.mail(THURSDAY + 2 * DAY)
    assert len(server.taken) == 2
    assert not Mailing.objects.waiting().exists()


def test_what_a_killed_worker_held_is_sent_after_a_while(cast: Cast, server: Server) -> None:
    tell(cast, "head@own", "one", urgent=True)
    mailings.compose(THURSDAY)
    Mailing.objects.update(held_until=THURSDAY + mailings.HOLD, tries=1)
    timed.mail(THURSDAY)
    assert server.taken == []
    timed.mail(THURSDAY + mailings.HOLD)
    assert len(server.taken) == 1


def test_queries_do_not_grow_with_people(
    cast: Cast, server: Server, django_assert_max_num_queries: Callable[[int], Any]
) -> None:
    for who in cast.people:
        for key in ("one", "two", "three"):
            tell(cast, who, key)
    with django_assert_max_num_queries(20):
        mailings.compose(THURSDAY)
    assert Mailing.objects.count() == len(cast.people)
    with django_assert_max_num_queries(10 + 2 * len(cast.people)):  # to hold each, and to tick it off
        mailings.send(THURSDAY)
    assert len(server.taken) == len(cast.people)


def test_a_call_does_so_much_and_the_next_goes_on(cast: Cast, server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mailings, "CHUNK", 1)
    for who in cast.people:
        tell(cast, who, "one")
    number = len(cast.people)
    mailings.compose(THURSDAY)
    assert Mailing.objects.count() == mailings.ROUNDS < number
    for _again in range(number):
        mailings.compose(THURSDAY)
    assert Mailing.objects.count() == number
    mailings.send(THURSDAY)
    assert len(server.taken) == mailings.ROUNDS
    for _again in range(number):
        mailings.send(THURSDAY)
    assert len(server.taken) == number


def test_who_is_off_today_does_not_hold_up_the_rest(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mailings, "CHUNK", 1)
    monkeypatch.setattr(mailings, "ROUNDS", 1)
    first, *_others, last = sorted(cast.people.values(), key=lambda person: person.pk)
    for person in (first, last):
        notices.tell([person], "one", lambda: ("what", "why"), "/channels/")
    Notice.objects.update(made_at=NIGHT)
    monkeypatch.setattr(mailings, "_at_work", lambda people, day: [one for one in people if one == last.pk])
    mailings.compose(THURSDAY)
    assert [one.person for one in Mailing.objects.all()] == [last]


def test_told_to_stop_it_begins_nothing(cast: Cast, server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    tell(cast, "head@own", "one", urgent=True)
    mailings.compose(THURSDAY)
    stop = threading.Event()
    stop.set()
    monkeypatch.setattr(stopping, "asked", stop)
    mailings.send(THURSDAY)
    assert server.taken == []
