"""Letters: wanted with the decision, made by a queued task, kept by their hash."""

from __future__ import annotations

from django.core.files.base import ContentFile
from django.utils import timezone

from amanat.desk.lib import files, letters
from amanat.desk.permits import law, paper
from amanat.desk.permits.models import Letter, Permit

LARGEST = 10 * files.MEGABYTE


def want(permit: Permit, kind: str) -> list[int]:
    """Note which letters a decision needs, one a language of its rules; their numbers, for the task that makes them."""
    for language in law.languages(permit.pack):
        Letter.objects.get_or_create(permit=permit, kind=kind, language=language)
    return list(permit.letters.filter(kind=kind).values_list("pk", flat=True))


def make(pk: int) -> None:
    """Make one letter. Made already, nothing happens; made twice at once, one of the two is kept."""
    wanted = Letter.objects.filter(pk=pk, sha256="").select_related(
        "permit__office", "permit__person", "permit__asked_from", "permit__decided_by", "permit__on_behalf_of"
    )
    letter = wanted.first()
    if letter is None:
        return
    made = letters.pdf(paper.sheet(letter))
    kept = files.keep(ContentFile(made, "letter.pdf"), LARGEST, [files.PDF])
    Letter.objects.filter(pk=pk, sha256="").update(sha256=kept.sha256, made_at=timezone.now())
