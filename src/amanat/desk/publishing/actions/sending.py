"""Sending one release, once. No platform is called inside a transaction.

A worker takes a release up by a conditional UPDATE that leaves a lease. If it is not heard of again, whoever takes the
release up after it asks the platform for the key before anything is sent. What a platform cannot tell for certain is
never sent again by itself: a person looks, and says.
"""

from __future__ import annotations

import logging
import random
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import datetime, timedelta

from django.utils import timezone

from amanat.desk.audit.door import step
from amanat.desk.lib import files
from amanat.desk.lib.refusals import Overtaken
from amanat.desk.publishing import telling
from amanat.desk.publishing.actions import keys
from amanat.desk.publishing.connectors import Connector, Permanent, Post, Published, Temporary, Unsure
from amanat.desk.publishing.connectors.opening import connector
from amanat.desk.publishing.content import checked, post_of
from amanat.desk.publishing.models import Amendment, Credential, Draft, Release
from amanat.desk.publishing.models import deliveries as leases

log = logging.getLogger(__name__)
MOST_TRIES = 8
_FIRST_WAIT, _LONGEST_WAIT = timedelta(seconds=30), timedelta(minutes=30)
Row = Release | Amendment
_AMENDING = ("correction__draft__office", "correction__draft__author", "release__channel__credential")
_WITH = ("draft__office", "draft__author", "channel__office", "channel__credential")


def send(pk: int) -> None:
    """Send the release of that number, if it is due, the desk has a key to its channel, and nobody else is at it."""
    row = Release.objects.select_related(*_WITH).filter(pk=pk).first()
    if row is not None:
        deliver(row)


def amend(pk: int) -> None:
    """See to the amendment of that number, in the same way."""
    row = Amendment.objects.select_related(*_AMENDING).filter(pk=pk).first()
    if row is not None and Amendment.objects.due(timezone.now()).filter(pk=pk).exists():
        deliver(row)


def deliver(row: Row) -> None:
    """Take it up if it is due, and bring it to the platform."""
    if not hasattr(row.channel, "credential"):
        return
    now = timezone.now()
    is_left = row.state == "sending" and row.sending_at is not None and row.sending_at <= now - leases.LEASE
    paused = row.channel.credential.paused_until
    is_due = row.state == "pending" and row.next_try_at <= now and not (paused and paused > now)
    if not is_left and not is_due:
        return
    if not _take(row, "ask" if is_left else "send", now):
        return
    try:
        _attempt(row, may_be_out=is_left)
    except Overtaken:
        log.warning("%s was finished by another worker", _name(row))
    except Exception as error:
        # the lease stands; when it has ended, the platform is asked
        log.error("%s stopped half-way: %s", _name(row), type(error).__name__)  # noqa: TRY400 (no text of a post)


def _take(row: Row, verb: str, now: datetime) -> bool:
    """Take it up; of many who try, one does."""
    before = row.sending_at
    try:
        with step(row, verb, by=None):
            _hold(row, before, now)
            row.sending_at, row.begun_at, row.tries = now, row.begun_at or now, row.tries + 1
            row.fault = row.fault_detail = ""
    except Overtaken:
        return False
    return True


def _hold(row: Row, before: datetime | None, now: datetime) -> None:
    if not type(row)._base_manager.filter(pk=row.pk, sending_at=before).update(sending_at=now):
        raise Overtaken("")


def _attempt(row: Row, *, may_be_out: bool) -> None:
    try:
        with closing(connector(row.channel.platform, row.channel.credential.account())) as platform:
            published = _brought(row, platform, may_be_out=may_be_out)
    except Unsure:
        log.warning("%s may be out; the platform is asked when its lease has ended", _name(row))
    except Temporary as fault:
        if not may_be_out:
            _wait(row, fault)
        elif row.tries >= MOST_TRIES:
            _end(row, "lose", "unsure", fault.detail)
    except Permanent as fault:
        _end(row, "lose" if may_be_out and fault.code != "gate" else "fail", fault.code, fault.detail, fault.answer)
    else:
        appear(row, published)


def _brought(row: Row, platform: Connector, *, may_be_out: bool) -> Published:
    """Bring it there. What the platform does twice without harm is simply done again."""
    post = post_of(row)
    if isinstance(row, Amendment) and row.way == "edit":
        return platform.edit(row.release.standing_id, post)
    if isinstance(row, Amendment) and row.way == "delete":
        return platform.delete(row.release.standing_id)
    published = _asked(row, platform, post) if may_be_out else None
    if published is not None:
        return published
    if isinstance(row, Release):
        checked(row)
    elif row.way == "replace":
        platform.delete(row.release.standing_id)
    return platform.publish(post, row.key)


def _asked(row: Row, platform: Connector, post: Post) -> Published | None:
    """What stands on the platform of an earlier attempt; None where it is certain that nothing does."""
    assert row.begun_at
    found = platform.find(post, row.key, row.begun_at)
    if found is None and "find" in platform.cannot:
        raise Permanent("unsure")
    return found


def appear(row: Row, published: Published) -> None:
    """It is out. Raises Overtaken where another worker said so first."""
    sent, answer = files.keep_bytes(published.sent), files.keep_bytes(published.answer)
    with _holding(row, "appear"):
        row.platform_id, row.address = published.id, published.address
        row.sent, row.answer, row.released_at, row.fault = sent, answer, timezone.now(), ""
        settle(row)


def settle(row: Row) -> None:
    """What follows when it is out: inside the step that says so."""
    if isinstance(row, Release):
        complete(row)
        telling.released(row)


def complete(row: Release) -> None:
    """The draft is released once none of its releases is still to come. Call it inside the step of one of them."""
    draft = Draft.objects.select_for_update(of=("self",)).select_related("office").get(pk=row.draft_id)
    others = draft.releases.exclude(pk=row.pk).filter(state__in=["pending", "sending", "unknown"])
    if draft.state == "scheduled" and not others.exists():
        with step(draft, "release", by=None):
            pass


@contextmanager
def _holding(row: Row, verb: str) -> Iterator[None]:
    """A step that only the worker with the lease may take. Raises Overtaken where the lease is another's by now."""
    mine = row.sending_at
    with step(row, verb, by=None):
        if not type(row)._base_manager.filter(pk=row.pk, sending_at=mine).exists():
            raise Overtaken("")
        yield


def _wait(row: Row, fault: Temporary) -> None:
    """Try again later: twice as long after each try, a little by chance, and not before the platform says."""
    if fault.code != "busy" and row.tries >= MOST_TRIES:
        _end(row, "fail", "too-many-tries", fault.detail)
        return
    pause = min(_FIRST_WAIT * 2 ** (row.tries - 1), _LONGEST_WAIT) * random.uniform(0.75, 1.25)  # noqa: S311
    pause = max(pause, fault.after or pause)
    until = timezone.now() + pause
    with _holding(row, "wait"):
        row.next_try_at, row.fault, row.fault_detail = until, fault.code, fault.detail[:400]
        if fault.code == "busy":
            row.tries -= 1
            Credential.objects.filter(channel=row.channel).update(paused_until=until)


def _end(row: Row, verb: str, code: str, detail: str = "", answer: bytes = b"") -> None:
    """It is not out, or nobody can tell; a person sees to it."""
    kept = files.keep_bytes(answer) if answer else ""
    with _holding(row, verb):
        row.fault, row.fault_detail, row.answer = code, detail[:400], kept
        if code == "key-refused":
            keys.refused(row.channel)
        telling.stopped(row)


def _name(row: Row) -> str:
    return f"{row._meta.model_name} {row.pk}"
