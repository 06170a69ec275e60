"""What each word of a text adds to the sum of a head.

A word adds its own weights, and its share of what it has with others: a pair counts half for each of its words, wholly
for the one that stands beside the edge; a sign counts in equal shares for the words it was seen in, with half of what
it has with each other sign. All are whole numbers over a power of two, so any order gives the same.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from itertools import pairwise
from typing import NamedTuple

import numpy as np

from amanat.screening.classifier import Classifier, Reals, Scores
from amanat.screening.document import Document
from amanat.screening.features import Whole
from amanat.screening.remembered import Signs
from amanat.screening.weights import Table, Weights

_FINEST = 1024
"""Into so many pieces the weight of a sign is cut before its words share them."""
_CARRIED = 0.6
"""How much of what speaks for a topic the highlighted words must carry."""
_APART = 2
"""Highlighted words no further apart than this are highlighted as one stretch."""

Asked = Sequence[tuple[int, str]]
"""Which documents of a batch, by number, and for which head each."""


class Shares(NamedTuple):
    """What every word adds to the sum of a head: `parts`, one text's after the other's, `counts` of them each.

    Times its text's one of `units`, and with what no word adds, its one of `rests`, they are the logit exactly.
    """

    parts: Reals
    counts: Whole
    units: Reals
    rests: Reals


def shares(classifier: Classifier, scores: Scores, asked: Asked) -> Shares:
    """What each word of the documents adds to the sums of the heads."""
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
    sums = _sums_of_signs(classifier.table, signs, columns)
    rests += _share_signs(parts, (begins + 1).tolist(), documents, signs, sums)
    units = np.array([head.scale for head in heads]) / scores.lengths[numbers]
    is_word = np.ones(len(parts), np.bool_)
    is_word[begins] = is_word[ends - 1] = False
    return Shares(parts[is_word], counts - 2, units, np.array([head.bias for head in heads]) + rests * units)


def carrying(shares: Shares) -> list[list[tuple[int, int]]]:
    """Of each text the fewest words that carry `_CARRIED` of all that speaks for its head: stretches, first and last.

    Neighbours are joined.
    """
    begins = shares.counts.cumsum() - shares.counts
    texts = np.arange(len(begins)).repeat(shares.counts)
    order = np.lexsort((-shares.parts, texts))  # by text, what adds most first; of the same the first
    parts = shares.parts[order]
    before = np.concatenate([[0.0], np.maximum(parts, 0).cumsum()])  # exact: whole numbers over a power of two
    wanted = _CARRIED * (before[begins + shares.counts] - before[begins])
    is_chosen = (parts > 0) & (before[:-1] - before[begins].repeat(shares.counts) < wanted.repeat(shares.counts))
    is_chosen[begins] = True
    chosen = np.sort(order[is_chosen])
    is_first = np.diff(chosen, prepend=-_APART - 1) > _APART
    is_first[1:] |= np.diff(texts[chosen]) > 0
    firsts, lasts = chosen[is_first], chosen[np.append(is_first[1:], True)]
    owners = texts[firsts]
    stretches = list(zip((firsts - begins[owners]).tolist(), (lasts - begins[owners]).tolist(), strict=True))
    cuts = np.searchsorted(owners, np.arange(len(begins) + 1)).tolist()
    return [stretches[first:end] for first, end in pairwise(cuts)]


def _share(parts: Reals, weights: Weights, apart: int, begins: Whole, ends: Whole) -> None:
    """Add the weights of two places, `apart` from each other: half to each, to a word beside an edge all of it."""
    own = np.full(len(parts), 0.5)
    own[begins] = 0
    own[ends - 1 - apart] = 1
    parts += weights * own
    parts[apart:] += (weights * (1 - own))[:-apart]


def _sums_of_signs(table: Table, signs: Sequence[Signs], columns: Whole) -> Reals:
    """What every sign of documents weighs, each in its column: its own weight, and half of what it has with another."""
    counts = np.array([len(known.names) for known in signs])
    documents = np.arange(len(signs)).repeat([len(known.pairs) for known in signs])
    pairs = np.concatenate([known.pairs for known in signs])
    numbers = pairs[:, 1:] + (counts.cumsum() - counts)[documents, None]
    halves = table.weights[pairs[:, 0], columns[documents]] / 2
    sums = np.zeros(counts.sum())
    np.add.at(sums, numbers, halves[:, None])
    return sums


def _share_signs(
    parts: Reals, begins: Sequence[int], documents: Sequence[Document], known: Sequence[Signs], sums: Reals
) -> Reals:
    """Add what signs weigh, in equal shares to the words each was seen in; what those of none weigh is returned."""
    words: list[int] = []
    sizes: list[int] = []
    for begin, document, signs in zip(begins, documents, known, strict=True):
        for name in signs.names:
            spot = _words_of(document.signs[name], begin)
            words += spot
            sizes.append(len(spot))
    among = np.array(sizes, np.int64)
    shares = np.floor(sums * _FINEST / np.maximum(among, 1)) / _FINEST
    np.add.at(parts, np.array(words, np.int64), shares.repeat(among))
    owners = np.arange(len(known)).repeat([len(signs.names) for signs in known])
    rests = np.zeros(len(known))
    np.add.at(rests, owners, sums - shares * among)
    return rests


def _words_of(places: Sequence[tuple[int, int]], begin: int) -> Collection[int]:
    if len(places) == 1 and places[0][0] == places[0][1]:
        return (begin + places[0][0],)
    return {begin + word for first, last in places for word in range(first, last + 1)}
