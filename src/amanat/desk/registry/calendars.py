"""The working calendar of an office: its own, that of the nearest office above, or what its country has."""

from __future__ import annotations

from amanat.desk.lib.workdays import Workdays
from amanat.desk.registry.law import rulebook
from amanat.desk.registry.models import Office

_SATURDAY, _SUNDAY, _FRIDAY = 5, 6, 4
_WEEKENDS = {"BD": frozenset({_FRIDAY, _SATURDAY})}
_USUAL = frozenset({_SATURDAY, _SUNDAY})


def workdays(office: Office) -> Workdays:
    """On which days `office` works."""
    pack = rulebook().packs.get(office.rules())
    return Workdays(_WEEKENDS.get(pack.country, _USUAL) if pack else _USUAL)
