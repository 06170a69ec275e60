"""What of releases and channels waits for a person: Today shows it with the rest of publishing."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from amanat.desk.lib.waiting import DUE, LATE, SOON, Item, Source
from amanat.desk.publishing.models import Release, Watch
from amanat.desk.publishing.workflow import LEADERS, RELEASERS
from amanat.desk.registry.models import Person

_AHEAD = timedelta(days=1)


def waiting(person: Person) -> list[Source]:
    """Releases that a person must look for, post by hand or try again; channels that look different."""
    return [_releases(person), _faces(person)]


def _offices(person: Person, roles: frozenset[str]) -> list[int]:
    return [post.office for post in person.posts if post.role in roles]


def _releases(person: Person) -> Source:
    by_hand = Q(state="pending", due_at__lte=timezone.now() + _AHEAD, channel__credential__isnull=True)
    offices = _offices(person, RELEASERS)
    rows = Release.objects.filter(Q(state__in=["unknown", "failed"]) | by_hand, draft__office__in=offices)
    return Source(rows.select_related("draft", "channel").order_by("due_at", "pk"), _to_release)


def _to_release(rows: list[Release]) -> Iterator[Item]:
    now = timezone.now()
    for row in rows:
        if row.state == "unknown":
            why, verb, weight = (
                _("It may be out. Nothing is sent again before you have looked."),
                _("Look, then say"),
                LATE,
            )
        elif row.state == "failed":
            why, verb, weight = row.told, _("See to it"), DUE
        else:
            why, verb = (
                _("The desk has no key to this channel: copy it, post it there, give its address."),
                _("Post it"),
            )
            weight = LATE if row.due_at <= now else SOON
        yield Item(row.due_at, weight, str(row), why, row.get_absolute_url(), verb)


def _faces(person: Person) -> Source:
    rows = Watch.objects.exclude(state="calm").filter(channel__office__in=_offices(person, LEADERS))
    return Source(rows.select_related("channel").order_by("differs_since"), _to_settle)


def _to_settle(rows: list[Watch]) -> Iterator[Item]:
    for row in rows:
        why = _("A stranger changed it. Nothing is released there.") if row.state == "foreign" else _changed(row)
        yield Item(
            row.differs_since or row.looked_at, LATE, str(row.channel), why, row.get_absolute_url(), _("Settle it")
        )


def _changed(row: Watch) -> str:
    """What changed, the value known and the value seen."""
    names = {"name": _("name"), "bio": _("text about itself"), "picture": _("picture")}
    key = next((key for key in names if row.known.get(key, "") != row.seen.get(key, "")), "name")
    if key == "picture":
        return _("Its picture was changed outside this desk. Was it the office?")
    return _("Its {part} was changed outside this desk, from “{known}” to “{seen}”. Was it the office?").format(
        part=names[key], known=row.known.get(key, "")[:80], seen=row.seen.get(key, "")[:80]
    )
