"""What the rules say of permission: which bind, what needs it, who decides, by when, what silence means."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from typing import NamedTuple

from amanat.desk.lib.commas import listed
from amanat.desk.lib.workdays import Workdays
from amanat.desk.registry.law import months_later
from amanat.desk.rules import engine
from amanat.rulebook import Clause, Decider, Limit, Rulebook, in_words

_MONTHS, _WORKING = "months", "working-days"


class Silence(NamedTuple):
    """A clause by which no answer counts as permission, its period, and whether it is known firmly enough to run."""

    clause: Clause
    limit: Limit

    @property
    def runs(self) -> bool:
        """Only a clause whose very wording was seen gives permission by silence."""
        return self.clause.grade == "text"

    @property
    def counts(self) -> bool:
        """Whether its period is one by which an answer is due: known at least from orders or reports."""
        return self.clause.grade != "unverified"

    def over_on(self, day: date, workdays: Workdays) -> date:
        """The last day for an answer to what was sent on `day`."""
        number = self.limit.most or 0
        if self.limit.unit == _MONTHS:
            return months_later(day, number)
        if self.limit.unit == _WORKING:
            return workdays.later(day, number)
        return day + timedelta(days=number)

    def latest_sent(self, day: date) -> date:
        """What was sent after this day cannot be over on `day`, whatever the calendar."""
        number = self.limit.most or 0
        return day - timedelta(days=number * 28 if self.limit.unit == _MONTHS else number)


def binding(book: Rulebook, pack: str, service: str, day: date) -> str:
    """The pack that binds somebody of `service` at an office under `pack`; "" for none."""
    return book.on(day).binding(pack, service) if pack in book.packs else ""


def asking(book: Rulebook, pack: str, at: str, service: str, day: date) -> list[Clause]:
    """The clauses under which permission can be asked by somebody bound by `pack` at an office under `at`.

    Where another pack reaches them, those of their office's own pack count only if they name the service.
    """
    found = [clause for clause in book.on(day).clauses(pack) if _asks(clause, service)] if pack in book.packs else []
    if at != pack and at in book.packs:
        found += [one for one in book.on(day).clauses(at) if service in one.services and _asks(one, service)]
    return found


def clauses(book: Rulebook, ids: Iterable[str]) -> list[Clause]:
    """The clauses of those ids, those that are known."""
    packs = book.packs.values()
    return [pack.clauses[name] for name in ids for pack in packs if name in pack.clauses]


def decider(
    book: Rulebook, pack: str, act: str, asked: Iterable[str], service: str, at: str, day: date
) -> Decider | None:
    """Who decides by the rules; None where they name nobody."""
    return book.on(day).decider(pack, act, asked, service, at) if pack in book.packs else None


def named(pack: str, rule: str) -> Decider | None:
    """The decider of that id."""
    found = engine.shipped().packs.get(pack)
    return found.deciders.get(rule) if found else None


def silence(book: Rulebook, pack: str, act: str, day: date) -> Silence | None:
    """What silence on `act` means by the rules of the day; None where they say nothing."""
    found = book.on(day).silence(pack, act) if pack in book.packs else None
    return Silence(*found) if found else None


def silences(book: Rulebook, day: date) -> list[tuple[str, str, Silence]]:
    """Every pack and act for which silence gives permission on `day`."""
    return [
        (pack.id, act, found)
        for pack in book.packs.values()
        for row in pack.silences
        for act in row.acts
        if (found := silence(book, pack.id, act, day)) and found.runs
    ]


def prefix(pack: str) -> str:
    """What numbers of permits begin with: the country of the rules."""
    found = engine.shipped().packs.get(pack)
    return found.country if found and found.country else "AM"


def languages(pack: str) -> tuple[str, ...]:
    """The languages of letters: the official ones of the rules, and English."""
    found = engine.shipped().packs.get(pack)
    return found.languages if found else ("en",)


def cited(clause: str, lang: str) -> str:
    """A clause as a letter cites it: its instrument and its place in it."""
    found = clauses(engine.shipped(), [clause])
    if not found:
        return clause
    title = engine.shipped().pack(found[0].pack).instruments[found[0].instrument].title
    return listed([in_words(title, lang)[1], found[0].reference], lang)


def _asks(clause: Clause, service: str) -> bool:
    is_asked = clause.modality == "permission" or "permit" in clause.exceptions
    return is_asked and (not clause.services or service in clause.services)
