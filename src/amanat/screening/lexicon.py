"""Word lists on disk and the one automaton that searches them all.

    lexicon/<topic>/<lang>.txt         terms that by themselves carry the topic
    lexicon/<topic>/<lang>.mild.txt    the same, weaker: a person should look
    classes/<class>/<lang>.txt         building blocks that rules combine (party, failure, secrecy-mark …)

One term a line, UTF-8, sorted by code point, each once. `stem*` takes any ending. An office adds its own folder of
the same shape; nothing else is needed.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import NamedTuple

from ahocorasick_rs import AhoCorasick, Implementation

from amanat.errors import Fault, LexiconBroken
from amanat.screening import phonetic
from amanat.screening.channels import PHONETIC, PLAIN, Channels
from amanat.screening.fold import fold
from amanat.vocabulary import LANGS, TOPICS

_NAME = re.compile(r"(?P<lang>[a-z]{2}(?:-Latn)?)(?P<mild>\.mild)?\.txt")
_SHORTEST_KEY = 5
"""Letters a phonetic key needs before it may stand for a word: shorter ones sound like too many others."""


class Term(NamedTuple):
    """One term: what it means (a topic or a class), its language and its folded words."""

    name: str
    is_topic: bool
    is_mild: bool
    lang: str
    words: str
    takes_ending: bool


class Hit(NamedTuple):
    """A term found: the term and the first and last folded word of the text it covers."""

    term: Term
    first: int
    last: int


def data_folder() -> Traversable:
    """The folder of the lexicons, classes and patterns that are shipped."""
    return files("amanat.screening") / "data"


def read_terms(folder: Traversable) -> list[Term]:
    """Every term under `folder`. Raises LexiconBroken with every fault found."""
    terms: list[Term] = []
    faults: list[Fault] = []
    for kind in ("lexicon", "classes"):
        for group in _children(folder / kind):
            if kind == "lexicon" and group.name not in TOPICS:
                faults.append(
                    Fault(f"{kind}/{group.name}", "(folder)", "is not a topic", f"Known: {', '.join(TOPICS)}")
                )
                continue
            for file in _children(group):
                terms += _read_file(file, f"{kind}/{group.name}/{file.name}", group.name, kind == "lexicon", faults)
    if faults:
        raise LexiconBroken(faults)
    return terms


def _children(folder: Traversable) -> list[Traversable]:
    return sorted(folder.iterdir(), key=lambda item: item.name) if folder.is_dir() else []


def _read_file(file: Traversable, where: str, name: str, is_topic: bool, faults: list[Fault]) -> Iterator[Term]:
    parts = _NAME.fullmatch(file.name)
    if parts is None or parts["lang"] not in LANGS:
        faults.append(
            Fault(where, "(name)", "is not a lexicon's name", f"Call it <lang>.txt with lang of {', '.join(LANGS)}")
        )
        return
    try:
        lines = file.read_text(encoding="utf-8").splitlines()
    except UnicodeDecodeError as error:
        faults.append(Fault(where, "(file)", f"is not UTF-8 at byte {error.start}", "Save it as UTF-8"))
        return
    for number, (line, before) in enumerate(zip(lines, ["", *lines], strict=False), 1):
        term = fold(line.removesuffix("*")).strip()
        if not term:
            faults.append(Fault(where, f"line {number}", "holds no word", "Remove the line"))
        elif line == before or line < before:
            problem = "stands twice" if line == before else "is out of order"
            faults.append(
                Fault(where, f"line {number}", f"{problem}: {line!r}", "Sort the file by code point, each term once")
            )
        else:
            yield Term(name, is_topic, parts["mild"] is not None, parts["lang"], term, line.endswith("*"))


class Automaton:
    """All terms in one Aho-Corasick automaton over every channel of a text."""

    def __init__(self, terms: Iterable[Term]) -> None:
        meanings: dict[str, list[Term]] = {}
        for term in terms:
            for pattern in _patterns(term):
                meanings.setdefault(pattern, []).append(term)
        self._terms = [tuple(dict.fromkeys(found)) for found in meanings.values()]
        self._automaton = AhoCorasick(list(meanings), implementation=Implementation.ContiguousNFA)

    def search(self, channels: Channels) -> Iterator[Hit]:
        """Every term in the text, overlaps included; one place may be found through several channels."""
        haystack = channels.haystack
        for index, start, end in self._automaton.find_matches_as_indexes(haystack, overlapping=True):
            terms = self._terms[index]
            close = haystack.index(haystack[start], end) + 1 if terms[0].takes_ending else end
            place = channels.words(start, close)
            for term in terms:
                yield Hit(term, *place)


def _patterns(term: Term) -> Iterator[str]:
    words = term.words.split(" ")
    close = "" if term.takes_ending else None
    yield _pattern(PLAIN, words, close)
    if term.lang.endswith("-Latn") and not term.takes_ending:
        keys = [phonetic.key(word) for word in words]
        if sum(map(len, keys)) >= _SHORTEST_KEY:
            yield _pattern(PHONETIC, keys, close)


def _pattern(separator: str, words: list[str], close: str | None) -> str:
    return separator + separator.join(words) + (separator if close is None else close)
