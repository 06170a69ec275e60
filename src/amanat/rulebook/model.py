"""The law as values: packs, instruments, clauses, procedures. Frozen; no files, no clock."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, TypeVar

from amanat.errors import UnknownName
from amanat.vocabulary import LEVELS

Words = Mapping[str, str]
"""One text in several languages, by BCP 47 code."""

MODALITIES = {
    "forbid": "stop", "require": "stop", "permission": "ask",
    "advise": "care", "permit": "clear", "inform": "clear",
}  # fmt: skip
"""Modality of a clause, and the level that a text against it reaches."""
SUBJECTS = ("post", "comment", "account", "panel", "permission", "upkeep", "office", "scope")
GRADES = ("text", "report", "unverified")
EXCEPTIONS = (
    "official-duty", "permit", "published", "right-to-information", "report-of-wrongdoing",
    "literary-artistic-scientific", "service-association", "private-matter",
)  # fmt: skip
KINDS = ("conduct-rules", "guideline", "circular", "discipline-rules", "act", "guide", "house-rules")
ACTS = ("media", "publication", "work", "channel", "publicity", "advice")
"""What is asked for: a media act, a publication, a literary, artistic or scientific work, a channel, publicity of
official work, or advice."""
DECIDING_ROLES = ("authority", "head")
OFFICE_KINDS = ("ministry", "division", "department", "directorate", "district", "field", "body")
UNITS = ("calendar-days", "working-days", "months", "years")
_MOST_EDITIONS = 400
COMMON = "common"
"""The pack that speaks where every other pack is silent: Amanat's own guide and house rules."""
_MOST = 10_000
"""Answers an edition remembers; rows that name ever new services must not grow the memory without end."""
T = TypeVar("T")


def in_words(words: Words, *langs: str) -> tuple[str, str]:
    """The first of `langs` (then English, then any) in which `words` has a text: (lang, text)."""
    for lang in (*langs, "en", *words):
        if lang in words:
            return lang, words[lang]
    return "", ""


@dataclass(frozen=True, slots=True)
class Source:
    """Where a fact was read."""

    id: str
    title: str
    address: str


@dataclass(frozen=True, slots=True)
class Instrument:
    """A circular, a guideline, a set of rules or an Act, with the days it binds."""

    id: str
    pack: str
    kind: str
    title: Words
    starts: date
    ends: date | None
    grade: str
    sources: tuple[str, ...]
    number: str = ""
    services: tuple[str, ...] = ()
    note: Words = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Limit:
    """A number or a yes/no that a clause fixes for a fact, e.g. `panel_members` one of 1, 3, 4, 5."""

    fact: str
    one_of: tuple[int, ...] = ()
    least: int | None = None
    most: int | None = None
    holds: bool | None = None
    unit: str = ""

    def allows(self, value: int | bool) -> bool:
        """Whether `value` keeps the limit."""
        if self.holds is not None:
            return bool(value) == self.holds
        if self.one_of:
            return value in self.one_of
        return (self.least is None or value >= self.least) and (self.most is None or value <= self.most)


@dataclass(frozen=True, slots=True)
class Clause:
    """One provision: what it says in our words, whom it covers, since when, and how firmly that is known."""

    id: str
    pack: str
    instrument: str
    reference: str
    starts: date
    ends: date | None
    subject: str
    modality: str
    topics: tuple[str, ...]
    accounts: tuple[str, ...]
    duty: str
    exceptions: tuple[str, ...]
    grade: str
    sources: tuple[str, ...]
    gist: Words
    instead: Words
    note: Words
    authority: Words
    level: Mapping[str, str]
    limits: tuple[Limit, ...]
    services: tuple[str, ...]
    action: str = "keep"
    signs: tuple[str, ...] = ()

    def in_force(self, day: date) -> bool:
        """Whether the clause binds on `day` (both ends included)."""
        return self.starts <= day and (self.ends is None or day <= self.ends)

    def covers(self, account: str, *, duty: bool, service: str = "") -> bool:
        """Whether the clause binds a person of `service` who speaks on `account`, on duty or not."""
        return (
            account in self.accounts
            and self.duty in ("any", "on" if duty else "off")
            and (not self.services or service in self.services)
        )

    def level_for(self, account: str) -> str:
        """The level a text against this clause reaches. An unverified clause never reaches past care."""
        level = self.level.get(account, MODALITIES[self.modality])
        if self.grade == "unverified" and LEVELS.index(level) > LEVELS.index("care"):
            return "care"
        return level


