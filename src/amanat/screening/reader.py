"""Text → Reading: which topics are in it, with the evidence for each. Knows no country, no account, no law."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from importlib.resources.abc import Traversable
from typing import TYPE_CHECKING

from amanat.screening.lexicon import data_folder
from amanat.screening.reading import Evidence, Reading, TopicFound
from amanat.screening.scripts import language
from amanat.screening.seen import Seen
from amanat.screening.spotter import Spotted, Spotter
from amanat.vocabulary import INTENTS, LATIN, TOPICS

if TYPE_CHECKING:
    from amanat.screening.classifier import Classifier, Head, Scores

_FOUND = 0.5
"""Probability from which what was spotted counts as found."""
_UNLIKELY = 0.1
"""Probability below which the model's view of the whole text outweighs single words."""
_SURE = {"stop": "stops", "hide": "hides"}
"""What findings may ground, and the head whose certainty allows it."""
_SHARE = 0.6
"""How much of what speaks for a topic the highlighted words must carry."""


class Reader:
    """Reads texts with lexicons, rules and the trained model; any `folders` of an office's own add words and rules.

    Without `learned`, words and rules alone: several times faster, and blind to what is said without keywords.
    """

    def __init__(self, *folders: Traversable, learned: bool = True) -> None:
        self._spotter = Spotter(*folders)
        self._classifier: Classifier | None = None
        if learned:
            from amanat.screening.classifier import Classifier  # numpy takes a while to load

            self._classifier = Classifier(data_folder() / "model")

    def read(self, text: str) -> Reading:
        """What is in `text`. Never raises for any string; an empty one has nothing in it."""
        spotted = self._spotter.spot(text)
        if self._classifier is None:
            weighed = [(candidate.topic, evidence) for candidate, evidence in spotted.weighed]
            return self._reading(spotted, weighed, {})
        scores = self._classifier.read(spotted.document)
        chances = self._classifier.probabilities(scores)
        weighed = [(c.topic, _in_context(e, chances[c.topic])) for c, e in spotted.weighed]
        found = _learned(self._classifier, spotted, scores, chances)
        reading = self._reading(spotted, [*weighed, *found], chances)
        if chances["asks"] < self._classifier.heads["asks"].found or not _is_speech(spotted.document.words):
            return reading
        return replace(reading, asks=tuple(_carriers(self._classifier, spotted, scores, "asks", chances["asks"])))

    def _reading(self, spotted: Spotted, weighed: list[tuple[str, Evidence]], chances: dict[str, float]) -> Reading:
        seen = spotted.seen
        topics = tuple(_topics([(topic, e) for topic, e in weighed if not e.lowered_by], _FOUND))
        found = {topic.id for topic in topics}
        return Reading(
            text=seen.text,
            lang=_language(spotted.plain, chances),
            topics=topics,
            considered=tuple(_topics([(t, e) for t, e in weighed if e.lowered_by and t not in found], 0)),
            signals={
                signal.exception: seen.char_spans(seen.marks[signal.by])
                for signal in self._spotter.book.signals
                if signal.by in seen.marks and not seen.marks.keys() & set(signal.unless)
            },
            intents={i: round(chances[f"intent-{i}"], 3) for i in INTENTS} if chances else _voted(seen),
            sure_of=frozenset(
                name
                for name, head in _SURE.items()
                if self._classifier and chances[head] >= self._classifier.heads[head].firm
            ),
        )


def _learned(
    classifier: Classifier, spotted: Spotted, scores: Scores, chances: dict[str, float]
) -> Iterator[tuple[str, Evidence]]:
    """The topics the model finds, each with the words that carried it."""
    if not _is_speech(spotted.document.words):
        return
    for topic in _likely(classifier.heads, spotted, chances):
        for evidence in _carriers(classifier, spotted, scores, topic, chances[topic]):
            yield topic, evidence


