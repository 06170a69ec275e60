"""What waits after release: posts that are wrong and still stand, and corrections nobody else has looked at."""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import Q
from django.utils.translation import gettext as _

from amanat.desk.lib.waiting import DUE, LATE, Item
from amanat.desk.publishing.models import Correction, Mending
from amanat.desk.publishing.workflow import RELEASERS, STANDS_IN
from amanat.desk.publishing.workflow_corrections import LOOKERS
from amanat.desk.registry.models import PanelSeat, Person

_MOST = 20


def waiting(person: Person) -> list[Item]:
    """Stops to decide on, channels to see to by hand, corrections to look at: at the offices where they work."""
    return [*_held(person), *_mendings(person), *_unseen(person)] if person.is_active else []


def _at(person: Person, roles: frozenset[str], office: str) -> Q:
    return Q(**{f"{office}__in": [post.office for post in person.posts if post.role in roles]})


def _held(person: Person) -> Iterator[Item]:
    rows = Correction.objects.filter(_at(person, STANDS_IN, "draft__office"), state="held").exclude(asked_by=person)
    for row in rows.select_related("draft")[:_MOST]:
        why = _("A rule stops the text of a correction. The wrong post stands until you decide.")
        yield Item(row.asked_at, LATE, str(row), why, row.get_absolute_url(), _("Decide"))


def _mendings(person: Person) -> Iterator[Item]:
    rows = Mending.objects.for_a_person().filter(_at(person, RELEASERS, "release__draft__office"))
    for row in rows.select_related("correction", "release__draft", "release__channel")[:_MOST]:
        if row.state == "pending":
            why = _("This post is wrong and still stands. It is put right by hand.")
        else:
            why = row.told or _("This post is wrong and may still stand. Look there.")
        yield Item(row.correction.asked_at, LATE, str(row), why, row.get_absolute_url(), _("See to it"))


def _unseen(person: Person) -> Iterator[Item]:
    rows = Correction.objects.unseen().filter(_at(person, LOOKERS, "draft__office")).exclude(asked_by=person)
    leads = _at(person, STANDS_IN, "draft__office")
    mine = PanelSeat.objects.current().filter(person=person).values("channel")
    for row in rows.filter(leads | Q(mendings__release__channel__in=mine)).select_related("draft").distinct()[:_MOST]:
        why = _("It was put right at once, without the panel. A second person looks at it.")
        yield Item(row.asked_at, DUE, str(row), why, row.get_absolute_url(), _("Look at it"))
