"""What waits for a person in publishing: Today shows it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from django.db.models import Exists, OuterRef
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from amanat.desk.lib.numerals import local
from amanat.desk.lib.waiting import DUE, LATE, SOON, Item, Source
from amanat.desk.publishing import attention, cadence, gates, today_corrections
from amanat.desk.publishing.models import Ballot, Draft, Target
from amanat.desk.publishing.workflow import PLANNERS, STANDS_IN
from amanat.desk.registry.models import Channel, Person

_NEAR = timedelta(days=1)
_LOOK_BACK = timedelta(days=30)
"""How long an expired draft is offered for copying."""
_LATE_IN_THE_WEEK = 3
"""From Thursday on a post missing this week is due now; before that it is coming."""
_AHEAD = timedelta(days=3)


def waiting(person: Person) -> list[Source]:
    """Votes wanted, drafts returned or expired, posts missing, channels silent or changed, releases to be seen to."""
    wanted = Ballot.objects.filter(member=person, vote="", is_lapsed=False, round__outcome="")
    return [
        Source(wanted.select_related("round__draft").order_by("round__draft__wanted_at", "pk"), _votes),
        _mine(person),
        *_channels(person),
        *attention.waiting(person),
        *today_corrections.waiting(person),
    ]


def _votes(rows: list[Ballot]) -> Iterator[Item]:
    now, today = timezone.now(), timezone.localdate()
    for ballot in rows:
        row, draft = ballot.round, ballot.round.draft
        if row.kind == "review":
            due = row.due_on or today
            weight = LATE if due < today else DUE
            why = _("Two members approved this in an emergency; the full panel looks at it.")
            yield Item(due, weight, str(draft), why, draft.get_absolute_url(), _("Look at it"))
        elif draft.state == "in-review" and draft.wanted_at is not None:
            is_near = row.kind == "emergency" or draft.wanted_at - now < _NEAR
            why = _("The panel decides on this draft. Without your vote it may expire.")
            yield Item(row.opened_at, DUE if is_near else SOON, str(draft), why, draft.get_absolute_url(), _("Vote"))


def _mine(person: Person) -> Source:
    copied = Draft.objects.filter(copy_of=OuterRef("pk"))
    rows = Draft.objects.filter(author=person, state__in=["returned", "expired"]).exclude(Exists(copied))
    rows = rows.exclude(state="expired", wanted_at__lt=timezone.now() - _LOOK_BACK)
    return Source(rows.order_by("wanted_at", "pk"), _returned)


def _returned(rows: list[Draft]) -> Iterator[Item]:
    for draft in rows:
        since = draft.wanted_at or draft.made_at
        if draft.state == "expired":
            why = _("It was not approved in time and was not released. A copy can have the next free time.")
            yield Item(since, DUE, str(draft), why, draft.get_absolute_url(), _("Make a copy"))
        else:
            why = _("The panel returned it, with reasons.")
            yield Item(
                draft.submitted_at or since, DUE, str(draft), why, draft.get_absolute_url(), _("Read and change it")
            )


def _channels(person: Person) -> list[Source]:
    """Of the channels at the offices where the person works: posts that are missing, and silence before a release."""
    plans = {post.office for post in person.posts if post.role in PLANNERS}
    leads = {post.office for post in person.posts if post.role in STANDS_IN}
    if not plans | leads:
        return []
    soon = Target.objects.filter(channel=OuterRef("pk"), draft__state="scheduled")
    soon = soon.filter(draft__wanted_at__lte=timezone.now() + _AHEAD)
    mine = Channel.objects.filter(office__in=plans | leads, state="verified").annotate(is_awaited=Exists(soon))

    def tell(rows: list[Any]) -> Iterator[Item]:
        cadence.told_rules(rows)
        yield from _missing([row for row in rows if row.office_id in plans])
        yield from _silent([row for row in rows if row.office_id in leads and row.is_awaited])

    return [Source(cadence.asking_rules(mine), tell)]


def _missing(rows: list[Channel]) -> Iterator[Item]:
    today = timezone.localdate()
    monday = cadence.monday_of(today)
    weight = DUE if today.weekday() >= _LATE_IN_THE_WEEK else SOON
    for week in cadence.weeks(rows, [monday]):
        if week.missing and week.wanted:
            why = _("This week it has {posts} of {wanted} posts that are wanted.")
            said = why.format(posts=local(week.posts), wanted=local(week.wanted.posts))
            url = reverse("publishing:begin", args=[week.channel.office_id])
            yield Item(monday, weight, str(week.channel), said, url, _("Plan a post"))


def _silent(rows: list[Channel]) -> Iterator[Item]:
    today = timezone.localdate()
    named = {row.pk: row for row in rows}
    for pk, refusal in gates.silences(rows, today).items() if rows else ():
        yield Item(today, LATE, str(named[pk]), refusal.reason, reverse("publishing:slots"), _("See the gates"))
