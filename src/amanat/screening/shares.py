"""What each word of a text adds to the sum of a head.

A word adds its own weights, and its share of what it has with others: a pair counts half for each of its words, wholly
for the one that stands beside the edge; a sign counts in equal shares for the words it was seen in. All but the signs'
shares are whole numbers and halves, so any order gives the same.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np

from amanat.screening.classifier import Classifier, Reals, Scores
from amanat.screening.document import Document
from amanat.screening.features import Whole
from amanat.screening.remembered import Signs
from amanat.screening.weights import Table, Weights

Asked = Sequence[tuple[int, str]]
"""Which documents of a batch, by number, and for which head each."""


class Shares(NamedTuple):
    """What every word adds to a logit: `parts`, one text's after the other's, `counts` of them each.

    With what no word of a text adds, its one of `rests`, they are the logit exactly.
    """

    parts: Reals
    counts: Whole
    rests: Reals

    def each(self) -> Iterator[list[float]]:
        """The parts of one text after the other."""
        parts, end = self.parts.tolist(), 0
        for count in self.counts.tolist():
            yield parts[end : end + count]
            end += count


def shares(classifier: Classifier, scores: Scores, asked: Asked) -> Shares:
    """What each word of the documents adds to the logits of the heads."""
    numbers = np.array([number for number, _ in asked], np.int64)
    columns = np.array([classifier.columns[name] for _, name in asked], np.int64)
    heads = [classifier.heads[name] for _, name in asked]
    counts = scores.counts[numbers]
    ends = counts.cumsum()
    begins = ends - counts
    places = np.arange(counts.sum()) + (scores.starts[numbers] - begins).repeat(counts)
    wide = columns.repeat(counts)
    parts = scores.words[places, wide].astype(np.float64)
    parts[begins] = 0  # there stand the signs
    _share(parts, scores.pairs[places, wide], 1, begins, ends)
    _share(parts, scores.gaps[places, wide], 2, begins, ends)
    rests = parts[begins] + parts[ends - 1]
    documents = [scores.documents[number] for number, _ in asked]
    signs = [scores.signs[number] for number, _ in asked]
    rests += _share_signs(parts, (begins + 1).tolist(), documents, signs, _weights(classifier.table, signs, columns))
    units = np.array([head.scale for head in heads]) / scores.lengths[numbers]
    parts *= units.repeat(counts)
    is_word = np.ones(len(parts), np.bool_)
    is_word[begins] = is_word[ends - 1] = False
    return Shares(parts[is_word], counts - 2, np.array([head.bias for head in heads]) + rests * units)


def _share(parts: Reals, weights: Weights, apart: int, begins: Whole, ends: Whole) -> None:
    """Add the weights of two places, `apart` from each other: half to each, to a word beside an edge all of it."""
    own = np.full(len(parts), 0.5)
    own[begins] = 0
    own[ends - 1 - apart] = 1
    parts += weights * own
    parts[apart:] += (weights * (1 - own))[:-apart]


def _weights(table: Table, signs: Sequence[Signs], columns: Whole) -> Iterator[int]:
    """The weights of the signs of documents, one's after the other's, each in its column."""
    rows = np.array([row for known in signs for row, _, _ in known], np.int64)
    found: list[int] = table.weights[rows, columns.repeat(list(map(len, signs)))].tolist()
    return iter(found)


def _share_signs(
    parts: Reals, begins: Sequence[int], documents: Sequence[Document], known: Sequence[Signs], weights: Iterator[int]
) -> Reals:
    """Add the weights of signs, each in equal shares to the words it was seen in; those of none are returned."""
    rests = np.zeros(len(documents))
    places: list[int] = []
    added: list[float] = []
    for number, (begin, document, signs) in enumerate(zip(begins, documents, known, strict=True)):
        spots = {sign: _words_of(seen, begin) for sign, seen in document.signs.items()}
        for (_, one, other), weight in zip(signs, weights, strict=False):
            if weight:
                spot = spots[one] | spots[other]
                if spot:
                    places += spot
                    added += [weight / len(spot)] * len(spot)
                else:
                    rests[number] += weight
    np.add.at(parts, places, added)  # one by one and in this order
    return rests


def _words_of(places: Sequence[tuple[int, int]], begin: int) -> set[int]:
    if len(places) == 1 and places[0][0] == places[0][1]:
        return {begin + places[0][0]}
    return {begin + word for first, last in places for word in range(first, last + 1)}
