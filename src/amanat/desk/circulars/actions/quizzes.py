"""The questions that go with a circular: written with the draft, answered before acknowledging."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.models import F
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext as _

from amanat.desk.audit.door import recorded
from amanat.desk.circulars.actions.drafts import keep_draft
from amanat.desk.circulars.models import Addressee, Answer, Circular, Question
from amanat.desk.circulars.models.quizzes import MOST_QUESTIONS
from amanat.desk.circulars.workflow import WRITERS
from amanat.desk.lib.refusals import Refused
from amanat.desk.registry.models import Person


def ask(circular: Circular, *, by: Person, questions: Sequence[dict[str, Any]]) -> None:
    """Set the questions of a draft, over what stood there: each as `words` by language and its `right` place."""
    with recorded("quiz", by=by, office=circular.office, roles=WRITERS) as record:
        now = keep_draft(circular)
        if len(questions) > MOST_QUESTIONS:
            raise Refused(_("Three questions are the most: a quiz is a help to read, not an examination."))
        now.questions.all().delete()
        Question.objects.bulk_create(
            Question(circular=now, place=place, words=one["words"], right=one["right"])
            for place, one in enumerate(questions, 1)
        )
        record.on(now, questions=len(questions))


def answer(circular: Circular, *, by: Person, given: dict[int, int]) -> list[Question]:
    """Answer the questions by their numbers; those that are wrong, none where all is right.

    What was answered is not kept: only how often somebody tried, and when all was right.
    """
    row = Addressee.objects.filter(circular=circular, person=by).select_related("office").first()
    if row is None:
        raise Refused(_("This circular did not come to you by name: there is nothing to answer."))
    if circular.state != "dispatched":
        raise Refused(_("This circular is not in force any more."))
    wrong = [one for one in circular.questions.all() if given.get(one.pk) != one.right]
    with recorded("answer-quiz", by=by, office=row.office or circular.office, roles=None) as record:
        Answer.objects.get_or_create(addressee=row)
        mine = Answer.objects.filter(addressee=row)
        mine.filter(tries__lt=_MOST_TRIES).update(tries=F("tries") + 1)
        if not wrong:
            mine.update(passed_at=Coalesce("passed_at", timezone.now()))
        record.on(circular)
    return wrong


_MOST_TRIES = 30_000
"""Where counting stops: what the column holds."""