def _carriers(classifier: Classifier, spotted: Spotted, scores: Scores, head: str, chance: float) -> Iterator[Evidence]:
    """The words that carried a head."""
    parts, _ = classifier.contributions(scores, head)
    for first, last in _carrying(parts):
        start, end = spotted.seen.span_of_document(first, last)
        yield Evidence(
            start, end, "learned", head, "these words weigh most for it", round(chance, 2),
            is_mild=chance < classifier.heads[head].firm,
        )  # fmt: skip


def _likely(heads: Mapping[str, Head], spotted: Spotted, chances: dict[str, float]) -> list[str]:
    """The topics past their thresholds. What was seen and lowered (denied, quoted, public) the model does not raise."""
    lowered = {candidate.topic for candidate, evidence in spotted.weighed if evidence.lowered_by}
    possible = [topic for topic in TOPICS if topic not in lowered]
    found = [topic for topic in possible if chances[topic] >= heads[topic].found]
    if not found and possible and chances["any"] >= heads["any"].firm:
        # that there is something is certain; what it is, is the likeliest by each topic's own measure
        likeliest = max(possible, key=lambda topic: chances[topic] / heads[topic].found)
        found = [likeliest] if chances[likeliest] >= heads[likeliest].found / 2 else []
    return found


def _voted(seen: Seen) -> dict[str, float]:
    """Intents by words alone: the share of words that speak for each."""
    votes = {intent: len(seen.marks.get(f"intent-{intent}", ())) for intent in INTENTS}
    votes["question"] += any(mark in seen.text for mark in "?؟")
    total = sum(votes.values())
    return {intent: votes[intent] / total if total else float(intent == "other") for intent in INTENTS}


def _is_speech(words: Sequence[str]) -> bool:
    """Whether there are at least two words for the model to go by; numbers, names and noise alone tell it nothing."""
    return sum(word[0] != "<" for word in words) >= 2


def _in_context(evidence: Evidence, probability: float) -> Evidence:
    """Evidence of the shipped words and rules, lowered where the whole text makes its topic unlikely.

    A proven number stays proven, and of an office's own words and patterns the model knows nothing.
    """
    if evidence.lowered_by or evidence.detector not in ("lexicon", "rule") or probability >= _UNLIKELY:
        return evidence
    return evidence._replace(lowered_by="context", probability=round(probability, 2))


def _carrying(parts: list[float]) -> list[tuple[int, int]]:
    """The fewest words that carry `_SHARE` of all that speaks for it, neighbours joined: first and last of each."""
    wanted = _SHARE * sum(part for part in parts if part > 0)
    chosen: set[int] = set()
    carried = 0.0
    for place in sorted(range(len(parts)), key=lambda place: -parts[place]):
        if chosen and (carried >= wanted or parts[place] <= 0):
            break
        chosen.add(place)
        carried += parts[place]
    stretches: list[tuple[int, int]] = []
    for place in sorted(chosen):
        if stretches and place - stretches[-1][1] <= 2:
            stretches[-1] = stretches[-1][0], place
        else:
            stretches.append((place, place))
    return stretches


def _topics(weighed: Iterable[tuple[str, Evidence]], least: float) -> Iterator[TopicFound]:
    """Evidence by topic. Several spotted pieces strengthen each other; the model has seen them all and speaks once."""
    by_topic: dict[str, list[Evidence]] = {}
    for topic, evidence in weighed:
        by_topic.setdefault(topic, []).append(evidence)
    for topic in TOPICS:
        if topic in by_topic:
            found = sorted(by_topic[topic], key=lambda e: (e.start, e.end))
            spotted = 1 - math.prod(1 - e.probability for e in found if e.detector != "learned")
            probability = max([spotted, *(e.probability for e in found if e.detector == "learned")])
            if probability >= least or any(e.detector == "learned" for e in found):
                yield TopicFound(topic, min(round(probability, 2), 0.99), tuple(found))


def _language(plain: str, chances: dict[str, float]) -> str:
    """The language form: by script, and for Latin letters what the model holds likeliest (English without it)."""
    script = language(plain)
    return max(LATIN, key=lambda form: chances.get(f"lang-{form}", form == "en")) if script == "latin" else script
