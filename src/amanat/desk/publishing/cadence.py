"""How often a channel speaks, against what a clause asks for or its office has set for itself."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any, NamedTuple

from django.db.models import CharField, ExpressionWrapper, F, OuterRef, QuerySet, Subquery
from django.utils import timezone

from amanat.desk.publishing import law
from amanat.desk.publishing.models import Practice, Target
from amanat.desk.publishing.models.drafts import start_of
from amanat.desk.publishing.workflow import OUT
from amanat.desk.registry.models import Channel, Office
from amanat.rulebook import Clause

_COUNTED = (*OUT, "scheduled")
"""States of a draft that fill a week: it is out, or it will be."""


class Wanted(NamedTuple):
    """How many posts a week are wanted on a channel, and on what ground: a clause, or the office's own practice."""

    posts: int
    clause: Clause | None


class Week(NamedTuple):
    """One week of a channel: its Monday, how many posts are out or scheduled, how many are wanted."""

    channel: Channel
    monday: date
    posts: int
    wanted: Wanted | None

    @property
    def missing(self) -> int:
        """How many posts are still missing."""
        return max(0, self.wanted.posts - self.posts) if self.wanted else 0


def asked(offices: Iterable[Office]) -> dict[int, Wanted | None]:
    """What is asked of each channel of `offices`, by their numbers; None where nobody says anything.

    The firmest clause that fixes a least number wins, then the office's own practice; an unverified clause asks for
    nothing. Where `with_rules` fetched the offices, nothing is asked of the database.
    """
    rows = list(offices)
    by_pack = {pack: _by_clause(pack) for pack in {row.rules() for row in rows}}
    return {row.pk: by_pack[row.rules()] or _own(practice_of(row)) for row in rows}


def with_rules(channels: QuerySet[Channel]) -> list[Channel]:
    """Channels with their offices, the packs these work under and their practice, in one question."""
    rows = list(asking_rules(channels))
    told_rules(rows)
    return rows


def asking_rules(channels: QuerySet[Channel]) -> QuerySet[Channel]:
    """`channels`, each to be fetched with what `told_rules` needs."""
    return channels.select_related("office__practice").annotate(rules=pack_above("office__path"))


def told_rules(rows: Iterable[Any]) -> None:
    """Tell the office of each row which rules it works under: looked up once for all; no page saves an office."""
    for row in rows:
        row.office.pack = row.rules or ""


def pack_above(path: str) -> Subquery:
    """The pack that an office works under, by the name of its path: what `Office.rules` says, within a query."""
    mine = ExpressionWrapper(OuterRef(path), output_field=CharField())
    above = Office.objects.exclude(pack="").alias(below=mine).filter(below__startswith=F("path"))
    return Subquery(above.order_by("-path").values("pack")[:1])


def practice_of(office: Office) -> Practice | None:
    """What the office has set for itself, if anything."""
    try:
        return office.practice
    except Practice.DoesNotExist:
        return None


def _by_clause(pack: str) -> Wanted | None:
    found = law.least_posts(pack)
    return Wanted(*found) if found else None


def _own(practice: Practice | None) -> Wanted | None:
    return Wanted(practice.weekly_posts, None) if practice and practice.weekly_posts else None


def monday_of(day: date) -> date:
    """The Monday of its week."""
    return day - timedelta(days=day.weekday())


def weeks(channels: Iterable[Channel], mondays: Iterable[date]) -> list[Week]:
    """Every channel in every week, the channels in their order; what each office asks is looked up once."""
    rows, days = list(channels), sorted(mondays)
    if not rows or not days:
        return []
    wanted = asked({channel.office_id: channel.office for channel in rows}.values())
    counts: dict[tuple[int, date], int] = {}
    end = start_of(days[-1] + timedelta(days=7))
    filling = Target.objects.filter(channel__in=rows, draft__state__in=_COUNTED)
    filling = filling.filter(draft__wanted_at__gte=start_of(days[0]), draft__wanted_at__lt=end)
    for number, moment in filling.values_list("channel", "draft__wanted_at"):
        if moment is not None:
            key = number, monday_of(timezone.localdate(moment))
            counts[key] = counts.get(key, 0) + 1
    return [
        Week(channel, monday, counts.get((channel.pk, monday), 0), wanted[channel.office_id])
        for channel in rows
        for monday in days
    ]
