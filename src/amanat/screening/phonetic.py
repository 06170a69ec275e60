"""A phonetic key for romanised Urdu, Hindi and Bengali: hukumat, hakoomat and hukoomat are one word.

No standard spelling exists; what varies is the vowels, aspiration, w/v, z/j, q/k, sh/s, doubled letters and a final
nasal. The key keeps the consonants. In a phrase, a word with at least four of them loses the quality of its vowels
(only their place stays); a shorter word keeps it, and so does a word that stands alone, or too many would become one.
"""

from __future__ import annotations

import re
from collections.abc import Set
from functools import lru_cache

_SOUNDS = {
    "tch": "c", "chh": "c", "ch": "c", "sh": "s", "ph": "f", "kh": "k", "gh": "g", "jh": "j", "th": "t", "dh": "d",
    "bh": "b", "rh": "r", "zh": "j", "ck": "k", "x": "ks", "c": "k", "q": "k", "z": "j", "w": "b", "v": "b",
    "aa": "a", "ai": "e", "ay": "e", "ei": "e", "ey": "e", "ee": "i", "ea": "i", "ie": "i", "oo": "u", "ou": "u",
    "au": "o", "y": "i",
}  # fmt: skip
_LETTERS = re.compile("|".join(sorted(_SOUNDS, key=len, reverse=True)))
_DOUBLED = re.compile(r"(.)\1+")
_VOWELS = re.compile(r"[aeiou]+")
_NO_VOWELS = str.maketrans("", "", "aeiou")
_LATIN = re.compile(r"[a-z]+")
_LONGEST = 60
"""Letters of a word that is worth remembering."""


class Sounds(dict[str, str]):
    """Phonetic keys of folded words, remembered. `is_loose`: vowels of longer words lose their quality.

    A word that is not plain Latin letters, or is one of `spelled` (English words, and romanised ones that sound like a
    worse one), is its own key.
    """

    def __init__(self, spelled: Set[str], *, is_loose: bool) -> None:
        self._spelled = spelled
        self._is_loose = is_loose

    def forget(self) -> None:
        """Forget every word met so far."""
        self.clear()
        _heard.cache_clear()

    def __missing__(self, word: str) -> str:
        if len(self) > 100_000:  # hostile text must not grow it without end
            self.clear()
        is_read = _LATIN.fullmatch(word) and word not in self._spelled
        sound = _key(word, is_loose=self._is_loose) if is_read else word
        if len(word) <= _LONGEST:
            self[word] = sound
        return sound


def loosened(tight: str) -> str:
    """The loose key of words by their tight one; a word that is its own key is so in both."""
    is_long = len(tight) >= 4 and len(tight.translate(_NO_VOWELS)) >= 4
    return _VOWELS.sub("a", tight) if is_long else tight


def _key(word: str, *, is_loose: bool) -> str:
    tight = _heard(word).replace("o", "u").replace("e", "i")
    return loosened(tight) if is_loose else tight


@lru_cache(maxsize=1_000)  # one after the other, a word is asked for both keys
def _heard(word: str) -> str:
    """A word with its letters as they sound, none doubled, and no final nasal or breath."""
    sound = _DOUBLED.sub(r"\1", _LETTERS.sub(_sound, word))
    if len(sound) > 3:
        sound = sound.removesuffix("h")
        if sound.endswith("n") and sound[-2] in "aeiou":
            sound = sound[:-1]
    return sound


def _sound(match: re.Match[str]) -> str:
    return _SOUNDS[match.group()]
