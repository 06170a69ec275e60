"""A text as the trained model takes it. Apart from the model, which wants numpy: words and rules alone do without."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple


class Document(NamedTuple):
    """A text as the model takes it: its words (names as class tokens), their sounds, the signs and their places."""

    words: Sequence[str]
    sounds: Sequence[str]
    signs: Mapping[str, Sequence[tuple[int, int]]]
