"""Circulars by number and subject, among what a person may see."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext as _

from amanat.desk.circulars.forms.numbers import holding
from amanat.desk.circulars.models import Circular
from amanat.desk.lib.hits import Hit
from amanat.desk.registry.models import Person

_MOST = 20


def find(person: Person, words: str) -> Iterator[Hit]:
    """Those whose number or subject, in any language, holds every one of `words`."""
    rows = holding(Circular.objects.visible_to(person), words).select_related("office")
    for row in rows[:_MOST]:
        yield Hit(_("circular"), str(row), str(row.office), row.get_absolute_url())
