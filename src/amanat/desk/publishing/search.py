"""Drafts by their titles, among what a person may see."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext as _

from amanat.desk.lib.glossary import STATES
from amanat.desk.lib.hits import Hit
from amanat.desk.publishing.models import Draft
from amanat.desk.registry.models import Person

_MOST = 20


def find(person: Person, words: str) -> Iterator[Hit]:
    """What holds every one of `words`; one query."""
    rows = Draft.objects.visible_to(person)
    for word in words.split():
        rows = rows.filter(title__icontains=word)
    for draft in rows[:_MOST]:
        yield Hit(_("draft"), draft.title, str(STATES[draft.state]), draft.get_absolute_url())
