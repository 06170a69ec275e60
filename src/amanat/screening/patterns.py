"""Rules that combine classes ("government" near "failure"), and patterns an office may write. Both are data.

`patterns.toml` holds:

    entities       classes whose members are names: a name counts as one word, and is nothing but a member of its class
    swappable      those of them whose members must be interchangeable
    [topic.<id>]   what lowers the topic when it stands in the same sentence (denial, published …), and whether words in
                   quotation marks count for it
    [[signal]]     a class whose words claim an exception for the text (published, literary …)
    [[rule]]       classes that must stand within so many words of each other, in one sentence
    [[pattern]]    a regular expression (RE2: linear time, whatever an office writes) that runs only where one of its
                   `gate` words occurs, and yields a topic or a class
"""

from __future__ import annotations

import tomllib
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from importlib.resources.abc import Traversable
from typing import Any

from amanat.errors import Fault, LexiconBroken
from amanat.screening.fold import fold
from amanat.screening.lexicon import Term
from amanat.tables import Table
from amanat.vocabulary import TOPICS

Place = tuple[int, int]
"""First and last folded word of something found."""
_FEW = 32
"""Places that are all looked at; of more, a hostile text would make every pair of them be looked at."""
Marks = Mapping[str, Sequence[Place]]
"""Where each class was found."""


@dataclass(frozen=True, slots=True)
class TopicPolicy:
    """How a topic is weighed.

    The classes `lowered_by` lower it in the same sentence (`across`: or one beside it), unless one of `stands_with` is
    there too. Right beside one of `spares` it does not count (an insult to a government). `quotes_count`: whether words
    in quotation marks do.
    """

    lowered_by: tuple[str, ...] = ()
    stands_with: tuple[str, ...] = ()
    spares: tuple[str, ...] = ()
    quotes_count: bool = True
    across: bool = False


@dataclass(frozen=True, slots=True)
class Signal:
    """A class whose words claim an exception for the whole text, unless words of other classes stand against it."""

    exception: str
    by: str
    unless: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Rule:
    """Classes that together carry a topic, in one sentence or, `across`, in two neighbouring ones.

    `needs` holds alternatives: (("party", "leader"), ("support",)).
    """

    id: str
    topic: str
    needs: tuple[tuple[str, ...], ...]
    within: int
    probability: float
    why: str
    ordered: bool = False
    is_mild: bool = False
    negatable: bool = False
    across: bool = False
    unless: tuple[str, ...] = ()

    def places(self, marks: Marks) -> Iterator[tuple[Place, Place]]:
        """Every stretch in which all needs stand, no gap wider than `within` words, and the place of the last need."""
        options = [[place for name in names for place in marks.get(name, ())] for names in self.needs]
        if all(options):
            rest = list(map(_Choices, options[1:]))
            for start in options[0]:
                found = self._grow(start, rest)
                if found is not None:
                    yield found

    def _grow(self, place: Place, options: list[_Choices]) -> tuple[Place, Place] | None:
        last = place
        for choices in options:
            near = (c for c in choices.around(place, self.within) if self._fits(place, c))
            nearest = min(near, key=lambda c: _gap(place, c), default=None)
            if nearest is None:
                return None
            last = nearest
            place = min(place[0], last[0]), max(place[1], last[1])
        return place, last

    def _fits(self, place: Place, other: Place) -> bool:
        apart = other[0] > place[1] or (other[1] < place[0] and not self.ordered)
        return apart and _gap(place, other) <= self.within


class _Choices:
    """The places that one need of a rule may have. Of many, only those near another place are looked at."""

    def __init__(self, places: list[Place]) -> None:
        self._places = places
        self._is_many = len(places) > _FEW
        if self._is_many:
            self._order = sorted(range(len(places)), key=lambda number: places[number][0])
            self._begins = [places[number][0] for number in self._order]
            self._longest = max(last - first for first, last in places)

    def around(self, place: Place, within: int) -> Iterable[Place]:
        """All that stand within so many words of `place`, and maybe more; in their own order, for the first wins."""
        if not self._is_many:
            return self._places
        first = bisect_left(self._begins, place[0] - within - 1 - self._longest)
        last = bisect_right(self._begins, place[1] + within + 1)
        return [self._places[number] for number in sorted(self._order[first:last])]


def _gap(one: Place, other: Place) -> int:
    return (other[0] - one[1] if other[0] > one[1] else one[0] - other[1]) - 1