@dataclass(frozen=True, slots=True)
class Clock:
    """A period within which something must be done. Late means overdue, never void."""

    act: Words
    unit: str
    starts: Words
    grade: str
    sources: tuple[str, ...]
    days: int | None = None
    min_days: int | None = None
    extension: Words = field(default_factory=dict)

    @property
    def is_applied(self) -> bool:
        """Whether it counts down. An unverified clock, or one without a number, is only shown."""
        return self.days is not None and self.grade != "unverified"


@dataclass(frozen=True, slots=True)
class Stage:
    """One stage of a discipline procedure, with the stages that may follow and its clocks."""

    id: str
    name: Words
    gist: Words
    next: tuple[str, ...]
    grade: str
    sources: tuple[str, ...]
    clocks: tuple[Clock, ...]
    reference: str = ""
    note: Words = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Penalty:
    """A penalty the procedure may end in: minor or major."""

    id: str
    weight: str
    name: Words
    grade: str
    sources: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Procedure:
    """A discipline procedure: its stages in order of mention, and its penalties."""

    id: str
    pack: str
    instrument: str
    name: Words
    starts: date
    ends: date | None
    stages: tuple[Stage, ...]
    penalties: tuple[Penalty, ...]

    def in_force(self, day: date) -> bool:
        """Whether the procedure may be begun on `day`."""
        return self.starts <= day and (self.ends is None or day <= self.ends)


@dataclass(frozen=True, slots=True)
class Decider:
    """Who decides on what is asked: whoever holds the first of `roles` that is held, at the nearest of `kinds`.

    `clause` says so. An empty `clauses`, `acts` or `services` holds for all; `packs` keeps it to people at offices
    under those packs, and to those offices.
    """

    id: str
    clause: str
    name: Words
    roles: tuple[str, ...]
    kinds: tuple[str, ...]
    clauses: tuple[str, ...] = ()
    acts: tuple[str, ...] = ()
    services: tuple[str, ...] = ()
    packs: tuple[str, ...] = ()
    note: Words = field(default_factory=dict)

    def fits(self, act: str, clauses: Iterable[str], service: str, pack: str) -> bool:
        """Whether it decides on `act` under `clauses`, asked by somebody of `service` at an office under `pack`."""
        return (
            (not self.acts or act in self.acts)
            and (not self.services or service in self.services)
            and (not self.packs or pack in self.packs)
            and (not self.clauses or not set(self.clauses).isdisjoint(clauses))
        )


@dataclass(frozen=True, slots=True)
class Silence:
    """A period after which no answer is permission for `acts`: the limit that `clause` fixes for `fact`."""

    clause: str
    fact: str
    acts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Reach:
    """People of `services` at offices under other `packs` whom the rules of this pack bind, as `clause` says."""

    clause: str
    services: tuple[str, ...]
    packs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Pack:
    """The rules of one jurisdiction."""

    id: str
    name: Words
    country: str
    official: tuple[str, ...]
    scope: Words
    instruments: Mapping[str, Instrument]
    clauses: Mapping[str, Clause]
    procedures: Mapping[str, Procedure]
    sources: Mapping[str, Source]
    deciders: Mapping[str, Decider] = field(default_factory=dict)
    silences: tuple[Silence, ...] = ()
    reaches: tuple[Reach, ...] = ()

    @property
    def languages(self) -> tuple[str, ...]:
        """Languages in which every text of the pack exists."""
        return tuple(dict.fromkeys((*self.official, "en")))


@dataclass(frozen=True, slots=True)
class Example:
    """A text (or a fact of a page) that must, or must not, trigger a clause."""

    clause: str
    lang: str
    triggers: bool
    account: str = "personal"
    duty: bool = False
    on: date | None = None
    text: str = ""
    facts: Mapping[str, int | bool] = field(default_factory=dict)


