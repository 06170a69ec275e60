"""A text as the trained model takes it. Apart from the model, which wants numpy: words and rules alone do without."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from amanat.screening.folded import LONGEST

NUMBER = "<number>"


class Document(NamedTuple):
    """A text as the model takes it: its words (names as tokens), how any word sounds, the signs and their places."""

    words: Sequence[str]
    sounds: Mapping[str, str]
    signs: Mapping[str, Sequence[tuple[int, int]]]


def tokens(words: Sequence[str], *, has_digits: bool, may_be_long: bool) -> list[str]:
    """Folded words with the numbers, and what is too long for a word, as tokens."""
    found = [NUMBER if word.isdigit() else word for word in words] if has_digits else list(words)
    if may_be_long and max(map(len, found), default=0) > LONGEST:
        found = [word if len(word) <= LONGEST else "<long>" for word in found]
    return found
