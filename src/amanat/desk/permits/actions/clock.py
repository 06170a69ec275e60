"""What the clock does: each in a transaction of its own and found anew, so that it may be cut short anywhere."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import date, datetime, timedelta
from functools import partial

from django.db import InterfaceError, OperationalError
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from amanat.desk.audit.door import recorded, step
from amanat.desk.lib.logs import place_of
from amanat.desk.lib.refusals import Overtaken
from amanat.desk.permits import authority, law
from amanat.desk.permits.actions import telling
from amanat.desk.permits.actions.deciding import number, write
from amanat.desk.permits.models import Letter, Permit
from amanat.desk.permits.models.permits import PermitQuerySet
from amanat.desk.permits.tasks import make_letter
from amanat.desk.registry.calendars import workdays
from amanat.desk.registry.models import Appointment, Office, Person
from amanat.desk.rules import engine

MOST = 500
"""How many of a kind are done in one round; the next round, a minute later, goes on."""
PATIENCE = timedelta(hours=1)
"""After this long a letter that was not made is asked for anew."""
TRIED = timedelta(days=3)
"""For so long after the decision; what cannot be made by then is a fault for people to look at."""
log = logging.getLogger(__name__)


def expire(today: date) -> None:
    """End what has run out."""
    _each(Permit.objects.filter(state="granted", ends_on__lt=today), _expire)


def revoke(today: date) -> None:
    """End what notice was given of."""
    _each(Permit.objects.filter(state="granted", revoked_from__lte=today), _revoke)


def presume(today: date) -> None:
    """Count as given what was not answered within a period that a clause of known wording fixes.

    Only where the draft went with the request, and days are left of those that were asked for.
    """
    for pack, act, silence in law.silences(engine.rulebook(), today):
        rows = Permit.objects.filter(
            ~Q(text=""), state="submitted", kind="permission", pack=pack, act=act, wanted_until__gte=today,
            submitted_on__lte=silence.latest_sent(today),
        )  # fmt: skip
        _each(rows, partial(_presume, silence=silence, today=today))


def escalate(today: date) -> None:
    """Tell whoever decides, and who leads the office above, of what is late."""
    rows = Permit.objects.filter(state="submitted", due_on__lt=today, escalated_on__isnull=True)
    _each(rows, partial(_escalate, today=today))


def pass_on(today: date) -> None:
    """Give what is late to the next office where nobody at its own can decide any more."""
    held = Appointment.objects.current(today).filter(
        office=OuterRef("office"), role=OuterRef("role"), person__is_active=True
    )
    left = ~Exists(held.exclude(person=OuterRef("person")))
    _each(Permit.objects.filter(left, state="submitted", escalated_on__isnull=False), partial(_pass_on, today=today))


def remind(now: datetime) -> None:
    """Have letters made that were asked for and never made."""
    still = Letter.objects.filter(sha256="", permit__decided_on__gte=timezone.localdate(now) - TRIED)
    for letter in still.filter(wanted_at__lt=now - PATIENCE).order_by("pk")[:MOST]:
        if Letter.objects.filter(pk=letter.pk, sha256="", wanted_at=letter.wanted_at).update(wanted_at=now):
            make_letter.enqueue(letter.pk)


def run(now: datetime) -> None:
    """All of it."""
    today = timezone.localdate(now)
    rounds: tuple[Callable[[date], None], ...] = (expire, revoke, presume, escalate, pass_on)
    for one in rounds:
        one(today)
    remind(now)


def _each(rows: PermitQuerySet, act: Callable[[Permit], None]) -> None:
    """Do it to the first of `rows`; what somebody else has done meanwhile is passed over, and so is what fails."""
    for pk in list(rows.order_by("pk").values_list("pk", flat=True)[:MOST]):
        try:
            permit = rows.filter(pk=pk).select_related("office", "person", "asked_from").first()
            if permit is not None:
                act(permit)
        except Overtaken:
            continue
        except (OperationalError, InterfaceError):  # the database is away: so it is for all others
            raise
        except Exception as error:
            log.error("permit %s: %s\n%s", pk, type(error).__name__, place_of(error))  # noqa: TRY400


def _expire(permit: Permit) -> None:
    with step(permit, "expire", by=None):
        telling.decided(permit)


def _revoke(permit: Permit) -> None:
    with step(permit, "revoke", by=None):
        telling.decided(permit)


def _presume(permit: Permit, *, silence: law.Silence, today: date) -> None:
    assert permit.office is not None
    assert permit.submitted_on is not None
    if silence.over_on(permit.submitted_on, workdays(permit.office)) >= today:
        return
    with step(permit, "presume", by=None, clause=silence.clause.id):
        permit.due_by, permit.decided_on = silence.clause.id, today
        permit.starts_on = max(permit.wanted_from or today, today)
        permit.ends_on = max(permit.wanted_until or today, permit.starts_on)
        number(permit)
        write(permit, Letter.Kind.GRANT)
        telling.decided(permit)


def _escalate(permit: Permit, *, today: date) -> None:
    assert permit.office is not None
    with recorded("escalate", by=None, office=permit.office, roles=None) as record:
        if not Permit.objects.filter(pk=permit.pk, state="submitted", escalated_on=None).update(escalated_on=today):
            raise Overtaken("")
        record.on(permit, due=permit.due_on.isoformat() if permit.due_on else "")
        telling.overdue(permit, _above(permit.office, permit.person_id))


def _pass_on(permit: Permit, *, today: date) -> None:
    assert permit.office is not None
    before, role = permit.office, permit.role
    found = authority.way(permit, permit.clauses(), today)
    if found is None or (found.office, found.role) == (before, role):
        return
    with recorded("pass-on", by=None, office=before, roles=None) as record:
        rows = Permit.objects.filter(pk=permit.pk, state="submitted", office=before, role=role)
        if not rows.update(office=found.office, role=found.role, is_climbed=True):
            raise Overtaken("")
        permit.office, permit.role, permit.is_climbed = found.office, found.role, True
        record.on(permit, to=found.office.pk)
        telling.passed_on(permit, before)


def _above(office: Office, asker: int) -> list[Person]:
    """Who leads the next office above that is led by anybody."""
    above = Office.objects.filter(pk__in=office.ancestors()).exclude(pk=office.pk).order_by("-path")
    for one in above:
        if people := list(Person.objects.posted_at(one, ["authority", "head"]).exclude(pk=asker)):
            return people
    return []
