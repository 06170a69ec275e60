"""A text folded: its words, their letters by script, and what else every later step asks of it."""

from __future__ import annotations

from collections.abc import Sequence

from amanat.screening.fold import Spans, fold_words, padded
from amanat.screening.scripts import letters

LONGEST = 40
"""Letters of the longest word that is one; what is longer is noise or an attack."""


class Folded:  # one a text, by the thousand: hence the slots
    """The folded `words` of a text, the same in one (`plain`), and its `letters` by script.

    `may_hide`: whether words may be disguised, spaced out or stretched in it; `may_be_long`: whether one may be longer
    than LONGEST. Both hold wherever it is so, and may elsewhere.
    """

    __slots__ = ("_spans", "letters", "may_be_long", "may_hide", "plain", "text", "words")

    def __init__(self, text: str) -> None:
        self.text = text
        self.words = fold_words(text)
        self.plain = padded(self.words)
        self.letters = letters(self.plain)
        self.may_hide = self.may_be_long = True
        self._spans: Spans | None = None

    @property
    def spans(self) -> Spans:
        """Where the words stand in the text."""
        if self._spans is None:
            self._spans = Spans(self.text)
        return self._spans


def fold_each(texts: Sequence[str]) -> list[Folded]:
    """Every text folded, one by one."""
    return list(map(Folded, texts))
