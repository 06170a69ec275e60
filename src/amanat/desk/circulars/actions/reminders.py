"""Reminding those who have not acknowledged, and telling up the tree: by the clock, and by a button once a day."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from functools import partial
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from amanat.desk.audit.door import recorded
from amanat.desk.circulars import tasks
from amanat.desk.circulars.actions.rounds import go_on, targets_of
from amanat.desk.circulars.models import Addressee, Circular, Copy, Reminder, Rhythm
from amanat.desk.circulars.models.rhythms import Beat, beat_of
from amanat.desk.circulars.tally import tally_of
from amanat.desk.circulars.workflow import SENDERS
from amanat.desk.lib.refusals import Overtaken, Refused
from amanat.desk.lib.workdays import Workdays
from amanat.desk.registry.calendars import workdays
from amanat.desk.registry.models import Office, Person

AT_ONCE = 500
"""Up to so many people a round reaches them before the page comes back; more are told by the worker."""


def remind(circular: Circular, *, by: Person) -> Reminder:
    """Remind now whoever has not acknowledged; once a day at most."""
    today = timezone.localdate()
    with recorded("remind", by=by, office=circular.office, roles=SENDERS) as record:
        if circular.state != "dispatched":
            raise Refused(_("This circular is not in force any more."))
        people = Addressee.objects.missing(circular).count()
        offices = Copy.objects.missing(circular).count()
        if not people and not offices:
            raise Refused(_("Everybody has acknowledged it: there is nobody to remind."))
        row = begin(circular, f"hand-{today}", day=today, by=by)
        record.on(circular, people=people, offices=offices)
    tell_soon(row, people)
    return row


def remind_by_clock(circular: Circular, today: date) -> None:
    """Begin the rounds that are due today, each once; looked at once a day."""
    calendar = workdays(circular.office)
    if calendar.is_open(today) and _is_missing(circular):
        had = set(Reminder.objects.filter(circular=circular).values_list("occasion", flat=True))
        for name, level in due(circular, calendar, beat_of(circular.office), today):
            # Of a version that is asked for anew people are reminded anew.
            occasion = name if circular.asked == 1 else f"{name}-v{circular.asked}"
            if occasion not in had and (level < 2 or targets_of(tally_of(circular), level)):
                announce(circular, occasion, level=level)
    # Last: killed half-way, the clock looks again.
    Circular.objects.filter(pk=circular.pk).update(reminded_on=today)


def due(circular: Circular, calendar: Workdays, beat: Beat, today: date) -> Iterator[tuple[str, int]]:
    """The rounds whose day has come, with their level: of those to the people themselves only the last."""
    if circular.due_on is None or circular.dispatched_at is None:
        return
    sent = timezone.localdate(circular.dispatched_at)
    passed = calendar.between(circular.due_on, today)
    if today < circular.due_on:
        # Whoever got it only today needs no reminder today.
        if today > sent and -passed <= beat.before and beat.before:
            yield "before", 0
        return
    number = min(passed // beat.every, beat.most)
    yield (f"after-{number}" if number else "due"), 0
    if passed >= beat.climb:
        yield "head", 1
    for step in range(1, passed // beat.climb):
        if step < _HIGHEST:
            yield f"above-{step}", step + 1


_HIGHEST = 12
"""So many steps up the tree an office can stand at most, as far as telling goes."""


def announce(circular: Circular, occasion: str, *, level: int = 0) -> None:
    """Begin a round by the clock and carry it through. Begun already: nothing happens."""
    try:
        with recorded("remind", by=None, office=circular.office, roles=None) as record:
            row = begin(circular, occasion, day=timezone.localdate(), level=level)
            record.on(circular, occasion=occasion)
    except Overtaken:
        return
    go_on(row.pk)


def begin(circular: Circular, occasion: str, *, day: date, by: Person | None = None, level: int = 0) -> Reminder:
    """Enter a round, inside a transaction. Raises Overtaken where there is one for this occasion."""
    try:
        with transaction.atomic():
            return Reminder.objects.create(circular=circular, occasion=occasion, level=level, on=day, by=by)
    except IntegrityError:
        raise Overtaken(
            _("They were reminded today already. More than once a day would only teach them to look away.")
        ) from None


def tell_soon(row: Reminder, people: int) -> None:
    """Carry a round through once the transaction is over: at once for few, by the worker for many."""
    # Should this fail, nothing is lost: the clock goes on with whatever is not finished (timed).
    transaction.on_commit(partial(go_on if people <= AT_ONCE else tasks.tell.enqueue, row.pk), robust=True)


def set_rhythm(office: Office, *, by: Person, **values: Any) -> None:
    """Choose how an office reminds of its circulars."""
    with recorded("pace", by=by, office=office, roles=SENDERS) as record:
        Rhythm.objects.update_or_create(office=office, defaults=values)
        record.on(office, **values)


def _is_missing(circular: Circular) -> bool:
    return Addressee.objects.missing(circular).exists() or Copy.objects.missing(circular).exists()
