"""What was seen in one text before it is weighed: marks of classes, candidates for topics, and where words stand."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from amanat.screening.channels import Word
from amanat.screening.document import Document
from amanat.screening.fold import Spans
from amanat.screening.lexicon import Hit
from amanat.screening.patterns import PatternBook, Place
from amanat.screening.scripts import DIGITS

_SENTENCE_END = re.compile(r"[!?۔।؟\n]|\.(?=\s|$)")
_QUOTED = re.compile(r"[\"“”«»„][^\"“”«»„\n]{2,}[\"“”«»„]|(?<!\w)[‘'][^‘'’\n]{2,}[’'](?!\w)")
_SURROGATE = re.compile(r"[\ud800-\udfff]")
_STRONG, _MILD = 0.9, 0.6
_PHRASE = 30
"""Words of the longest phrase in a word list, and more."""
_LONGEST = 40
"""Letters of the longest word that is one; what is longer is noise or an attack, and one token."""


class Candidate(NamedTuple):
    """Something that speaks for a topic, before it is weighed."""

    topic: str
    place: Place
    detector: str
    rule: str
    why: str
    probability: float
    is_mild: bool = False
    unless: tuple[str, ...] = ()
    negatable: Place | None = None


class Seen:
    """One text under reading: the marks in it, and (worked out when asked for) its words, sentences and quotations."""

    def __init__(self, text: str, plain: str, hits: list[Hit], book: PatternBook) -> None:
        self.text = text
        self.marks: dict[str, list[Place]] = {}
        self.gates: dict[str, None] = {}
        self.candidates: list[Candidate] = []
        self._spans: Spans | None = None
        self._sentences: list[int] | None = None
        self._digits: str | None = None
        self._quotes: list[tuple[int, int]] | None = None
        self._in_order: dict[str, list[Place]] = {}
        self._origins: list[Place] = []  # of every word of the document, the folded words it stands for
        self._words = Words(plain, hits, book)
        for term, first, last in self._words.placed(hits):
            if term.is_topic:
                strength = _MILD if term.is_mild else _STRONG
                self.candidates.append(
                    Candidate(
                        term.name,
                        (first, last),
                        "own" if term.is_own else "lexicon",
                        f"{term.name}/{term.lang}",
                        term.words,
                        strength,
                        term.is_mild,
                    )
                )
            if term.name.startswith("gate:"):
                self.gates[term.name] = None
            elif (first, last) not in (places := self.marks.setdefault(term.name, [])):
                places.append((first, last))

    @property
    def spans(self) -> Spans:
        """Where the folded words stand in the text."""
        if self._spans is None:
            self._spans = Spans(self.text)
        return self._spans

    @property
    def digits(self) -> str:
        """The text with every digit ASCII and no lone surrogates (RE2 takes none), places kept."""
        if self._digits is None:
            self._digits = _SURROGATE.sub("\ufffd", self.text.translate(DIGITS))
        return self._digits

    def span(self, place: Place) -> tuple[int, int]:
        """Start and end in the original text."""
        return self.spans.starts[self._words.firsts[place[0]]], self.spans.ends[self._words.lasts[place[1]]]

    def char_spans(self, places: Iterable[Place]) -> tuple[Place, ...]:
        """`span` of each of `places`."""
        return tuple(self.span(place) for place in places)

    def place_of(self, start: int, end: int) -> Place:
        """The words that a stretch of the original text touches."""
        return self._words.of(self.spans.at(start)), self._words.of(self.spans.at(max(start, end - 1)))

    def _sentence(self, word: int) -> int:
        if self._sentences is None:
            self._sentences = [match.start() for match in _SENTENCE_END.finditer(self.text)]
        return bisect_left(self._sentences, self.spans.starts[self._words.firsts[word]])

    def sentences(self, place: Place) -> int:
        """How many sentences the words touch."""
        return self._sentence(place[1]) - self._sentence(place[0]) + 1

    def is_beside(self, place: Place, name: str, sentences: int) -> bool:
        """Whether class `name` stands in a sentence the words touch, or up to so many sentences before or after."""
        first, last = self._sentence(place[0]), self._sentence(place[1])
        return any(
            first - sentences <= self._sentence(mark[0]) <= last + sentences for mark in self.marks.get(name, ())
        )

    def is_near(self, place: Place, name: str, words: int) -> bool:
        """Whether class `name` stands within `words` words, without overlapping."""
        marks = self._sorted(name)
        # a mark is a phrase of at most so many words, so only those that begin near enough need a look
        first = bisect_left(marks, (place[0] - words - _PHRASE, 0))
        last = bisect_left(marks, (place[1] + words + 2, 0))
        return any(
            place[1] < mark[0] <= place[1] + words + 1 or place[0] - words - 1 <= mark[1] < place[0]
            for mark in marks[first:last]
        )

    def _sorted(self, name: str) -> list[Place]:
        if name not in self._in_order:
            self._in_order[name] = sorted(self.marks.get(name, ()))
        return self._in_order[name]

    def document(self, undone: Iterable[Word], sounds: Mapping[str, str], signs: Mapping[str, list[Place]]) -> Document:
        """The text as the trained reader takes it: names and numbers as tokens; `signs` in the places of this text."""
        words: list[str] = []
        index: list[int] = []  # of every word of this text, which word of the document holds it
        places, names = self._words.places, self._words.names_at
        for word, first, last in undone:
            start, end = places[first], places[last]
            if start < len(index):
                continue  # the rest of a name
            shown = f"<{names[first]}>" if first in names else "<number>" if word.isdigit() else word
            if shown == "<number>" and words and words[-1] == shown:
                # the groups of one number, a date or a time are one token
                self._origins[-1] = self._origins[-1][0], self._words.lasts[end]
            else:
                words.append(shown if len(shown) <= _LONGEST else "<long>")
                self._origins.append((self._words.firsts[start], self._words.lasts[end]))
            index.extend([len(words) - 1] * (end + 1 - len(index)))
        placed = {sign: [(index[first], index[last]) for first, last in places] for sign, places in signs.items()}
        return Document(words, [sounds[word] for word in words], placed)

    def span_of_document(self, first: int, last: int) -> tuple[int, int]:
        """Start and end in the original text of words of the document."""
        return self.spans.starts[self._origins[first][0]], self.spans.ends[self._origins[last][1]]

    def named(self) -> Iterator[tuple[str, tuple[int, int]]]:
        """Every name in the text: its class, and its start and end."""
        for (first, last), name in sorted(self._words.names.items()):
            yield name, (self.spans.starts[first], self.spans.ends[last])

    def is_quoted(self, place: Place) -> bool:
        """Whether the words stand wholly inside quotation marks."""
        if self._quotes is None:
            self._quotes = [match.span() for match in _QUOTED.finditer(self.text)]
        start, end = self.span(place)
        before = bisect_left(self._quotes, (start, 0))
        return before > 0 and end < self._quotes[before - 1][1]


class Words:
    """The words of a text with every name counted as one, so that no answer hangs on how long a name is."""

    def __init__(self, plain: str, hits: list[Hit], book: PatternBook) -> None:
        count = plain.count(" ") - 1
        self._swappable = book.swappable
        self.names = _names(hits, book.entities)
        self.names_at = {word: name for (first, last), name in self.names.items() for word in range(first, last + 1)}
        self.places: Sequence[int] = range(count)
        self.firsts: Sequence[int] = range(count)
        self.lasts: Sequence[int] = range(count)
        if self.names:
            self._name_at = {word: name for name in self.names for word in range(name[0], name[1] + 1)}
            inside = {word for first, last in self.names for word in range(first + 1, last + 1)}
            self.firsts = [word for word in range(count) if word not in inside]
            self.lasts = [*(first - 1 for first in self.firsts[1:]), count - 1]
            self.places = [place for place, last in enumerate(self.lasts) for _ in range(self.firsts[place], last + 1)]

    def of(self, word: int) -> int:
        """The place of a folded word when names count as one."""
        return self.places[word] if self.places else 0

    def placed(self, hits: list[Hit]) -> Iterator[Hit]:
        """The hits in these places: a name is a member of its own class and nothing else, nor is any part of it."""
        if not self.names:
            yield from hits
            return
        for hit in hits:
            touched = {self._name_at[word] for word in range(hit.first, hit.last + 1) if word in self._name_at}
            if not any(self._hides(name, hit) for name in touched):
                yield Hit(hit.term, self.of(hit.first), self.of(hit.last))

    def _hides(self, name: Place, hit: Hit) -> bool:
        """Whether a name makes a hit on its words mean nothing. A phrase around one not swappable (women) may stand."""
        if name == (hit.first, hit.last):
            return hit.term.name != self.names[name]
        is_within = name[0] <= hit.first and hit.last <= name[1]
        return is_within or self.names[name] in self._swappable


def _names(hits: list[Hit], entities: tuple[str, ...]) -> dict[Place, str]:
    """Where names stand and the class of each: the longest first, no two overlapping, ties by the order of classes."""
    found: dict[Place, str] = {}
    taken: set[int] = set()
    named = [hit for hit in hits if hit.term.name in entities and not hit.term.is_topic]
    for hit in sorted(named, key=lambda h: (h.first - h.last, h.first, entities.index(h.term.name))):
        words = range(hit.first, hit.last + 1)
        if taken.isdisjoint(words):
            taken.update(words)
            found[hit.first, hit.last] = hit.term.name
    return found
