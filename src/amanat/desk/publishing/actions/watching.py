"""What is done about the face of a channel: looked at once a day, and settled by those who lead the office."""

from __future__ import annotations

import logging
import time
from contextlib import closing, suppress
from datetime import datetime, timedelta

from django.utils import timezone

from amanat.desk.audit.door import step
from amanat.desk.lib import seals
from amanat.desk.lib.refusals import Overtaken
from amanat.desk.publishing import telling
from amanat.desk.publishing.actions import keys
from amanat.desk.publishing.connectors import Permanent, Profile, Temporary, Unsure
from amanat.desk.publishing.connectors.opening import connector
from amanat.desk.publishing.models import Watch
from amanat.desk.registry.models import Person

log = logging.getLogger(__name__)
EVERY = timedelta(days=1)
_CHUNK = 50


def look_due(now: datetime, seconds: float = 20) -> None:
    """Look at the channels that were not looked at for a day, for at most so long."""
    until = time.monotonic() + seconds
    rows = Watch.objects.filter(looked_at__lte=now - EVERY, channel__credential__isnull=False)
    rows = rows.select_related("channel__office", "channel__credential").order_by("looked_at")
    for row in rows[:_CHUNK]:
        if time.monotonic() >= until:
            return
        taken = Watch.objects.filter(pk=row.pk, looked_at=row.looked_at).update(looked_at=now)
        if taken:
            row.looked_at = now
            _look(row)


def _look(row: Watch) -> None:
    channel = row.channel
    try:
        keys.reseal(channel.credential)
        with closing(connector(channel.platform, channel.credential.account())) as platform:
            face = platform.profile()
    except (Permanent, Temporary, Unsure, seals.Broken) as fault:
        log.warning("channel %s could not be looked at: %s", channel.pk, fault)
        return
    with suppress(Overtaken):  # somebody settled it at this moment
        seen(row, face)


def seen(row: Watch, face: Profile) -> None:
    """Compare what was seen with what is known; tell those who lead the office of a difference, once."""
    found = {"name": face.name, "bio": face.bio, "picture": face.picture}
    is_same = found == row.known
    if row.state == "calm" and not is_same:
        with step(row, "notice", by=None, facts={"known": row.known, "seen": found}):
            row.seen, row.differs_since = found, timezone.now()
        telling.differs(row.channel, row.get_absolute_url(), row.looked_at.date().isoformat())
    elif row.state != "calm" and is_same:
        with step(row, "calm", by=None):
            row.seen, row.differs_since = found, None
    elif found != row.seen:
        Watch.objects.filter(pk=row.pk).update(seen=found)


def own(row: Watch, *, by: Person) -> None:
    """It was the office itself: what is seen now is what is known."""
    with step(row, "own", by=by, facts={"known": row.known, "seen": row.seen}):
        row.known, row.differs_since = row.seen, None


def disown(row: Watch, *, by: Person) -> None:
    """It was not the office: nothing is released there until the channel looks as before, or somebody owns it."""
    with step(row, "disown", by=by):
        pass
