"""Signed sheets: an office hands in the scan, and those who signed it have acknowledged."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from functools import partial

from django.conf import settings
from django.core.files import File
from django.db import IntegrityError
from django.utils import timezone
from django.utils.translation import gettext as _

from amanat.desk.audit.door import allow, recorded
from amanat.desk.circulars.models import Acknowledgement, Addressee, Circular, Copy, Sheet
from amanat.desk.circulars.workflow import SENDERS
from amanat.desk.lib import files, scans
from amanat.desk.lib.refusals import Overtaken, Refused
from amanat.desk.registry.actions import notices
from amanat.desk.registry.models import Office, Person

LARGEST = 25 * files.MEGABYTE
KINDS = (files.PDF, files.JPEG, files.PNG, files.TIFF)
MOST = 2_000
"""So many numbers a sheet may hold."""


@dataclass(frozen=True)
class Match:
    """What the numbers on a sheet mean: who is entered by it, acknowledged before, is not asked, is unknown."""

    fresh: list[Addressee] = field(default_factory=list)
    before: list[Addressee] = field(default_factory=list)
    elsewhere: list[Person] = field(default_factory=list)
    unknown: list[str] = field(default_factory=list)


def match(circular: Circular, office: Office, numbers: Iterable[str], *, by: Person) -> Match:
    """Look who the personnel numbers are: those asked through `office` or one below it. A dry run: nothing is written.

    Somebody whom `by` may not see counts as unknown: the sheet is no way to try numbers out.
    """
    wanted = list(dict.fromkeys(numbers))
    rows = Addressee.objects.filter(
        circular=circular, person__number__in=wanted, office__path__startswith=office.path
    ).select_related("person", "office")
    found = {str(row.person.number): row for row in rows.order_by("office__path", "person__name", "pk") if row.person}
    left = [number for number in wanted if number not in found]
    seen = {one.number: one for one in Person.objects.visible_to(by).filter(number__in=left)}
    return Match(
        [row for row in found.values() if row.seen < circular.version],
        [row for row in found.values() if row.seen >= circular.version],
        [seen[number] for number in left if number in seen],
        [number for number in left if number not in seen],
    )


def keep_scan(circular: Circular, office: Office, upload: File[bytes], *, by: Person) -> files.Kept:
    """Keep a scan until it is handed in: what it is follows from its content, and with a scanner it is looked at first.

    Raises Refused.
    """
    check(circular, office, by=by)
    kept = files.keep(upload, LARGEST, KINDS)
    if settings.SCAN:
        try:
            is_clean = scans.is_clean(files.path_of(kept.sha256), settings.SCAN)
        except scans.Unseen:
            raise Refused(
                _("The file could not be looked at for viruses just now. Try again in a few minutes.")
            ) from None
        if not is_clean:
            raise Refused(_("Something harmful was found in this file: it is not taken."))
    return kept


def hand_in(
    circular: Circular, office: Office, *, by: Person, scan: files.Kept, language: str, signed_on: date,
    numbers: Iterable[str], version: int,
) -> Sheet:  # fmt: skip
    """Write the acknowledgements of those on a signed sheet, with the sheet as their proof."""
    try:
        with recorded("hand-in", by=by, office=office, roles=SENDERS) as record:
            check(circular, office, by=by)
            if circular.version != version:
                raise Overtaken(_("It was corrected meanwhile: let the newest version be signed."))
            fresh = [row.pk for row in match(circular, office, numbers, by=by).fresh]
            if not fresh:
                raise Refused(_("Nobody on this sheet has still to acknowledge: there is nothing to write."))
            sheet = Sheet.objects.create(
                circular=circular, office=office, version=version, language=language, signed_on=signed_on, by=by,
                **scan._asdict(),
            )  # fmt: skip
            Acknowledgement.objects.bulk_create(
                (Acknowledgement(addressee_id=pk, version=version, language=language, sheet=sheet) for pk in fresh),
                ignore_conflicts=True,
            )
            Addressee.objects.filter(pk__in=fresh, seen__lt=version).update(
                seen=version, acknowledged_at=timezone.now()
            )
            _tell(sheet, fresh)
            record.on(circular, sheet=sheet.pk, sha256=scan.sha256, people=len(fresh), version=version)
    except IntegrityError:
        raise Overtaken(_("This very scan was handed in already for this office.")) from None
    return sheet


def _tell(sheet: Sheet, rows: list[int]) -> None:
    """Tell those who have acknowledged by a sheet: somebody else wrote it for them."""
    circular = sheet.circular
    people = Person.objects.serving().filter(circulars__in=rows).only("pk", "language")
    notices.tell(people, f"sheet:{sheet.pk}", partial(_words, circular), circular.get_absolute_url())


def _words(circular: Circular) -> tuple[str, str]:
    return str(circular), _(
        "Your office handed in a signed sheet: by it you have acknowledged this circular. "
        "If you did not sign, tell the head of your office."
    )


def check(circular: Circular, office: Office, *, by: Person) -> None:
    """Refuse where no sheet can be handed in: not in force, not at this office, not by this person."""
    allow(SENDERS, by, office)
    if circular.state != "dispatched":
        raise Refused(_("This circular is not in force any more."))
    if not Copy.objects.filter(circular=circular, office=office).exists():
        raise Refused(_("This office did not get the circular."))
