"""Doing what a correction asks for, on one channel, once. No platform is called inside a transaction.

Changing a post and deleting it may be done twice without harm. A reply or a post anew may not: after a worker that was
not heard of again the platform is asked for it first, and where it cannot tell, a person looks.
"""

from __future__ import annotations

import logging
import random
import time
from contextlib import closing
from dataclasses import replace
from datetime import datetime
from functools import partial

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from amanat.desk.audit.door import allow, step
from amanat.desk.lib import files
from amanat.desk.lib.refusals import Refused
from amanat.desk.publishing.actions import keys, leases
from amanat.desk.publishing.actions.corrections import settle
from amanat.desk.publishing.addresses import belongs
from amanat.desk.publishing.connectors import Connector, Permanent, Post, Published, Temporary, Unsure
from amanat.desk.publishing.connectors.opening import connector
from amanat.desk.publishing.content import muted, post_of
from amanat.desk.publishing.corrections import Standing, standing
from amanat.desk.publishing.models import Mending, Release
from amanat.desk.publishing.workflow import RELEASERS
from amanat.desk.registry.actions import notices
from amanat.desk.registry.models import Person

log = logging.getLogger(__name__)
_CHUNK = 100
_WITH = ("correction", "release__draft__office", "release__draft__author", "release__channel__credential")


def mend_due(now: datetime, seconds: float = 20) -> None:
    """Do what is due, for at most so long. Two workers share it out."""
    until = time.monotonic() + seconds
    due = list(Mending.objects.due(now).values_list("pk", flat=True)[:_CHUNK])
    random.shuffle(due)  # two workers begin at different ends
    for pk in due:
        if time.monotonic() >= until:
            return
        mend(pk)


def mend(pk: int) -> None:
    """Do the mending of that number, if it is due, the desk has a key to its channel, and nobody else is at it."""
    row = Mending.objects.select_related(*_WITH).filter(pk=pk, correction__state="open").first()
    if row is not None:
        leases.attempt(row, row.release.channel, partial(_attempt, row))


def confirm(row: Mending, *, by: Person, address: str = "") -> None:
    """A person has done it, or looked and found it done; what is posted anew stands at `address`."""
    allow(RELEASERS, by, row.office)
    if row.state == "pending" and not row.is_by_hand:
        raise Refused(_("The desk does this itself, and is about to."))
    if row.publishes:
        belongs(row.release, address)
        known = Q(platform_id=address) | Q(address=address)
        if Release.objects.filter(known, channel=row.release.channel_id).exists():
            raise Refused(_("This is the address of a post that was there before. Copy that of the new one."))
    with step(row, "confirm", by=by, facts={"address": address}):
        row.platform_id = row.address = address if row.publishes else ""
        row.done_at, row.fault, row.fault_detail = timezone.now(), "", ""
        settle(row)


def retry(row: Mending, *, by: Person) -> None:
    """Try again what was given up."""
    _again(row, "retry", by)


def resend(row: Mending, *, by: Person) -> None:
    """A person looked: it is not done. It is done again."""
    _again(row, "resend", by)


def waive(row: Mending, *, by: Person, reason: str) -> None:
    """Leave the channel as it is; the reason is kept."""
    with step(row, "waive", by=by, reason=reason):
        settle(row)


def _again(row: Mending, verb: str, by: Person) -> None:
    from amanat.desk.publishing.tasks import mend as queued

    with step(row, verb, by=by):
        row.next_try_at, row.tries = timezone.now(), 0
        row.begun_at = row.sending_at = None
        row.fault = row.fault_detail = row.answer = ""
        transaction.on_commit(partial(queued.enqueue, row.pk))


def _attempt(row: Mending, is_left: bool) -> None:
    may_be_out = is_left and row.publishes
    try:
        channel = row.release.channel
        with closing(connector(channel.platform, channel.credential.account())) as platform:
            leases.look(row, is_left=is_left)
            stands = _stands(row)
            published = leases.asked(row, platform, _post(row, stands[0].id)) if may_be_out else None
            if published is None:
                may_be_out = False  # that is certain now
                published = _done(row, platform, stands)
    except Unsure:
        log.warning("mending %s may be done; the platform is asked when its lease has ended", row.pk)
    except Temporary as fault:
        if not may_be_out:
            _wait(row, fault)
        elif row.tries >= leases.MOST_TRIES:
            _end(row, "lose", "unsure", fault.detail)
        elif fault.code == "busy":
            leases.rest(row.release.channel, timezone.now() + leases.pause(row.tries, fault))
    except Permanent as fault:
        _end(row, "lose" if may_be_out else "fail", fault.code, fault.detail, fault.answer)
    else:
        _mended(row, published)


def _stands(row: Mending) -> list[Standing]:
    """What is to be put right, the post itself first. Raises Permanent where nothing is, or a person has to."""
    stands = standing(row.release)
    if not stands:
        raise Permanent("not-there")
    if any(one.id.startswith("https://") for one in stands):
        raise Permanent("linked")
    return stands


def _done(row: Mending, platform: Connector, stands: list[Standing]) -> Published:
    if row.way == "delete":
        return [platform.delete(one.id) for one in reversed(stands)][-1]
    post = _post(row, stands[0].id)
    if row.way == "edit":
        return platform.edit(stands[0].id, post)
    why = muted(row.release.channel)
    if why is not None:
        raise Permanent("gate", why.reason)
    if row.way == "anew":
        for one in reversed(stands):
            platform.delete(one.id)
    return platform.publish(post, row.key)


def _post(row: Mending, post_id: str) -> Post:
    post = replace(post_of(row.release), text=row.text, language=row.language, at=row.begun_at or timezone.now())
    if row.way == "anew":
        return post
    return replace(post, pictures=(), answers=post_id if row.way == "reply" else "")


def _mended(row: Mending, published: Published) -> None:
    """It is done. Raises Overtaken where another worker said so first."""
    sent, answer = files.keep_bytes(published.sent), files.keep_bytes(published.answer)
    with leases.holding(row, "mend"):
        if row.way != "delete":
            row.platform_id, row.address = published.id, published.address
        row.sent, row.answer, row.done_at, row.fault = sent, answer, timezone.now(), ""
        settle(row)


def _wait(row: Mending, fault: Temporary) -> None:
    if fault.code != "busy" and row.tries >= leases.MOST_TRIES:
        _end(row, "fail", "too-many-tries", fault.detail)
        return
    until = timezone.now() + leases.pause(row.tries, fault)
    with leases.holding(row, "wait"):
        row.next_try_at, row.fault, row.fault_detail = until, fault.code, fault.detail[:400]
        if fault.code == "busy":
            row.tries -= 1
            leases.rest(row.release.channel, until)


def _end(row: Mending, verb: str, code: str, detail: str = "", answer: bytes = b"") -> None:
    """It is not done, or nobody can tell; a person sees to it."""
    kept = files.keep_bytes(answer) if answer else ""
    with leases.holding(row, verb):
        row.fault, row.fault_detail, row.answer = code, detail[:400], kept
        if code == "key-refused":
            keys.refused(row.release.channel)
        moment = row.sending_at.timestamp() if row.sending_at else 0  # of this attempt: tries begin anew
        people = {row.correction.asked_by, *Person.objects.posted_at(row.office, RELEASERS)}
        notices.tell(people, f"mending-{row.pk}-{moment}", partial(_stopped, row), row.get_absolute_url())


def _stopped(row: Mending) -> tuple[str, str]:
    what = _("Not yet put right: {release}").format(release=row)
    return what, " ".join(filter(None, [row.told, row.fault_detail]))
