"""What single words, and sets of signs, add up to under the model: worked out when first met, then remembered."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from amanat.screening.document import Document
from amanat.screening.features import EDGE, Whole, pair_hash, sign_features, word_features
from amanat.screening.weights import Table

_MOST = 100_000
"""Words and sets that are remembered; hostile texts must not grow the memory without end."""
_AT_ONCE = 2_000
"""New words worked out together; a text of nothing else must not take much memory."""
_MOST_SIGNS = 200_000
"""Signs, alone and in twos, that are remembered of sets."""
_NOTHING: frozenset[str] = frozenset()


class Signs(NamedTuple):
    """What the model knows of a set of signs: their `names`, sorted, and of every two of them that it knows, or one
    twice, a row of `pairs`: their row in its table, and the numbers of their names.
    """

    names: Sequence[str]
    pairs: Whole


class Remembered:
    """Rows of sums: row 0 is that of the edge of a text, and of no signs; it adds nothing."""

    def __init__(self, table: Table) -> None:
        self._table = table
        self.forget()

    def forget(self) -> None:
        """Forget every word and set of signs. What was handed out before stays as it is."""
        self._rows = _Rows()
        self._signs_known = 0
        self.signs: dict[int, Signs] = {0: Signs((), np.zeros((0, 3), np.int64))}
        self.sums: npt.NDArray[np.int32] = np.zeros((1024, self._table.weights.shape[1]), np.int32)
        self.hashes: Whole = np.full(1024, pair_hash(EDGE))

    def __len__(self) -> int:
        return len(self._rows)

    def rows(self, documents: Sequence[Document]) -> tuple[Whole, Whole]:
        """The rows of all documents, one after the other, and how many each has: its signs, its words, an edge.

        At least one document; those read together share one mapping of sounds. Rows hold until this is asked again.
        """
        if len(self._rows) >= _MOST or self._signs_known >= _MOST_SIGNS:
            self.forget()
        known = self._rows
        counts = np.array([len(document.words) + 2 for document in documents])
        ends = counts.cumsum()
        rows = np.zeros(ends[-1], np.int64)
        rows[ends - counts] = [known[frozenset(document.signs)] for document in documents]
        is_word = np.ones(len(rows), np.bool_)
        is_word[ends - counts] = is_word[ends - 1] = False
        words = chain.from_iterable([document.words for document in documents])
        rows[is_word] = np.fromiter(map(known.__getitem__, words), np.int64, len(rows) - 2 * len(documents))
        known.sounds += map(documents[0].sounds.__getitem__, known.words)
        self._grow(len(known))
        self._learn_words()
        self._learn_signs()
        return rows, counts

    def _grow(self, count: int) -> None:
        if count > len(self.sums):
            more = max(count, 2 * len(self.sums)) - len(self.sums)
            self.sums = np.concatenate([self.sums, np.zeros((more, self.sums.shape[1]), np.int32)])
            self.hashes = np.concatenate([self.hashes, np.full(more, self.hashes[0])])

    def _learn_words(self) -> None:
        while words := self._rows.words[:_AT_ONCE]:
            sounds = self._rows.sounds[:_AT_ONCE]
            del self._rows.words[:_AT_ONCE], self._rows.sounds[:_AT_ONCE]
            features, counts = word_features(words, sounds)
            rows = [self._rows[word] for word in words]
            self.sums[rows] = self._added(self._table.rows(features), counts)
            self.hashes[rows] = [pair_hash(sound) for sound in sounds]

    def _learn_signs(self) -> None:
        sets, self._rows.sets = self._rows.sets, []
        if sets:
            names = list(map(sorted, sets))
            features = list(map(sign_features, names))
            counts = np.array(list(map(len, features)))
            found = self._table.rows(np.array([one for each in features for one in each]))
            rows = [self._rows[signs] for signs in sets]
            self.sums[rows] = self._added(found, counts)
            pairs = np.column_stack([found, [pair for each in features for pair in each.values()]])
            for row, those, held in zip(rows, names, np.split(pairs, counts.cumsum()[:-1]), strict=True):
                known = held[held[:, 0] < len(self._table.features)]
                self.signs[row] = Signs(those, known)
                self._signs_known += len(known)

    def _added(self, rows: npt.NDArray[np.intp], counts: Whole) -> npt.NDArray[np.int32]:
        """The sums of so many rows of the table each; no count may be 0."""
        weights = self._table.weights.take(rows, axis=0)
        found: npt.NDArray[np.int32] = np.add.reduceat(weights, counts.cumsum() - counts, axis=0, dtype=np.int32)
        return found


class _Rows(dict[str | frozenset[str], int]):
    """The row of every word and set of signs; of one not met before, the next, and its sums are still to be made."""

    def __init__(self) -> None:
        super().__init__({_NOTHING: 0})
        self.words: list[str] = []
        self.sounds: list[str] = []
        self.sets: list[frozenset[str]] = []

    def __missing__(self, key: str | frozenset[str]) -> int:
        row = self[key] = len(self)
        if isinstance(key, str):
            self.words.append(key)
        else:
            self.sets.append(key)
        return row
