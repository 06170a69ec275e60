"""The ways one text is read at once: as typed, romanised words by sound, stretched words shortened, disguises undone.

All ways lie in one haystack, so that one pass of one automaton searches them all: " word word " as typed and with
stretching and disguises undone, "\\x02key\\x02key\\x02" by phonetic key. A word of any way knows which words of the
folded text it stands for.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping

from amanat.screening.fold import Spans, fold_words
from amanat.screening.folded import Folded

SOUND = "\x02"
"""Separator of the way by sound."""
_BREAK = "\x04"  # a word that no term contains: keeps neighbours of alternatives apart

_THRICE = re.compile(r"(.)\1\1")  # quick, for most texts have nothing like it
_STRETCH = re.compile(r"([^\W\d_]|[\u0900-\u0DFF])\1{2,}")
_SPACE = re.compile(r"\s")
_WEB = re.compile(r"://|www\.|\w@\w+\.|\.(?:com|org|net|gov|edu|pk|in|bd)\b", re.IGNORECASE)
LETTER = r"[^\W\d_]"
MIMIC = r"[\d@$!|*+€£._~/\\\-]"
"""What stands for a letter in a disguised word, or between its letters."""
LOUD = r"[@$\d]"
"""What stands for a letter also at the beginning or the end of a word."""
# begins with a set of characters, which the engine can skip to; what stands before is looked at from there
_DISGUISED = re.compile(rf"{MIMIC}(?:(?<={LETTER}.){MIMIC}*{LETTER}|(?<={LOUD})(?:{LETTER}{{2}}|(?<={LETTER}{{2}}.)))")
SIGN = r"[\u0900-\u0903\u093A-\u094F\u0981-\u0983\u09BC-\u09CD\u09D7]"
"""A vowel sign or other mark on an Indic letter."""
_ONE_LETTER = rf"[^\s\d]{SIGN}*"
_SPACED = re.compile(rf"(?<= )(?:{_ONE_LETTER} ){{2,}}{_ONE_LETTER}(?= )")
_IS_SPACED = re.compile(rf" (?:{_ONE_LETTER} ){{3}}")  # the same, quick: the engine can skip from space to space
_LEET = str.maketrans("0134578@$!|+€£", "oieastbasiltel")
_LEET_L = _LEET | str.maketrans("1!", "ll")
_EDGE = ".,!?;:)]}(\"'[{<>…۔،؟।“”‘’"

Word = tuple[str, int, int]
"""A word of some reading, with the first and last folded word it stands for."""
_NO_WORD: Word = "", 0, 0
"""What stands between two ways."""


class Channels:  # one a text, by the thousand: hence the slots
    """The haystack of one text, in which so many separators stand before a word as words do: of its own way or of all.

    `typed` holds the folded words; `undone` the words of the text once, disguises undone,
    stretches shortened, spaced-out words joined: None where there is nothing to undo. `origins`, empty then, tells what
    the words between spaces stand for.
    """

    __slots__ = ("haystack", "origins", "typed", "undone")

    def __init__(self, folded: Folded, sounds: Mapping[str, str]) -> None:
        self.typed = folded.words
        self.haystack = folded.plain
        self.undone: list[Word] | None = None
        self.origins: list[Word] = []
        if folded.letters.latin:
            self.haystack += f"{SOUND}{SOUND.join(map(sounds.__getitem__, self.typed))}{SOUND}"
        if folded.may_hide and self.typed:
            self._undo(folded)

    def _undo(self, folded: Folded) -> None:
        text, plain, words = folded.text, folded.plain, self.typed
        if _DISGUISED.search(text):
            self.undone = list(_undisguised(folded, _LEET))
            self._add(self.undone)
            if "1" in text or "!" in text:
                self._add(_undisguised(folded, _LEET_L))
        if _IS_SPACED.search(plain):
            self.undone = list(_unspaced(text, plain, words))
            self._add(self.undone)
            self._add(_beside_unspaced(plain, words))
        if _THRICE.search(plain) and _STRETCH.search(plain):
            undone = _themselves(words, 0, len(words)) if self.undone is None else self.undone
            self.undone = [(_STRETCH.sub(r"\1", word), first, last) for word, first, last in undone]
            self._add(self.undone)
            self._add(_shortened(words))

    def _add(self, words: Iterable[Word]) -> None:
        words = list(words)
        if not self.origins:
            self.origins = [*_themselves(self.typed, 0, len(self.typed)), _NO_WORD]
        self.origins += [*words, _NO_WORD]
        self.haystack += f" {' '.join([word for word, _, _ in words])} "


def _themselves(words: list[str], first: int, end: int) -> list[Word]:
    return [(words[place], place, place) for place in range(first, end)]


def _shortened(words: list[str]) -> Iterator[Word]:
    """Every stretch of a letter cut to two; where a word has several, also one cut otherwise than the others."""
    for index, word in enumerate(words):
        yield _STRETCH.sub(r"\1\1", word), index, index
    for index, word in enumerate(words):
        stretches = list(_STRETCH.finditer(word))
        for one in stretches if 1 < len(stretches) <= 4 else ():
            yield _BREAK, index, index
            head, tail = word[: one.start()], word[one.end() :]
            yield _STRETCH.sub(r"\1\1", head) + one.group(1) + _STRETCH.sub(r"\1\1", tail), index, index
            yield _BREAK, index, index
            yield _STRETCH.sub(r"\1", head) + one.group(1) * 2 + _STRETCH.sub(r"\1", tail), index, index
    yield _BREAK, len(words) - 1, len(words) - 1


def _undisguised(folded: Folded, leet: dict[int, int]) -> Iterator[Word]:
    """The words of a text, digits and signs inside a word read as the letters they mimic, dots inside it dropped."""
    words, begins = folded.words, folded.spans.starts
    place = 0
    for start, end in _disguised(folded.text):
        first, last = bisect_left(begins, start), bisect_left(begins, end) - 1
        core = folded.text[start:end].strip(_EDGE)
        if first <= last and _DISGUISED.search(core) and not _WEB.search(core):
            yield from _themselves(words, place, first)
            letters = "".join(fold_words(core.lower().translate(leet)))
            yield (letters or _BREAK), first, last
            place = last + 1
    yield from _themselves(words, place, len(words))


def _disguised(text: str) -> Iterator[tuple[int, int]]:
    """Start and end of every stretch between spaces that has a disguise in it."""
    end = 0
    while found := _DISGUISED.search(text, end):
        start = found.start()
        while start > 0 and not text[start - 1].isspace():
            start -= 1
        space = _SPACE.search(text, found.end())
        end = space.start() if space else len(text)
        yield start, end


def _unspaced(text: str, plain: str, words: list[str]) -> Iterator[Word]:
    """The words of `text`, runs of single letters joined; a wider gap inside a run parts words."""
    spans = Spans(text)
    place = 0
    for match in _SPACED.finditer(plain):
        first = plain.count(" ", 0, match.start()) - 1
        last = first + match.group().count(" ")
        yield from _themselves(words, place, first)
        yield from _joined(words, spans, first, last)
        place = last + 1
    yield from _themselves(words, place, len(words))


def _beside_unspaced(plain: str, words: list[str]) -> Iterator[Word]:
    """Runs of single letters without their first, or last: a letter beside one ("a b a d": a bad) must not hide it."""
    for match in _SPACED.finditer(plain):
        first = plain.count(" ", 0, match.start()) - 1
        last = first + match.group().count(" ")
        yield "".join(words[first + 1 : last + 1]), first + 1, last
        yield _BREAK, first, last
        yield "".join(words[first:last]), first, last - 1
        yield _BREAK, first, last


def _joined(words: list[str], spans: Spans, first: int, last: int) -> Iterator[Word]:
    gaps = [spans.starts[i + 1] - spans.ends[i] for i in range(first, last)]
    wide = max(gaps) if max(gaps) > min(gaps) else 1_000_000
    begin = first
    for index in range(first, last + 1):
        if index == last or gaps[index - first] >= wide:
            yield "".join(words[begin : index + 1]), begin, index
            begin = index + 1
