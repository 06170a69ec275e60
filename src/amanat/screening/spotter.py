"""Lexicons, rules, patterns and identifiers on one text: what was spotted, and what its surroundings leave of it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from importlib.resources.abc import Traversable
from typing import NamedTuple

from amanat.screening.channels import Channels
from amanat.screening.document import Document
from amanat.screening.folded import Folded, fold_each
from amanat.screening.identifiers import Identifier, has_identifiers, identifiers, secrets
from amanat.screening.lexicon import Automaton, data_folder, read_terms, read_words
from amanat.screening.patterns import Place, Rule, TopicPolicy, read_patterns
from amanat.screening.reading import Evidence
from amanat.screening.scripts import language, scripts
from amanat.screening.seen import Candidate, Seen

_LOWERED = 0.4


class Spotted(NamedTuple):
    """What was seen in one text, every candidate with its evidence, its language, and the document for the model."""

    lang: str
    seen: Seen
    weighed: list[tuple[Candidate, Evidence]]
    document: Document


class Spotter:
    """The shipped lexicons and patterns and any `folders` of an office's own, of the same shape."""

    def __init__(self, *folders: Traversable, fold: Callable[[Sequence[str]], list[Folded]] = fold_each) -> None:
        self._fold = fold
        shipped = data_folder()
        book = read_patterns(shipped)
        for folder in folders:
            read_terms(folder)  # so that a fault in an office's own lists is told now, not at some later text
            book = book.joined(read_patterns(folder))
        self.book = book
        self._patterns = {pattern.gate_class: pattern for pattern in book.patterns}
        self._rules = _by_class(book.rules)
        gates = (term for pattern in book.patterns for term in pattern.gate_terms())
        self._automaton = Automaton((shipped, *folders), gates, read_words(shipped / "spelled.txt"))

    def forget(self) -> None:
        """Forget how the words met so far sound."""
        self._automaton.forget()

    def spot(self, text: str) -> Spotted:
        """All that is seen in `text`, weighed."""
        return self.spot_many([text])[0]

    def spot_many(self, texts: Sequence[str]) -> list[Spotted]:
        """All that is seen in each of `texts`: one step for all of them, then the next, as processor caches like it."""
        folded = self._fold(texts)
        channels = list(map(self._automaton.channels, folded))
        hits = self._automaton.search(channels, [scripts(one.letters) for one in folded])
        seen = [Seen(one, found, self.book) for one, found in zip(folded, hits, strict=True)]
        return list(map(self._spotted, seen, channels))

    def _spotted(self, seen: Seen, channels: Channels) -> Spotted:
        self._run_patterns(seen)
        candidates = [*seen.candidates, *self._rule_candidates(seen)]
        has_digits = seen.folded.letters.digits > 0
        if has_digits and (has_identifiers(seen.text) or "credential" in seen.marks):
            candidates += _identifier_candidates(seen)
        weighed = [(one, self._weigh(seen, one)) for one in _widest(candidates)] if candidates else []
        document = seen.document(channels, _signs(seen, weighed), self._automaton.sounds, has_digits=has_digits)
        return Spotted(language(seen.folded.letters), seen, weighed, document)

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
        for name in seen.marks:
            for need, rule in self._rules.get(name, ()):
                if need.isdisjoint(seen.marks):
                    continue
                for place, judgement in rule.places(seen.marks):
                    if seen.sentences(place) <= 1 + rule.across:
                        yield Candidate(
                            rule.topic, place, "rule", rule.id, rule.why, rule.probability,
                            rule.is_mild, rule.unless, judgement if rule.negatable else None,
                        )  # fmt: skip

    def _weigh(self, seen: Seen, candidate: Candidate) -> Evidence:
        lowered_by = self._lowered_by(seen, candidate)
        start, end = seen.span(candidate.place)
        return Evidence(
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
        policy = self.book.topics.get(candidate.topic, TopicPolicy())
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


def _signs(seen: Seen, weighed: list[tuple[Candidate, Evidence]]) -> dict[str, list[Place]]:
    """What lexicons and rules tell the model, with the places it was seen in."""
    signs = dict(seen.marks)
    for candidate, evidence in weighed:
        rule = candidate.rule.partition("/")[0]
        for sign in (f"{'-' if evidence.lowered_by else '+'}{candidate.topic}", f"={rule}"):
            signs.setdefault(sign, []).append(candidate.place)
    if "?" in seen.text or "؟" in seen.text:
        signs["?"] = []
    return signs


def _by_class(rules: Iterable[Rule]) -> dict[str, list[tuple[frozenset[str], Rule]]]:
    """Rules by the classes of their last need, the one that judges (failure, contempt): the rarest in ordinary text.

    With each its first need: where nothing meets that, there is no more to look for.
    """
    index: dict[str, list[tuple[frozenset[str], Rule]]] = {}
    for rule in rules:
        for name in rule.needs[-1]:
            index.setdefault(name, []).append((frozenset(rule.needs[0]), rule))
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
    reached: dict[tuple[str, str], int] = {}
    for one in sorted(candidates, key=lambda c: (c.place[0], -c.place[1], -c.probability)):
        key = one.topic, one.rule
        if one.place[1] > reached.get(key, -1):
            reached[key] = one.place[1]
            kept.append(one)
    return kept