@dataclass(frozen=True)
class Pattern:
    """A regular expression over the original text with all digits ASCII, run only where a `gate` word occurs."""

    id: str
    regex: str
    gate: tuple[str, ...]
    why: str
    topic: str = ""
    names: str = ""
    probability: float = 0.9

    @cached_property
    def compiled(self) -> Any:
        """The pattern, compiled by RE2 at first use."""
        import re2

        return re2.compile(self.regex)

    @property
    def gate_class(self) -> str:
        """The class under which the gate's words are searched."""
        return f"gate:{self.id}"

    def gate_terms(self) -> Iterator[Term]:
        """The gate's words as terms for the automaton."""
        for word in self.gate:
            yield Term(self.gate_class, False, False, "en", fold(word.removesuffix("*")).strip(), word.endswith("*"))


@dataclass(frozen=True)
class PatternBook:
    """All that one or more `patterns.toml` hold."""

    entities: tuple[str, ...] = ()
    swappable: tuple[str, ...] = ()
    topics: Mapping[str, TopicPolicy] = field(default_factory=dict)
    signals: tuple[Signal, ...] = ()
    rules: tuple[Rule, ...] = ()
    patterns: tuple[Pattern, ...] = ()

    @cached_property
    def ranks(self) -> Mapping[str, int]:
        """The places of the classes whose members are names."""
        return {name: rank for rank, name in enumerate(self.entities)}

    @cached_property
    def gates(self) -> frozenset[str]:
        """The classes under which the gates of patterns are searched."""
        return frozenset(pattern.gate_class for pattern in self.patterns)

    def joined(self, other: PatternBook) -> PatternBook:
        """This book with another's rules and patterns added; the other's topic policies win."""
        return PatternBook(
            tuple(dict.fromkeys(self.entities + other.entities)),
            tuple(dict.fromkeys(self.swappable + other.swappable)),
            {**self.topics, **other.topics},
            self.signals + other.signals,
            self.rules + other.rules,
            self.patterns + other.patterns,
        )


def read_patterns(folder: Traversable) -> PatternBook:
    """`patterns.toml` of `folder`; an empty book where there is none. Raises LexiconBroken with every fault."""
    file = folder / "patterns.toml"
    if not file.is_file():
        return PatternBook()
    faults: list[Fault] = []
    try:
        root = Table(tomllib.loads(file.read_text(encoding="utf-8")), "patterns.toml", "", faults)
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise LexiconBroken(
            [Fault("patterns.toml", "(file)", f"is not TOML in UTF-8: {error}", "Mend the line it names")]
        ) from None
    topics = root.table("topic", optional=True)
    book = PatternBook(
        root.names("entities", ()),
        root.names("swappable", ()),
        {name: _policy(topics.table(name)) for name in topics.keys()},  # noqa: SIM118 (a Table is no dict)
        tuple(_signal(table) for table in root.tables("signal")),
        tuple(_rule(table) for table in root.tables("rule")),
        tuple(_pattern(table) for table in root.tables("pattern")),
    )
    root.done()
    if faults:
        raise LexiconBroken(faults)
    return book


def _policy(table: Table) -> TopicPolicy:
    policy = TopicPolicy(
        table.names("lowered_by", ()),
        table.names("stands_with", ()),
        table.names("spares", ()),
        table.flag("quotes_count", True),
        table.flag("across", False),
    )
    table.done()
    return policy


def _signal(table: Table) -> Signal:
    signal = Signal(table.text("exception"), table.text("by"), table.names("unless", ()))
    table.done()
    return signal


def _rule(table: Table) -> Rule:
    rule = Rule(
        id=table.text("id"),
        topic=table.choice("topic", TOPICS),
        needs=tuple(tuple(need.split("|")) for need in table.names("needs", repeats=True)),
        within=table.number("within") or 0,
        probability=_probability(table, 0.85),
        why=table.text("why"),
        ordered=table.flag("ordered", False),
        is_mild=table.flag("mild", False),
        negatable=table.flag("negatable", False),
        across=table.flag("across", False),
        unless=table.names("unless", ()),
    )
    table.done()
    return rule


def _pattern(table: Table) -> Pattern:
    pattern = Pattern(
        id=table.text("id"),
        regex=table.text("regex"),
        gate=table.names("gate"),
        why=table.text("why"),
        topic=table.choice("topic", TOPICS, ""),
        names=table.text("class", ""),
        probability=_probability(table, 0.9),
    )
    if not pattern.gate:
        table.fault("gate", "is empty", "Name words of which one always stands in what the pattern finds")
    if bool(pattern.topic) == bool(pattern.names):
        table.fault("", "yields nothing, or two things", "Give either topic or class")
    try:
        pattern.compiled  # noqa: B018 (compiled here so that a fault is named here)
    except Exception as error:  # re2.error is not exported with a stable name
        table.fault("regex", f"is not an RE2 pattern: {error}", "RE2 has no look-around and no back-references")
    table.done()
    return pattern


def _probability(table: Table, default: float) -> float:
    percent = table.number("percent")
    return default if percent is None else percent / 100
