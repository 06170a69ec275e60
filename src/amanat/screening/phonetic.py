"""A phonetic key for romanised Urdu, Hindi and Bengali: hukumat, hakoomat and hukoomat are one word.

No standard spelling exists; what varies is the vowels, aspiration, w/v, z/j, q/k, sh/s, doubled letters and a final
nasal. The key keeps the consonants. A word with at least three of them loses the quality of its vowels (only their
place stays); a shorter word keeps it, or too many words would become one.
"""

from __future__ import annotations

import re

_SOUNDS = {
    "tch": "c", "chh": "c", "ch": "c", "sh": "s", "ph": "f", "kh": "k", "gh": "g", "jh": "j", "th": "t", "dh": "d",
    "bh": "b", "rh": "r", "zh": "j", "ck": "k", "x": "ks", "c": "k", "q": "k", "z": "j", "w": "b", "v": "b",
    "aa": "a", "ai": "e", "ay": "e", "ei": "e", "ey": "e", "ee": "i", "ea": "i", "ie": "i", "oo": "u", "ou": "u",
    "au": "o", "y": "i",
}  # fmt: skip
_LETTERS = re.compile("|".join(sorted(_SOUNDS, key=len, reverse=True)))
_DOUBLED = re.compile(r"(.)\1+")
_VOWELS = re.compile(r"[aeiou]+")
_LATIN = re.compile(r"[a-z]+")
_known: dict[str, str] = {}


def key(word: str) -> str:
    """The phonetic key of one folded word; a word that is not plain Latin letters is its own key."""
    found = _known.get(word)
    if found is None:
        if len(_known) > 100_000:  # hostile text must not grow it without end
            _known.clear()
        found = _known[word] = _key(word) if _LATIN.fullmatch(word) else word
    return found


def _key(word: str) -> str:
    sound = _DOUBLED.sub(r"\1", _LETTERS.sub(lambda match: _SOUNDS[match.group()], word))
    if len(sound) > 3:
        sound = sound.removesuffix("h")
        if sound.endswith("n") and sound[-2] in "aeiou":
            sound = sound[:-1]
    consonants = _VOWELS.sub("", sound)
    if len(consonants) < 3:
        return sound.replace("o", "u").replace("e", "i")
    # a final short vowel comes and goes (police, polis); an inner one only changes its colour
    return _VOWELS.sub("a", sound)
