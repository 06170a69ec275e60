"""Making the copies of what was sent: chunk by chunk, each its own transaction.

Safe to run twice, by two workers at once, and to be killed half-way: what is there already is left as it is.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from datetime import date
from functools import partial
from itertools import islice
from typing import TypeVar

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone
from django.utils.translation import gettext as _

from amanat.desk.audit.door import recorded
from amanat.desk.circulars.audience import Reach
from amanat.desk.circulars.models import Addressee, Circular, Copy, Dispatch
from amanat.desk.lib.refusals import Overtaken
from amanat.desk.registry.actions import notices
from amanat.desk.registry.models import Person

T = TypeVar("T")
CHUNK = 2000


def deliver(pk: int) -> None:
    """Bring what was sent to every office and person it is meant for, and tell them. Done already: nothing happens."""
    sent = Dispatch.objects.under_way().select_related("circular", "office").filter(pk=pk).first()
    if sent is None:
        return
    if sent.circular.state == "dispatched":  # what ended meanwhile goes to nobody else
        _fill(sent)
    with suppress(Overtaken), recorded("deliver", by=None, office=sent.office, roles=None) as record:
        offices, people = _counted(sent)
        _finish(sent, offices, people)
        record.on(sent.circular, offices=offices, people=people)


def welcome(circular: Circular, day: date) -> int:
    """Bring a circular in force to offices and people who have come since; how many people they were."""
    rows = Dispatch.objects.filter(circular=circular, done_at__isnull=False).select_related("circular", "office")
    added = 0
    for sent in rows:
        came, new = _fill(sent)
        added += new
        if came or new:
            with recorded("welcome", by=None, office=sent.office, roles=None) as record:
                offices, people = _counted(sent)
                Dispatch.objects.filter(pk=sent.pk).update(offices=offices, people=people)
                record.on(circular, offices=came, people=new)
    Circular.objects.filter(pk=circular.pk).update(newcomers_on=day)
    return added


def _fill(sent: Dispatch) -> tuple[int, int]:
    """Make the copies that are missing; how many offices and people were missing."""
    circular = sent.circular
    reach = Reach.of(sent.audience, sent.office, to_people=circular.asks_people)
    have = Copy.objects.filter(circular=circular, office=OuterRef("pk"))
    offices = list(reach.offices().filter(~Exists(have)).values_list("pk", flat=True))
    for chunk in _chunks(iter(offices)):
        copies = (Copy(circular=circular, office_id=pk, dispatch=sent) for pk in chunk)
        Copy.objects.bulk_create(copies, ignore_conflicts=True)
    people: dict[int, int | None] = {}
    for pk, office in reach.people(Addressee.objects.filter(circular=circular)):
        people.setdefault(pk, office)
    for some in _chunks(iter(people.items())):
        _reach(sent, some)
    strangers = [Addressee(circular=circular, dispatch=sent, address=address) for address in reach.strangers()]
    Addressee.objects.bulk_create(strangers, ignore_conflicts=True)
    return len(offices), len(people)


def _reach(sent: Dispatch, people: list[tuple[int, int | None]]) -> None:
    """Enter some people, and tell them, both or neither."""
    circular = sent.circular
    rows = (Addressee(circular=circular, person_id=pk, office_id=office, dispatch=sent) for pk, office in people)
    told = Person.objects.filter(pk__in=[pk for pk, _office in people]).only("pk", "language")
    with transaction.atomic():
        Addressee.objects.bulk_create(rows, ignore_conflicts=True)
        notices.tell(told, f"circular:{circular.pk}", partial(_words, circular), circular.get_absolute_url())


def _words(circular: Circular) -> tuple[str, str]:
    return str(circular), _("A circular came to you: read it, and acknowledge that you have.")


def _finish(sent: Dispatch, offices: int, people: int) -> None:
    rows = Dispatch.objects.under_way().filter(pk=sent.pk)
    if not rows.update(done_at=timezone.now(), offices=offices, people=people):
        raise Overtaken(_("It was delivered meanwhile."))


def _counted(sent: Dispatch) -> tuple[int, int]:
    """How many offices and people got it by this sending."""
    people = Addressee.objects.filter(circular=sent.circular_id, dispatch=sent)
    return Copy.objects.filter(dispatch=sent).count(), people.count()


def _chunks(rows: Iterator[T]) -> Iterator[list[T]]:
    while chunk := list(islice(rows, CHUNK)):
        yield chunk
