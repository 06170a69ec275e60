"""The lease of a worker on a thing it sends: taken up by one of many, kept while it lasts, and how long to wait.

For releases and for what puts them right: `models.attempts.Attempt`.
"""

from __future__ import annotations

import logging
import random
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Q
from django.utils import timezone

from amanat.desk.audit.door import step
from amanat.desk.lib.refusals import Overtaken
from amanat.desk.publishing.connectors import Connector, Permanent, Post, Published, Temporary, Unsure
from amanat.desk.publishing.models import Credential, releases
from amanat.desk.publishing.models.attempts import Attempt
from amanat.desk.registry.models import Channel

log = logging.getLogger(__name__)

MOST_TRIES = 8
_MOST_LEFT = 20
"""How often it may be left half-way before a person is asked: it may be what stops the workers."""
BEGIN_WITHIN = timedelta(seconds=60)
"""How long after it was taken up an attempt may begin. With `speaking.SECONDS`, the most it may last, this is the
lease: a worker that slept longer sends nothing any more."""
_FIRST_WAIT, _LONGEST_WAIT = timedelta(seconds=30), timedelta(minutes=30)


def attempt(row: Attempt, channel: Channel, act: Callable[[bool], None]) -> None:
    """Take `row` up and `act` on it: where it is due, the desk has a key to its `channel`, and nobody else is at it.

    `act` is told whether a worker left it half-way. Whatever goes wrong, the lease stands: when it has ended, the row
    is taken up again.
    """
    now = timezone.now()
    is_left = _is_left(row, now)
    if not hasattr(channel, "credential") or _is_paused(channel.credential, now) or not (is_left or _is_due(row, now)):
        return
    if not take(row, channel, "ask" if is_left else "send", now):
        return
    what = f"{row._meta.model_name} {row.pk}"
    try:
        act(is_left)
    except Overtaken:
        log.warning("%s was finished by another worker", what)
    except Exception as error:
        log.error("%s stopped half-way: %s", what, type(error).__name__)  # noqa: TRY400 (no text of a post)


def _is_left(row: Any, now: datetime) -> bool:
    """Whether the worker that took it up was not heard of again."""
    return bool(row.state == "sending" and row.sending_at is not None and row.sending_at <= now - releases.LEASE)


def _is_due(row: Any, now: datetime) -> bool:
    return bool(row.state == "pending" and row.next_try_at <= now)


def _is_paused(credential: Credential, now: datetime) -> bool:
    return credential.paused_until is not None and credential.paused_until > now


def take(row: Any, channel: Channel, verb: str, now: datetime) -> bool:
    """Take it up; of many who try, one does. Not where the key to the channel is being taken away at this moment."""
    before = row.sending_at
    try:
        with step(row, verb, by=None):
            _claim(row, channel, before, now)
            row.sending_at, row.begun_at, row.tries = now, row.begun_at or now, row.tries + 1
            row.fault = row.fault_detail = ""
    except Overtaken:
        return False
    return True


def _claim(row: Any, channel: Channel, before: datetime | None, now: datetime) -> None:
    if not type(row)._base_manager.filter(pk=row.pk, sending_at=before).update(sending_at=now):
        raise Overtaken("")
    if Credential.objects.select_for_update().filter(channel=channel).first() is None:
        raise Overtaken("")


def look(row: Any, *, is_left: bool) -> None:
    """Raise Unsure where the worker slept since it took this up, Permanent where it was left half-way too often."""
    if row.sending_at is None or timezone.now() - row.sending_at > BEGIN_WITHIN:
        raise Unsure
    if is_left and row.tries > _MOST_LEFT:
        raise Permanent("unsure")


def asked(row: Any, platform: Connector, post: Post) -> Published | None:
    """What stands on the platform of an earlier attempt; None where it is certain that nothing does."""
    assert row.begun_at
    found = platform.find(post, row.key, row.begun_at)
    if found is None and "find" in platform.cannot:
        raise Permanent("unsure")
    return found


@contextmanager
def holding(row: Any, verb: str) -> Iterator[None]:
    """A step that only the worker with the lease may take. Raises Overtaken where the lease is another's by now."""
    mine = row.sending_at
    with step(row, verb, by=None):
        if not type(row)._base_manager.filter(pk=row.pk, sending_at=mine).exists():
            raise Overtaken("")
        yield


def rest(channel: Channel, until: datetime) -> None:
    """The platform asks for patience: nothing more is asked on the whole channel before; what it said is not cut."""
    sooner = Q(paused_until=None) | Q(paused_until__lt=until)
    Credential.objects.filter(sooner, channel=channel).update(paused_until=until)


def pause(tries: int, fault: Temporary) -> timedelta:
    """How long to wait: twice as long after each try, a little by chance, and not before the platform says."""
    wait: timedelta = min(_FIRST_WAIT * 2 ** (tries - 1), _LONGEST_WAIT)
    wait *= random.uniform(0.75, 1.25)  # noqa: S311
    return max(wait, fault.after or wait)