class Rulebook:
    """All packs that were loaded. `on(day)` gives what was in force that day."""

    def __init__(self, packs: Iterable[Pack]) -> None:
        self.packs: dict[str, Pack] = {pack.id: pack for pack in packs}
        self._editions: dict[date, Edition] = {}

    def pack(self, pack_id: str) -> Pack:
        """The pack, or UnknownName."""
        if pack_id not in self.packs:
            raise UnknownName("pack", pack_id, self.packs.keys() - {COMMON})
        return self.packs[pack_id]

    def clause(self, clause_id: str) -> Clause:
        """The clause of that id in any pack, or UnknownName."""
        for pack in self.packs.values():
            if clause_id in pack.clauses:
                return pack.clauses[clause_id]
        raise UnknownName("clause", clause_id, (id_ for p in self.packs.values() for id_ in p.clauses))

    def services(self) -> frozenset[str]:
        """The services that clauses of some pack hold for alone."""
        return frozenset(
            name for pack in self.packs.values() for clause in pack.clauses.values() for name in clause.services
        )

    def on(self, day: date) -> Edition:
        """The rules in force on `day`. Editions are kept, for a bulk run asks for few days, many times."""
        edition = self._editions.get(day)
        if edition is None:
            if len(self._editions) >= _MOST_EDITIONS:  # whoever asks for every day there is must not fill the memory
                self._editions.clear()
            edition = self._editions[day] = Edition(self, day)
        return edition


class Edition:
    """The rulebook as it stood on one day."""

    def __init__(self, rulebook: Rulebook, day: date) -> None:
        self.rulebook = rulebook
        self.day = day
        self._remembered: dict[Hashable, Any] = {}

    def clauses(self, pack_id: str) -> tuple[Clause, ...]:
        """The pack's clauses in force, in the order of the pack."""
        pack = self.rulebook.pack(pack_id)
        return tuple(clause for clause in pack.clauses.values() if clause.in_force(self.day))

    def speaking_to(self, pack_id: str, topic: str) -> tuple[Clause, ...]:
        """The pack's clauses in force that speak to a topic of a text."""
        return self.remembered((pack_id, topic), lambda: tuple(c for c in self.clauses(pack_id) if topic in c.topics))

    def remembered(self, key: Hashable, make: Callable[[], T]) -> T:
        """What `make` makes of the rules of this day, made once for a `key`; a bulk run asks for few, many times."""
        found: T | None = self._remembered.get(key)
        if found is None:
            if len(self._remembered) >= _MOST:
                self._remembered.clear()
            found = self._remembered[key] = make()
        return found

    def limiting(self, pack_id: str, fact: str) -> tuple[tuple[Clause, Limit], ...]:
        """The clauses in force that fix a limit for `fact`, each with its limit."""
        return tuple(
            (clause, limit) for clause in self.clauses(pack_id) for limit in clause.limits if limit.fact == fact
        )

    def decider(self, pack_id: str, act: str, clauses: Iterable[str], service: str, at: str) -> Decider | None:
        """The first decider that fits and whose clause is in force; `at` is the pack of the asker's office."""
        pack, asked = self.rulebook.pack(pack_id), tuple(clauses)
        return next(
            (
                one
                for one in pack.deciders.values()
                if one.fits(act, asked, service, at) and pack.clauses[one.clause].in_force(self.day)
            ),
            None,
        )

    def silence(self, pack_id: str, act: str) -> tuple[Clause, Limit] | None:
        """The clause by which silence counts as permission for `act`, with the period it fixes."""
        pack = self.rulebook.pack(pack_id)
        for one in pack.silences:
            clause = pack.clauses[one.clause]
            if act in one.acts and clause.in_force(self.day):
                return clause, next(limit for limit in clause.limits if limit.fact == one.fact)
        return None

    def binding(self, pack_id: str, service: str) -> str:
        """The pack that binds somebody of `service` at an office under `pack_id`: that, or one that reaches there."""
        for pack in self.rulebook.packs.values():
            for one in pack.reaches:
                if pack_id in one.packs and service in one.services and pack.clauses[one.clause].in_force(self.day):
                    return pack.id
        return pack_id

    def procedures(self, pack_id: str) -> tuple[Procedure, ...]:
        """The discipline procedures that may be begun this day."""
        return tuple(p for p in self.rulebook.pack(pack_id).procedures.values() if p.in_force(self.day))
