"""Text → Reading: which topics are in it, with the evidence for each. Knows no country, no account, no law."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from importlib.resources.abc import Traversable

from amanat.screening.classifier import Classifier
from amanat.screening.lexicon import data_folder, read_words
from amanat.screening.reading import Evidence, Reading, TopicFound
from amanat.screening.scripts import language
from amanat.screening.spotter import Spotted, Spotter
from amanat.vocabulary import INTENTS, TOPICS

_FOUND = 0.5
"""Probability from which what was spotted counts as found."""
_SHARE = 0.6
"""How much of what speaks for a topic the highlighted words must carry."""


class Reader:
    """Reads texts with lexicons, rules and the trained model; any `folders` of an office's own add words and rules."""

    def __init__(self, *folders: Traversable) -> None:
        self._spotter = Spotter(*folders)
        self._classifier = Classifier(data_folder() / "model")
        self._function_words = _function_words(data_folder())

    def read(self, text: str) -> Reading:
        """What is in `text`. Never raises for any string; an empty one has nothing in it."""
        spotted = self._spotter.spot(text)
        seen = spotted.seen
        probabilities = self._classifier.probabilities(spotted.document)
        learned = list(self._learned(spotted, probabilities))
        standing = [(c.topic, e) for c, e in spotted.weighed if not e.lowered_by]
        topics = tuple(_topics([*standing, *learned], _FOUND))
        found = {topic.id for topic in topics}
        lowered = [(c.topic, e) for c, e in spotted.weighed if e.lowered_by and c.topic not in found]
        return Reading(
            text=text,
            lang=language(spotted.plain, self._function_words),
            topics=topics,
            considered=tuple(_topics(lowered, 0)),
            signals={
                signal.exception: seen.char_spans(seen.marks[signal.by])
                for signal in self._spotter.book.signals
                if signal.by in seen.marks and not seen.marks.keys() & set(signal.unless)
            },
            intents={intent: round(probabilities[f"intent-{intent}"], 3) for intent in INTENTS},
        )

    def _learned(self, spotted: Spotted, probabilities: dict[str, float]) -> Iterator[tuple[str, Evidence]]:
        """The topics the model finds, each with the words that carried it."""
        for topic in TOPICS:
            head, probability = self._classifier.heads[topic], probabilities[topic]
            if probability < head.found or not spotted.document.words:
                continue
            parts, _ = self._classifier.contributions(spotted.document, topic)
            for first, last in _carrying(parts):
                start, end = spotted.seen.span_of_document(first, last)
                yield topic, Evidence(
                    start, end, "learned", topic, "these words weigh most for it", round(probability, 2),
                    is_mild=probability < head.firm,
                )  # fmt: skip


def _carrying(parts: list[float]) -> list[tuple[int, int]]:
    """The fewest words that carry `_SHARE` of all that speaks for, neighbours joined: first and last of each stretch."""
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


def _function_words(folder: Traversable) -> dict[str, frozenset[str]]:
    home = folder / "function_words"
    files = sorted(home.iterdir(), key=lambda item: item.name)
    return {file.name.removesuffix(".txt"): read_words(file) for file in files}
