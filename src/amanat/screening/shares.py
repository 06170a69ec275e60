"""What each word of a text adds to the sum of a head: a word its own weights, and its share of what it has with others.

A pair counts half for each of its words, wholly for the one that stands beside the edge; a sign counts for the words it
was seen in. All but the signs' shares are whole numbers and halves, so any order gives the same.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np

from amanat.screening.classifier import Classifier, Reals, Scores
from amanat.screening.document import Document
from amanat.screening.features import Whole, sign_features
from amanat.screening.weights import Weights

Asked = Sequence[tuple[int, str]]
"""Which documents of a batch, by number, and for which head each."""


def contributions(classifier: Classifier, scores: Scores, asked: Asked) -> list[tuple[list[float], float]]:
    """What each word adds to the logit of a head, and what no word does; together they are the logit exactly."""
    if not asked:
        return []
    numbers = np.array([number for number, _ in asked])
    columns = np.array([classifier.columns[name] for _, name in asked])
    signs = [sign_features(scores.documents[number].signs) for number, _ in asked]
    rows = np.array([feature for each in signs for feature in each], np.int64)
    heads = columns.repeat([len(each) for each in signs])
    weights = iter(classifier.table.weights[classifier.table.rows(rows), heads].tolist())
    lengths = scores.lengths[numbers].tolist()
    found = []
    for place, (parts, rest) in enumerate(_without_signs(scores, numbers, columns)):
        number, name = asked[place]
        weighed = [(next(weights), held) for held in signs[place].values()]
        unclaimed = rest + _add_signs(parts, scores.documents[number], weighed)
        head = classifier.heads[name]
        unit = head.scale / lengths[place]
        found.append(([part * unit for part in parts], head.bias + unclaimed * unit))
    return found


def _without_signs(scores: Scores, numbers: Whole, columns: Whole) -> list[tuple[list[float], float]]:
    """The shares of every word in its own weights, its pairs and its gaps; and what the edges have among themselves."""
    counts = scores.counts[numbers]
    ends = counts.cumsum()
    begins = ends - counts
    places = np.arange(ends[-1]) + (scores.starts[numbers] - begins).repeat(counts)
    columns = columns.repeat(counts)
    parts = scores.words[places, columns].astype(np.float64)
    parts[begins] = 0  # there stand the signs
    _share(parts, scores.pairs[places, columns], 1, begins, ends)
    _share(parts, scores.gaps[places, columns], 2, begins, ends)
    rests = (parts[begins] + parts[ends - 1]).tolist()
    shares = parts.tolist()
    return [
        (shares[begin + 1 : end - 1], rest)
        for begin, end, rest in zip(begins.tolist(), ends.tolist(), rests, strict=True)
    ]


def _share(parts: Reals, weights: Weights, apart: int, begins: Whole, ends: Whole) -> None:
    """Add the weights of two places, `apart` from each other: half to each, to a word beside an edge all of it."""
    own = np.full(len(parts), 0.5)
    own[begins] = 0
    own[ends - 1 - apart] = 1
    parts += weights * own
    parts[apart:] += (weights * (1 - own))[:-apart]


def _add_signs(parts: list[float], document: Document, weighed: Iterable[tuple[int, tuple[str, ...]]]) -> float:
    """Add the weights of signs, each in equal shares to the words it was seen in; those of none are returned."""
    rest = 0.0
    spots = {
        sign: {place for first, last in places for place in range(first, last + 1)}
        for sign, places in document.signs.items()
    }
    for weight, held in weighed:
        if weight:
            places = spots[held[0]].union(spots[held[-1]])
            for place in places:
                parts[place] += weight / len(places)
            rest += 0 if places else weight
    return rest
