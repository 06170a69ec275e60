"""What single words, and sets of signs, add up to under the model: worked out when first met, then remembered."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from amanat.screening.document import Document
from amanat.screening.features import EDGE, Whole, pair_hash, sign_features, word_features
from amanat.screening.weights import Table

_MOST = 100_000
"""Words and sets that are remembered; hostile texts must not grow the memory without end."""
_AT_ONCE = 2_000
"""New words worked out together; a text of nothing else must not take much memory."""
_NOTHING: frozenset[str] = frozenset()


class Remembered:
    """Rows of sums: row 0 is that of the edge of a text, and of no signs; it adds nothing."""

    def __init__(self, table: Table) -> None:
        self._table = table
        self.forget()

    def forget(self) -> None:
        """Forget every word and set of signs."""
        self._rows = _Rows()
        self.sums: npt.NDArray[np.int32] = np.zeros((1024, self._table.weights.shape[1]), np.int32)
        self.hashes: Whole = np.full(1024, pair_hash(EDGE))

    def __len__(self) -> int:
        return len(self._rows)

    def rows(self, documents: Sequence[Document]) -> tuple[Whole, Whole]:
        """The rows of all documents, one after the other, and how many each has: its signs, its words, an edge.

        Rows hold until this is asked again.
        """
        if len(self._rows) >= _MOST:
            self.forget()
        known = self._rows
        rows: list[int] = []
        ends = []
        for words, sounds, signs in documents:
            rows.append(known[frozenset(signs)])
            rows += map(known.__getitem__, words)
            rows.append(0)
            ends.append(len(rows))
            for word in known.words[len(known.sounds) :]:
                known.sounds.append(sounds[word])
        self._grow(len(known))
        self._learn_words()
        self._learn_signs()
        return np.array(rows), np.diff(np.array(ends), prepend=0)

    def _grow(self, count: int) -> None:
        if count > len(self.sums):
            more = max(count, 2 * len(self.sums)) - len(self.sums)
            self.sums = np.concatenate([self.sums, np.zeros((more, self.sums.shape[1]), np.int32)])
            self.hashes = np.concatenate([self.hashes, np.full(more, self.hashes[0])])

    def _learn_words(self) -> None:
        while words := self._rows.words[:_AT_ONCE]:
            sounds = self._rows.sounds[:_AT_ONCE]
            del self._rows.words[:_AT_ONCE], self._rows.sounds[:_AT_ONCE]
            rows = [self._rows[word] for word in words]
            self.sums[rows] = self._added(*word_features(words, sounds))
            self.hashes[rows] = [pair_hash(sound) for sound in sounds]

    def _learn_signs(self) -> None:
        sets, self._rows.sets = self._rows.sets, []
        if sets:
            features = [list(sign_features(signs)) for signs in sets]
            counts = np.array([len(each) for each in features])
            rows = [self._rows[signs] for signs in sets]
            self.sums[rows] = self._added(np.array([one for each in features for one in each]), counts)

    def _added(self, features: Whole, counts: Whole) -> npt.NDArray[np.int32]:
        """The sums of so many features each; no count may be 0."""
        weights = self._table.take(features)
        found: npt.NDArray[np.int32] = np.add.reduceat(weights, counts.cumsum() - counts, axis=0, dtype=np.int32)
        return found


class SignWeights(dict[tuple[frozenset[str], int], list[tuple[int, str, str]]]):
    """What a set of signs weighs in one column, alone and in twos: every weight there is, and its two signs (or one, twice)."""

    def __init__(self, table: Table) -> None:
        super().__init__()
        self._table = table
        self._count = 0

    def __missing__(self, key: tuple[frozenset[str], int]) -> list[tuple[int, str, str]]:
        signs, column = key
        features = sign_features(signs)
        weights = self._table.weights[self._table.rows(np.array(list(features), np.int64)), column].tolist()
        found = [(weight, held[0], held[-1]) for weight, held in zip(weights, features.values(), strict=True) if weight]
        if self._count > _MOST:
            self.clear()
            self._count = 0
        self._count += 1 + len(found)
        self[key] = found
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
