"""Two promises put to the test: a name swapped within its class changes no answer; a disguise hides little.

Disguises are those people use: zero-width signs, look-alike letters, digits for letters, spaced and stretched words.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from itertools import cycle

from amanat.bulk.answers import Row
from amanat.bulk.rows import Answerer
from amanat.ruling import Triage, Verdict
from amanat.scoring import Share
from amanat.screening.lexicon import data_folder, read_terms
from amanat.screening.patterns import read_patterns
from amanat.screening.spotter import Spotter

_LOOKALIKES = str.maketrans("aceopxyیکہ", "асеорхуيكه")
_DIGITS = str.maketrans("aeiost", "431057")


def _zero_width(text: str) -> str:
    return "".join(f"{char}\u200b" if char.isalpha() else char for char in text)


def _spaced(text: str) -> str:
    """Letters of every word of three or more apart; vowel signs stay with their letter, words stand wider apart."""
    return "   ".join(_apart(word) if len(word) > 2 and word.isalpha() else word for word in text.split())


def _apart(word: str) -> str:
    out = ""
    for char in word:
        out += f" {char}" if out and char.isalpha() else char
    return out


def _stretched(text: str) -> str:
    """The last letter of the first two letters of every word, four times."""
    return " ".join(
        f"{word[:2]}{word[1] * 3}{word[2:]}" if len(word) > 3 and word.isalpha() else word for word in text.split()
    )


DISGUISES: dict[str, Callable[[str], str]] = {
    "zero-width": _zero_width,
    "look-alikes": lambda text: text.translate(_LOOKALIKES),
    "digits": lambda text: " ".join(
        w.translate(_DIGITS) if w.isascii() and w.isalpha() and len(w) > 3 else w for w in text.split()
    ),
    "spacing": _spaced,
    "stretching": _stretched,
}


def recall_kept(rows: Iterable[Row], answerer: Answerer) -> dict[str, Share]:
    """Of the labelled topics that are found in the plain text, how many are still found under each disguise."""
    kept = {name: Share() for name in DISGUISES}
    for row in rows:
        found = set(row.get("topics") or ()) & set(answerer.reader.read(row["text"]).topic_ids)
        if found:
            for name, disguise in DISGUISES.items():
                still = set(answerer.reader.read(disguise(row["text"])).topic_ids)
                for topic in found:
                    kept[name].add(topic in still)
    return kept


class Swapper:
    """Replaces names by others of their class and language form."""

    def __init__(self) -> None:
        book = read_patterns(data_folder())
        self._spotter = Spotter()
        self._classes = book.swappable
        members: dict[tuple[str, str], list[str]] = {}
        for term in read_terms(data_folder()):
            if term.name in book.swappable and not term.takes_ending:
                members.setdefault((term.name, term.lang), []).append(term.words)
        self._members = {key: cycle(sorted(names)) for key, names in members.items()}

    def swapped(self, row: Row) -> Iterator[str]:
        """The row's text with one name replaced, for each name in it that has others in the row's language form."""
        text = row["text"]
        seen = self._spotter.spot(text).seen
        for name, (start, end) in seen.named():
            names = self._members.get((name, str(row.get("lang"))))
            if name in self._classes and names is not None:
                yield f"{text[:start]}{next(names)}{text[end:]}"


def swap_changes(rows: Iterable[Row], answerer: Answerer) -> Share:
    """How many answers change when one name is replaced by another of its class."""
    swapper = Swapper()
    changed = Share()
    for row in rows:
        before = _answer(answerer.judged(row))
        for text in swapper.swapped(row):
            changed.add(_answer(answerer.judged({**row, "text": text})) != before)
    return changed


def _answer(judged: Verdict | Triage) -> str:
    return judged.level if isinstance(judged, Verdict) else judged.action
