"""Which language form a text is in: by script, and for Latin letters by its function words."""

from __future__ import annotations

import re
from collections.abc import Mapping, Set

_SCRIPTS = {
    "hi": re.compile(r"[\u0900-\u097f]"),
    "bn": re.compile(r"[\u0980-\u09ff]"),
    "ur": re.compile(r"[\u0600-\u06ff]"),
}
_LATIN = re.compile(r"[a-z]")
DIGITS = str.maketrans(
    {chr(zero + value): str(value) for zero in (0x0660, 0x06F0, 0x0966, 0x09E6, 0xFF10) for value in range(10)}
)
"""Every digit set people type here, to ASCII, character for character (places in the text stay)."""


def language(plain: str, function_words: Mapping[str, Set[str]]) -> str:
    """The BCP 47 code of a folded text's language form; "und" where there are no letters to tell by."""
    counts = {lang: len(letters.findall(plain)) for lang, letters in _SCRIPTS.items()}
    latin = len(_LATIN.findall(plain))
    lang, most = max(counts.items(), key=lambda item: item[1])
    if most and most * 2 >= latin:
        return lang
    if not latin:
        return "und"
    words = plain.split()
    votes = {form: sum(word in known for word in words) for form, known in function_words.items()}
    return max(votes, key=lambda form: (votes[form], form == "en"))
