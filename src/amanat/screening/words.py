"""The words of a text with every name counted as one, so that no answer hangs on how long a name is."""

from __future__ import annotations

import sys
from collections.abc import Collection, Mapping, Sequence

from amanat.screening.lexicon import Hit, Term
from amanat.screening.patterns import PatternBook, Place

_EACH_ITS_OWN: Sequence[int] = range(sys.maxsize)
"""The places of words where no name has several."""


class Words:
    """Places of a text's words, names counted as one; `has_long_names` where that makes them other than its words'.

    `names` gives the class of every name, by the folded words it stands on, of a text of `count` words.
    """

    __slots__ = ("_name_at", "_swappable", "firsts", "has_long_names", "lasts", "names", "places")

    def __init__(self, count: int, names: Mapping[Place, str], swappable: Collection[str]) -> None:
        self._swappable = swappable
        self.names = names
        self.places = self.firsts = self.lasts = _EACH_ITS_OWN
        self._name_at = {word: name for name in names for word in range(name[0], name[1] + 1)}
        self.has_long_names = len(self._name_at) > len(names)
        if self.has_long_names:
            self.firsts = [word for word in range(count) if word == self._name_at.get(word, (word,))[0]]
            self.lasts = [*(first - 1 for first in self.firsts[1:]), count - 1]
            self.places = [place for place, last in enumerate(self.lasts) for _ in range(self.firsts[place], last + 1)]

    @classmethod
    def among(cls, count: int, hits: Sequence[Hit], book: PatternBook) -> Words:
        """Those of a text of `count` words in which `hits` were found."""
        names = _names(hits, book.ranks)
        return cls(count, names, book.swappable) if names else _NAMELESS

    def name_at(self, word: int) -> str:
        """The class of the name that a folded word belongs to; "" where it belongs to none."""
        name = self._name_at.get(word)
        return self.names[name] if name else ""

    def of(self, word: int) -> int:
        """The place of a folded word when names count as one."""
        return self.places[word]

    def placed(self, hits: list[Hit]) -> list[Hit]:
        """The hits in these places: a name is a member of its own class and nothing else, nor is any part of it."""
        if not self.names:
            return hits
        named = self._name_at
        # most hits are one word that belongs to no name
        kept = [hit for hit in hits if (hit[1] == hit[2] and hit[1] not in named) or not self._is_hidden(*hit)]
        return [(term, self.of(first), self.of(last)) for term, first, last in kept] if self.has_long_names else kept

    def _is_hidden(self, term: Term, first: int, last: int) -> bool:
        """Whether a name makes a hit on its words mean nothing. A phrase around one not swappable (women) may stand."""
        for word in range(first, last + 1):
            name = self._name_at.get(word)
            if name is None:
                continue
            own = self.names[name]
            if name == (first, last):
                if term.name != own:
                    return True
            elif own in self._swappable or (name[0] <= first and last <= name[1]):
                return True
        return False


_NAMELESS = Words(0, {}, ())


def _names(hits: Sequence[Hit], ranks: Mapping[str, int]) -> dict[Place, str]:
    """Where names stand and the class of each: the longest first, no two overlapping, ties by the order of classes."""
    named = [
        (first - last, first, ranks[term.name], last, term.name)
        for term, first, last in hits
        if term.name in ranks and not term.is_topic
    ]
    named.sort()
    found: dict[Place, str] = {}
    taken: set[int] = set()
    for _, first, _, last, name in named:
        words = range(first, last + 1)
        if taken.isdisjoint(words):
            taken.update(words)
            found[first, last] = name
    return found
