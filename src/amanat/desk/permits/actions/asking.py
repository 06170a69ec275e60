"""What whoever asks does: draft, change, send, withdraw."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from amanat.desk.audit.door import recorded, step
from amanat.desk.lib.refusals import Overtaken, Refused
from amanat.desk.permits import authority, law
from amanat.desk.permits.actions import telling
from amanat.desk.permits.actions.periods import days_of
from amanat.desk.permits.models import Cited, Kind, Permit
from amanat.desk.registry.calendars import workdays
from amanat.desk.registry.models import Office, Person
from amanat.desk.rules import engine

OWN = ("kind", "act", "asked_from", "subject", "purpose", "place", "text", "wanted_from", "wanted_until")
"""What whoever asks may write."""


def draft(*, by: Person, clauses: Sequence[str] = (), **facts: Any) -> Permit:
    """Begin a request. Nobody else sees it before it is sent."""
    with recorded("draft", by=by, office=None, roles=None) as record:
        permit = Permit(person=by)
        _write(permit, facts, by)
        permit.save()
        Cited.objects.bulk_create(Cited.rows(permit, clauses))
        record.on(permit, kind=permit.kind)
    return permit


def change(permit: Permit, *, by: Person, clauses: Sequence[str] = (), **facts: Any) -> None:
    """Write a draft, or what was returned, anew."""
    _check_mine(permit, by)
    office = permit.office if permit.submitted_on else None
    with recorded("change", by=by, office=office, roles=None) as record:
        kept = Permit.objects.select_for_update().filter(pk=permit.pk, state__in=["draft", "returned"]).first()
        if kept is None:
            raise Overtaken(_("This is sent, or decided, already."))
        _write(kept, facts, by)
        kept.save()
        kept.cited.all().delete()
        Cited.objects.bulk_create(Cited.rows(kept, clauses))
        record.on(kept)


def submit(permit: Permit, *, by: Person) -> None:
    """Send it to whoever decides by the rules of today. From now on its clock runs. Raises Refused."""
    _check_mine(permit, by)
    today = timezone.localdate()
    with step(permit, "submit", by=by):
        permit.refresh_from_db()  # as it was last written, perhaps in another window
        _check_posted(permit.asked_from_id, by)
        _check_whole(permit)
        found = authority.way(permit, permit.clauses(), today)
        if found is None:
            raise Refused(nobody())
        permit.office, permit.role, permit.is_climbed = found.office, found.role, bool(found.passed)
        permit.rule = found.rule.id if found.rule else ""
        permit.rests_on = found.rule.clause if found.rule else ""
        book, at = engine.rulebook(), permit.asked_from.rules()
        permit.pack = law.binding(book, at, permit.person.service, today)
        permit.submitted_on, permit.reason, permit.escalated_on = today, "", None
        _start_clock(permit, law.silence(book, permit.pack, permit.act, today))
        telling.asked(permit)


def withdraw(permit: Permit, *, by: Person) -> None:
    """Take it back; a draft text that was kept goes with it."""
    _check_mine(permit, by)
    with step(permit, "withdraw", by=by):
        permit.text = ""


def nobody() -> str:
    """What is said where no office of the chain has anybody who may decide."""
    return _(
        "Nobody at your office or above it may decide on this today. Ask your steward to enter who holds the post of "
        "head or competent authority."
    )


def _start_clock(permit: Permit, silence: law.Silence | None) -> None:
    assert permit.office is not None
    assert permit.submitted_on is not None
    days = workdays(permit.office)
    if silence and silence.counts:
        permit.due_on, permit.due_by = silence.over_on(permit.submitted_on, days), silence.clause.id
    else:
        permit.due_on, permit.due_by = days.later(permit.submitted_on, days_of(permit.office)), ""


def _write(permit: Permit, facts: dict[str, Any], by: Person) -> None:
    for name in OWN:
        if name in facts:
            setattr(permit, name, facts[name])
    if permit.kind == Kind.ADVICE:
        permit.act = "advice"
    office: Office = permit.asked_from
    _check_posted(office.pk, by)
    permit.pack = law.binding(engine.shipped(), office.rules(), by.service, timezone.localdate())


def _check_mine(permit: Permit, by: Person) -> None:
    if permit.person_id != by.pk:
        raise Refused(_("Only whoever asks may do this."))


def _check_posted(office: int, by: Person) -> None:
    if office not in {post.office for post in by.posts}:
        raise Refused(_("You ask from an office at which you hold a post today."))


def _check_whole(permit: Permit) -> None:
    if permit.kind == Kind.PERMISSION and not (permit.wanted_from and permit.wanted_until):
        raise Refused(_("Say from which day until which day you want the permission."))
    if permit.kind == Kind.PERMISSION and permit.wanted_until and permit.wanted_until < timezone.localdate():
        raise Refused(_("The days you ask for are over. Change them before you send it."))
