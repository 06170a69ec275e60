"""Acknowledging: by each person for themselves, once for each office, and once for each address outside."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet, Value
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext as _

from amanat.desk.audit.door import NOT_YOURS, ROLE_NAMES, recorded
from amanat.desk.circulars.models import Acknowledgement, Addressee, Answer, Circular, Copy
from amanat.desk.circulars.workflow import SENDERS
from amanat.desk.lib.commas import listed
from amanat.desk.lib.refusals import Overtaken, Refused
from amanat.desk.registry.models import Office, Person

ACTING = frozenset({"officer", "moderator"})
"""Who acknowledges for an office at which nobody leads today."""


def acknowledge(circular: Circular, *, by: Person, version: int, language: str) -> bool:
    """Acknowledge having read a version in a language; False, and nothing happens, where that was done before."""
    row = Addressee.objects.filter(circular=circular, person=by).select_related("office").first()
    if row is None:
        raise Refused(_("This circular did not come to you by name: there is nothing to acknowledge."))
    if row.seen >= version:
        return False
    _check_version(circular, version)
    _check_language(circular, version, language)
    if circular.questions.exists() and not Answer.objects.filter(addressee=row, passed_at__isnull=False).exists():
        raise Refused(_("Answer the questions first: they show that the letter was understood."))
    try:
        with recorded("acknowledge", by=by, office=row.office or circular.office, roles=None) as record:
            _move(Addressee.objects.filter(pk=row.pk), version)
            Acknowledgement.objects.create(addressee=row, version=version, language=language)
            record.on(circular, version=version, language=language)
    except Overtaken:
        return False
    return True


def for_office(copy: Copy, *, by: Person, version: int) -> bool:
    """Acknowledge for an office that it got a version; False, and nothing happens, where that was done before."""
    if not may_for(copy.office, by):
        roles = listed(name for role, name in ROLE_NAMES.items() if role in SENDERS)
        raise Refused(str(NOT_YOURS).format(roles=roles))
    if copy.seen >= version:
        return False
    _check_version(copy.circular, version)
    try:
        with recorded("receive", by=by, office=copy.office, roles=None) as record:
            _move(Copy.objects.filter(pk=copy.pk), version, acknowledged_by=by)
            record.on(copy.circular, version=version)
    except Overtaken:
        return False
    return True


def from_outside(row: Addressee, *, version: int, language: str) -> bool:
    """Note that a version was received at an address outside; False, and nothing happens, where that was done before.

    Whoever holds the link of the mail says so: nobody's name is known. The questions are for those who serve here.
    """
    circular = row.circular
    if 0 < version <= row.seen:
        return False
    _check_version(circular, version)
    _check_language(circular, version, language)
    try:
        with recorded("note-receipt", by=None, office=circular.office, roles=None) as record:
            # A mail that still waits would only remind of it.
            mailed_at = Coalesce("mailed_at", Value(timezone.now()))
            _move(Addressee.objects.filter(pk=row.pk), version, mailed_at=mailed_at)
            Acknowledgement.objects.create(addressee=row, version=version, language=language)
            record.on(circular, version=version, language=language, addressee=row.pk)
    except Overtaken:
        return False
    return True


def may_for(office: Office, by: Person) -> bool:
    """Whether `by` acknowledges for `office`: who leads it by a post there; while nobody does, whoever works there."""
    here = {post.role for post in by.posts if post.office == office.pk} if by.is_active else set()
    if here & SENDERS:
        return True
    return bool(here & ACTING) and not Person.objects.posted_at(office, SENDERS).exists()


def _move(rows: QuerySet[Any], version: int, **more: Any) -> None:
    """Note the version on the row, unless another press did: of many at once exactly one does."""
    if not rows.filter(seen__lt=version).update(seen=version, acknowledged_at=timezone.now(), **more):
        raise Overtaken(_("It was acknowledged already."))


def _check_version(circular: Circular, version: int) -> None:
    if circular.state != "dispatched":
        raise Refused(_("This circular is not in force any more."))
    if version != circular.version:
        raise Refused(_("It was corrected meanwhile. Read the newest version, and acknowledge that."))


def _check_language(circular: Circular, version: int, language: str) -> None:
    if not circular.texts.filter(version=version, language=language).exists():
        raise Refused(_("There is no text in this language. Acknowledge the one that you read."))
