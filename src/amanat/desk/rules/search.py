"""The clauses as an index to search: their words folded, so that spelling variants of one word find one another."""

from __future__ import annotations

from functools import cache
from typing import NamedTuple

from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from amanat.desk.lib.hits import Hit
from amanat.desk.registry.models import Person
from amanat.desk.rules import engine
from amanat.phrases import say
from amanat.rulebook import Clause, in_words
from amanat.screening.fold import fold
from amanat.vocabulary import SCREEN_LANGS

_MOST = 20
"""Clauses shown among the hits of all rooms; the search of the rules itself shows every one."""


class Entry(NamedTuple):
    """A clause's words: those that tell what it says, and all."""

    clause: Clause
    near: str
    all: str


def find(person: Person, words: str) -> list[Hit]:  # noqa: ARG001 (law is public)
    """The first clauses that hold the words, for the search across all rooms."""
    lang = get_language() or "en"
    return [
        Hit(_("clause"), clause.reference, in_words(clause.gist, lang)[1], reverse("rules:cited", args=[clause.id]))
        for clause in search(words)[:_MOST]
    ]


def search(words: str) -> list[Clause]:
    """The clauses in which every one of `words` occurs or begins a word; those that say it themselves first."""
    wanted = [f" {word}" for word in fold(words).split()]
    if not wanted:
        return []
    found = [entry for entry in _entries() if all(word in entry.all for word in wanted)]
    found.sort(key=lambda entry: _weight(entry, wanted), reverse=True)
    return [entry.clause for entry in found]


def _weight(entry: Entry, wanted: list[str]) -> tuple[int, int]:
    """Words that stand in the clause's own text, whole ones before beginnings; then whether it is in force still."""
    near = sum((word in entry.near) + (f"{word} " in entry.near) for word in wanted)
    return near, entry.clause.ends is None


@cache
def _entries() -> tuple[Entry, ...]:
    entries = []
    for pack in engine.shipped().packs.values():
        for clause in pack.clauses.values():
            near = fold(" ".join((*clause.gist.values(), *pack.instruments[clause.instrument].title.values())))
            topics = (say("topic", topic, lang) for topic in clause.topics for lang in SCREEN_LANGS)
            number = pack.instruments[clause.instrument].number
            rest = fold(" ".join((clause.reference, clause.id, number, *pack.name.values(), *topics)))
            entries.append(Entry(clause, near, f"{near}{rest}"))
    return tuple(entries)
