"""Correcting a circular that is out: its texts and enclosures stay, and a new version stands beside them."""

from __future__ import annotations

from collections.abc import Collection

from django.utils import timezone
from django.utils.translation import gettext as _

from amanat.desk.audit.door import recorded
from amanat.desk.circulars.actions.drafts import keep_in_force
from amanat.desk.circulars.actions.enclosures import carry_over
from amanat.desk.circulars.actions.reminders import begin, tell_soon
from amanat.desk.circulars.models import Addressee, Circular, Enclosure, Reminder, Text
from amanat.desk.circulars.workflow import SENDERS
from amanat.desk.lib.refusals import Overtaken, Refused
from amanat.desk.registry.calendars import workdays
from amanat.desk.registry.models import Person


def correct(
    circular: Circular, *, by: Person, reason: str, version: int, language: str = "", subject: str = "",
    body: str = "", enclosures: Collection[Enclosure] | None = None, again: bool = False,
) -> None:  # fmt: skip
    """Make the version after `version`: one language written anew, the others as they are, with other `enclosures`.

    Without a `language` the texts stay; with None for `enclosures` those stay. `again`: all acknowledge it. Two who
    correct the same version: the second is told, for otherwise one correction would undo the other.
    """
    with recorded("correct", by=by, office=circular.office, roles=SENDERS, reason=reason) as record:
        if not reason.strip():
            raise Refused(_("Say what was wrong: it is shown to the readers."))
        now = keep_in_force(circular)
        if now.version != version:
            raise Overtaken(_("Somebody else corrected it meanwhile. Look at the newest version first."))
        before = {one.language: (one.subject, one.body) for one in now.texts_of()}
        texts = before | ({language: (subject, body)} if language else {})
        is_enclosed_anew = carry_over(now, enclosures)
        if texts == before and not is_enclosed_anew:
            raise Refused(_("Nothing is different from what stands there."))
        now.version += 1
        now.subject = {code: heading for code, (heading, _body) in texts.items()}
        now.save(update_fields=["version", "subject"])
        Text.objects.bulk_create(
            Text(circular=now, version=now.version, language=code, subject=heading, body=words)
            for code, (heading, words) in texts.items()
        )
        facts = {"enclosures": [one.sha256 for one in now.enclosures_of()]} if is_enclosed_anew else {}
        record.on(now, version=now.version, language=language, again=again, **facts)
        if again:
            _ask_again(now, by)


def _ask_again(circular: Circular, by: Person) -> None:
    """From this version on an acknowledgement counts, with a day of its own; everybody is told. Inside a transaction.

    Rounds of the version before end here, and the clock reminds of this one from tomorrow on.
    """
    today = timezone.localdate()
    Reminder.objects.under_way().filter(circular=circular).update(done_at=timezone.now())
    circular.asked, circular.reminded_on = circular.version, today
    circular.due_on = workdays(circular.office).later(today, circular.days) if circular.days else None
    circular.save(update_fields=["asked", "reminded_on", "due_on"])
    row = begin(circular, f"corrected-{circular.version}", day=today, by=by)
    tell_soon(row, Addressee.objects.filter(circular=circular).count())
