"""What the trained reader sees of a text: words, names replaced by their class, their letters, sounds and neighbours.

A feature is a 32-bit FNV-1a hash over code points (G. Fowler, L. C. Noll, K.-P. Vo). Letters never
cross a word, so what one word gives is worked out once and remembered; a text is the sum of its words, their pairs and
the signs that lexicons and rules left.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache

import numpy as np
import numpy.typing as npt

LONGEST = 4
"""Letters in the longest n-gram; the shortest has two."""
_PRIME = 16777619
_OFFSET = 0x811C9DC5
_WORD, _SOUND, _PAIR, _GAP, _SIGN = (_OFFSET ^ (kind * 0x9E3779B1 & 0xFFFFFFFF) for kind in range(1, 6))
EDGE = "^"
"""The word before the first and after the last."""


def _hash(text: str, seed: int) -> int:
    value = seed
    for char in text:
        value = ((value ^ ord(char)) * _PRIME) & 0xFFFFFFFF
    return value


@lru_cache(maxsize=100_000)
def _pair_hash(sound: str) -> int:
    return _hash(sound, _PAIR)


@lru_cache(maxsize=100_000)
def _sign_feature(one: str, other: str) -> int:
    return _hash(f"{one}&{other}" if other else one, _SIGN)


def word_features(word: str, sound: str) -> list[int]:
    """The features a word gives wherever it stands. A class token ("<party>") shows no letters."""
    found = [_hash(word, _WORD)]
    if word[0] == "<":
        return found
    if sound != word:
        found.append(_hash(sound, _SOUND))
    codes = [ord(char) for char in f"^{word}$"]
    for start in range(len(codes) - 1):
        value = _OFFSET
        for place, code in enumerate(codes[start : start + LONGEST]):
            value = ((value ^ code) * _PRIME) & 0xFFFFFFFF
            if place:
                found.append(value)
    return found


def pair_features(sounds: Sequence[str]) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """The features of neighbouring words, and of words with one between them, by their sounds, in their order."""
    hashes = np.array([_pair_hash(sound) for sound in sounds], np.int64)
    mixed = (hashes * _PRIME) & 0xFFFFFFFF
    return mixed[:-1] ^ hashes[1:], mixed[:-2] ^ hashes[2:] ^ _GAP


def sign_features(signs: Iterable[str]) -> Mapping[int, tuple[str, ...]]:
    """The features of the signs in a text, each alone and each two together, with the signs each stands for."""
    ordered = sorted(signs)
    found: dict[int, tuple[str, ...]] = {}
    for place, sign in enumerate(ordered):
        found[_sign_feature(sign, "")] = (sign,)
        for other in ordered[place + 1 :]:
            found[_sign_feature(sign, other)] = (sign, other)
    return found
