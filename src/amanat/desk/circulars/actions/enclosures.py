"""Enclosing files with a circular, and taking them out of a draft."""

from __future__ import annotations

from functools import partial

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from amanat.desk.audit.door import recorded
from amanat.desk.circulars import tasks
from amanat.desk.circulars.actions.drafts import keep_draft
from amanat.desk.circulars.models import Circular, Enclosure
from amanat.desk.circulars.workflow import WRITERS
from amanat.desk.lib import files
from amanat.desk.lib.refusals import Refused
from amanat.desk.registry.models import Person

LARGEST = 25 * files.MEGABYTE
KINDS = (*files.DOCUMENTS, *files.OFFICE_DOCUMENTS)
MOST = 20


def enclose(
    circular: Circular, *, by: Person, upload: UploadedFile[bytes], language: str = "", title: str = ""
) -> Enclosure:
    """Enclose a file with a draft. With a scanner it is looked at before anybody can open it."""
    try:
        with recorded("enclose", by=by, office=circular.office, roles=WRITERS) as record:
            now = keep_draft(circular)
            if now.enclosures.count() >= MOST:
                raise Refused(_("A circular has at most twenty enclosures. Put some of them into one file."))
            kept = files.keep(upload, LARGEST, KINDS)
            row = Enclosure.objects.create(
                circular=now, by=by, language=language, title=title, **kept._asdict(),
                state="waiting" if settings.SCAN else "unscanned",
            )  # fmt: skip
            record.on(now, sha256=kept.sha256, name=kept.name)
    except IntegrityError:
        raise Refused(_("This very file is enclosed already.")) from None
    if row.state == "waiting":
        transaction.on_commit(partial(tasks.look.enqueue, row.pk), robust=True)
    return row


def take_out(row: Enclosure, *, by: Person) -> None:
    """Take an enclosure out of a draft. The file itself stays kept under its hash, out of everybody's reach."""
    with recorded("take-out", by=by, office=row.office, roles=WRITERS) as record:
        now = keep_draft(row.circular)
        record.on(now, sha256=row.sha256, name=row.name)
        row.delete()
