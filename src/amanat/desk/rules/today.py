"""What waits in this room."""

from __future__ import annotations

from collections.abc import Iterator

from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from amanat.desk.lib.waiting import SOON, Item, Source
from amanat.desk.registry.models import Person
from amanat.desk.rules.models import Grade
from amanat.desk.rules.workflow import STEWARD
from amanat.phrases import say


def waiting(person: Person) -> list[Source]:
    """Proposed grades that this person may decide on, the longest waiting first."""
    if not person.has_role(*STEWARD):
        return []
    proposed = Grade.objects.visible_to(person).waiting().exclude(proposed_by=person)
    return [Source(proposed.order_by("proposed_at"), _grades)]


def _grades(rows: list[Grade]) -> Iterator[Item]:
    lang = get_language() or "en"
    for grade in rows:
        why = _("Another steward has seen the official document and proposes: {grade}.")
        yield Item(
            since=grade.proposed_at,
            weight=SOON,
            what=_("Clause {clause}: is its wording known?").format(clause=grade.clause),
            why=why.format(grade=say("grade", grade.after, lang)),
            url=f"{reverse('rules:grades')}#grade-{grade.pk}",
            verb=_("Compare and decide"),
        )
