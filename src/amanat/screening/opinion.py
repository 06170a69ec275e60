"""What is held of a text as a whole. Apart from the model, which wants numpy: words and rules alone do without."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from amanat.screening.reading import Evidence
from amanat.screening.seen import Seen
from amanat.vocabulary import INTENTS


class Opinion(NamedTuple):
    """The language form if it is in Latin letters, its intents, what is certain, and the topics found with evidence.

    `chances` are those of the topics that words and rules have seen, which they could lower. `asks`: the words with
    which the writer asks whether this may be said.
    """

    latin: str
    intents: Mapping[str, float]
    sure_of: frozenset[str]
    chances: Mapping[str, float]
    found: Sequence[tuple[str, Evidence]]
    asks: tuple[Evidence, ...] = ()


def by_words(seen: Seen) -> Opinion:
    """What words alone say: an intent is the share of words that speak for it."""
    votes = {intent: len(seen.marks.get(f"intent-{intent}", ())) for intent in INTENTS}
    votes["question"] += any(mark in seen.text for mark in "?؟")
    total = sum(votes.values())
    intents = {intent: votes[intent] / total if total else float(intent == "other") for intent in INTENTS}
    return Opinion("en", intents, frozenset(), {}, ())
