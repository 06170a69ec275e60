"""What is done with the draft of a circular: begin it, write it, settle what it says of itself and whom it goes to."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext as _

from amanat.desk.audit.door import recorded, step
from amanat.desk.circulars.audience import Audience
from amanat.desk.circulars.models import Circular, DistributionList, Text
from amanat.desk.circulars.workflow import WRITERS
from amanat.desk.lib.refusals import Overtaken, Refused
from amanat.desk.registry.actions.offices import keep_open
from amanat.desk.registry.models import Office, Person


def begin(office: Office, *, by: Person, language: str, subject: str, body: str) -> Circular:
    """Begin a draft with its text in one language."""
    with recorded("draft", by=by, office=office, roles=WRITERS) as record:
        keep_open(office)
        circular = Circular.objects.create(office=office, author=by, subject={language: subject})
        Text.objects.create(circular=circular, language=language, subject=subject, body=body)
        record.on(circular, language=language)
    return circular


def write(circular: Circular, *, by: Person, language: str, subject: str, body: str) -> None:
    """Write the text of a draft in a language, over what stood there. Both empty: that language is taken out."""
    with recorded("write", by=by, office=circular.office, roles=WRITERS) as record:
        now = keep_draft(circular)
        if subject or body:
            Text.objects.update_or_create(
                circular=now, version=1, language=language, defaults={"subject": subject, "body": body}
            )
        else:
            Text.objects.filter(circular=now, version=1, language=language).delete()
        now.subject = dict(now.texts.filter(version=1).values_list("language", "subject"))
        if not now.subject:
            raise Refused(_("A circular has a text in at least one language."))
        now.save(update_fields=["subject"])
        record.on(now, language=language)


def settle(circular: Circular, *, by: Person, **values: Any) -> None:
    """Set what a draft says of itself: number and date where it was issued elsewhere, what it replaces, its days."""
    with recorded("settle", by=by, office=circular.office, roles=WRITERS) as record:
        now = keep_draft(circular)
        changed = sorted(name for name, value in values.items() if getattr(now, name) != value)
        for name in changed:
            setattr(now, name, values[name])
        replaced = now.supersedes
        if replaced and (replaced.office_id != now.office_id or replaced.state != "dispatched"):
            raise Refused(_("It takes the place only of a circular in force that this office issued."))
        if not now.elsewhere:
            now.number, now.dated_on = "", None
        now.save()
        record.on(now, changed=changed)


def address(circular: Circular, *, by: Person, lists: Iterable[DistributionList], audience: Audience) -> None:
    """Choose whom a draft goes to: saved lists of its office, and others for this letter alone."""
    with recorded("address", by=by, office=circular.office, roles=WRITERS) as record:
        now, chosen = keep_draft(circular), list(lists)
        if any(one.office_id != now.office_id for one in chosen):
            raise Refused(_("Choose among the lists of the office that sends the letter."))
        now.lists.set(chosen)
        now.audience = audience.as_data()
        now.save(update_fields=["audience"])
        record.on(now, lists=[one.name for one in chosen])


def drop(circular: Circular, *, by: Person) -> None:
    """Drop a draft: it is kept, and goes nowhere."""
    with step(circular, "drop", by=by):
        circular.refresh_from_db()


def keep_draft(circular: Circular) -> Circular:
    """The draft as it stands now; until this is done, nobody else changes or sends it. Raises Overtaken."""
    now = Circular.objects.select_for_update(of=("self",)).filter(pk=circular.pk, state="draft").first()
    if now is None:
        raise Overtaken(_("This is no draft any more: it was sent or dropped meanwhile."))
    return now


def keep_in_force(circular: Circular) -> Circular:
    """One that is out, as it stands now; until this is done, nobody else corrects or ends it. Raises Refused."""
    now = Circular.objects.select_for_update(of=("self",)).filter(pk=circular.pk, state="dispatched").first()
    if now is None:
        raise Refused(_("This circular is not in force any more."))
    return now
