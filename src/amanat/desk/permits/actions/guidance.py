"""Answers become guidance: one decider tells one anew without names, another agrees."""

from __future__ import annotations

import regex
from django.db import IntegrityError
from django.utils import timezone
from django.utils.translation import gettext as _

from amanat.desk.audit.door import recorded, step
from amanat.desk.lib.refusals import Overtaken, Refused
from amanat.desk.permits import authority
from amanat.desk.permits.actions import telling
from amanat.desk.permits.models import Guidance, Permit
from amanat.desk.registry.models import Person

_SHORTEST = 3
"""Parts of a name with fewer letters are words of their own too often."""


def propose(permit: Permit, *, by: Person, question: str, answer: str) -> Guidance:
    """Propose an answer for the pages of its clauses."""
    _check_decides(permit, by)
    if permit.state != "answered":
        raise Refused(_("Only a question that is answered can become guidance."))
    if not permit.clauses():
        raise Refused(_("Guidance stands on the page of a clause, and this question names none."))
    if _names(permit).search(f"{question} {answer}"):
        raise Refused(
            _("A name of whoever asked, or of their office, stands in it. Guidance is published without names.")
        )
    try:
        with recorded("propose-guidance", by=by, office=permit.office, roles=None) as record:
            guidance = Guidance.objects.create(
                permit=permit, question=question.strip(), answer=answer.strip(), proposed_by=by
            )
            record.on(guidance)
            telling.proposed(guidance)
    except IntegrityError:
        raise Overtaken(_("This answer is proposed, or published, already.")) from None
    return guidance


def publish(guidance: Guidance, *, by: Person) -> None:
    """Agree: from now on everybody reads it on the pages of its clauses."""
    _second(guidance, by)
    with step(guidance, "publish", by=by):
        guidance.decided_by, guidance.decided_at = by, timezone.now()


def drop(guidance: Guidance, *, by: Person, reason: str) -> None:
    """Do not publish it."""
    _second(guidance, by)
    with step(guidance, "drop", by=by, reason=reason):
        guidance.decided_by, guidance.decided_at = by, timezone.now()


def undo(guidance: Guidance, *, by: Person, reason: str) -> None:
    """Take it off the pages."""
    _check_decides(guidance.permit, by)
    with step(guidance, "undo", by=by, reason=reason):
        pass


def _names(permit: Permit) -> regex.Pattern[str]:
    """What must not stand in guidance, as whole words: parts of the asker's name, number, address, office."""
    person, office = permit.person, permit.asked_from
    parts = [part for part in regex.split(r"[\s.]+", f"{person.name} {person.local_name}") if len(part) >= _SHORTEST]
    whole = [name for name in (person.number, person.email, office.name, office.local_name) if name]
    # vowel signs belong to the word they stand in
    words = "|".join(map(regex.escape, [*parts, *whole]))
    return regex.compile(rf"(?<![\w\p{{M}}])(?:{words})(?![\w\p{{M}}])", regex.IGNORECASE | regex.FULLCASE)


def _second(guidance: Guidance, by: Person) -> None:
    _check_decides(guidance.permit, by)
    if guidance.proposed_by_id == by.pk:
        raise Refused(_("You proposed this yourself: another person who decides here reads it and agrees."))


def _check_decides(permit: Permit, by: Person) -> None:
    if authority.hat_for(permit, by) is None:
        raise Refused(_("This is for those who decide on permits at this office."))
