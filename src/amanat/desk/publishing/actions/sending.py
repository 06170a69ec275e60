"""Sending one release, once. No platform is called inside a transaction.

A worker takes a release up by a conditional UPDATE that leaves a lease. If it is not heard of again, whoever takes the
release up after it asks the platform for the key before anything is sent. What a platform cannot tell for certain is
never sent again by itself: a person looks, and says.
"""

from __future__ import annotations

import logging
from contextlib import closing
from functools import partial

from django.utils import timezone

from amanat.desk.audit.door import step
from amanat.desk.lib import files
from amanat.desk.publishing import telling
from amanat.desk.publishing.actions import keys, leases
from amanat.desk.publishing.connectors import Permanent, Published, Temporary, Unsure
from amanat.desk.publishing.connectors.opening import connector
from amanat.desk.publishing.content import checked, post_of
from amanat.desk.publishing.models import Draft, Release

log = logging.getLogger(__name__)
_WITH = ("draft__office", "draft__author", "channel__office", "channel__credential")


def send(pk: int) -> None:
    """Send the release of that number, if it is due, the desk has a key to its channel, and nobody else is at it."""
    row = Release.objects.select_related(*_WITH).filter(pk=pk).first()
    if row is not None:
        leases.attempt(row, row.channel, partial(_attempt, row))


def _attempt(row: Release, may_be_out: bool) -> None:
    try:
        with closing(connector(row.channel.platform, row.channel.credential.account())) as platform:
            leases.look(row, is_left=may_be_out)
            post = post_of(row)
            published = leases.asked(row, platform, post) if may_be_out else None
            if published is None:
                may_be_out = False  # that is certain now
                checked(row)
                published = platform.publish(post, row.key)
    except Unsure:
        log.warning("release %s may be out; the platform is asked when its lease has ended", row.pk)
    except Temporary as fault:
        if not may_be_out:
            _wait(row, fault)
        elif row.tries >= leases.MOST_TRIES:
            _end(row, "lose", "unsure", fault.detail)
        elif fault.code == "busy":
            leases.rest(row.channel, timezone.now() + leases.pause(row.tries, fault))
    except Permanent as fault:
        _end(row, "lose" if may_be_out else "fail", fault.code, fault.detail, fault.answer)
    else:
        appear(row, published)


def appear(row: Release, published: Published) -> None:
    """It is out. Raises Overtaken where another worker said so first."""
    sent, answer = files.keep_bytes(published.sent), files.keep_bytes(published.answer)
    with leases.holding(row, "appear"):
        row.platform_id, row.address = published.id, published.address
        row.sent, row.answer, row.released_at, row.fault = sent, answer, timezone.now(), ""
        complete(row)
        telling.released(row)


def complete(row: Release) -> None:
    """The draft is released once none of its releases is still to come, and one is out.

    Call it inside the step of one of them.
    """
    draft = Draft.objects.select_for_update(of=("self",)).select_related("office").get(pk=row.draft_id)
    others = draft.releases.exclude(pk=row.pk).filter(state__in=["pending", "sending", "unknown"])
    is_out = row.state == "released" or draft.releases.out().exists()
    if draft.state == "scheduled" and is_out and not others.exists():
        with step(draft, "release", by=None):
            pass


def _wait(row: Release, fault: Temporary) -> None:
    """Try again later, not before the platform says."""
    if fault.code != "busy" and row.tries >= leases.MOST_TRIES:
        _end(row, "fail", "too-many-tries", fault.detail)
        return
    until = timezone.now() + leases.pause(row.tries, fault)
    with leases.holding(row, "wait"):
        row.next_try_at, row.fault, row.fault_detail = until, fault.code, fault.detail[:400]
        if fault.code == "busy":
            row.tries -= 1
            leases.rest(row.channel, until)


def _end(row: Release, verb: str, code: str, detail: str = "", answer: bytes = b"") -> None:
    """It is not out, or nobody can tell; a person sees to it."""
    kept = files.keep_bytes(answer) if answer else ""
    with leases.holding(row, verb):
        row.fault, row.fault_detail, row.answer = code, detail[:400], kept
        if code == "key-refused":
            keys.refused(row.channel)
        if verb == "fail":
            complete(row)
        telling.stopped(row)
