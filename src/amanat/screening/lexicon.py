"""Word lists on disk and the one automaton that searches them all.

    lexicon/<topic>/<lang>.txt         terms that by themselves carry the topic
    lexicon/<topic>/<lang>.mild.txt    the same, weaker: a person should look
    classes/<class>/<lang>.txt         building blocks that rules combine (party, failure, secrecy-mark …)

One term a line, UTF-8, sorted by code point, each once. `stem*` takes any ending. An office adds its own folder of
the same shape; nothing else is needed.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence, Set
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import NamedTuple

from ahocorasick_rs import AhoCorasick, Implementation

from amanat.errors import Fault, LexiconBroken
from amanat.screening.channels import SOUND, Channels
from amanat.screening.fold import fold, fold_lines
from amanat.screening.folded import Folded
from amanat.screening.phonetic import Sounds, loosened
from amanat.screening.scripts import SCRIPTS
from amanat.vocabulary import LANGS, TOPICS

_NAME = re.compile(r"(?P<lang>[a-z]{2}(?:-Latn)?)(?P<mild>\.mild)?\.txt")
_SHORTEST_KEY = 5
"""Letters a phonetic key needs before it may stand for a word: shorter ones sound like too many others."""


class Term(NamedTuple):
    """One term: what it means (a topic or a class), its language and its folded words.

    `takes_ending`: the last word may go on; `by_sound`: romanised, so also found by its phonetic key;
    `is_own`: from an office's own list.
    """

    name: str
    is_topic: bool
    is_mild: bool
    lang: str
    words: str
    takes_ending: bool
    by_sound: bool = False
    is_own: bool = False


Meaning = tuple[str, int, list[Term], list[tuple[str, Term]]]
"""What a pattern of an automaton means: its separator, how many words it has beyond one, its terms; and those of them
that stand alone, which only a word means whose tight key is theirs."""
Hit = tuple[Term, int, int]
"""A term found: the term and the first and last folded word of the text it covers."""


def data_folder() -> Traversable:
    """The folder of the lexicons, classes and patterns that are shipped."""
    return files("amanat.screening") / "data"


def read_terms(folder: Traversable, langs: Collection[str] = LANGS) -> list[Term]:
    """Every term under `folder` in one of `langs`. Raises LexiconBroken with every fault found in what was read."""
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
                where = f"{kind}/{group.name}/{file.name}"
                parts = _NAME.fullmatch(file.name)
                if parts is None or parts["lang"] not in LANGS:
                    cure = f"Call it <lang>.txt with lang of {', '.join(LANGS)}"
                    faults.append(Fault(where, "(name)", "is not a lexicon's name", cure))
                elif parts["lang"] in langs:
                    blank = Term(group.name, kind == "lexicon", parts["mild"] is not None, parts["lang"], "", False)
                    terms += _read_file(file, where, blank, faults)
    if faults:
        raise LexiconBroken(faults)
    return terms


def _children(folder: Traversable) -> list[Traversable]:
    return sorted(folder.iterdir(), key=lambda item: item.name) if folder.is_dir() else []


def _read_file(file: Traversable, where: str, blank: Term, faults: list[Fault]) -> Iterator[Term]:
    """The terms of one file: `blank` with its words filled in, line by line."""
    try:
        lines = file.read_text(encoding="utf-8").splitlines()
    except UnicodeDecodeError as error:
        faults.append(Fault(where, "(file)", f"is not UTF-8 at byte {error.start}", "Save it as UTF-8"))
        return
    name, is_topic, is_mild, lang, *_ = blank
    by_sound = lang.endswith("-Latn")
    before = ""
    for number, (line, words) in enumerate(zip(lines, fold_lines(lines), strict=True), 1):
        if not words:
            faults.append(Fault(where, f"line {number}", "holds no word", "Remove the line"))
        elif line <= before:
            problem = "stands twice" if line == before else "is out of order"
            cure = "Sort the file by code point, each term once"
            faults.append(Fault(where, f"line {number}", f"{problem}: {line!r}", cure))
        else:
            before = line
            ending = line.endswith("*")
            yield Term(name, is_topic, is_mild, lang, words, ending, by_sound and not ending)


def read_words(file: Traversable) -> frozenset[str]:
    """The words of a plain list, folded."""
    return frozenset(fold(file.read_text(encoding="utf-8")).split())


class Automaton:
    """All terms of some folders in Aho-Corasick automata, one a script, read and built when a text first needs it."""

    def __init__(self, folders: Iterable[Traversable], gates: Iterable[Term], spelled: Set[str]) -> None:
        self._folders = tuple(folders)
        self._gates = tuple(gates)
        self.sounds = Sounds(spelled, is_loose=True)
        self._tight = Sounds(spelled, is_loose=False)
        self._built: dict[str, tuple[AhoCorasick, list[Meaning]]] = {}

    def channels(self, folded: Folded) -> Channels:
        """The ways a text is read, for `search`."""
        return Channels(folded, self.sounds)

    def forget(self) -> None:
        """Forget how the words met so far sound."""
        self.sounds.forget()
        self._tight.forget()

    def search(self, texts: Sequence[Channels], written: Sequence[Sequence[str]]) -> list[list[Hit]]:
        """Every term in each of `texts`, `written` in some scripts; overlaps, and one place found in several ways."""
        hits: list[list[Hit]] = [[] for _ in texts]
        for script in SCRIPTS:
            chosen = [number for number, those in enumerate(written) if script in those]
            if chosen:
                automaton, meanings = self._built.get(script) or self._build(script)
                find = automaton.find_matches_as_indexes
                matches = [find(texts[number].haystack, overlapping=True) for number in chosen]
                for number, found in zip(chosen, matches, strict=True):
                    if found:
                        hits[number] += _placed(texts[number], meanings, found, self._tight)
        return hits

    def _build(self, script: str) -> tuple[AhoCorasick, list[Meaning]]:
        langs = [lang for lang in LANGS if (lang if lang in SCRIPTS else "latin") == script]
        shipped, *own = self._folders
        terms = read_terms(shipped, langs)
        terms += [term._replace(is_own=True) for folder in own for term in read_terms(folder, langs)]
        meanings: dict[str, Meaning] = {}
        for term in (*terms, *self._gates):
            pattern = f" {term.words}" if term.takes_ending else f" {term.words} "
            _meaning(meanings, pattern, term)[2].append(term)
            if term.by_sound and " " not in term.words and term.is_topic:
                self._add_alone(meanings, term)
            elif term.by_sound:
                keys = [self.sounds[word] for word in term.words.split(" ")]
                if sum(map(len, keys)) >= _SHORTEST_KEY:
                    _meaning(meanings, f"{SOUND}{SOUND.join(keys)}{SOUND}", term)[2].append(term)
        automaton = AhoCorasick(list(meanings), implementation=Implementation.ContiguousNFA)
        # built whole before it is shown, so that two threads at worst build the same twice
        self._built[script] = automaton, list(meanings.values())
        return self._built[script]

    def _add_alone(self, meanings: dict[str, Meaning], term: Term) -> None:
        """A term of one word: looked for by every loose key of words that have its tight one."""
        key = self._tight[term.words]
        if len(key) >= _SHORTEST_KEY:
            for sound in dict.fromkeys((key, loosened(key))):
                _meaning(meanings, f"{SOUND}{sound}{SOUND}", term)[3].append((key, term))


def _meaning(meanings: dict[str, Meaning], pattern: str, term: Term) -> Meaning:
    found = meanings.get(pattern)
    if found is None:
        found = meanings[pattern] = (pattern[0], term.words.count(" "), [], [])
    return found


def _placed(
    channels: Channels, meanings: list[Meaning], found: list[tuple[int, int, int]], tight: Mapping[str, str]
) -> list[Hit]:
    hits = []
    count, origins = channels.haystack.count, channels.origins
    # words are counted on from the match before, for it is mostly near; a long text has many
    separator, place, word = "", 0, 0
    for number, start, _ in found:
        own, more, terms, alone = meanings[number]
        if own != separator:
            separator, place, word = own, 0, 0
        word += count(own, place, start) if start >= place else -count(own, start, place)
        place = start
        first, last = word, word + more
        if origins and own == " ":
            first, last = origins[first][1], origins[last][2]
        for term in terms:
            hits.append((term, first, last))  # noqa: PERF401 (mostly one, and a list of one costs more)
        if alone:
            key = tight[channels.typed[first]]
            hits += [(term, first, last) for known, term in alone if known == key]
    return hits
