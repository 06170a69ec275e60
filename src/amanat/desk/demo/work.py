"""Work that waits in the demo: handovers under way, raised grades that want a second reader."""

from __future__ import annotations

from datetime import date, timedelta

from django.core.files.uploadedfile import SimpleUploadedFile

from amanat.desk.demo import book
from amanat.desk.demo.people import Staff
from amanat.desk.registry.actions import handovers
from amanat.desk.registry.models import HandoverItem, Office
from amanat.desk.rules import actions, engine


def begin_handovers(offices: dict[str, Office], staff: Staff, today: date) -> None:
    """Begin a handover of a moderator's post for every row of the book; some items are ticked off already."""
    for row in book.rows_at("handovers", set(offices)):
        head, successor = staff.holders(row["office"], "head")[0], staff.holders(row["office"], "officer")[0]
        handover = handovers.begin(
            staff.posts[row["office"], "moderator"][int(row["who"])], by=head, cause=row["cause"],
            leaves_on=today + timedelta(days=int(row["leaves_in"])), successor=successor,
        )  # fmt: skip
        for item in handover.items.filter(kind=HandoverItem.Kind.ACCESS)[: int(row["done"])]:
            handovers.tick(item, by=head, proof=row["proof"])


def propose_grades(offices: dict[str, Office], staff: Staff) -> None:
    """Attach a made-up page as document and propose a grade on its strength; another steward has to agree."""
    for row in book.rows_at("grades", set(offices)):
        by = next(reversed(staff.holders(row["office"], "steward")))
        pack = engine.shipped().pack(row["pack"])
        clause = pack.clauses[row["clause"]]
        upload = SimpleUploadedFile("made-up.pdf", book.document())
        document = actions.attach(pack.instruments[clause.instrument], upload=upload, note=row["note"], by=by)
        actions.propose(clause, after=row["after"], document=document, place=row["place"], by=by)
