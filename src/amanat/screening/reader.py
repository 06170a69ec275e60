"""Text → Reading: which topics are in it, with the evidence for each. Knows no country, no account, no law."""

from __future__ import annotations

import math
import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from importlib.resources.abc import Traversable

from amanat.screening.channels import Channels
from amanat.screening.fold import Spans, fold
from amanat.screening.identifiers import Identifier, identifiers, secrets
from amanat.screening.lexicon import Automaton, Hit, data_folder, read_terms
from amanat.screening.patterns import PatternBook, Place, Rule, TopicPolicy, read_patterns
from amanat.screening.scripts import DIGITS, language
from amanat.vocabulary import TOPICS

_SENTENCE_END = re.compile(r"[!?۔।؟\n]|\.(?=\s|$)")
_QUOTED = re.compile(r"[\"“”«»„][^\"“”«»„\n]{2,}[\"“”«»„]|(?<!\w)[‘'][^‘'’\n]{2,}[’'](?!\w)")
_SURROGATE = re.compile(r"[\ud800-\udfff]")
_STRONG, _MILD, _LOWERED = 0.9, 0.6, 0.4
_FOUND = 0.5
"""Probability from which a topic counts as found."""
_CLOSE = 8
"""How many words away a word may stand to give an identifier its context."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """Why a topic was found: the place in the original text (`text[start:end]`), the detector, its rule, its reason."""

    start: int
    end: int
    detector: str
    rule: str
    why: str
    probability: float
    is_mild: bool = False
    lowered_by: str = ""


@dataclass(frozen=True, slots=True)
class TopicFound:
    """A topic, how probable it is (0 to 1), and its evidence in the order of the text."""

    id: str
    probability: float
    evidence: tuple[Evidence, ...]

    @property
    def is_mild(self) -> bool:
        """Whether nothing strong speaks for it."""
        return all(e.is_mild for e in self.evidence)


@dataclass(frozen=True, slots=True)
class Reading:
    """What is in a text. `considered` holds what was seen and lowered (denied, quoted, published)."""

    text: str
    lang: str
    topics: tuple[TopicFound, ...]
    considered: tuple[TopicFound, ...]
    signals: Mapping[str, tuple[Place, ...]]
    classes: frozenset[str]

    def __contains__(self, topic: object) -> bool:
        return any(found.id == topic for found in self.topics)

    @property
    def topic_ids(self) -> tuple[str, ...]:
        """Ids of the topics found."""
        return tuple(found.id for found in self.topics)


@dataclass(frozen=True, slots=True)
class _Candidate:
    """Something that speaks for a topic, before it is weighed."""

    topic: str
    place: Place
    detector: str
    rule: str
    why: str
    probability: float
    is_mild: bool = False
    unless: tuple[str, ...] = ()
    negatable: bool = False


class Reader:
    """Reads texts with the shipped lexicons and patterns and any `folders` of an office's own, of the same shape."""

    def __init__(self, *folders: Traversable) -> None:
        terms = []
        book = PatternBook()
        for folder in (data_folder(), *folders):
            terms += read_terms(folder)
            book = book.joined(read_patterns(folder))
        self._topics: Mapping[str, TopicPolicy] = book.topics
        self._signals = book.signals
        self._patterns = {pattern.gate_class: pattern for pattern in book.patterns}
        self._rules = _by_class(book.rules)
        gates = (term for pattern in book.patterns for term in pattern.gate_terms())
        self._automaton = Automaton((*terms, *gates))
        self._function_words = _function_words(data_folder())

    def read(self, text: str) -> Reading:
        """What is in `text`. Never raises for any string; an empty one has nothing in it."""
        plain = fold(text)
        seen = _Seen(text, plain, self._automaton.search(Channels(text, plain)))
        self._run_patterns(seen)
        candidates = [*seen.candidates, *self._rule_candidates(seen), *_identifier_candidates(seen)]
        weighed = [self._weigh(seen, candidate) for candidate in _widest(candidates)]
        topics = tuple(_topics(weighed, lowered=False))
        found = {topic.id for topic in topics}
        return Reading(
            text=text,
            lang=language(plain, self._function_words),
            topics=topics,
            considered=tuple(t for t in _topics(weighed, lowered=True) if t.id not in found),
            signals={
                signal.exception: seen.char_spans(seen.marks[signal.by])
                for signal in self._signals
                if signal.by in seen.marks and not seen.marks.keys() & set(signal.unless)
            },
            classes=frozenset(seen.marks),
        )

    def _run_patterns(self, seen: _Seen) -> None:
        """Run the patterns whose gate was met; what they find becomes a mark of a class or a candidate for a topic."""
        for gate in seen.gates:
            pattern = self._patterns[gate]
            for match in pattern.compiled.finditer(seen.digits):
                place = seen.place_of(*match.span())
                if pattern.topic:
                    seen.candidates.append(
                        _Candidate(pattern.topic, place, "pattern", pattern.id, pattern.why, pattern.probability)
                    )
                else:
                    seen.marks.setdefault(pattern.names, []).append(place)

    def _rule_candidates(self, seen: _Seen) -> Iterator[_Candidate]:
        for name in seen.marks.keys() & self._rules.keys():
            for rule in self._rules[name]:
                for place in rule.places(seen.marks):
                    if seen.is_one_sentence(place):
                        yield _Candidate(
                            rule.topic, place, "rule", rule.id, rule.why, rule.probability,
                            rule.is_mild, rule.unless, rule.negatable,
                        )  # fmt: skip

    def _weigh(self, seen: _Seen, candidate: _Candidate) -> tuple[str, Evidence]:
        lowered_by = self._lowered_by(seen, candidate)
        start, end = seen.span(candidate.place)
        return candidate.topic, Evidence(
            start=start,
            end=end,
            detector=candidate.detector,
            rule=candidate.rule,
            why=candidate.why,
            probability=round(candidate.probability * _LOWERED if lowered_by else candidate.probability, 2),
            is_mild=candidate.is_mild,
            lowered_by=lowered_by,
        )

    def _lowered_by(self, seen: _Seen, candidate: _Candidate) -> str:
        """The class (or "quotation", "negation") that takes the weight from a candidate; "" where it stands."""
        policy = self._topics.get(candidate.topic, TopicPolicy())
        place = candidate.place
        if not any(seen.is_beside(place, name) for name in policy.stands_with):
            for name in (*policy.lowered_by, *candidate.unless):
                if seen.is_beside(place, name):
                    return name
        for name in policy.spares:
            if seen.is_near(place, name, 2) and not seen.is_near(place, "person", 2):
                return name
        if candidate.negatable and seen.is_near(place, "negation", 1):
            return "negation"
        if not policy.quotes_count and seen.is_quoted(place):
            return "quotation"
        return ""


