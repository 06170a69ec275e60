"""What is done with releases: planned with the draft, taken back with it, sent by the clock, settled by a person."""

from __future__ import annotations

import random
import time
from datetime import datetime
from functools import partial

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from amanat.desk.audit.door import allow, step
from amanat.desk.lib.refusals import Refused
from amanat.desk.publishing.actions import sending
from amanat.desk.publishing.addresses import belongs
from amanat.desk.publishing.models import Draft, Release
from amanat.desk.publishing.tasks import send
from amanat.desk.publishing.workflow import RELEASERS
from amanat.desk.registry.models import Person

_CHUNK = 100


def schedule(draft: Draft) -> None:
    """Plan the release of an approved draft on each of its targets; what is due already goes at once."""
    now = timezone.now()
    with step(draft, "schedule", by=None):
        due = max(draft.wanted_at or now, now)
        rows = [
            Release(draft=draft, channel_id=target.channel_id, due_at=due, next_try_at=due)
            for target in draft.targets.all()
        ]
        Release.objects.bulk_create(rows)
        if due <= now:
            for row in rows:
                transaction.on_commit(partial(send.enqueue, row.pk))


def cancel(draft: Draft) -> None:
    """Forget what is not out: the draft was changed, or its time is over. Inside the step that moves it.

    Raises Refused where a release is on its way, out, or may be.
    """
    # a row that a worker has in hand at this very moment is passed over, and so not among those that may go
    rows = draft.releases.select_for_update(of=("self",), skip_locked=True).select_related("channel__credential")
    free = [row for row in rows if row.state in ("pending", "failed")]
    if draft.releases.exclude(pk__in=[row.pk for row in free]).exists():
        raise Refused(_("Part of it is out or on its way. Correct or withdraw it instead."))
    now = timezone.now()
    if any(row.state == "pending" and row.due_at <= now and not hasattr(row.channel, "credential") for row in free):
        raise Refused(_("It may have been posted by hand already. Give its address first, or say that it was not."))
    draft.releases.filter(pk__in=[row.pk for row in free]).delete()


def send_due(now: datetime, seconds: float = 45) -> int:
    """Send what is due, for at most so long; how many were taken in hand. Two workers share them out."""
    until = time.monotonic() + seconds
    taken: set[int] = set()
    while True:
        due = [pk for pk in Release.objects.due(now).values_list("pk", flat=True)[: _CHUNK * 2] if pk not in taken]
        if not due:
            return len(taken)
        random.shuffle(due)  # two workers begin at different ends
        for pk in due[:_CHUNK]:
            if time.monotonic() >= until:
                return len(taken)
            taken.add(pk)
            sending.send(pk)


def post(row: Release, *, by: Person, address: str) -> None:
    """It was posted by hand, and stands at `address`, which is a page of the channel's own platform."""
    keep_by_hand(row)
    _linked(row, "post", address, by)


def keep_by_hand(row: Release) -> None:
    """Refuse where the desk has a key to the channel: two would post the same."""
    if hasattr(row.channel, "credential"):
        raise Refused(_("The desk sends this itself."))


def skip(row: Release, *, by: Person) -> None:
    """It was not posted by hand, and is not going to be: the draft can be taken back, or the rest stands alone."""
    keep_by_hand(row)
    with step(row, "skip", by=by):
        sending.complete(row)


def find(row: Release, *, by: Person, address: str) -> None:
    """A person looked: it is out, at `address`."""
    _linked(row, "find", address, by)


def resend(row: Release, *, by: Person) -> None:
    """A person looked: it is not out. It is sent again."""
    with step(row, "resend", by=by):
        _afresh(row)


def retry(row: Release, *, by: Person) -> None:
    """Try again what was given up."""
    with step(row, "retry", by=by):
        _afresh(row)


def _afresh(row: Release) -> None:
    row.next_try_at, row.tries = timezone.now(), 0
    row.begun_at = row.sending_at = None
    row.fault = row.fault_detail = row.answer = ""
    transaction.on_commit(partial(send.enqueue, row.pk))


def _linked(row: Release, verb: str, address: str, by: Person) -> None:
    allow(RELEASERS, by, row.office)
    belongs(row, address)
    if Release.objects.filter(channel=row.channel_id, platform_id=address).exclude(pk=row.pk).exists():
        raise Refused(_("This address is kept for another release already."))
    with step(row, verb, by=by, facts={"address": address}):
        row.platform_id = row.address = address
        row.released_at, row.fault, row.fault_detail = timezone.now(), "", ""
        sending.complete(row)
