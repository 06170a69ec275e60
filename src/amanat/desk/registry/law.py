"""What the rules say of an office's pages and groups: sizes of panels, intervals, what binds administrators."""

from __future__ import annotations

import calendar
from datetime import date
from functools import cache

from django.utils import timezone

from amanat.desk.registry.models import Office
from amanat.rulebook import Clause, Limit, Rulebook, load_rulebook

_SIZE = "panel_members"
_INTERVAL = "months_between_inspections"
INSPECTION_MONTHS = 3
"""How long an office waits between inspections where neither it nor a clause says otherwise."""


@cache
def rulebook() -> Rulebook:
    """The packs that are shipped, read once."""
    return load_rulebook()


def panel_breach(office: Office, members: int) -> Clause | None:
    """The clause that a panel of so many members would break, if any. An unverified clause forbids nothing."""
    from amanat.ruling import Context, breaches

    pack = office.rules()
    if pack not in rulebook().packs:
        return None
    context = Context(pack, timezone.localdate(), account="official")
    found = breaches({_SIZE: members}, context, rulebook())
    return next((breach.clause for breach in found if breach.clause.grade != "unverified"), None)


def panel_clause(office: Office) -> Clause | None:
    """The clause that fixes the size of a panel here, if any."""
    return next((clause for clause, _limit in _limits(office, _SIZE)), None)


def inspection_months(office: Office) -> int | None:
    """The longest time between two inspections that a clause allows here; None where none says."""
    allowed = [limit.most for _clause, limit in _limits(office, _INTERVAL) if limit.most is not None]
    return min(allowed, default=None)


def inspection_clause(office: Office) -> Clause | None:
    """The clause that fixes the time between two inspections here, if any."""
    return next((clause for clause, _limit in _limits(office, _INTERVAL)), None)


def inspection_due(office: Office, day: date) -> date:
    """When a channel of `office` is to be inspected if it was on `day`, or began then."""
    return months_later(day, inspection_months(office) or INSPECTION_MONTHS)


def months_later(day: date, months: int) -> date:
    """The same day some months later, or the last of that month."""
    years, month = divmod(day.month - 1 + months, 12)
    year, month = day.year + years, month + 1
    return date(year, month, min(day.day, calendar.monthrange(year, month)[1]))


def for_administrators(office: Office) -> tuple[Clause, ...]:
    """The clauses that speak to administrators of groups and to nobody else."""
    pack = office.rules()
    if pack not in rulebook().packs:
        return ()
    clauses = rulebook().on(timezone.localdate()).clauses(pack)
    return tuple(clause for clause in clauses if clause.accounts == ("group",))


def _limits(office: Office, fact: str) -> tuple[tuple[Clause, Limit], ...]:
    pack = office.rules()
    if pack not in rulebook().packs:
        return ()
    limits = rulebook().on(timezone.localdate()).limiting(pack, fact)
    return tuple((clause, limit) for clause, limit in limits if clause.covers("official", duty=False))
