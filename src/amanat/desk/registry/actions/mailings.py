"""Mails with notices: put together once, then sent until they are taken.

Putting together is one transaction a chunk: a notice belongs to one mail for ever, and a person has one digest a day.
Sending holds a mail, hands it over, and ticks it off. A kill between the server's yes and our tick sends that one mail
a second time, under the same Message-ID: a reminder read twice does less harm than one that never came.
"""

from __future__ import annotations

import logging
import smtplib
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any

from django.conf import settings
from django.core import mail
from django.db import IntegrityError, transaction
from django.db.models import Count, F, OuterRef, Prefetch, Subquery
from django.utils import timezone

from amanat.desk.lib import stopping
from amanat.desk.registry import mails
from amanat.desk.registry.calendars import usual, workdays_of
from amanat.desk.registry.models import Appointment, Mailing, Notice, Person
from amanat.desk.registry.models.notices import NoticeQuerySet

CHUNK = 500
ROUNDS = 4
"""How many chunks are put together, and how many sent, in one call: the worker has other things to do as well."""
_SLICE = 5_000
HOLD = timedelta(minutes=2)
"""How long a mail that is being sent stays out of others' hands; longer than any server is waited for."""
WAITS = tuple(timedelta(minutes=number) for number in (5, 15, 60, 240, 720))
"""How long a mail that was not taken waits for its next try; after the last it is given up."""
log = logging.getLogger(__name__)


def compose(now: datetime) -> None:
    """Put into mails what is to be mailed at once; from the hour of the digest on, also what came before it."""
    Mailing.objects.refused().exclude(address=F("person__email")).update(fault="", tries=0, next_try_at=now)
    _compose(Notice.objects.at_once(), None, now)
    local = timezone.localtime(now)
    hour = local.replace(hour=settings.AMANAT_DIGEST_HOUR, minute=0, second=0, microsecond=0)
    if local >= hour:
        _compose(Notice.objects.for_digest(hour, local.date()), local.date(), now)


def send(now: datetime) -> None:
    """Send what is due. Raises OSError where the mail server does not answer: then nothing counts as tried."""
    for _round in range(ROUNDS):
        if stopping.asked.is_set():
            return
        # the shown notices of each, and how many there are in all
        shown = Prefetch("notices", Notice.objects.order_by("pk")[: mails.SHOWN], to_attr="shown")
        of_each = Notice.objects.filter(mailing=OuterRef("pk")).order_by().values("mailing")
        rows = Mailing.objects.due(now).annotate(number=Subquery(of_each.annotate(n=Count("pk")).values("n")))
        some = list(rows.select_related("person").order_by("next_try_at", "pk").prefetch_related(shown)[:CHUNK])
        if not some:
            return
        with mail.get_connection() as connection:
            for row in some:
                if stopping.asked.is_set():
                    return
                _deliver(row, connection, now)


def _compose(notices: NoticeQuerySet, day: date | None, now: datetime) -> None:
    """Chunk by chunk, in the order of people's numbers."""
    last, made = 0, 0
    while made < ROUNDS and not stopping.asked.is_set():
        rows = notices.filter(person__gt=last).order_by("person").values_list("person", flat=True).distinct()
        numbers = list(rows[:CHUNK])
        if not numbers:
            return
        last = numbers[-1]
        people = _at_work(numbers, day) if day else numbers
        made += bool(people)  # those who are off today come again with every call: they count for nothing
        try:
            _bundle(notices, people, day, now)
        except IntegrityError:
            log.info("another worker put these digests together")


def _bundle(notices: NoticeQuerySet, people: Iterable[int], day: date | None, now: datetime) -> None:
    """One mail for each of `people` with what is in no mail yet; what another worker has in hand is left to it."""
    with transaction.atomic():
        rows = notices.filter(person__in=people).select_for_update(skip_locked=True, of=("self",), no_key=True)
        held = list(rows.select_related("person").only("pk", "person__email"))
        people_of = {row.person_id: row.person for row in held}
        made = Mailing.objects.bulk_create(
            Mailing(person=person, day=day, address=person.email or "", next_try_at=now)
            for person in people_of.values()
        )
        mine = Mailing.objects.filter(pk__in=[row.pk for row in made], person=OuterRef("person")).values("pk")
        for start in range(0, len(held), _SLICE):
            some = [row.pk for row in held[start : start + _SLICE]]
            Notice.objects.filter(pk__in=some).update(mailing=Subquery(mine[:1]))


def _at_work(people: list[int], day: date) -> list[int]:
    """Those of `people` who have an office that works on `day`; who holds no post keeps the usual week."""
    posts = list(Appointment.objects.current(day).filter(person__in=people).select_related("office"))
    calendars = workdays_of({post.office for post in posts})
    at_work = {post.person_id for post in posts if calendars[post.office_id].is_open(day)}
    if day.weekday() not in usual("").days:
        at_work |= set(people) - {post.person_id for post in posts}
    return sorted(at_work)


def _deliver(row: Any, connection: Any, now: datetime) -> None:
    """Send one mail, if nobody else does."""
    mine = Mailing.objects.filter(pk=row.pk)
    held_until = max(timezone.now(), now) + HOLD
    person: Person = row.person
    if (
        not Mailing.objects.due(now)
        .filter(pk=row.pk)
        .update(held_until=held_until, tries=F("tries") + 1, address=person.email or "")
    ):
        return
    try:
        if not person.email or not person.is_active:
            mine.update(fault=Mailing.Fault.UNDELIVERED, held_until=None)
            return
        connection.send_messages([mails.digest(row, connection)])
        mine.update(sent_at=timezone.now(), held_until=None)
    except smtplib.SMTPRecipientsRefused as error:
        if all(code >= 500 for code, _text in error.recipients.values()):
            mine.update(fault=Mailing.Fault.REFUSED, held_until=None)
        else:
            _put_off(row, now, error)
    except (OSError, ValueError) as error:
        _put_off(row, now, error)
        if _is_cut_off(error):
            raise


def _is_cut_off(error: Exception) -> bool:
    """Whether the server is away, and not only unwilling to take one mail."""
    if isinstance(error, smtplib.SMTPException):
        return isinstance(error, smtplib.SMTPServerDisconnected)
    return isinstance(error, OSError)


def _put_off(row: Any, now: datetime, error: Exception) -> None:
    """Later again, or not any more."""
    log.warning("mail %s was not taken: %s", row.pk, type(error).__name__)
    if row.tries < len(WAITS):
        Mailing.objects.filter(pk=row.pk).update(held_until=None, next_try_at=now + WAITS[row.tries])
    else:
        Mailing.objects.filter(pk=row.pk).update(held_until=None, fault=Mailing.Fault.UNDELIVERED)
