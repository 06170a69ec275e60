"""The trained reader: one linear model for all topics, intents and language forms, whose sums go back to the words.

    logit(head) = bias + scale × Σ weight(feature) / √Σ norm(feature)

over all occurrences of features. Weights are 8-bit whole numbers in one table (`amanat.screening.weights`), a row a
feature and a column a head; the last column holds the squared inverse document frequency by which a text is brought to
length one.
All that is added up are whole numbers, so any order gives the same sums: many texts are read at once, and each comes
out as it would alone. How it is trained: `amanat.training`.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from functools import cached_property
from importlib.resources.abc import Traversable
from threading import Lock
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from amanat.errors import Missing
from amanat.screening.document import Document
from amanat.screening.features import EDGE, Whole, pair_features, pair_hash, sign_features, word_features
from amanat.screening.remembered import Remembered, Signs
from amanat.screening.weights import Table, Weights, load

Reals = npt.NDArray[np.float64]


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
    """Documents under the model, of each its sums and what they are the sums of.

    Arrays are (documents, heads + 1) or, for `words`, `pairs` and `gaps`, (places, heads + 1): a document has a place
    for its signs, one for each word and one for the edge behind: `counts` of them, from `starts`. The weights of a
    pair, and of two words with one between them, stand at the first of the two. `signs`: what the model knows of those
    of each document.
    """

    documents: Sequence[Document]
    sums: Whole
    starts: Whole
    counts: Whole
    words: npt.NDArray[np.int32]
    pairs: Weights
    gaps: Weights
    signs: Sequence[Signs]

    @property
    def lengths(self) -> Reals:
        """The lengths that the documents are brought to one from."""
        found: Reals = np.sqrt(np.maximum(self.sums[:, -1], 1))
        return found


class Classifier:
    """The model in `folder`: `weights.npy` and `heads.json`."""

    def __init__(self, folder: Traversable) -> None:
        self._folder = folder
        self._lock = Lock()

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
    def columns(self) -> dict[str, int]:
        """The column of every head."""
        return {name: column for column, name in enumerate(self.heads)}

    @cached_property
    def _lines(self) -> tuple[Reals, Reals]:
        """What makes a head's sum, over the text's length, the argument of its probability: factors and shifts."""
        heads = self.heads.values()
        factors = np.array([head.slope * head.scale for head in heads])
        return factors, np.array([head.slope * head.bias + head.shift for head in heads])

    @cached_property
    def table(self) -> Table:
        """The weights, memory-mapped."""
        _ = self._notes  # where there are no weights, this says what to do
        return load(self._folder)

    @cached_property
    def _remembered(self) -> Remembered:
        return Remembered(self.table)

    def read(self, documents: Sequence[Document]) -> Scores:
        """The sums of documents, each as it would be alone."""
        table = self.table
        with self._lock:  # what is remembered may be forgotten, and its rows given to others
            rows, counts = self._remembered.rows(documents)
            words = self._remembered.sums.take(rows, axis=0)
            hashes = self._remembered.hashes.take(rows)
            signs = self._remembered.signs
        ends = counts.cumsum()
        # two places more, so that there is a pair and a gap to every place; those that reach into the next text go
        pairs, gaps = pair_features(np.concatenate([hashes, hashes[:2]]))
        pair_weights, gap_weights = np.split(table.take(np.concatenate([pairs[:-1], gaps])), 2)
        pair_weights[ends - 1] = gap_weights[ends - 1] = gap_weights[ends - 2] = 0
        starts = ends - counts
        both = np.add(pair_weights, gap_weights, dtype=np.int16)
        sums = _by_document(words, starts) + _by_document(both, starts)
        known = [signs[row] for row in rows[starts].tolist()]
        return Scores(documents, sums, starts, counts, words, pair_weights, gap_weights, known)

    def forget(self) -> None:
        """Forget the words met so far."""
        with self._lock:
            self._remembered.forget()

    def probabilities(self, scores: Scores) -> Reals:
        """The calibrated probabilities, (documents, heads)."""
        factors, shifts = self._lines
        arguments = np.clip(factors * (scores.sums[:, :-1] / scores.lengths[:, None]) + shifts, -30, 30)
        return 1 / (1 + np.exp(-arguments))


def _by_document(weights: npt.NDArray[np.int32 | np.int16], starts: Whole) -> Whole:
    found: Whole = np.add.reduceat(weights, starts, axis=0, dtype=np.int64)
    return found


def all_features(document: Document) -> list[int]:
    """Every occurrence of every feature of a document: what the model is trained on."""
    sounds = [document.sounds[word] for word in document.words]
    pairs, gaps = pair_features(np.array([pair_hash(sound) for sound in (EDGE, *sounds, EDGE)]))
    found = [*pairs.tolist(), *gaps.tolist(), *sign_features(sorted(document.signs))]
    if document.words:
        found += word_features(document.words, sounds)[0].tolist()
    return found
