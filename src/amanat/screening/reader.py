"""Text → Reading: which topics are in it, with the evidence for each. Knows no country, no account, no law."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from importlib.resources.abc import Traversable

from amanat.screening.classifier import Classifier
from amanat.screening.lexicon import data_folder
from amanat.screening.reading import Evidence, Reading, TopicFound
from amanat.screening.scripts import language
from amanat.screening.spotter import Spotted, Spotter
from amanat.vocabulary import INTENTS, LATIN, TOPICS

_FOUND = 0.5
"""Probability from which what was spotted counts as found."""
_UNLIKELY = 0.1
"""Probability below which the model's view of the whole text outweighs single words."""
_SURE = {"stop": "stops", "hide": "hides"}
"""What findings may ground, and the head whose certainty allows it."""
_SHARE = 0.6
"""How much of what speaks for a topic the highlighted words must carry."""


class Reader:
    """Reads texts with lexicons, rules and the trained model; any `folders` of an office's own add words and rules."""

    def __init__(self, *folders: Traversable) -> None:
        self._spotter = Spotter(*folders)
        self._classifier = Classifier(data_folder() / "model")

    def read(self, text: str) -> Reading:
        """What is in `text`. Never raises for any string; an empty one has nothing in it."""
        spotted = self._spotter.spot(text)
        seen = spotted.seen
        probabilities = self._classifier.probabilities(spotted.document)
        learned = list(self._learned(spotted, probabilities))
        weighed = [(c.topic, _in_context(e, probabilities[c.topic])) for c, e in spotted.weighed]
        standing = [(topic, e) for topic, e in weighed if not e.lowered_by]
        topics = tuple(_topics([*standing, *learned], _FOUND))
        found = {topic.id for topic in topics}
        lowered = [(topic, e) for topic, e in weighed if e.lowered_by and topic not in found]
        return Reading(
            text=text,
            lang=_language(spotted.plain, probabilities),
            topics=topics,
            considered=tuple(_topics(lowered, 0)),
            signals={
                signal.exception: seen.char_spans(seen.marks[signal.by])
                for signal in self._spotter.book.signals
                if signal.by in seen.marks and not seen.marks.keys() & set(signal.unless)
            },
            intents={intent: round(probabilities[f"intent-{intent}"], 3) for intent in INTENTS},
            sure_of=frozenset(
                name for name, head in _SURE.items() if probabilities[head] >= self._classifier.heads[head].firm
            ),
        )

    def _learned(self, spotted: Spotted, probabilities: dict[str, float]) -> Iterator[tuple[str, Evidence]]:
        """The topics the model finds, each with the words that carried it."""
        heads = self._classifier.heads
        # what was seen and lowered (denied, quoted, public already) is not raised again by the model
        lowered = {candidate.topic for candidate, evidence in spotted.weighed if evidence.lowered_by}
        open_topics = [topic for topic in TOPICS if topic not in lowered]
        found = [topic for topic in open_topics if probabilities[topic] >= heads[topic].found]
        if not found and probabilities["any"] >= heads["any"].firm:
            # that there is something is certain; what it is, is the likeliest by each topic's own measure
            likeliest = max(open_topics, key=lambda topic: probabilities[topic] / heads[topic].found)
            found = [likeliest] if probabilities[likeliest] >= heads[likeliest].found / 2 else []
        for topic in found if _is_speech(spotted.document.words) else ():
            probability = probabilities[topic]
            parts, _ = self._classifier.contributions(spotted.document, topic)
            for first, last in _carrying(parts):
                start, end = spotted.seen.span_of_document(first, last)
                yield topic, Evidence(
                    start, end, "learned", topic, "these words weigh most for it", round(probability, 2),
                    is_mild=probability < heads[topic].firm,
                )  # fmt: skip


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


def _language(plain: str, probabilities: dict[str, float]) -> str:
    """The language form: by script, and for Latin letters what the model holds likeliest."""
    script = language(plain)
    return max(LATIN, key=lambda form: probabilities[f"lang-{form}"]) if script == "latin" else script
