"""Sending a circular: from its own office, and onward by the offices that got it."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from datetime import date
from functools import partial
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _

from amanat.desk.audit.door import recorded, step
from amanat.desk.circulars import tasks
from amanat.desk.circulars.actions.delivery import deliver
from amanat.desk.circulars.actions.enclosures import check_open
from amanat.desk.circulars.audience import Audience, Reach, top_of, within
from amanat.desk.circulars.models import Circular, Copy, Dispatch
from amanat.desk.circulars.numbers import form_of
from amanat.desk.circulars.workflow import SENDERS
from amanat.desk.lib.refusals import Overtaken, Refused
from amanat.desk.registry.actions import numbering
from amanat.desk.registry.calendars import workdays
from amanat.desk.registry.models import Office, Person

AT_ONCE = 500
"""Up to so many people a letter reaches them before the page comes back; more are reached by the worker."""
LETTER = "letter"
"""An office counts all it sends, circulars and endorsements, in one register a year."""


def dispatch(circular: Circular, *, by: Person) -> Dispatch:
    """Send a draft. It gets its number, its date and its permanent address, and its text stands from now on."""
    facts: dict[str, Any] = {}
    with step(circular, "dispatch", by=by, facts=facts):
        circular.refresh_from_db()  # as it stands, now that nobody else writes it
        reach = reach_of(circular)
        offices, people = _checked(circular, reach, by)
        now, today = timezone.now(), timezone.localdate()
        if not circular.elsewhere:
            circular.dated_on, circular.year = today, today.year
            circular.number, circular.serial = number_taken(circular.office, today)
        elif circular.dated_on is None:
            raise Refused(_("A letter issued elsewhere has a date of its own. Write it first."))
        circular.dispatched_at, circular.newcomers_on = now, today
        circular.slug = f"{slugify(circular.office.code) or 'office'}-{circular.dated_on.year}-{circular.pk}"
        if circular.days:
            circular.due_on = workdays(circular.office).later(today, circular.days)
        sent = Dispatch.objects.create(
            circular=circular, office=circular.office, number=circular.number, year=circular.year,
            serial=circular.serial, dated_on=circular.dated_on, by=by,
            audience=[one.as_data() for one in reach.audiences],
        )  # fmt: skip
        facts.update(number=circular.number, offices=offices, people=people)
        if circular.supersedes:
            with step(circular.supersedes, "supersede", by=by, facts={"by": circular.number}):
                pass
    _send(sent, people)
    if reach.strangers():
        transaction.on_commit(partial(tasks.mail.enqueue, circular.pk), robust=True)
    return sent


def endorse(
    copy: Copy, *, by: Person, offices: Collection[Office], note: dict[str, str] | None = None, number: str = "",
    dated_on: date | None = None,
) -> Dispatch:  # fmt: skip
    """Send a circular on to offices below one that got it, under a memo number of its own, with a covering note."""
    circular, office = copy.circular, copy.office
    day = dated_on or timezone.localdate()
    with recorded("endorse", by=by, office=office, roles=SENDERS) as record:
        if not Circular.objects.select_for_update().filter(pk=circular.pk, state="dispatched").exists():
            raise Refused(_("This circular is not in force any more: it is not sent onward."))
        _check_below(circular, office, offices)
        counted: dict[str, Any] = {"number": number}
        if not number:
            counted["number"], counted["serial"] = number_taken(office, day)
            counted["year"] = day.year
        sent = Dispatch.objects.create(
            circular=circular, office=office, is_endorsement=True, dated_on=day, note=note or {}, by=by,
            audience=_onward(circular, offices), **counted,
        )  # fmt: skip
        try:
            with transaction.atomic():
                Copy.objects.bulk_create(Copy(circular=circular, office=one, dispatch=sent) for one in offices)
        except IntegrityError:
            raise Overtaken(_("Somebody else sent it to one of these offices meanwhile. Look at it again.")) from None
        record.on(circular, number=sent.number, offices=len(offices))
    _send(sent, Reach.of(sent.audience, office, to_people=circular.asks_people).count()[1])
    return sent


def reach_of(circular: Circular) -> Reach:
    """Whom a draft goes to: its lists and what was chosen for it alone."""
    audiences = [Audience.of(one.audience) for one in circular.lists.all()]
    own = Audience.of(circular.audience)
    return Reach(tuple(one for one in (*audiences, own) if one), top_of(circular.office), circular.asks_people)


def number_taken(office: Office, day: date) -> tuple[str, int]:
    """The next number of an office's letters, written in its form, and the bare count. Inside a transaction."""
    count = numbering.take(office, LETTER, day.year)
    return form_of(office).fill(count, day, office.code), count


def _checked(circular: Circular, reach: Reach, by: Person) -> tuple[int, int]:
    """Refuse what cannot be sent; else how many offices and people it reaches."""
    if not circular.texts.filter(version=circular.version).exists():
        raise Refused(_("Write the letter first: it has no text."))
    check_open(circular.enclosures_of())
    offices, people = reach.count()
    if not offices and not people:
        raise Refused(_("Choose first whom it goes to: now it would reach nobody."))
    beyond = reach.offices().exclude(pk__in=within(by, circular.office).values("pk")).first()
    if beyond is not None:
        raise Refused(
            _("{office} stands outside what you may write to. A head of office writes to the offices below.").format(
                office=beyond
            )
        )
    return offices, people


def _check_below(circular: Circular, office: Office, offices: Collection[Office]) -> None:
    if not offices:
        raise Refused(_("Choose at least one office to send it on to."))
    wrong = [one for one in offices if one.pk == office.pk or not one.path.startswith(office.path)]
    if wrong or any(one.state != "open" for one in offices):
        raise Refused(_("A circular is sent on only to open offices below one's own."))
    has = Copy.objects.filter(circular=circular, office__in=offices).select_related("office", "dispatch__office")
    if first := has.first():
        raise Refused(
            _("{office} has it already, from {sender}.").format(office=first.office, sender=first.dispatch.office)
        )


def _onward(circular: Circular, offices: Collection[Office]) -> list[dict[str, Any]]:
    """The audience of an endorsement: these offices, and at them those whom the letter itself was meant for."""
    first = Dispatch.objects.get(circular=circular, is_endorsement=False)
    chosen = tuple(one.pk for one in offices)
    meant = [Audience.of(one) for one in first.audience]
    through = [one for one in meant if one.trees or one.offices] or [Audience()]
    plain = [replace(one, trees=(), offices=chosen, kinds=(), people=(), addresses=()) for one in through]
    return [one.as_data() for one in dict.fromkeys(plain)]


def _send(sent: Dispatch, people: int) -> None:
    reach = deliver if people <= AT_ONCE else tasks.deliver.enqueue
    # Should this fail, nothing is lost: the worker goes on with whatever is not delivered (timed).
    transaction.on_commit(partial(reach, sent.pk), robust=True)
