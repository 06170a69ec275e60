"""What the trained reader sees of a text: words, names replaced by their class, their letters, sounds and neighbours.

A feature is a 32-bit FNV-1a hash over code points (G. Fowler, L. C. Noll, K.-P. Vo). Letters never
cross a word, so what one word gives is worked out once and remembered; a text is the sum of its words, their pairs and
the signs that lexicons and rules left.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache

import numpy as np
import numpy.typing as npt

Whole = npt.NDArray[np.int64]

LONGEST = 4
"""Letters in the longest n-gram; the shortest has two."""
_PRIME = 16777619
_OFFSET = 0x811C9DC5
_MASK = 0xFFFFFFFF
_WORD, _SOUND, _PAIR, _GAP, _SIGN = (_OFFSET ^ (kind * 0x9E3779B1 & _MASK) for kind in range(1, 6))
EDGE = "^"
"""The word before the first and after the last."""


def _hash(text: str, seed: int) -> int:
    value = seed
    for code in map(ord, text):
        value = ((value ^ code) * _PRIME) & _MASK
    return value


def pair_hash(sound: str) -> int:
    """What a word's sound gives to the hashes of its pairs."""
    return _hash(sound, _PAIR)


@lru_cache(maxsize=100_000)
def _sign_feature(one: str, other: str) -> int:
    return _hash(f"{one}&{other}" if other else one, _SIGN)


def word_features(words: Sequence[str], sounds: Sequence[str]) -> tuple[Whole, Whole]:
    """The features that words give wherever they stand, one word's after the other's, and how many each gives.

    A word gives its hash, its sound's where that differs, and its n-grams by where they begin, the shortest first. A
    class token ("<party>") shows no letters.
    """
    shown = ["" if word[0] == "<" else f"^{word}$" for word in words]
    # a row for the hashes, then one for every letter and both edges; an n-gram stands in the row where it begins
    lengths = np.array([1 + len(letters) for letters in shown])
    starts = lengths.cumsum() - lengths
    left = (starts + lengths).repeat(lengths) - np.arange(lengths.sum())
    left[starts] = 0
    codes = np.frombuffer("\0".join(["", *shown]).encode("utf-32-le", "surrogatepass"), np.uint32).astype(np.int64)
    found = _ngrams(codes, left)
    found[starts, 0] = [_hash(word, _WORD) for word in words]
    found[starts, 1] = [
        _hash(sound, _SOUND) if letters and sound != word else -1
        for word, sound, letters in zip(words, sounds, shown, strict=True)
    ]
    given = found >= 0
    return found[given], np.add.reduceat(given.sum(axis=1), starts)


def _ngrams(codes: Whole, left: Whole) -> Whole:
    """The n-grams that begin at each code, a column a length; -1 where fewer codes are `left` than the n-gram has."""
    found = np.full((len(codes), LONGEST - 1), -1, np.int64)
    values = ((_OFFSET ^ codes) * _PRIME) & _MASK
    for column in range(LONGEST - 1):
        values = ((values[:-1] ^ codes[column + 1 :]) * _PRIME) & _MASK
        whole = np.flatnonzero(left[: len(values)] >= column + 2)
        found[whole, column] = values[whole]
    return found


def pair_features(hashes: Whole) -> tuple[Whole, Whole]:
    """The features of neighbouring words, and of words with one between them, by their `pair_hash`, in their order."""
    mixed = (hashes * _PRIME) & _MASK
    return mixed[:-1] ^ hashes[1:], mixed[:-2] ^ hashes[2:] ^ _GAP


def sign_features(signs: Sequence[str]) -> Mapping[int, tuple[int, int]]:
    """The features of the signs in a text, sorted: each alone and each two together, with the numbers of the two."""
    found: dict[int, tuple[int, int]] = {}
    for number, sign in enumerate(signs):
        found[_sign_feature(sign, "")] = number, number
        for other in range(number + 1, len(signs)):
            found[_sign_feature(sign, signs[other])] = number, other
    return found
