"""The error tree. Every error carries its facts: what is wrong, where, and how to cure it.

AmanatError
├── BadInput            what the caller gave cannot be used (a text, a date, a flag, a line of a file)
│   └── UnknownName     a name that is not in a closed list (pack, clause, topic, account …)
├── PackBroken          a pack of rules has faults; `faults` lists every one
├── LexiconBroken       a lexicon or pattern file has faults
└── Missing             an optional part is not installed
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from dataclasses import dataclass


class AmanatError(Exception):
    """Base of all errors Amanat raises on purpose. `str()` is one line: where, what, cure."""

    def __init__(self, what: str, *, where: str = "", cure: str = "") -> None:
        self.what = what
        self.where = where
        self.cure = cure
        head = f"{where}: {what}" if where else what
        super().__init__(f"{head}. {cure}" if cure else head)


class BadInput(AmanatError):
    """What the caller gave cannot be used."""


class UnknownName(BadInput):
    """A name that is not in a closed list; the cure names the nearest one."""

    def __init__(self, kind: str, name: str, known: Iterable[str], *, where: str = "") -> None:
        self.kind = kind
        self.name = name
        self.known = tuple(sorted(known))
        near = difflib.get_close_matches(name, self.known, n=1)
        guess = f"Did you mean {near[0]!r}? " if near else ""
        super().__init__(f"unknown {kind} {name!r}", where=where, cure=f"{guess}Known: {', '.join(self.known)}")


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing wrong in a data file: the file, the key inside it, what is wrong, how to cure it."""

    file: str
    key: str
    what: str
    cure: str

    def __str__(self) -> str:
        return f"{self.file}: {self.key}: {self.what}. {self.cure}"


class FaultsFound(AmanatError):
    """Data files have faults. `faults` holds them all; the message shows the first."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = tuple(faults)
        first = self.faults[0]
        more = f" (and {len(self.faults) - 1} more)" if len(self.faults) > 1 else ""
        super().__init__(first.what, where=f"{first.file}: {first.key}", cure=first.cure + more)


class PackBroken(FaultsFound):
    """A pack of rules has faults. `amanat packs lint` lists them."""


class LexiconBroken(FaultsFound):
    """A lexicon or pattern file has faults."""


class Missing(AmanatError):
    """An optional part is not installed; the cure says what to install."""
