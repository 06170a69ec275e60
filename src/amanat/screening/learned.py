"""What the trained model holds of texts that words and rules have been through: many at once, each as if alone."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cached_property
from importlib.resources.abc import Traversable
from itertools import islice

import numpy as np

from amanat.screening.classifier import Classifier, Reals, Scores
from amanat.screening.opinion import Opinion
from amanat.screening.patterns import Place
from amanat.screening.reading import Evidence
from amanat.screening.seen import Seen
from amanat.screening.shares import carrying, shares
from amanat.screening.spotter import Spotted
from amanat.vocabulary import INTENTS, LATIN, TOPICS

_SURE = {"stop": "stops", "hide": "hides"}
"""What findings may ground, and the head whose certainty allows it."""
_ASKS = "asks"
"""The head of writers who ask whether something may be said."""
_NONE: frozenset[str] = frozenset()


class Learned:
    """The model in `folder`, and what it finds past its thresholds."""

    def __init__(self, folder: Traversable) -> None:
        self._classifier = Classifier(folder)

    @cached_property
    def _topics(self) -> list[int]:
        return [self._classifier.columns[topic] for topic in TOPICS]

    @cached_property
    def _thresholds(self) -> Reals:
        return np.array([self._classifier.heads[topic].found for topic in TOPICS])

    def forget(self) -> None:
        """Forget the words met so far."""
        self._classifier.forget()

    def opinions(self, spotted: Sequence[Spotted]) -> list[Opinion]:
        """What it holds of each text."""
        scores = self._classifier.read([one.document for one in spotted])
        chances = self._classifier.probabilities(scores)
        found, asks = self._found_in(spotted, scores, chances)
        columns = self._classifier.columns
        latin = chances[:, [columns[f"lang-{form}"] for form in LATIN]].argmax(axis=1).tolist()
        intents = chances[:, [columns[f"intent-{intent}"] for intent in INTENTS]].round(3).tolist()
        return [
            Opinion(
                LATIN[latin[number]],
                dict(zip(INTENTS, intents[number], strict=True)),
                sure,
                {seen.topic: chances.item(number, columns[seen.topic]) for seen, _ in spotted[number].weighed},
                found.get(number, ()),
                asks.get(number, ()),
            )
            for number, sure in enumerate(self._sure(chances))
        ]

    def _by_head(self, chances: Reals) -> dict[str, float]:
        return dict(zip(self._classifier.heads, chances.tolist(), strict=True))

    def _found_in(
        self, spotted: Sequence[Spotted], scores: Scores, chances: Reals
    ) -> tuple[dict[int, list[tuple[str, Evidence]]], dict[int, tuple[Evidence, ...]]]:
        """What is found in which text, with its topic; and who asks whether something may be said."""
        asked = [
            (number, topic)
            for number, topics in self._past(chances).items()
            for topic in self._likely(spotted[number], topics, chances[number])
        ]
        asked += self._asking(spotted, chances)
        found: dict[int, list[tuple[str, Evidence]]] = {}
        asks: dict[int, tuple[Evidence, ...]] = {}
        if asked:
            stretches = carrying(shares(self._classifier, scores, asked))
            for (number, head), words in zip(asked, stretches, strict=True):
                chance = chances.item(number, self._classifier.columns[head])
                evidence = self._evidence(spotted[number].seen, head, words, chance)
                if head == _ASKS:
                    asks[number] = tuple(evidence)
                else:
                    found.setdefault(number, []).extend([(head, one) for one in evidence])
        return found, asks

    def _asking(self, spotted: Sequence[Spotted], chances: Reals) -> list[tuple[int, str]]:
        """The texts whose writers ask whether something may be said."""
        asking = chances[:, self._classifier.columns[_ASKS]] >= self._classifier.heads[_ASKS].found
        return [(n, _ASKS) for n in np.flatnonzero(asking).tolist() if _is_speech(spotted[n].document.words)]

    def _past(self, chances: Reals) -> dict[int, list[str]]:
        """The texts that have topics past their thresholds, or certainly have some topic, with those topics."""
        certain = chances[:, self._classifier.columns["any"]] >= self._classifier.heads["any"].firm
        past: dict[int, list[str]] = {number: [] for number in np.flatnonzero(certain).tolist()}
        numbers, topics = np.nonzero(chances[:, self._topics] >= self._thresholds)
        for number, topic in zip(numbers.tolist(), topics.tolist(), strict=True):
            past.setdefault(number, []).append(TOPICS[topic])
        return past

    def _sure(self, chances: Reals) -> list[frozenset[str]]:
        """Of every text, what the model is certain enough of to ground it alone."""
        sure = [_NONE] * len(chances)
        for name, head in _SURE.items():
            firm = chances[:, self._classifier.columns[head]] >= self._classifier.heads[head].firm
            for number in np.flatnonzero(firm).tolist():
                sure[number] |= {name}
        return sure

    def _likely(self, spotted: Spotted, past: list[str], chances: Reals) -> list[str]:
        """The topics past their thresholds. What was seen and lowered (denied, quoted, public) it does not raise."""
        if not _is_speech(spotted.document.words):
            return []
        lowered = {candidate.topic for candidate, evidence in spotted.weighed if evidence.lowered_by}
        found = [topic for topic in past if topic not in lowered]
        if found:
            return found
        possible = [topic for topic in TOPICS if topic not in lowered]
        heads, by_head = self._classifier.heads, self._by_head(chances)
        if possible and by_head["any"] >= heads["any"].firm:
            # that there is something is certain; what it is, is the likeliest by each topic's own measure
            likeliest = max(possible, key=lambda topic: by_head[topic] / heads[topic].found)
            found = [likeliest] if by_head[likeliest] >= heads[likeliest].found / 2 else []
        return found

    def _evidence(self, seen: Seen, head: str, words: Iterable[Place], chance: float) -> list[Evidence]:
        """The words that carried a head."""
        why = "these words weigh most for it"
        shown, is_mild = round(chance, 2), chance < self._classifier.heads[head].firm
        return [Evidence(*span, "learned", head, why, shown, is_mild) for span in seen.spans_of_document(words)]


def _is_speech(words: Sequence[str]) -> bool:
    """Whether there are at least two words for the model to go by; numbers, names and noise alone tell it nothing."""
    return len(list(islice((word for word in words if word[0] != "<"), 2))) == 2
