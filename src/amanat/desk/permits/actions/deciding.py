"""What whoever decides does: grant, refuse, return, answer, revoke. Nobody decides on what they asked themselves."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import date
from functools import partial

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from amanat.desk.audit.door import ROLE_NAMES, recorded, step
from amanat.desk.lib.refusals import Overtaken, Refused
from amanat.desk.permits import authority, law
from amanat.desk.permits.actions import letters, telling
from amanat.desk.permits.models import Kind, Letter, Permit
from amanat.desk.permits.tasks import make_letter
from amanat.desk.registry.actions import numbering
from amanat.desk.registry.calendars import workdays
from amanat.desk.registry.models import Office, Person

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Crockford's: no letter that is read as another."""
CODE_LENGTH = 12


def grant(
    permit: Permit, *, by: Person, starts_on: date, ends_on: date, conditions: str = "",
    clauses: Sequence[str] | None = None,
) -> None:  # fmt: skip
    """Give permission from one day until another. It gets its number and the code by which others see it is genuine.

    It covers those of the clauses asked about that are among `clauses`; all where that is None.
    """
    _check_kind(permit, Kind.PERMISSION)
    giver = _place(permit, by)
    if ends_on < starts_on:
        raise Refused(_("The last day comes before the first."))
    if ends_on < timezone.localdate():
        raise Refused(_("A permission that has ended already helps nobody."))
    if starts_on < timezone.localdate():
        raise Refused(_("A permission does not begin before the day on which it is given."))
    facts = {"from": starts_on.isoformat(), "until": ends_on.isoformat(), **_in_place(giver)}
    with step(permit, "grant", by=by, clause=permit.rests_on, facts=facts):
        _decide(permit, by, giver)
        number(permit)
        if clauses is not None:
            permit.cited.exclude(clause__in=clauses).delete()
        permit.starts_on, permit.ends_on, permit.conditions = starts_on, ends_on, conditions.strip()
        permit.reason = permit.ground = ""
        write(permit, Letter.Kind.GRANT)
        telling.decided(permit)


def refuse(permit: Permit, *, by: Person, reason: str, ground: str = "") -> None:
    """Refuse, with the reason and the clause it rests on where there is one."""
    _check_kind(permit, Kind.PERMISSION)
    giver = _place(permit, by)
    kept = _reasoned(reason)
    with step(permit, "refuse", by=by, facts=_in_place(giver)):
        _decide(permit, by, giver)
        permit.reason, permit.ground, permit.code = kept, ground, _code()
        write(permit, Letter.Kind.REFUSAL)
        telling.decided(permit)


def give_back(permit: Permit, *, by: Person, reason: str) -> None:
    """Return it for more information; once it is sent again, its clock begins anew."""
    giver = _place(permit, by)
    kept = _reasoned(reason)
    with step(permit, "give-back", by=by, facts=_in_place(giver)):
        permit.reason = kept
        telling.decided(permit)


def answer(permit: Permit, *, by: Person, text: str) -> None:
    """Answer a question."""
    _check_kind(permit, Kind.ADVICE)
    giver = _place(permit, by)
    with step(permit, "answer", by=by, facts=_in_place(giver)):
        _decide(permit, by, giver)
        permit.answer = text.strip()
        telling.decided(permit)


def revoke(permit: Permit, *, by: Person, reason: str, on: date) -> None:
    """Revoke a permission from a day on: at once where that is today, else by notice, and the clock ends it then."""
    giver, kept = _place(permit, by), _reasoned(reason)
    today = timezone.localdate()
    if on < today:
        raise Refused(_("A permission is not revoked for days that have passed."))
    if on == today:
        with step(permit, "revoke", by=by, facts=_in_place(giver)):
            permit.revoked_from, permit.reason = on, kept
            telling.decided(permit)
        return
    if permit.ends_on and on > permit.ends_on:
        raise Refused(_("It ends by itself before this day."))
    with recorded("give-notice", by=by, office=permit.office, roles=None) as record:
        rows = Permit.objects.filter(pk=permit.pk, state="granted", revoked_from__isnull=True)
        if not rows.update(revoked_from=on, reason=kept):
            raise Overtaken(_("It is revoked, or notice was given, already."))
        record.on(permit, revoked_from=on.isoformat(), **_in_place(giver))
        permit.revoked_from, permit.reason = on, kept
        telling.noticed(permit)


def number(permit: Permit) -> None:
    """Give it the next number of its country and year, and a code. Numbers are counted once for the whole desk."""
    first = Office.objects.order_by("pk").first()  # the one office that is surely always there
    assert first is not None
    year, prefix = timezone.localdate().year, law.prefix(permit.pack)
    permit.number = f"{prefix}-{year}-{numbering.take(first, f'permit-{prefix}', year):06}"
    permit.code = _code()


def write(permit: Permit, kind: str) -> None:
    """Have the letters on a decision made once it is kept."""
    for pk in letters.want(permit, kind):
        transaction.on_commit(partial(make_letter.enqueue, pk))


def _code() -> str:
    return "".join(secrets.choice(ALPHABET) for _ in range(CODE_LENGTH))


def _place(permit: Permit, by: Person) -> int | None:
    """In whose place `by` decides, None for their own post. Raises Refused for whoever may not decide."""
    if permit.person_id == by.pk:
        raise Refused(_("Nobody decides on their own request."))
    hat = authority.hat_for(permit, by)
    if hat is None:
        role = str(ROLE_NAMES[permit.role]) if permit.role else "–"
        raise Refused(_("This is decided by: {role}, {office}.").format(role=role, office=permit.office or "–"))
    return hat.giver


def _reasoned(reason: str) -> str:
    """The reason as it is kept with the permit, and nowhere else. Raises Refused where there is none."""
    if not reason.strip():
        raise Refused(_("Give a reason: it is kept with the decision and shown to those it concerns."))
    return reason.strip()


def _decide(permit: Permit, by: Person, giver: int | None) -> None:
    today = timezone.localdate()
    permit.decided_on, permit.decided_by, permit.on_behalf_of_id = today, by, giver
    if permit.office and permit.submitted_on:
        permit.took = max(workdays(permit.office).between(permit.submitted_on, today), 0)


def _in_place(giver: int | None) -> dict[str, int]:
    return {"in_place_of": giver} if giver else {}


def _check_kind(permit: Permit, kind: str) -> None:
    if permit.kind != kind:
        raise Refused(_("A permission is granted or refused; a question is answered."))
