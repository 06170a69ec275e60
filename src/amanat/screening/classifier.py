"""The trained reader: one linear model for all topics, intents and language forms, whose sums go back to the words.

    logit(head) = bias + scale × Σ weight(feature) / √Σ norm(feature)

over all occurrences of features. Weights are 8-bit whole numbers in one table (`amanat.screening.weights`), a row a
feature and a column a head; the last column holds the squared inverse document frequency by which a text is brought to
length one.
All that is added up are whole numbers, so any order gives the same sums. How it is trained: `amanat.training`.
"""

from __future__ import annotations

import json
import math
from functools import cached_property
from importlib.resources.abc import Traversable
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from amanat.errors import Missing
from amanat.screening.document import Document
from amanat.screening.features import EDGE, pair_features, sign_features, word_features
from amanat.screening.weights import Table, load

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


class Scores(NamedTuple):
    """A document under the model: its sums, its shared features, and where its words' own sums are kept."""

    document: Document
    sums: Sums
    shared: npt.NDArray[np.int64]
    rows: list[int]

    @property
    def length(self) -> float:
        """The length the document is brought to one from."""
        return math.sqrt(max(int(self.sums[-1]), 1))


class Classifier:
    """The model in `folder`: `weights.npy` and `heads.json`."""

    def __init__(self, folder: Traversable) -> None:
        self._folder = folder
        self._rows: dict[str, int] = {}  # of every word met, the row of `_known` that holds its sums
        self._known: npt.NDArray[np.int32] = np.zeros((0, 0), np.int32)

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
    def _lines(self) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
        """What makes a head's sum, over the text's length, the argument of its probability: factors and shifts."""
        heads = self.heads.values()
        factors = np.array([head.slope * head.scale for head in heads])
        return factors, np.array([head.slope * head.bias + head.shift for head in heads])

    @cached_property
    def table(self) -> Table:
        """The weights, memory-mapped."""
        _ = self._notes  # where there are no weights, this says what to do
        return load(self._folder)

    def read(self, document: Document) -> Scores:
        """The sums of a document, the features that words share, and the rows of its words' own sums."""
        shared = shared_features(document)
        total: Sums = self.table.take(shared).sum(axis=0, dtype=np.int64)
        rows = [self._row(word, sound) for word, sound in zip(document.words, document.sounds, strict=True)]
        if rows:
            total += self._known[rows].sum(axis=0, dtype=np.int64)
        return Scores(document, total, shared, rows)

    def probabilities(self, scores: Scores) -> dict[str, float]:
        """The calibrated probability of every head."""
        factors, shifts = self._lines
        arguments = np.clip(factors * (scores.sums[:-1] / scores.length) + shifts, -30, 30)
        return dict(zip(self.heads, (1 / (1 + np.exp(-arguments))).tolist(), strict=True))

    def contributions(self, scores: Scores, head: str) -> tuple[list[float], float]:
        """What each word adds to the logit of `head`, and what no word does; together they are the logit exactly.

        A pair counts half for each of its words; a sign counts for the words it was seen in.
        """
        one, column = self.heads[head], list(self.heads).index(head)
        unit = one.scale / scores.length
        shared = self.table.take(scores.shared)[:, column].astype(float)
        count = len(scores.rows)
        parts = self._known[scores.rows, column].astype(float) if count else np.zeros(0)
        rest = _share_pairs(parts, shared[: count + 1], shared[count + 1 : 2 * count + 1])
        signs = sign_features(scores.document.signs).values()
        for weight, held in zip(shared[2 * count + 1 :].tolist(), signs, strict=True):
            places = {
                place
                for sign in held
                for first, last in scores.document.signs[sign]
                for place in range(first, last + 1)
            }
            for place in places if weight else ():
                parts[place] += weight / len(places)
            rest += 0 if places else weight
        return (parts * unit).tolist(), one.bias + rest * unit

    def _row(self, word: str, sound: str) -> int:
        row = self._rows.get(word)
        if row is None:
            if len(self._rows) >= _MOST_WORDS:
                self._rows.clear()
            row = self._rows[word] = len(self._rows)
            if row >= len(self._known):
                grown = np.zeros((max(1024, 2 * row), self.table.weights.shape[1]), np.int32)
                if row:
                    grown[:row] = self._known[:row]
                self._known = grown
            self._known[row] = self.table.take(np.array(word_features(word, sound))).sum(axis=0, dtype=np.int32)
        return row


def _share_pairs(
    parts: npt.NDArray[np.float64], pairs: npt.NDArray[np.float64], gaps: npt.NDArray[np.float64]
) -> float:
    """Add the weights of pairs and gaps to the words they belong to, half to each; what belongs to none is returned."""
    if not len(parts):
        return float(pairs.sum())
    parts += (pairs[:-1] + pairs[1:]) / 2
    # at either edge there is but one word to a pair
    parts[0] += pairs[0] / 2
    parts[-1] += pairs[-1] / 2
    if len(parts) == 1:
        return float(gaps.sum())
    parts[1:] += gaps[:-1] / 2
    parts[:-1] += gaps[1:] / 2
    parts[1] += gaps[0] / 2
    parts[-2] += gaps[-1] / 2
    return 0.0


def shared_features(document: Document) -> npt.NDArray[np.int64]:
    """The features that no single word gives: pairs, words with one between them, signs."""
    pairs, gaps = pair_features([EDGE, *document.sounds, EDGE])
    return np.concatenate([pairs, gaps, np.array(list(sign_features(document.signs)), np.int64)])


def all_features(document: Document) -> list[int]:
    """Every occurrence of every feature of a document: what the model is trained on."""
    found: list[int] = shared_features(document).tolist()
    for word, sound in zip(document.words, document.sounds, strict=True):
        found += word_features(word, sound)
    return found
