"""What stewards do: attach official documents, raise grades on their strength, agree, refuse, undo."""

from __future__ import annotations

from django.core.files.uploadedfile import UploadedFile
from django.db import IntegrityError
from django.utils import timezone
from django.utils.translation import gettext as _

from amanat.desk.audit.door import recorded, step
from amanat.desk.lib import files
from amanat.desk.lib.refusals import Overtaken, Refused
from amanat.desk.registry.models import Office, Person
from amanat.desk.rules import engine
from amanat.desk.rules.models import Document, Grade
from amanat.desk.rules.workflow import STEWARD
from amanat.rulebook import Clause, Instrument

LARGEST = 25 * files.MEGABYTE


def attach(instrument: Instrument, *, upload: UploadedFile[bytes], note: str, by: Person) -> Document:
    """Keep the official text of an instrument. Raises Refused."""
    office = stewarded(by)
    try:
        with recorded("attach", by=by, office=office, roles=STEWARD) as record:
            kept = files.keep(upload, LARGEST, files.DOCUMENTS)
            document = Document.objects.create(
                office=office, pack=instrument.pack, instrument=instrument.id, note=note, by=by, **kept._asdict()
            )
            record.on(document, instrument=instrument.id, pack=instrument.pack, sha256=kept.sha256)
    except IntegrityError:
        raise Refused(_("This very file is attached to this instrument already.")) from None
    return document


def propose(clause: Clause, *, after: str, document: Document, place: str, by: Person) -> Grade:
    """Propose that a clause's wording is known more firmly, for it stands at `place` of `document`. Raises Refused."""
    if (document.pack, document.instrument) != (clause.pack, clause.instrument):
        raise Refused(_("This document belongs to another instrument."))
    if not engine.is_firmer(after, clause.grade):
        raise Refused(_("A grade is only ever raised. To lower one that was agreed here, undo it."))
    office = stewarded(by)
    try:
        with recorded("propose", by=by, office=office, roles=STEWARD, clause=clause.id) as record:
            grade = Grade.objects.create(
                office=office, clause=clause.id, before=clause.grade, after=after, document=document, place=place,
                proposed_by=by,
            )  # fmt: skip
            record.on(grade, before=clause.grade, after=after, document=document.sha256, place=place)
    except IntegrityError:
        raise Overtaken(_("A grade for this clause is proposed already, and waits for a second person.")) from None
    return grade


def agree(grade: Grade, *, by: Person) -> None:
    """Agree to a proposed grade; from now on it holds everywhere. Raises Refused."""
    _second(grade, by)
    with step(grade, "agree", by=by, clause=grade.clause):
        grade.decided_by, grade.decided_at = by, timezone.now()


def refuse(grade: Grade, *, by: Person, reason: str) -> None:
    """Turn a proposed grade down. Raises Refused."""
    _second(grade, by)
    with step(grade, "refuse", by=by, reason=reason, clause=grade.clause):
        grade.decided_by, grade.decided_at = by, timezone.now()


def undo(grade: Grade, *, by: Person, reason: str) -> None:
    """Take an agreed grade back: the clause is as it was. Raises Refused."""
    with step(grade, "undo", by=by, reason=reason, clause=grade.clause):
        pass


def _second(grade: Grade, by: Person) -> None:
    if grade.proposed_by_id == by.pk:
        raise Refused(_("You proposed this grade yourself: another steward decides on it."))


def stewarded(by: Person) -> Office:
    """The office at which a person is steward, the highest of several. Raises Refused where there is none."""
    posts = [post.office for post in by.posts if post.role in STEWARD]
    office = Office.objects.filter(pk__in=posts).order_by("path").first()
    if office is None:
        raise Refused(_("Official documents and grades are kept by stewards. Ask the steward above your office."))
    return office
