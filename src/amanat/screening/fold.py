"""Folding: one spelling for everything that reads the same.

`fold(text)` lower-cases, unifies look-alike letters, letter variants of Urdu, Hindi and Bengali and all digit sets,
drops marks nobody types alike and characters nobody sees, and joins the words with single spaces, padded on
both sides: " a b c ". A term is then found as the literal " term ", with correct word boundaries in every script
(`\\b` of `re` takes Indic vowel signs for boundaries).
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Iterator, Sequence

# Letters that read alike. Keys are single characters after NFKD and lower-casing; an empty value drops them.
_SAME: dict[str, str] = {}


def _same(target: str, variants: str) -> None:
    _SAME.update(dict.fromkeys(variants, target))


# Latin look-alikes from Cyrillic, Greek, Armenian, Cherokee and the phonetic alphabets
_same("a", "аαɑᴀ")
_same("b", "ьвʙᏏ")
_same("c", "сϲᴄ")
_same("d", "ԁɗᴅ")
_same("e", "еєεҽᴇɛ")
_same("f", "ғϝꜰ")
_same("g", "ɡցɢ")
_same("h", "һнհʜ")
_same("i", "іιıӏɩɪ")
_same("j", "јϳᴊ")
_same("k", "кκᴋ")
_same("l", "ʟⅼ")
_same("m", "мᴍ")
_same("n", "пηոɴ")
_same("o", "оοօᴏσ")
_same("p", "рρᴘ")
_same("q", "ԛզ")
_same("r", "гʀ")
_same("s", "ѕꜱʂ")
_same("t", "тτᴛ")
_same("u", "υսᴜц")
_same("v", "ѵνᴠ")
_same("w", "ԝωшᴡ")
_same("x", "хχ")
_same("y", "уүγʏ")
_same("z", "ᴢʐ")
_same("ss", "ß")
_same("ae", "æ")
_same("o", "ø")
_same("d", "đð")
_same("l", "ł")
# Arabic script as typed on Urdu, Arabic and Persian keyboards
_same("ی", "يىېےۓئ")
_same("ک", "كڪ")
_same("ہ", "هھۀەةۂۃ")
_same("ا", "أإآٱ")
_same("و", "ؤۆ")
_same("ت", "ٿ")
_same("", "ءـ")
# Devanagari and Bengali: chandrabindu, nukta, and the letters that differ only by them
_same("ं", "ँ")
_same("", "़ঁ়")
_SAME["ऩ"], _SAME["ऱ"], _SAME["ऴ"] = "न", "र", "ळ"
_SAME["ৎ"] = "ত্"
_SAME["৷"] = _SAME["।"] = " "
# Apostrophes join (don't = dont); so does the Urdu and Bengali inner stop of a shortened word
_same("", "'’‘ʼ`´ʹ′")

_INDIC = range(0x0900, 0x0DFF)
_JOINERS = "\u200b\u200c\u200d\u2060\ufeff\u00ad\u034f\u180e"


def _fold_char(char: str) -> str:
    """What one character becomes; a space where it separates words, nothing where it is invisible."""
    if char in _JOINERS:
        return ""
    out = []
    # a decomposed letter may be a capital again (𝓐 → A), so both are done twice
    decomposed = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", char.casefold()).casefold())
    for piece in decomposed:
        same = _SAME.get(piece)
        out.append(_by_category(piece) if same is None else same)
    return "".join(out)


def _by_category(char: str) -> str:
    category = unicodedata.category(char)
    if category[0] == "L":
        return char
    if category[0] == "N":
        digit = unicodedata.digit(char, None)
        return char if digit is None else str(digit)
    if category[0] == "M":
        # vowel signs are letters in Indic scripts; accents and Arabic short vowels are not typed alike
        return char if ord(char) in _INDIC else ""
    if category in ("Cf", "Cc") and char not in "\n\r\t\v\f\x1c\x1d\x1e\x1f\x85":
        return ""
    return " "


class _Table(dict[int, str]):
    """`str.translate` table that fills itself with the characters it meets."""

    def __missing__(self, code: int) -> str:
        if len(self) > 50_000:  # hostile text must not grow it without end
            self.clear()
        folded = self[code] = _fold_char(chr(code))
        return folded


_TABLE = _Table()
_LINES = _Table({ord("\n"): "\n"})


def fold(text: str) -> str:
    """`text` folded, its words joined with single spaces and padded: " a b c " (a lone space for no words)."""
    return padded(fold_words(text))


def fold_words(text: str) -> list[str]:
    """The words of `text`, folded."""
    return text.translate(_TABLE).split()


def padded(words: list[str]) -> str:
    """Folded words as one string: " a b c " (a lone space for no words)."""
    return f" {' '.join(words)} " if words else " "


def fold_lines(lines: list[str]) -> list[str]:
    """Each line folded, without padding; many lines at once, several times faster than one by one."""
    folded = "\n".join(lines).translate(_LINES).split("\n")
    return [" ".join(words.split()) for words in folded]


def character(char: str) -> tuple[str, bool]:
    """What one character folds to, and whether a word that ends with it ends behind it."""
    return _TABLE[ord(char)], _KINDS[ord(char)] in (_LETTER, _ACCENT)


class _Kinds(dict[int, str]):
    """`str.translate` table from a character to its part in a word: one character for one, so that places stay."""

    def __missing__(self, code: int) -> str:
        if len(self) > 50_000:
            self.clear()
        folded = _TABLE[code]
        if not folded:
            # a dropped accent belongs to the word it stands on, an invisible sign only to a word that goes on behind it
            kind = _ACCENT if unicodedata.category(chr(code))[0] == "M" else _DROPPED
        elif folded == " ":
            kind = " "
        else:
            kind = _SEVERAL if " " in folded else _LETTER
        self[code] = kind
        return kind


_LETTER, _ACCENT, _DROPPED, _SEVERAL = "x", "m", "-", "z"
_KINDS = _Kinds()
_WORD = re.compile(r"x(?:[xm-]*[xm])?")


class Spans:
    """Where each folded word stands in the original text. Built only for texts in which something was found."""

    def __init__(self, text: str) -> None:
        kinds = text.translate(_KINDS)
        places = list(_places(text)) if _SEVERAL in kinds else [word.span() for word in _WORD.finditer(kinds)]
        self.starts: Sequence[int] = [start for start, _ in places]
        self.ends: Sequence[int] = [end for _, end in places]

    @classmethod
    def known(cls, starts: Sequence[int], ends: Sequence[int]) -> Spans:
        """Where words stand, when that is known already."""
        found = cls.__new__(cls)
        found.starts, found.ends = starts, ends
        return found

    def __len__(self) -> int:
        return len(self.starts)

    def at(self, place: int) -> int:
        """Index of the word that begins at or last before `place` of the original (0 for the first)."""
        return max(0, bisect_right(self.starts, place) - 1)


def _places(text: str) -> Iterator[tuple[int, int]]:
    """Start and end of each folded word, found sign by sign: for texts where one character folds to several words."""
    start = end = -1
    for place, char in enumerate(text):
        for piece in _TABLE[ord(char)] or _KINDS[ord(char)]:
            if piece == " ":
                if start >= 0:
                    yield start, end
                start = -1
            elif piece != _DROPPED and (start >= 0 or piece != _ACCENT or _TABLE[ord(char)]):
                start, end = (place if start < 0 else start), place + 1
    if start >= 0:
        yield start, end
