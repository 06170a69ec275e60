"""What was seen in one text before it is weighed: marks of classes, candidates for topics, and where words stand."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import pairwise
from typing import NamedTuple

from amanat.screening.channels import Channels
from amanat.screening.document import NUMBER, Document, tokens
from amanat.screening.fold import Spans
from amanat.screening.folded import Folded
from amanat.screening.lexicon import Hit, Term
from amanat.screening.patterns import PatternBook, Place
from amanat.screening.scripts import DIGITS
from amanat.screening.words import Words

_SENTENCE_END = re.compile(r"[!?۔।؟\n]|\.(?=\s|$)")
_QUOTED = re.compile(r"[\"“”«»„][^\"“”«»„\n]{2,}[\"“”«»„]|(?<!\w)[‘'][^‘'’\n]{2,}[’'](?!\w)")
_SURROGATE = re.compile(r"[\ud800-\udfff]")
_STRONG, _MILD = 0.9, 0.6
_PHRASE = 30
"""Words of the longest phrase in a word list, and more."""


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

    __slots__ = (
        "_digits",
        "_holding",
        "_in_order",
        "_origins",
        "_quotes",
        "_sentences",
        "_words",
        "candidates",
        "folded",
        "gates",
        "marks",
        "text",
    )  # fmt: skip

    def __init__(self, folded: Folded, hits: list[Hit], book: PatternBook) -> None:
        self.folded = folded
        self.text = folded.text
        self.marks: dict[str, list[Place]] = {}
        self.gates: dict[str, None] = {}
        self.candidates: list[Candidate] = []
        self._sentences: list[int] | None = None
        self._digits: str | None = None
        self._quotes: list[tuple[int, int]] | None = None
        self._in_order: dict[str, list[Place]] = {}
        self._holding: dict[str, list[int]] = {}
        self._origins: Sequence[Place] = ()  # of the words of the document, the folded words; empty: each its own
        self._words = Words.among(len(folded.words), hits, book)
        gates, marks = book.gates, self.marks
        met: set[tuple[str, Place]] = set()
        for term, first, last in self._words.placed(hits):
            name = term.name
            place = (first, last)
            if term.is_topic:
                self.candidates.append(_candidate(term, place))
            if name in gates:
                self.gates[name] = None
            elif (name, place) not in met:
                met.add((name, place))
                marks.setdefault(name, []).append(place)

    @property
    def spans(self) -> Spans:
        """Where the folded words stand in the text."""
        return self.folded.spans

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
        holding = self._sentences_with(name)
        here = bisect_left(holding, first - sentences)
        return here < len(holding) and holding[here] <= last + sentences

    def _sentences_with(self, name: str) -> list[int]:
        """The sentences in which marks of class `name` begin, in order."""
        if name not in self._holding:
            self._holding[name] = sorted(self._sentence(mark[0]) for mark in self.marks.get(name, ()))
        return self._holding[name]

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

    def document(
        self, channels: Channels, signs: Mapping[str, list[Place]], sounds: Mapping[str, str], *, has_digits: bool
    ) -> Document:
        """The text as the trained reader takes it: names and numbers as tokens; `signs` in the places of this text."""
        undone, names = channels.undone, self._words.names
        words = self.folded.words if undone is None else [word for word, _, _ in undone]
        words = tokens(words, has_digits=has_digits, may_be_long=self.folded.may_be_long or undone is not None)
        if undone is None and not (has_digits and _has_groups(words)):
            if self._words.has_long_names:
                words = [words[first] for first in self._words.firsts]
            for (first, _), name in names.items():
                words[self._words.places[first]] = f"<{name}>"
        else:
            places = [place for _, *place in undone] if undone is not None else [[i, i] for i in range(len(words))]
            words, index = self._merged(words, places)
            signs = {sign: [(index[first], index[last]) for first, last in spots] for sign, spots in signs.items()}
        return Document(words, sounds, signs)

    def _merged(self, words: list[str], places: list[list[int]]) -> tuple[list[str], list[int]]:
        """The words of the document where some are one, and of every word of this text, which of them holds it."""
        merged: list[str] = []
        index: list[int] = []
        origins: list[Place] = []
        for word, (first, last) in zip(words, places, strict=True):
            start, end = self._words.places[first], self._words.places[last]
            if end < len(index):
                continue  # the rest of a name
            name = self._words.name_at(first)
            shown = f"<{name}>" if name else word
            if start < len(index) or (shown == NUMBER and merged and merged[-1] == shown):
                # what begins inside a name and goes on; the groups of one number, a date or a time: one token
                origins[-1] = origins[-1][0], self._words.lasts[end]
            else:
                merged.append(shown)
                origins.append((self._words.firsts[start], self._words.lasts[end]))
            index.extend([len(merged) - 1] * (end + 1 - len(index)))
        self._origins = origins
        return merged, index

    def spans_of_document(self, stretches: Iterable[Place]) -> list[tuple[int, int]]:
        """Start and end in the original text of stretches of words of the document."""
        starts, ends = self.spans.starts, self.spans.ends
        if self._origins:
            return [(starts[self._origins[first][0]], ends[self._origins[last][1]]) for first, last in stretches]
        firsts, lasts = self._words.firsts, self._words.lasts
        return [(starts[firsts[first]], ends[lasts[last]]) for first, last in stretches]

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


def _has_groups(words: Sequence[str]) -> bool:
    """Whether a number is written in several words."""
    return words.count(NUMBER) > 1 and any(one == other == NUMBER for one, other in pairwise(words))


def _candidate(term: Term, place: Place) -> Candidate:
    return Candidate(
        term.name,
        place,
        "own" if term.is_own else "lexicon",
        f"{term.name}/{term.lang}",
        term.words,
        _MILD if term.is_mild else _STRONG,
        term.is_mild,
    )
