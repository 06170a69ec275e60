"""What waits after release: posts that are wrong and still stand, and corrections nobody else has looked at."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext as _

from amanat.desk.lib.waiting import DUE, LATE, Item, Source
from amanat.desk.publishing.models import Correction, Draft, Mending
from amanat.desk.publishing.workflow import RELEASERS, STANDS_IN
from amanat.desk.publishing.workflow_corrections import LOOKERS
from amanat.desk.registry.models import PanelSeat, Person


def waiting(person: Person) -> list[Source]:
    """Stops to decide on, channels to see to by hand, corrections to look at: at the offices where they work.

    One question to the database for all of them.
    """
    releases, leads, looks = (_offices(person, roles) for roles in (RELEASERS, STANDS_IN, LOOKERS))
    if not releases | leads | looks:
        return []
    office = "release__draft__office__in"
    by_hand = Q(state="pending", release__channel__credential__isnull=True) | Q(state__in=["failed", "unknown"])
    to_do = by_hand & Q(correction__state="open", **{office: releases})
    held = Q(correction__state="held", **{office: leads})
    unseen = Q(correction__seen_by=None, correction__state__in=["open", "done"])
    unseen &= Q(**{office: leads}) | Q(is_seated=True, **{office: looks})
    seats = PanelSeat.objects.current().filter(person=person, channel=OuterRef("release__channel"))
    wrote = Draft.objects.filter(pk=OuterRef("release__draft"), writers=person)
    rows = Mending.objects.annotate(is_seated=Exists(seats), is_writer=Exists(wrote)).filter(to_do | held | unseen)
    rows = rows.select_related("correction__draft", "release__draft", "release__channel__credential").order_by("-pk")

    def tell(found: list[Mending]) -> Iterator[Item]:
        told: dict[Any, Item] = {}
        for row in found:
            for key, item in _items(row, person, releases, leads):
                told.setdefault(key, item)
        yield from told.values()

    return [Source(rows, tell)]


def _offices(person: Person, roles: frozenset[str]) -> set[int]:
    return {post.office for post in person.posts if post.role in roles} if person.is_active else set()


def _items(row: Mending, person: Person, releases: set[int], leads: set[int]) -> Iterator[tuple[Any, Item]]:
    told, office = row.correction, row.release.draft.office_id
    if told.state == "open" and office in releases and (row.is_by_hand or row.state in ("failed", "unknown")):
        if row.state == "pending":
            why = _("This post is wrong and still stands. It is put right by hand.")
        else:
            why = row.told or _("This post is wrong and may still stand. Look there.")
        yield row, Item(told.asked_at, LATE, str(row), why, row.get_absolute_url(), _("See to it"))
    if told.asked_by_id == person.pk or row.is_writer:  # type: ignore[attr-defined]
        return
    if told.state == "held" and office in leads:
        why = _("A rule stops the text of a correction. The wrong post stands until you decide.")
        yield ("held", told), Item(told.asked_at, LATE, str(told), why, told.get_absolute_url(), _("Decide"))
    if _is_unseen(told) and (office in leads or row.is_seated):  # type: ignore[attr-defined]
        why = _("It was put right at once, without the panel. A second person looks at it.")
        yield ("look", told), Item(told.asked_at, DUE, str(told), why, told.get_absolute_url(), _("Look at it"))


def _is_unseen(row: Correction) -> bool:
    return row.seen_by_id is None and row.state in ("open", "done")
