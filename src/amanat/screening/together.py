"""Many texts folded together, as arrays of code points: what `Folded` makes of each, several times faster.

The texts are laid end to end with a separator before, between and behind them. What a character folds to, and what else
is known of it, stands in tables by its code point. A text with a character that no table holds is folded alone.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from threading import Lock

import numpy as np
import numpy.typing as npt

from amanat.screening import channels
from amanat.screening.fold import Spans, character
from amanat.screening.folded import LONGEST, Folded, fold_each
from amanat.screening.scripts import Letters

_FEW = 8
"""Texts that are folded faster one by one."""
_CODES = 0x20000
"""Code points in the tables: all letters in use, and emoji."""
_SPACE = ord(" ")
_COUNTED = ((0x61, 0x7A), (0x30, 0x39), (0x900, 0x97F), (0x980, 0x9FF), (0x600, 0x6FF))
"""What is counted of a folded text: the letters from one to another, in the order of `Letters`."""
_LETTER, _MIMIC, _LOUD, _VISIBLE, _SEVERAL, _KNOWN = (1 << bit for bit in range(6))
_SIGNS = ((_LETTER, channels.LETTER), (_MIMIC, channels.MIMIC), (_LOUD, channels.LOUD))

Numbers = npt.NDArray[np.int64]


class _Letters:
    """By code point: its `traits`, and what it folds to: `sizes` codes of `pool`, which only grows, from `begins`."""

    def __init__(self) -> None:
        self._lock = Lock()
        self.traits = np.zeros(_CODES, np.uint8)
        self.sizes = np.zeros(_CODES, np.uint8)
        self.begins = np.zeros(_CODES, np.int32)
        self.pool: npt.NDArray[np.uint32] = np.zeros(0, np.uint32)
        self.counted = np.zeros(_CODES, np.uint8)
        for number, (first, last) in enumerate(_COUNTED, 1):
            self.counted[first : last + 1] = number
        self.signs = np.zeros(_CODES, np.bool_)
        for code in range(0x900, 0xA00):
            self.signs[code] = re.fullmatch(channels.SIGN, chr(code)) is not None

    def learn(self, codes: npt.NDArray[np.uint32]) -> None:
        """Fill in what is not known yet."""
        if self.traits[codes].all():
            return
        with self._lock:
            pool = self.pool.tolist()
            new = np.unique(codes[self.traits[codes] == 0])
            traits = [self._trait(code, pool) for code in new.tolist()]
            self.pool = np.array(pool, np.uint32)
            self.traits[new] = traits  # last, for they say that the rest is there

    def _trait(self, code: int, pool: list[int]) -> int:
        folded, is_visible = character(chr(code))
        several = " " in folded and folded != " "
        self.begins[code] = len(pool)
        pool += map(ord, " " if several else folded)
        self.sizes[code] = len(pool) - self.begins[code]
        traits = _KNOWN | _SEVERAL * several | _VISIBLE * is_visible
        return traits | sum(trait for trait, pattern in _SIGNS if re.fullmatch(pattern, chr(code)))


_LETTERS = _Letters()


class _Cut(Folded):
    """One of many texts folded together; where its words stand is cut from where all of theirs do."""

    __slots__ = ("_ends", "_first", "_starts")

    def __init__(self, text: str, plain: str, counts: Sequence[int], *, may_hide: bool, may_be_long: bool) -> None:
        self.text = text
        self.plain = plain
        self.words = plain.split()
        self.letters = Letters._make(counts)
        self.may_hide = may_hide
        self.may_be_long = may_be_long
        self._spans = None

    def place(self, starts: Sequence[int], ends: Sequence[int], first: int) -> Folded:
        """Tell where its words stand: from the `first` of all words on."""
        self._starts, self._ends, self._first = starts, ends, first
        return self

    @property
    def spans(self) -> Spans:
        """Where the words stand in the text."""
        if self._spans is None:
            words = slice(self._first, self._first + len(self.words))
            self._spans = Spans.known(self._starts[words], self._ends[words])
        return self._spans


def fold_together(texts: Sequence[str]) -> list[Folded]:
    """Every text folded, as `fold_each` does."""
    return fold_each(texts) if len(texts) < _FEW else _fold_together(texts)


def _fold_together(texts: Sequence[str]) -> list[Folded]:
    joined = "\n".join(["", *texts, ""])
    codes = np.frombuffer(joined.encode("utf-32-le", "surrogatepass"), np.uint32)
    cuts = np.cumsum([0, *(len(text) + 1 for text in texts)])  # where the separators stand
    seen = np.minimum(codes, _CODES - 1)
    _LETTERS.learn(seen)
    traits = _LETTERS.traits[seen]
    folded, origins = _pieces(seen)
    spaces = np.flatnonzero(folded == _SPACE)
    begins = spaces[_within(origins[spaces], cuts)]  # the spaces that the separators have become
    starts = origins[spaces[:-1] + 1]
    visible = np.maximum.accumulate(np.where(traits & _VISIBLE, np.arange(len(seen)), 0))
    ends = visible[origins[spaces[1:]]] + 1

    count = len(texts)
    alone = _flags(count, cuts, np.flatnonzero((traits & _SEVERAL != 0) | (codes >= _CODES)))
    long = _flags(count, begins, spaces[:-1][np.diff(spaces) > LONGEST + 1])
    hiding = _flags(count, cuts, _disguises(traits)) | _flags(count, begins, _oddities(folded, spaces))
    plain = folded.tobytes().decode("utf-32-le")
    bounds = zip(begins[:-1].tolist(), (begins[1:] + 1).tolist(), strict=True)
    cut = [
        _Cut(text, plain[begin:end], counts, may_hide=may_hide, may_be_long=may_be_long)
        for text, (begin, end), counts, may_hide, may_be_long in zip(
            texts, bounds, _counts(folded, begins).tolist(), hiding.tolist(), long.tolist(), strict=True
        )
    ]
    firsts = np.searchsorted(spaces, begins)
    before = (cuts[:-1] + 1).repeat(np.diff(firsts))
    where = (starts - before).tolist(), (ends - before).tolist()
    return [
        Folded(one.text) if is_alone else one.place(*where, first)
        for one, is_alone, first in zip(cut, alone.tolist(), firsts[:-1].tolist(), strict=True)
    ]


def _within(begins: Numbers, places: Numbers) -> Numbers:
    """The last of `begins` at or before each of `places`."""
    return np.searchsorted(begins, places, side="right") - 1


def _flags(count: int, begins: Numbers, places: Numbers) -> npt.NDArray[np.bool_]:
    """Which of so many texts, by where they begin, have one of `places`."""
    found = np.zeros(count + 1, np.bool_)  # one more, for what is behind the last
    found[_within(begins, places)] = True
    return found[:-1]


def _pieces(codes: npt.NDArray[np.uint32]) -> tuple[npt.NDArray[np.uint32], Numbers]:
    """What all codes fold to, of several spaces the first, and the place of the code that each piece comes from."""
    sizes = _LETTERS.sizes[codes]
    origins = np.arange(len(codes)).repeat(sizes)
    begins = _LETTERS.begins[codes[origins]]
    if sizes.max() > 1:
        begins += np.arange(len(origins), dtype=np.int32) - (sizes.cumsum(dtype=np.int32) - sizes)[origins]
    folded = _LETTERS.pool[begins]
    is_space = folded == _SPACE
    kept = np.flatnonzero(~is_space | np.concatenate([[True], ~is_space[:-1]]))
    return folded[kept], origins[kept]


def _disguises(traits: npt.NDArray[np.uint8]) -> Numbers:
    """Places where a sign or digit that may stand for a letter touches letters as in a disguised word."""
    before, here, after = traits[:-2], traits[1:-1], traits[2:]
    inside = (before & _LETTER != 0) & (here & _MIMIC != 0) & (after & (_LETTER | _MIMIC) != 0)
    beside = (here & _LOUD != 0) & ((before | after) & _LETTER != 0)
    return np.flatnonzero(inside | beside) + 1


def _oddities(folded: npt.NDArray[np.uint32], spaces: Numbers) -> Numbers:
    """Places in the folded texts where a letter stands three times, or three words of one letter stand together."""
    thrice = np.flatnonzero((folded[:-2] == folded[1:-1]) & (folded[1:-1] == folded[2:]))
    letters = (~_LETTERS.signs[np.minimum(folded, _CODES - 1)]).cumsum()[spaces]
    single = np.diff(letters) <= 2  # the letter, and the space before the next
    spaced = np.flatnonzero(single[:-2] & single[1:-1] & single[2:]) + 1
    return np.concatenate([thrice, spaces[spaced]])


def _counts(folded: npt.NDArray[np.uint32], begins: Numbers) -> Numbers:
    """Of every text, how many of its letters are in each script."""
    kinds = len(_COUNTED) + 1
    texts = np.arange(len(begins) - 1).repeat(np.diff(begins))
    marks = _LETTERS.counted[np.minimum(folded[: len(texts)], _CODES - 1)]
    counted = np.bincount(texts * kinds + marks, minlength=(len(begins) - 1) * kinds)
    return counted.reshape(-1, kinds)[:, 1:]
