"""Telling people, and what they do with what they were told."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable

from django.conf import settings
from django.db.models import QuerySet
from django.utils import timezone, translation

from amanat.desk.audit.door import recorded
from amanat.desk.registry.actions.logins import seat
from amanat.desk.registry.models import Notice, Person

_CHUNK = 1000

Words = Callable[[], tuple[str, str]]
"""What and why, in the language that is active when it is called."""


def tell(people: Iterable[Person], key: str, words: Words, url: str, *, urgent: bool = False) -> None:
    """Tell each of `people` once of the occasion `key`, in their own language. Told again, nothing happens.

    `urgent`: mailed at once, whatever they chose; for what touches their security, and nothing else.
    """
    by_language = defaultdict(list)
    for person in people:
        by_language[person.language or settings.LANGUAGE_CODE].append(person.pk)
    for language, numbers in by_language.items():
        with translation.override(language):
            what, why = words()
        told = {"key": key, "what": what[:200], "why": why[:400], "url": url, "is_urgent": urgent}
        rows = (Notice(person_id=pk, **told) for pk in numbers)
        Notice.objects.bulk_create(rows, batch_size=_CHUNK, ignore_conflicts=True)


def read(notices: QuerySet[Notice], *, by: Person) -> None:
    """Mark those of a person's own notices as read. No line in the log: what somebody has read is nobody's business."""
    notices.filter(person=by, seen_at=None).update(seen_at=timezone.now())


def choose(mail: str, *, by: Person) -> None:
    """Keep how a person wants to hear of their notices by mail."""
    with recorded("choose", by=by, office=seat(by), roles=None) as record:
        by.mail = mail
        by.save(update_fields=["mail"])
        record.on(by, mail=mail)
