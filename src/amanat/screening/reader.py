"""Text → Reading: which topics are in it, with the evidence for each. Knows no country, no account, no law."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from importlib.resources.abc import Traversable
from typing import NamedTuple

from amanat.screening.fold import fold
from amanat.screening.identifiers import Identifier, identifiers, secrets
from amanat.screening.lexicon import Automaton, data_folder, read_terms, read_words
from amanat.screening.patterns import Place, Rule, TopicPolicy, read_patterns
from amanat.screening.scripts import language
from amanat.screening.seen import Candidate, Seen
from amanat.vocabulary import TOPICS

_LOWERED = 0.4
_FOUND = 0.5
"""Probability from which a topic counts as found."""


class Evidence(NamedTuple):
    """Why a topic was found: the place in the original text (`text[start:end]`), the detector, its rule, its reason."""

    start: int
    end: int
    detector: str
    rule: str
    why: str
    probability: float
    is_mild: bool = False
    lowered_by: str = ""


class TopicFound(NamedTuple):
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
    """What is in a text. `considered` holds what was seen and lowered (denied, quoted, published).

    `signals` gives the exceptions that words of the text claim, with their places (start, end); `classes` how often
    words of each class stand in it.
    """

    text: str
    lang: str
    topics: tuple[TopicFound, ...]
    considered: tuple[TopicFound, ...]
    signals: Mapping[str, tuple[Place, ...]]
    classes: Mapping[str, int]

    def __contains__(self, topic: object) -> bool:
        return any(found.id == topic for found in self.topics)

    @property
    def topic_ids(self) -> tuple[str, ...]:
        """Ids of the topics found."""
        return tuple(found.id for found in self.topics)


class Reader:
    """Reads texts with the shipped lexicons and patterns and any `folders` of an office's own, of the same shape."""

    def __init__(self, *folders: Traversable) -> None:
        shipped = data_folder()
        book = read_patterns(shipped)
        for folder in folders:
            read_terms(folder)  # so that a fault in an office's own lists is told now, not at some later text
            book = book.joined(read_patterns(folder))
        self._book = book
        self._patterns = {pattern.gate_class: pattern for pattern in book.patterns}
        self._rules = _by_class(book.rules)
        gates = (term for pattern in book.patterns for term in pattern.gate_terms())
        self._automaton = Automaton((shipped, *folders), gates, read_words(shipped / "spelled.txt"))
        self._function_words = _function_words(shipped)

    def read(self, text: str) -> Reading:
        """What is in `text`. Never raises for any string; an empty one has nothing in it."""
        plain = fold(text)
        seen = Seen(text, plain, list(self._automaton.search(text, plain)), self._book)
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
                for signal in self._book.signals
                if signal.by in seen.marks and not seen.marks.keys() & set(signal.unless)
            },
            classes={name: len(places) for name, places in seen.marks.items()},
        )

    def _run_patterns(self, seen: Seen) -> None:
        """Run the patterns whose gate was met; what they find becomes a mark of a class or a candidate for a topic."""
        for gate in seen.gates:
            pattern = self._patterns[gate]
            for match in pattern.compiled.finditer(seen.digits):
                place = seen.place_of(*match.span())
                if pattern.topic:
                    seen.candidates.append(
                        Candidate(pattern.topic, place, "pattern", pattern.id, pattern.why, pattern.probability)
                    )
                else:
                    seen.marks.setdefault(pattern.names, []).append(place)

    def _rule_candidates(self, seen: Seen) -> Iterator[Candidate]:
        for name in seen.marks.keys() & self._rules.keys():
            for rule in self._rules[name]:
                for place, judgement in rule.places(seen.marks):
                    if seen.sentences(place) <= 1 + rule.across:
                        yield Candidate(
                            rule.topic, place, "rule", rule.id, rule.why, rule.probability,
                            rule.is_mild, rule.unless, judgement if rule.negatable else None,
                        )  # fmt: skip

    def _weigh(self, seen: Seen, candidate: Candidate) -> tuple[str, Evidence]:
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

    def _lowered_by(self, seen: Seen, candidate: Candidate) -> str:
        """The class (or "quotation", "negation") that takes the weight from a candidate; "" where it stands."""
        policy = self._book.topics.get(candidate.topic, TopicPolicy())
        place = candidate.place
        if not any(seen.is_beside(place, name, 1) for name in policy.stands_with):
            for name in (*policy.lowered_by, *candidate.unless):
                if seen.is_beside(place, name, int(policy.across)):
                    return name
        for name in policy.spares:
            if seen.is_near(place, name, 2) and not seen.is_near(place, "person", 2):
                return name
        if candidate.negatable and seen.is_near(candidate.negatable, "negation", 1):
            return "negation"
        if not policy.quotes_count and seen.is_quoted(place):
            return "quotation"
        return ""


def _by_class(rules: Iterable[Rule]) -> dict[str, list[Rule]]:
    """Rules by the classes of their last need, the one that judges (failure, contempt): the rarest in ordinary text."""
    index: dict[str, list[Rule]] = {}
    for rule in rules:
        for name in rule.needs[-1]:
            index.setdefault(name, []).append(rule)
    return index


def _identifier_candidates(seen: Seen) -> Iterator[Candidate]:
    def near(start: int, end: int, words: int, names: tuple[str, ...]) -> bool:
        place = seen.place_of(start, end)
        return any(seen.is_near(place, name, words) for name in names)

    found: list[Identifier] = list(identifiers(seen.text, near))
    if "credential" in seen.marks:
        found += secrets(seen.text, list(seen.char_spans(seen.marks["credential"])))
    for kind, start, end, probability, why in found:
        yield Candidate("personal-data", seen.place_of(start, end), "identifier", kind, why, probability)


def _widest(candidates: Iterable[Candidate]) -> list[Candidate]:
    """Without those that lie inside another of the same topic by the same rule."""
    kept: list[Candidate] = []
    for one in sorted(candidates, key=lambda c: (c.place[0] - c.place[1], -c.probability)):
        if not any(
            other.topic == one.topic
            and other.rule == one.rule
            and other.place[0] <= one.place[0]
            and one.place[1] <= other.place[1]
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
    files = sorted(home.iterdir(), key=lambda item: item.name)
    return {file.name.removesuffix(".txt"): read_words(file) for file in files}
