"""What the page of a circular says about following it: which links and buttons this person would not be refused."""

from __future__ import annotations

from typing import Any

from django.db.models import Exists

from amanat.desk.audit.door import open_steps
from amanat.desk.circulars import tally
from amanat.desk.circulars.models import Addressee, Answer, Circular, Copy, Question
from amanat.desk.circulars.workflow import SENT
from amanat.desk.registry.models import Person


def following_of(row: Circular, person: Person) -> dict[str, Any]:
    """Whether this person may look who has not acknowledged, and withdraw the circular."""
    withdrawing = [one for one in open_steps(row, person) if one.verb == "withdraw"]
    return {"may_follow": row.state in SENT and _may_follow(row, person), "withdrawing": withdrawing}


def must_answer(me: Addressee | None) -> bool:
    """Whether an addressee has questions to answer before they may acknowledge."""
    if me is None:
        return False
    passed = Answer.objects.filter(addressee=me, passed_at__isnull=False)
    return Question.objects.filter(~Exists(passed), circular=me.circular_id).exists()


def _may_follow(row: Circular, person: Person) -> bool:
    part = tally.part_of(row, person)
    if part in (tally.EVERYTHING, ()):
        return bool(part)
    return Copy.objects.filter(tally.within(part), circular=row).exists()
