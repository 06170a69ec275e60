"""What the clause pages say in words and draw as bars: limits, levels, the days a provision binds, what came before."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from typing import NamedTuple

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from amanat.desk.lib.commas import dot
from amanat.desk.lib.numerals import local
from amanat.rulebook import Clause, Limit, Pack, Words

_UNITS = {
    "posts": pgettext_lazy("on social media", "posts"),
    "members": _("members"),
    "months": _("months"),
    "years": _("years"),
    "days": _("days"),
    "calendar-days": _("calendar days"),
    "working-days": _("working days"),
    "hours": _("hours"),
    "meetings": _("meetings"),
    "platforms": _("platforms"),
    "characters": _("characters"),
}
_WIDTH = 1000
_LEAST = 8
"""Widths of the longest bar and of the shortest, in parts."""


def limit_words(limit: Limit) -> str:
    """What a limit asks for: "one of 1, 3, 4, 5 members"."""
    unit = _UNITS.get(limit.unit, limit.unit)
    if limit.holds is not None:
        return str(_("has to be so") if limit.holds else _("must not be so"))
    if limit.one_of:
        return str(format_lazy(_("one of {numbers} {unit}"), numbers=_listed(limit.one_of), unit=unit))
    least, most = local(limit.least or 0), local(limit.most or 0)
    if limit.most is None:
        return str(format_lazy(_("at least {least} {unit}"), least=least, unit=unit))
    if limit.least is None:
        return str(format_lazy(_("at most {most} {unit}"), most=most, unit=unit))
    return str(format_lazy(_("{least} to {most} {unit}"), least=least, most=most, unit=unit))


def _listed(numbers: Iterable[int]) -> str:
    return dot().join(map(local, numbers))


class Span(NamedTuple):
    """A provision on the line of time: the bar's place and width, and how it stands to the one looked at."""

    clause: Clause
    title: Words
    at: int
    width: int
    is_this: bool
    is_in_force: bool


def lineage(clause: Clause, pack: Pack, today: date) -> list[Span]:
    """The clause with those of the pack that say something on the same matter, in order of their days.

    The same matter: the same subject, and a topic or a limited fact in common.
    """
    kin = sorted(_kin(clause, pack), key=lambda one: (one.starts, one.id))
    first = min(one.starts for one in kin)
    last = max(today, *(one.starts for one in kin))
    days = max((last - first).days, 1)

    def part(day: date) -> int:
        return _WIDTH * max(0, min((day - first).days, days)) // days

    return [
        Span(
            clause=one,
            title=pack.instruments[one.instrument].title,
            at=part(one.starts),
            width=max(part(one.ends or last) - part(one.starts), _LEAST),
            is_this=one.id == clause.id,
            is_in_force=one.in_force(today),
        )
        for one in kin
    ]


def _kin(clause: Clause, pack: Pack) -> Iterator[Clause]:
    topics, facts = set(clause.topics), {limit.fact for limit in clause.limits}
    for one in pack.clauses.values():
        shares = topics & set(one.topics) or facts & {limit.fact for limit in one.limits}
        if one.id == clause.id or (shares and one.subject == clause.subject):
            yield one
