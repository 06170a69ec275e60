"""Which scripts a text is in."""

from __future__ import annotations

import re

# the first bytes of each script's letters in UTF-8: counting bytes is many times faster than looking at letters
_FIRST_BYTES = {
    "hi": (b"\xe0\xa4", b"\xe0\xa5"),
    "bn": (b"\xe0\xa6", b"\xe0\xa7"),
    "ur": (b"\xd8", b"\xd9", b"\xda", b"\xdb"),
}
SCRIPTS = (*_FIRST_BYTES, "latin")
_NOT_LATIN = bytes(set(range(256)) - set(range(ord("a"), ord("z") + 1)))
_LATIN = re.compile(r"[a-z]")
DIGITS = str.maketrans(
    {chr(zero + value): str(value) for zero in (0x0660, 0x06F0, 0x0966, 0x09E6, 0xFF10) for value in range(10)}
)
"""Every digit set people type here, to ASCII, character for character (places in the text stay)."""


def scripts(plain: str) -> list[str]:
    """The scripts of a folded text: any of latin, hi, bn, ur; those of other scripts count as latin."""
    if plain.isascii():
        return ["latin"]
    data = plain.encode()
    found = [lang for lang, firsts in _FIRST_BYTES.items() if any(first in data for first in firsts)]
    return [*found, "latin"] if not found or _LATIN.search(plain) else found


def language(plain: str) -> str:
    """The language of a folded text by its script: hi, bn or ur; "latin" for Latin letters; "und" for none."""
    data = plain.encode()
    latin = len(data.translate(None, _NOT_LATIN))
    if not plain.isascii():
        counts = {lang: sum(map(data.count, firsts)) for lang, firsts in _FIRST_BYTES.items()}
        lang = max(counts, key=counts.__getitem__)
        if counts[lang] and counts[lang] * 2 >= latin:
            return lang
    return "latin" if latin else "und"
