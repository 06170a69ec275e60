"""Enclosing files with a circular, taking them out of a draft, and changing what a corrected version encloses."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from functools import partial

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from amanat.desk.audit.door import recorded
from amanat.desk.circulars import tasks
from amanat.desk.circulars.actions.drafts import keep_draft, keep_in_force
from amanat.desk.circulars.models import Circular, Enclosure
from amanat.desk.circulars.workflow import SENDERS, WRITERS
from amanat.desk.lib import files
from amanat.desk.lib.refusals import Overtaken, Refused
from amanat.desk.registry.models import Person

LARGEST = 25 * files.MEGABYTE
KINDS = (*files.DOCUMENTS, *files.OFFICE_DOCUMENTS)
MOST = 20


def enclose(
    circular: Circular, *, by: Person, upload: UploadedFile[bytes], language: str = "", title: str = ""
) -> Enclosure:
    """Enclose a file with a draft; of a circular in force, prepare it for the version that corrects it.

    With a scanner it is looked at before anybody can open it.
    """
    is_draft = circular.state == "draft"
    try:
        with recorded("enclose", by=by, office=circular.office, roles=WRITERS if is_draft else SENDERS) as record:
            now = keep_draft(circular) if is_draft else keep_in_force(circular)
            version = now.version if is_draft else now.version + 1
            if now.enclosures.filter(version=version).count() >= MOST:
                raise _too_many()
            kept = files.keep(upload, LARGEST, KINDS)
            row = Enclosure.objects.create(
                circular=now, version=version, by=by, language=language, title=title, **kept._asdict(),
                state="waiting" if settings.SCAN else "unscanned",
            )  # fmt: skip
            record.on(now, sha256=kept.sha256, name=kept.name)
    except IntegrityError:
        raise Refused(_("This very file is enclosed already.")) from None
    if row.state == "waiting":
        transaction.on_commit(partial(tasks.look.enqueue, row.pk), robust=True)
    return row


def take_out(row: Enclosure, *, by: Person) -> None:
    """Take an enclosure out of a draft, or of what is prepared for the next version of a circular in force.

    The file itself stays kept under its hash, out of everybody's reach.
    """
    is_draft = row.circular.state == "draft"
    with recorded("take-out", by=by, office=row.office, roles=WRITERS if is_draft else SENDERS) as record:
        now = keep_draft(row.circular) if is_draft else keep_in_force(row.circular)
        record.on(now, sha256=row.sha256, name=row.name)
        prepared = now.enclosures.all() if is_draft else now.enclosures.filter(version__gt=now.version)
        if not prepared.filter(pk=row.pk).delete()[0]:
            raise Overtaken(_("This circular is no draft any more: what was sent stays as it was."))


def carry_over(circular: Circular, chosen: Collection[Enclosure] | None) -> bool:
    """Settle what the version after the current one encloses; whether that is anything else. Inside a transaction.

    `chosen`, out of what is enclosed now and what is prepared; None: what is enclosed now. What was prepared and is not
    among them waits for the version after. Raises Overtaken where one of them was taken out meanwhile.
    """
    rows = Enclosure.objects.filter(circular=circular, until=None)
    here, prepared = rows.out(), rows.filter(version__gt=circular.version)
    wanted = {one.pk for one in (here if chosen is None else chosen)}
    going = list(rows.filter(pk__in=wanted))
    if len(going) < len(wanted):
        raise Overtaken(_("Somebody else changed the enclosures meanwhile. Look at them again."))
    if len(going) > MOST:
        raise _too_many()
    check_open(going)
    ended = here.exclude(pk__in=wanted).update(until=circular.version)
    prepared.exclude(pk__in=wanted).update(version=circular.version + 2)
    return bool(ended) or any(one.version > circular.version for one in going)


def check_open(rows: Iterable[Enclosure]) -> None:
    """Raise Refused where one of them is not found clean yet, or found harmful."""
    states = {one.state for one in rows}
    if "waiting" in states:
        raise Refused(_("An enclosure is still being looked at. Wait until it is found clean."))
    if "infected" in states:
        raise Refused(_("Something harmful was found in an enclosure. Take it out first."))


def _too_many() -> Refused:
    return Refused(_("A circular has at most twenty enclosures. Put some of them into one file."))
