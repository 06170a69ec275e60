"""How fast and how often offices put right what they posted, by quarter."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, timedelta
from statistics import median
from typing import NamedTuple

from django.db.models import Count, DateField
from django.db.models.functions import TruncQuarter
from django.utils import timezone

from amanat.desk.publishing.models import Correction, Release
from amanat.desk.registry.models import Office
from amanat.desk.registry.models.offices import OfficeQuerySet

_Key = tuple[int, date]


class Quarter(NamedTuple):
    """An office in one quarter, which begins on `begins`.

    `posts` went out in it. `corrected` and `withdrawn` took place in it, whenever the post went out. `to_correct`: the
    median time from when the office learned of the fault to when it was put right; `stood`: the median time that what
    was wrong stood in public. Both None where nothing was put right.
    """

    office: Office
    begins: date
    posts: int
    corrected: int
    withdrawn: int
    to_correct: timedelta | None
    stood: timedelta | None

    @property
    def number(self) -> int:
        """Which quarter of the year, 1 to 4."""
        return (self.begins.month + 2) // 3


def per_quarter(offices: OfficeQuerySet, since: date) -> list[Quarter]:
    """Every office and quarter, from the one that holds `since`, in which something was posted or put right.

    The newest quarter first, then the offices in the order of their tree. Quarters are those of the calendar, in the
    time zone of the desk. A correction counts once, on however many channels it took place; one that took place on none
    does not count. Three questions to the database, whatever the number of offices.
    """
    begin = _quarter(since)
    posted: dict[_Key, int] = {
        (office, quarter): number for office, quarter, number in
        Release.objects.out().filter(draft__office__in=offices.order_by(), released_at__date__gte=begin).order_by()
        .annotate(quarter=TruncQuarter("released_at", output_field=DateField())).values_list("draft__office", "quarter")
        .annotate(number=Count("pk"))
    }  # fmt: skip
    mended: defaultdict[_Key, list[tuple[str, timedelta, timedelta]]] = defaultdict(list)
    rows = Correction.objects.done().filter(draft__office__in=offices.order_by(), done_at__date__gte=begin).order_by()
    for office, kind, found, released, done in rows.values_list(
        "draft__office", "kind", "found_at", "released_at", "done_at"
    ):
        if done:
            mended[office, _quarter(timezone.localdate(done))].append((kind, done - found, done - released))
    keys = {*posted, *mended}
    known = {one.pk: one for one in Office.objects.filter(pk__in={office for office, _begins in keys})}
    found_rows = [_row(known[office], begins, posted, mended[office, begins]) for office, begins in keys]
    return sorted(found_rows, key=lambda one: (-one.begins.toordinal(), one.office.path))


def _row(
    office: Office, begins: date, posted: dict[_Key, int], mended: list[tuple[str, timedelta, timedelta]]
) -> Quarter:
    kinds = [kind for kind, _slow, _stood in mended]
    return Quarter(
        office, begins, posted.get((office.pk, begins), 0), kinds.count("correct"), kinds.count("withdraw"),
        _middle(slow for _kind, slow, _stood in mended),
        _middle(stood for _kind, _slow, stood in mended),
    )  # fmt: skip


def _middle(spans: Iterable[timedelta]) -> timedelta | None:
    seconds = [span.total_seconds() for span in spans]
    return timedelta(seconds=median(seconds)) if seconds else None


def _quarter(day: date) -> date:
    return date(day.year, (day.month - 1) // 3 * 3 + 1, 1)
