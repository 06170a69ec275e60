"""What publishing does by the clock: the worker calls it, again and again."""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime

from amanat.desk.lib.refusals import Refused
from amanat.desk.publishing.actions import drafts, mending, releases, votes, watching
from amanat.desk.publishing.models import Draft, Round

_CHUNK = 200


def run(now: datetime) -> None:
    """Put right and send what is due, let expire what is late, count panels anew from which somebody has gone.

    Last, look at the face of channels.
    """
    mending.mend_due(now)
    releases.send_due(now)
    for draft in Draft.objects.over(now).order_by("wanted_at", "pk").iterator(_CHUNK):
        with suppress(Refused):  # a release of it is under way
            drafts.expire(draft, now)
    for row in Round.objects.to_recount(now).select_related("draft__office").order_by("pk").iterator(_CHUNK):
        votes.complete(row)
    watching.look_due(now)


def soon(now: datetime) -> None:
    """Send what has just become due, for a moment: the whole share comes every minute."""
    releases.send_due(now, seconds=5)
