"""Clauses among what the search of the whole desk finds."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from amanat.desk.lib.hits import Hit
from amanat.desk.rules import engine, index
from amanat.rulebook import in_words

if TYPE_CHECKING:
    from amanat.desk.registry.models import Person

_MOST = 20


def find(person: Person, words: str) -> Iterator[Hit]:  # noqa: ARG001 (the law is open to everyone)
    """Clauses that hold every one of `words`."""
    lang = get_language() or "en"
    book = engine.shipped()  # names and wording are the same whatever grades were raised
    for clause in index.search(words)[:_MOST]:
        pack = book.pack(clause.pack)
        where = f"{in_words(pack.name, lang)[1]} · {clause.reference}"
        yield Hit(
            _("clause"), in_words(clause.gist, lang)[1], where, reverse("rules:clause", args=[pack.id, clause.id])
        )
