"""Figures of permits: counted in the database, by quarter and office; the median from how many took how long."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, Q
from django.db.models.functions import ExtractQuarter
from django.utils import timezone

from amanat.desk.permits.models import Permit
from amanat.desk.permits.models.permits import PermitQuerySet
from amanat.desk.registry.models import Office
from amanat.desk.registry.models.offices import OfficeQuerySet

HEIGHT = 100
"""How high the highest bar is drawn."""


@dataclass
class Figures:
    """What came of the requests sent in one quarter; `median` in working days, None where nothing is decided yet."""

    quarter: int
    office: Office | None = None
    asked: int = 0
    granted: int = 0
    refused: int = 0
    answered: int = 0
    overdue: int = 0
    median: float | None = None
    highest: int = 1

    @property
    def bars(self) -> list[tuple[str, int, int, int]]:
        """Asked, granted, refused as bars: name, place, top and height."""
        values = (("asked", self.asked), ("granted", self.granted), ("refused", self.refused))
        found = []
        for n, (name, value) in enumerate(values):
            tall = HEIGHT * value // self.highest
            found.append((name, (self.quarter - 1) * 100 + 12 + n * 26, HEIGHT - tall, tall))
        return found

    @property
    def middle(self) -> int:
        """Where the name of the quarter stands."""
        return (self.quarter - 1) * 100 + 50


def by_quarter(offices: OfficeQuerySet, year: int) -> list[Figures]:
    """The four quarters of a year, all of `offices` together."""
    rows = _of(year).filter(office__in=offices.values("pk"))
    found = {quarter: Figures(quarter) for quarter in (1, 2, 3, 4)}
    for row in _counted(rows, "quarter"):
        _fill(found[row["quarter"]], row)
    for key, median in _medians(rows, "quarter").items():
        found[key[0]].median = median
    highest = max((one.asked for one in found.values()), default=0) or 1
    for one in found.values():
        one.highest = highest
    return list(found.values())


def by_office(offices: Sequence[Office], year: int) -> list[Figures]:
    """Each of `offices` in each quarter of the year in which it was asked anything."""
    rows = _of(year).filter(office__in=offices)
    known = {office.pk: office for office in offices}
    found: dict[tuple[Any, ...], Figures] = {}
    for row in _counted(rows, "office", "quarter"):
        one = found[row["office"], row["quarter"]] = Figures(row["quarter"], known[row["office"]])
        _fill(one, row)
    for key, median in _medians(rows, "office", "quarter").items():
        found[key].median = median
    places = {office.pk: n for n, office in enumerate(offices)}
    return [found[key] for key in sorted(found, key=lambda key: (places[key[0]], key[1]))]


def _of(year: int) -> PermitQuerySet:
    return Permit.objects.filter(submitted_on__range=(date(year, 1, 1), date(year, 12, 31))).annotate(
        quarter=ExtractQuarter("submitted_on")
    )


def _counted(rows: PermitQuerySet, *keys: str) -> Iterable[dict[str, Any]]:
    given = Q(state__in=["granted", "expired", "revoked"])
    late = Q(state="submitted", due_on__lt=timezone.localdate())
    found: Iterable[dict[str, Any]] = rows.order_by().values(*keys).annotate(
        asked=Count("pk"), granted=Count("pk", filter=given), refused=Count("pk", filter=Q(state="refused")),
        answered=Count("pk", filter=Q(state="answered")), overdue=Count("pk", filter=late),
    )  # fmt: skip
    return found


def _fill(figures: Figures, row: dict[str, Any]) -> None:
    for name in ("asked", "granted", "refused", "answered", "overdue"):
        setattr(figures, name, row[name])


def _medians(rows: PermitQuerySet, *keys: str) -> dict[tuple[Any, ...], float]:
    """The median of the working days taken, by `keys`."""
    taken: dict[tuple[Any, ...], list[tuple[int, int]]] = defaultdict(list)
    decided = rows.filter(took__isnull=False).order_by(*keys, "took")
    for *key, took, number in decided.values_list(*keys, "took").annotate(number=Count("pk")):
        taken[tuple(key)].append((took, number))
    return {key: _median(counts) for key, counts in taken.items()}


def _median(counts: list[tuple[int, int]]) -> float:
    """The median of values that come so often, the smallest first."""
    total = sum(number for _value, number in counts)
    middles, seen, found = ((total - 1) // 2, total // 2), 0, []
    for value, number in counts:
        found += [value for place in middles if seen <= place < seen + number]
        seen += number
    return sum(found) / len(found)
