"""The trained reader: one linear model for all topics, intents and language forms, whose sums go back to the words.

    logit(head) = bias + scale × Σ weight(feature) / √Σ norm(feature)

over all occurrences of features. Weights are 8-bit whole numbers in one memory-mapped table, a row a feature and a
column a head; the last column holds the squared inverse document frequency by which a text is brought to length one.
All that is added up are whole numbers, so any order gives the same sums. How it is trained: `amanat.training`.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from importlib.resources import as_file
from importlib.resources.abc import Traversable
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from amanat.errors import Missing
from amanat.screening.features import EDGE, pair_features, sign_features, word_features

Sums = npt.NDArray[np.int64]
"""One whole number a head, then the norm."""
_MOST_WORDS = 50_000
"""Words whose sums are remembered; a hostile text must not grow the memory without end."""


class Head(NamedTuple):
    """One column of the table: scale and bias, what makes its logit a probability, and its thresholds."""

    name: str
    scale: float
    bias: float
    slope: float
    shift: float
    found: float
    firm: float


class Document(NamedTuple):
    """A text as the model takes it: its words (names as class tokens), their sounds, the signs and their places."""

    words: Sequence[str]
    sounds: Sequence[str]
    signs: Mapping[str, Sequence[tuple[int, int]]]


class Classifier:
    """The model in `folder`: `weights.npy` and `heads.json`."""

    def __init__(self, folder: Traversable) -> None:
        self._folder = folder
        self._word_sums: dict[str, Sums] = {}

    @cached_property
    def _notes(self) -> dict[str, Any]:
        file = self._folder / "heads.json"
        if not file.is_file():
            raise Missing("the trained reader has no weights", where=str(file), cure="Run `amanat train`")
        notes: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
        return notes

    @cached_property
    def heads(self) -> dict[str, Head]:
        """The heads by name, in the order of the columns."""
        return {name: Head(name, **values) for name, values in self._notes["heads"].items()}

    @cached_property
    def table(self) -> npt.NDArray[np.int8]:
        """The weights, (features, heads + 1), memory-mapped."""
        _ = self._notes  # where there are no weights, this says what to do
        with as_file(self._folder / "weights.npy") as path:
            found: npt.NDArray[np.int8] = np.load(path, mmap_mode="r", allow_pickle=False)
            return found

    def sums(self, document: Document) -> Sums:
        """The whole-number sums of a document."""
        total = self._gather(_shared_features(document))
        for word, sound in zip(document.words, document.sounds, strict=True):
            total += self._of_word(word, sound)
        return total

    def logits(self, sums: Sums) -> dict[str, float]:
        """The logit of every head."""
        length = math.sqrt(max(int(sums[-1]), 1))
        return {
            head.name: head.bias + head.scale * int(value) / length
            for head, value in zip(self.heads.values(), sums, strict=False)
        }

    def probabilities(self, document: Document) -> dict[str, float]:
        """The calibrated probability of every head."""
        return {name: probability(self.heads[name], logit) for name, logit in self.logits(self.sums(document)).items()}

    def contributions(self, document: Document, head: str) -> tuple[list[float], float]:
        """What each word adds to the logit of `head`, and what no word does; together they are the logit exactly.

        A pair counts half for each of its words; a sign counts for the words it was seen in.
        """
        column = list(self.heads).index(head)
        one = self.heads[head]
        unit = one.scale / math.sqrt(max(int(self.sums(document)[-1]), 1))
        parts = [
            float(self._of_word(word, sound)[column])
            for word, sound in zip(document.words, document.sounds, strict=True)
        ]
        rest = 0.0
        for feature, places in _placed_features(document):
            weight = float(self.table[feature, column])
            if places:
                for place in places:
                    parts[place] += weight / len(places)
            else:
                rest += weight
        return [part * unit for part in parts], one.bias + rest * unit

    def _of_word(self, word: str, sound: str) -> Sums:
        found = self._word_sums.get(word)
        if found is None:
            if len(self._word_sums) >= _MOST_WORDS:
                self._word_sums.clear()
            found = self._word_sums[word] = self._gather(word_features(word, sound))
        return found

    def _gather(self, features: Sequence[int]) -> Sums:
        sums: Sums = self.table[features].sum(axis=0, dtype=np.int64) if features else self._nothing.copy()
        return sums

    @cached_property
    def _nothing(self) -> Sums:
        return np.zeros(self.table.shape[1], np.int64)


def probability(head: Head, logit: float) -> float:
    """The calibrated probability of a logit."""
    return 1 / (1 + math.exp(-max(-30.0, min(30.0, head.slope * logit + head.shift))))


def _shared_features(document: Document) -> list[int]:
    return [feature for feature, _ in _placed_features(document)]


def _placed_features(document: Document) -> Iterable[tuple[int, list[int]]]:
    """Pairs, gaps and signs, each with the words it belongs to."""
    count = len(document.words)
    pairs, gaps = pair_features([EDGE, *document.sounds, EDGE])
    for start, feature in enumerate(pairs):
        yield feature, [place for place in (start - 1, start) if 0 <= place < count]
    for start, feature in enumerate(gaps):
        yield feature, [place for place in (start - 1, start + 1) if 0 <= place < count]
    for feature, signs in sign_features(document.signs).items():
        places = {word for sign in signs for first, last in document.signs[sign] for word in range(first, last + 1)}
        yield feature, sorted(places)


def all_features(document: Document) -> list[int]:
    """Every occurrence of every feature of a document: what the model is trained on."""
    found = _shared_features(document)
    for word, sound in zip(document.words, document.sounds, strict=True):
        found += word_features(word, sound)
    return found
