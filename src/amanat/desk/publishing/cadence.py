"""How often a channel speaks, against what a clause asks for or its office has set for itself."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from typing import NamedTuple

from django.utils import timezone

from amanat.desk.publishing.models import Practice, Target
from amanat.desk.publishing.workflow import OUT
from amanat.desk.registry import law
from amanat.desk.registry.models import Channel, Office
from amanat.rulebook import Clause

_FACT = "posts_a_week"
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


def wanted(office: Office) -> Wanted | None:
    """What is asked of each channel of `office`; None where neither a clause nor the office says anything.

    The firmest clause that fixes a least number wins; an unverified one asks for nothing.
    """
    pack = office.rules()
    book = law.rulebook()
    if pack in book.packs:
        found = [
            (clause, limit.least)
            for clause, limit in book.on(timezone.localdate()).limiting(pack, _FACT)
            if limit.least and clause.grade != "unverified" and clause.covers("official", duty=True)
        ]
        if found:
            clause, least = max(found, key=lambda one: (one[0].grade == "text", one[1]))
            return Wanted(least, clause)
    own = Practice.objects.filter(office=office).values_list("posts_a_week", flat=True).first()
    return Wanted(own, None) if own else None


def monday_of(day: date) -> date:
    """The Monday of its week."""
    return day - timedelta(days=day.weekday())


def start_of(day: date) -> datetime:
    """The moment at which a day begins here."""
    return timezone.make_aware(datetime.combine(day, time.min))


def weeks(channels: Iterable[Channel], mondays: Iterable[date]) -> list[Week]:
    """Every channel in every week, the channels in their order; what each office asks is looked up once."""
    rows, days = list(channels), sorted(mondays)
    if not rows or not days:
        return []
    asked = {office.pk: wanted(office) for office in {channel.office_id: channel.office for channel in rows}.values()}
    counts: dict[tuple[int, date], int] = {}
    end = start_of(days[-1] + timedelta(days=7))
    filling = Target.objects.filter(channel__in=rows, draft__state__in=_COUNTED)
    filling = filling.filter(draft__wanted_at__gte=start_of(days[0]), draft__wanted_at__lt=end)
    for number, moment in filling.values_list("channel", "draft__wanted_at"):
        if moment is not None:
            key = number, monday_of(timezone.localdate(moment))
            counts[key] = counts.get(key, 0) + 1
    return [
        Week(channel, monday, counts.get((channel.pk, monday), 0), asked[channel.office_id])
        for channel in rows
        for monday in days
    ]
