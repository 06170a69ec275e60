"""The one engine of the desk: a reader, and the rulebook with the grades that stewards agreed on laid over it.

Made at first use, once a process; `warm` makes it before anybody waits. Safe for many threads.
"""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from threading import Lock

from amanat.desk.rules.models import Grade
from amanat.rulebook import Example, Pack, Rulebook, load_examples, load_rulebook
from amanat.rulebook.load import packs_folder
from amanat.rulebook.model import GRADES
from amanat.screening import Reader, Reading

_FIRMEST = {grade: rank for rank, grade in enumerate(reversed(GRADES))}
"""Rank of each grade, the firmest highest."""
_making, _laying = Lock(), Lock()
_WARMING = ("The office is open.", "دفتر کھلا ہے۔", "कार्यालय खुला है।", "দপ্তর খোলা আছে।")
"""One sentence a script: what is worked out when a script is first met is worked out then."""


@cache
def _made() -> tuple[Reader, Rulebook]:
    return Reader(), load_rulebook()


def _engine() -> tuple[Reader, Rulebook]:
    with _making:  # so that two who come first do not both make it
        return _made()


def warm() -> None:
    """Make the engine now."""
    for sentence in _WARMING:
        read(sentence)


def read(text: str) -> Reading:
    """What is in `text`. The reader remembers words to be faster; here it forgets them at once."""
    reader, _ = _engine()
    try:
        return reader.read(text)
    finally:
        reader.forget()


def shipped() -> Rulebook:
    """The rulebook as it came, without the grades of this installation."""
    return _engine()[1]


_laid: tuple[tuple[tuple[str, str], ...], Rulebook] | None = None


def rulebook() -> Rulebook:
    """The rulebook with every agreed grade laid over it. Asks the database once, and builds only after a change."""
    global _laid
    agreed = tuple(Grade.objects.in_force().values_list("clause", "after"))
    with _laying:
        if _laid is None or _laid[0] != agreed:
            _laid = agreed, _raised(shipped(), agreed)
        return _laid[1]


def is_firmer(grade: str, than: str) -> bool:
    """Whether `grade` says that a wording is known more firmly than `than` does."""
    return _FIRMEST[grade] > _FIRMEST[than]


def _raised(book: Rulebook, agreed: tuple[tuple[str, str], ...]) -> Rulebook:
    grades: dict[str, str] = {}
    for clause, after in agreed:
        if clause not in grades or is_firmer(after, grades[clause]):
            grades[clause] = after
    return Rulebook(_pack_raised(pack, grades) for pack in book.packs.values()) if grades else book


def _pack_raised(pack: Pack, grades: dict[str, str]) -> Pack:
    """`pack` with those grades; never below what it says itself."""
    raised = {
        name: replace(clause, grade=grades[name])
        for name, clause in pack.clauses.items()
        if name in grades and is_firmer(grades[name], clause.grade)
    }
    return replace(pack, clauses={**pack.clauses, **raised}) if raised else pack


@cache
def examples(pack: str) -> tuple[Example, ...]:
    """The examples of a pack: what must trigger its clauses, and what must not."""
    return load_examples(packs_folder() / pack)