class _Seen:
    """One text under reading: the marks in it, and (worked out when asked for) its words, sentences and quotations."""

    def __init__(self, text: str, plain: str, hits: Iterable[Hit]) -> None:
        self.text = text
        self.plain = plain
        self.marks: dict[str, list[Place]] = {}
        self.gates: dict[str, None] = {}
        self.candidates: list[_Candidate] = []
        self._spans: Spans | None = None
        self._sentences: list[int] | None = None
        self._digits: str | None = None
        for term, first, last in hits:
            if term.is_topic:
                strength = _MILD if term.is_mild else _STRONG
                self.candidates.append(
                    _Candidate(
                        term.name,
                        (first, last),
                        "lexicon",
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
        return self.spans.starts[place[0]], self.spans.ends[place[1]]

    def char_spans(self, places: Iterable[Place]) -> tuple[Place, ...]:
        """`span` of each of `places`."""
        return tuple(self.span(place) for place in places)

    def place_of(self, start: int, end: int) -> Place:
        """The words that a stretch of the original text touches."""
        return self.spans.at(start), self.spans.at(max(start, end - 1))

    def _sentence(self, word: int) -> int:
        if self._sentences is None:
            self._sentences = [match.start() for match in _SENTENCE_END.finditer(self.text)]
        return bisect_left(self._sentences, self.spans.starts[word])

    def is_one_sentence(self, place: Place) -> bool:
        """Whether no sentence ends inside."""
        return self._sentence(place[0]) == self._sentence(place[1])

    def is_beside(self, place: Place, name: str) -> bool:
        """Whether class `name` stands in the same sentence or the one before or after."""
        own = self._sentence(place[0])
        return any(abs(self._sentence(mark[0]) - own) <= 1 for mark in self.marks.get(name, ()))

    def is_near(self, place: Place, name: str, words: int) -> bool:
        """Whether class `name` stands within `words` words, without overlapping."""
        return any(
            place[1] < mark[0] <= place[1] + words + 1 or place[0] - words - 1 <= mark[1] < place[0]
            for mark in self.marks.get(name, ())
        )

    def is_quoted(self, place: Place) -> bool:
        """Whether the words stand wholly inside quotation marks."""
        start, end = self.span(place)
        return any(m.start() < start and end < m.end() for m in _QUOTED.finditer(self.text))


def _by_class(rules: Iterable[Rule]) -> dict[str, list[Rule]]:
    """Rules by the classes of their last need, the one that judges (failure, contempt): the rarest in ordinary text."""
    index: dict[str, list[Rule]] = {}
    for rule in rules:
        for name in rule.needs[-1]:
            index.setdefault(name, []).append(rule)
    return index


def _identifier_candidates(seen: _Seen) -> Iterator[_Candidate]:
    def near(start: int, end: int, names: tuple[str, ...]) -> bool:
        place = seen.place_of(start, end)
        return any(seen.is_near(place, name, _CLOSE) for name in names)

    found: list[Identifier] = list(identifiers(seen.text, near))
    if "credential" in seen.marks:
        found += secrets(seen.text, list(seen.char_spans(seen.marks["credential"])))
    for kind, start, end, probability, why in found:
        yield _Candidate("personal-data", seen.place_of(start, end), "identifier", kind, why, probability)


def _widest(candidates: Iterable[_Candidate]) -> list[_Candidate]:
    """Without those that lie inside another of the same topic at least as strong."""
    kept: list[_Candidate] = []
    for one in sorted(candidates, key=lambda c: (c.place[0] - c.place[1], -c.probability)):
        if not any(
            (
                other.topic == one.topic
                and other.place[0] <= one.place[0]
                and one.place[1] <= other.place[1]
                and (other.probability >= one.probability or not one.is_mild)
                and other.detector != "rule"
            )
            or (other.topic, other.place) == (one.topic, one.place)
            for other in kept
        ):
            kept.append(one)
    return kept


def _topics(weighed: Iterable[tuple[str, Evidence]], *, lowered: bool) -> Iterator[TopicFound]:
    by_topic: dict[str, list[Evidence]] = {}
    for topic, evidence in weighed:
        if bool(evidence.lowered_by) == lowered:
            by_topic.setdefault(topic, []).append(evidence)
    for topic in TOPICS:
        if topic in by_topic:
            found = sorted(by_topic[topic], key=lambda e: (e.start, e.end))
            doubt = math.prod(1 - evidence.probability for evidence in found)
            probability = round(1 - doubt, 2)
            if lowered or probability >= _FOUND:
                yield TopicFound(topic, min(probability, 0.99), tuple(found))


def _function_words(folder: Traversable) -> dict[str, frozenset[str]]:
    home = folder / "function_words"
    return {
        file.name.removesuffix(".txt"): frozenset(fold(file.read_text(encoding="utf-8")).split())
        for file in sorted(home.iterdir(), key=lambda item: item.name)
    }
