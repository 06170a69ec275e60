"""Text → Reading: which topics are in it, with the evidence for each. Knows no country, no account, no law."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from importlib.resources.abc import Traversable
from operator import itemgetter
from typing import TYPE_CHECKING

from amanat.screening.folded import fold_each
from amanat.screening.lexicon import data_folder
from amanat.screening.opinion import Opinion, by_words
from amanat.screening.patterns import Place
from amanat.screening.reading import Evidence, Reading, TopicFound
from amanat.screening.seen import Seen
from amanat.screening.spotter import Spotted, Spotter
from amanat.vocabulary import TOPICS

if TYPE_CHECKING:
    from amanat.screening.learned import Learned

_FOUND = 0.5
"""Probability from which what was spotted counts as found."""
_UNLIKELY = 0.1
"""Probability below which the model's view of the whole text outweighs single words."""
_ORDER = {topic: number for number, topic in enumerate(TOPICS)}
_PLACE = itemgetter(*map(Evidence._fields.index, ("start", "end")))
_AT_ONCE = 200_000
"""Characters the model looks at together: enough for its tables to pay, little enough for any memory."""


class Reader:
    """Reads texts with lexicons, rules and the trained model; any `folders` of an office's own add words and rules.

    Without `learned`, words and rules alone: several times faster, and blind to what is said without keywords.
    """

    def __init__(self, *folders: Traversable, learned: bool = True) -> None:
        self._learned: Learned | None = None
        fold = fold_each
        if learned:
            from amanat.screening.learned import Learned  # numpy takes a while to load
            from amanat.screening.together import fold_together as fold

            self._learned = Learned(data_folder() / "model")
        self._spotter = Spotter(*folders, fold=fold)
        self._signalling = frozenset(signal.by for signal in self._spotter.book.signals)

    def read(self, text: str) -> Reading:
        """What is in `text`. Never raises for any string; an empty one has nothing in it."""
        return self._read_batch([text])[0]

    def read_many(self, texts: Iterable[str]) -> list[Reading]:
        """What is in each of `texts`: the same as one by one, and faster, for the model looks at many together."""
        return [reading for batch in _batches(texts) for reading in self._read_batch(batch)]

    def forget(self) -> None:
        """Forget the words of all texts read so far, which are remembered only to read the next text faster."""
        self._spotter.forget()
        if self._learned is not None:
            self._learned.forget()

    def _read_batch(self, texts: Sequence[str]) -> list[Reading]:
        spotted = self._spotter.spot_many(texts)
        opinions = self._learned.opinions(spotted) if self._learned else [by_words(one.seen) for one in spotted]
        return list(map(self._reading, spotted, opinions))

    def _reading(self, spotted: Spotted, opinion: Opinion) -> Reading:
        seen = spotted.seen
        topics: tuple[TopicFound, ...] = ()
        considered: tuple[TopicFound, ...] = ()
        if spotted.weighed:
            weighed = [(candidate.topic, _in_context(e, candidate.topic, opinion)) for candidate, e in spotted.weighed]
            topics = tuple(_topics([*((t, e) for t, e in weighed if not e.lowered_by), *opinion.found], _FOUND))
            found = {topic.id for topic in topics}
            considered = tuple(_topics([(t, e) for t, e in weighed if e.lowered_by and t not in found], 0))
        elif opinion.found:
            topics = tuple(_topics(opinion.found, _FOUND))
        return Reading(
            text=seen.text,
            lang=opinion.latin if spotted.lang == "latin" else spotted.lang,
            topics=topics,
            considered=considered,
            signals=self._signals(seen),
            intents=opinion.intents,
            sure_of=opinion.sure_of,
            asks=opinion.asks,
        )

    def _signals(self, seen: Seen) -> dict[str, tuple[Place, ...]]:
        if self._signalling.isdisjoint(seen.marks):
            return {}
        return {
            signal.exception: seen.char_spans(seen.marks[signal.by])
            for signal in self._spotter.book.signals
            if signal.by in seen.marks and not seen.marks.keys() & set(signal.unless)
        }


def _batches(texts: Iterable[str]) -> Iterator[list[str]]:
    batch: list[str] = []
    size = 0
    for text in texts:
        if batch and size + len(text) > _AT_ONCE:
            yield batch
            batch, size = [], 0
        batch.append(text)
        size += len(text)
    if batch:
        yield batch


def _in_context(evidence: Evidence, topic: str, opinion: Opinion) -> Evidence:
    """Evidence of the shipped words and rules, lowered where the whole text makes its topic unlikely.

    A proven number stays proven, and of an office's own words and patterns the model knows nothing.
    """
    chance = opinion.chances.get(topic, 1.0)
    if evidence.lowered_by or evidence.detector not in ("lexicon", "rule") or chance >= _UNLIKELY:
        return evidence
    return evidence._replace(lowered_by="context", probability=round(chance, 2))


def _topics(weighed: Iterable[tuple[str, Evidence]], least: float) -> Iterator[TopicFound]:
    """Evidence by topic. Several spotted pieces strengthen each other; the model has seen them all and speaks once."""
    by_topic: dict[str, list[Evidence]] = {}
    for topic, evidence in weighed:
        by_topic.setdefault(topic, []).append(evidence)
    for topic in sorted(by_topic, key=_ORDER.__getitem__):
        found = sorted(by_topic[topic], key=_PLACE)
        learned = [e.probability for e in found if e.detector == "learned"]
        spotted = 1 - math.prod([1 - e.probability for e in found if e.detector != "learned"])
        probability = max([spotted, *learned])
        if probability >= least or learned:
            yield TopicFound(topic, min(round(probability, 2), 0.99), tuple(found))
