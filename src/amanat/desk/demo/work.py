"""Work that waits in the demo: handovers under way, raised grades that want a second reader."""

from __future__ import annotations

import hashlib
from datetime import date, timedelta

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.utils import timezone

from amanat.desk.audit.door import recorded
from amanat.desk.demo import book
from amanat.desk.demo.people import Staff
from amanat.desk.registry.models import Channel, Group, Handover, HandoverItem, Office, Person
from amanat.desk.registry.workflow import LEADERS
from amanat.desk.rules.models import Document, Grade
from amanat.desk.rules.workflow import STEWARD
from amanat.rulebook import load_rulebook

Kind = HandoverItem.Kind


def begin_handovers(offices: dict[str, Office], staff: Staff, today: date) -> None:
    """Begin a handover of a moderator's post for every row of the book; some items are ticked off already."""
    for row in book.rows_at("handovers", set(offices)):
        office, head = offices[row["office"]], staff.holders(row["office"], "head")[0]
        post = staff.posts[row["office"], "moderator"][int(row["who"])]
        with recorded("begin", by=head, office=office, roles=LEADERS) as record:
            last_day = today + timedelta(days=int(row["leaves_in"]))
            handover = Handover.objects.create(
                appointment=post, cause=row["cause"], leaves_on=last_day,
                successor=staff.holders(office.code, "officer")[0],
            )  # fmt: skip
            items = _items(handover, post.person, office)
            for item in [item for item in items if item.kind == Kind.ACCESS][: int(row["done"])]:
                item.proof, item.done_at, item.done_by = (
                    "The list of users was seen without the name",
                    timezone.now(),
                    head,
                )
            HandoverItem.objects.bulk_create(items)
            record.on(handover, items=len(items), last_day=last_day.isoformat())


def _items(handover: Handover, person: Person, office: Office) -> list[HandoverItem]:
    seats = Channel.objects.filter(office=office, seats__person=person).exclude(state="closed")
    recovers = Channel.objects.in_use().filter(office=office, recovery_person=person)
    groups = Group.objects.filter(office=office, administrators__person=person)
    both = (Kind.PANEL, Kind.ACCESS)
    return [
        *(HandoverItem(handover=handover, kind=kind, channel=one) for one in seats for kind in both),
        *(HandoverItem(handover=handover, kind=Kind.RECOVERY, channel=one) for one in recovers),
        *(HandoverItem(handover=handover, kind=Kind.GROUP, group=one) for one in groups),
    ]  # fmt: skip


def propose_grades(offices: dict[str, Office], staff: Staff) -> None:
    """Attach a made-up page as document and propose a grade on its strength; another steward has to agree."""
    content = book.document()
    sha256 = hashlib.sha256(content).hexdigest()
    for row in book.rows_at("grades", set(offices)):
        office = offices[row["office"]]
        by = next(
            person for (_, role), held in staff.posts.items() if role == "steward" for person in [held[-1].person]
        )
        clause = load_rulebook(row["pack"]).pack(row["pack"]).clauses[row["clause"]]
        with recorded("attach", by=by, office=office, roles=STEWARD) as record:
            document = Document.objects.create(
                office=office, pack=row["pack"], instrument=clause.instrument, sha256=sha256, size=len(content),
                name="made-up.pdf", kind="application/pdf", note="Made up for the demo", by=by,
            )  # fmt: skip
            record.on(document, sha256=sha256)
        with recorded("propose", by=by, office=office, roles=STEWARD) as record:
            grade = Grade.objects.create(
                office=office, clause=clause.id, before=clause.grade, after=row["after"], document=document,
                place=row["place"], proposed_by=by,
            )  # fmt: skip
            record.on(grade, before=clause.grade, after=row["after"])
    if not default_storage.exists(f"documents/{sha256}"):
        default_storage.save(f"documents/{sha256}", ContentFile(content))
