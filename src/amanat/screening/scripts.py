"""Which scripts a text is in."""

from __future__ import annotations

from typing import NamedTuple

# the first bytes of each script's letters in UTF-8: counting bytes is many times faster than looking at letters
_FIRST_BYTES = {"hi": (b"\xe0\xa4", b"\xe0\xa5"), "bn": (b"\xe0\xa6", b"\xe0\xa7")}
_NOT_URDU = bytes(set(range(256)) - set(b"\xd8\xd9\xda\xdb"))
_OTHERS = ("hi", "bn", "ur")
SCRIPTS = (*_OTHERS, "latin")
_NOT_LATIN = bytes(set(range(256)) - set(range(ord("a"), ord("z") + 1)))
_NOT_DIGITS = bytes(set(range(256)) - set(range(ord("0"), ord("9") + 1)))
DIGITS = str.maketrans(
    {chr(zero + value): str(value) for zero in (0x0660, 0x06F0, 0x0966, 0x09E6, 0xFF10) for value in range(10)}
)
"""Every digit set people type here, to ASCII, character for character (places in the text stay)."""


class Letters(NamedTuple):
    """How many letters of a folded text are in each script; and how many are digits."""

    latin: int = 0
    digits: int = 0
    hi: int = 0
    bn: int = 0
    ur: int = 0


def letters(plain: str) -> Letters:
    """The letters of a folded text."""
    data = plain.encode()
    counts = {"latin": len(data.translate(None, _NOT_LATIN)), "digits": len(data.translate(None, _NOT_DIGITS))}
    if len(data) != len(plain):
        counts["ur"] = len(data.translate(None, _NOT_URDU))
        if b"\xe0" in data:
            for lang, firsts in _FIRST_BYTES.items():
                counts[lang] = sum(map(data.count, firsts))
    return Letters(**counts)


def scripts(counts: Letters) -> list[str]:
    """The scripts of a text, by its letters; those of other scripts count as latin."""
    found = [lang for lang, count in zip(_OTHERS, counts[2:], strict=True) if count]
    return [*found, "latin"] if not found or counts.latin else found


def language(counts: Letters) -> str:
    """The language of a text by its letters: hi, bn or ur; "latin" for Latin letters; "und" for none."""
    others = counts[2:]
    most = max(others)
    if most and most * 2 >= counts.latin:
        return _OTHERS[others.index(most)]
    return "latin" if counts.latin else "und"
