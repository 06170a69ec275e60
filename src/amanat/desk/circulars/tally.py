"""How far a circular has got: office by office, counted once over the index, and who of them may be shown to whom."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from django.db.models import Count, Q, QuerySet
from django.utils.translation import get_language

from amanat.desk.circulars.models import Addressee, Circular, Copy
from amanat.desk.registry.models import Person
from amanat.desk.registry.models.people import OVERSEEING

EVERYTHING = ("/",)
"""The part of who may see all of a circular: every path begins like this."""


class Sum(NamedTuple):
    """People and offices asked, and those of them who have acknowledged the version that is asked for."""

    people: int = 0
    read: int = 0
    offices: int = 0
    received: int = 0

    def __add__(self, other: Any) -> Sum:
        return Sum(*(mine + its for mine, its in zip(self, other, strict=True)))

    @property
    def missing(self) -> int:
        """How many people have not."""
        return self.people - self.read

    @property
    def silent(self) -> int:
        """How many offices have not."""
        return self.offices - self.received

    @property
    def is_done(self) -> bool:
        """Whether nobody is missing."""
        return not self.missing and not self.silent


class Place(NamedTuple):
    """An office to which a circular came: its names and path, by which sending, and its own count."""

    pk: int
    path: str
    code: str
    english: str
    local: str
    dispatch: int | None
    sum: Sum

    def __str__(self) -> str:
        return self.local if self.local and get_language() in ("ur", "hi", "bn") else self.english


@dataclass(frozen=True)
class Tally:
    """The count of a circular for one part of the tree. `named`: people who got it by name, through no office."""

    circular: Circular
    places: dict[int, Place]
    named: Sum = field(default_factory=Sum)

    @property
    def total(self) -> Sum:
        """All of it together."""
        return sum((place.sum for place in self.places.values()), self.named)

    def under(self, path: str) -> Tally:
        """The same for one office and those below it."""
        return Tally(self.circular, {pk: one for pk, one in self.places.items() if one.path.startswith(path)})

    def missing(self, after: tuple[int, int] | None, most: int) -> list[Addressee]:
        """The next people who have not acknowledged, office by office down the tree, then those without one.

        `after`: the office (0 for none) and the number of the last row seen. The counts tell which offices can hold the
        next rows, so that only those are read.
        """
        wanted = list(self._offices_from(after[0] if after else None, most))
        if not wanted:
            return []
        offices = [pk for pk in wanted if pk]
        rows = Addressee.objects.missing(self.circular).select_related("person", "office")
        mine = Q(office__in=offices) | Q(office=None) if 0 in wanted else Q(office__in=offices)
        if after and after[0] == wanted[0]:
            first = Q(office=after[0]) if after[0] else Q(office=None)
            mine &= ~first | Q(pk__gt=after[1])
        order = ("pk",) if len(wanted) == 1 else ("office__path", "pk")
        found = list(rows.filter(mine).order_by(*order)[:most])
        # Databases do not agree on whether rows without an office come first; here they come last.
        return sorted(found, key=lambda row: row.office is None)

    def _offices_from(self, first: int | None, most: int) -> Iterator[int]:
        """The offices, by path, that hold the next `most` missing; 0 for none."""
        order = [pk for pk, one in sorted(self.places.items(), key=lambda item: item[1].path) if one.sum.missing]
        if self.named.missing:
            order.append(0)
        held = 0
        for pk in order[order.index(first) :] if first in order else order if first is None else []:
            if pk == 0 and held:
                return  # they stand on a page of their own, for their order is not told by a path
            yield pk
            if pk != first:
                held += self.places[pk].sum.missing if pk else most
            if held >= most:
                return


def part_of(circular: Circular, person: Person) -> tuple[str, ...]:
    """The paths of the tree for which `person` may see who has not; () for nobody's.

    Who oversees the office that issued it sees everything; others who oversee an office see it and those below.
    """
    paths = [post.path for post in person.posts if post.role in OVERSEEING] if person.is_active else []
    return EVERYTHING if any(circular.office.path.startswith(path) for path in paths) else tuple(paths)


def tally_of(circular: Circular, part: tuple[str, ...] = EVERYTHING) -> Tally:
    """Count a circular: people by one GROUP BY in the order of the index, offices by one row each."""
    people: dict[int | None, Sum] = defaultdict(Sum)
    groups = Addressee.objects.filter(circular=circular).order_by().values_list("seen", "office")
    for seen, office, number in groups.annotate(number=Count("pk")):
        people[office] += Sum(number, number if seen >= circular.asked else 0)
    rows = (
        Copy.objects.filter(circular=circular)
        .order_by()
        .values_list("office", "office__path", "office__code", "office__name", "office__local_name", "dispatch", "seen")
    )
    places = {}
    for pk, path, code, english, local, dispatch, seen in rows:
        own = people.pop(pk, Sum()) + Sum(offices=1, received=int(seen >= circular.asked))
        places[pk] = Place(pk, path, code, english, local, dispatch, own)
    named = people.pop(None, Sum())
    places |= _without_copy(people)
    if part == EVERYTHING:
        return Tally(circular, places, named)
    return (
        Tally(circular, {pk: one for pk, one in places.items() if one.path.startswith(part)})
        if part
        else Tally(circular, {})
    )


def reached(circular: Circular, part: tuple[str, ...], *, only_missing: bool) -> QuerySet[Addressee]:
    """The people of one part, office by office down the tree: for a spreadsheet."""
    rows = Addressee.objects.missing(circular) if only_missing else Addressee.objects.filter(circular=circular)
    if part != EVERYTHING:
        rows = rows.filter(within(part))
    return rows.select_related("person", "office").order_by("office__path", "pk")


def within(paths: Iterable[str]) -> Q:
    """The rows whose office stands at or below one of these paths."""
    condition = Q(pk__in=[])
    for path in paths:
        condition |= Q(office__path__startswith=path)
    return condition


def _without_copy(people: dict[int | None, Sum]) -> dict[int, Place]:
    """Places of offices through which people got it, but which got no copy themselves."""
    from amanat.desk.registry.models import Office

    left = {pk: own for pk, own in people.items() if pk is not None}
    rows = Office.objects.filter(pk__in=left).values_list("pk", "path", "code", "name", "local_name") if left else ()
    return {pk: Place(pk, path, code, english, local, None, left[pk]) for pk, path, code, english, local in rows}
