"""Posts of the demo: out by hand, some put right, one taken down, one that still waits. No platform is called."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

from amanat.desk.audit.door import recorded
from amanat.desk.demo import book
from amanat.desk.demo.people import Staff
from amanat.desk.publishing.actions import corrections, mending
from amanat.desk.publishing.models import Correction, Draft, Mending, Release, Target, Version
from amanat.desk.registry.models import Channel, Office


def enter(offices: dict[str, Office], staff: Staff) -> None:
    """Enter the posts that the book names, with what was found wrong in them."""
    for number, row in enumerate(book.releases(), 1):
        if row["office"] in offices:
            draft = _released(row, number, offices[row["office"]], staff)
            if wrong := row.get("wrong"):
                _put_right(draft, wrong, staff)


def _released(row: dict[str, Any], number: int, office: Office, staff: Staff) -> Draft:
    channel = Channel.objects.get(office=office, platform=row["platform"])
    author, moment = staff.holders(office.code, "moderator")[0], timezone.now() - timedelta(days=row["days"])
    with recorded("import", by=None, office=office, roles=None) as record:
        draft = Draft.objects.create(
            office=office, author=author, title=row["title"], purpose=row["purpose"], wanted_at=moment,
            submitted_at=moment - timedelta(days=2),
        )  # fmt: skip
        draft.writers.add(author)
        Version.objects.create(draft=draft, language=row["language"], text=row["text"])
        Target.objects.create(draft=draft, channel=channel, language=row["language"])
        draft.state, draft.approved_hash, draft.approved_at = "released", draft.hash(), moment - timedelta(days=1)
        draft.save()
        address = f"{channel.address}/posts/{1000 + number}"
        Release.objects.create(
            draft=draft, channel=channel, due_at=moment, next_try_at=moment, state="released", released_at=moment,
            platform_id=address, address=address,
        )  # fmt: skip
        record.on(draft, address=address)
    return draft


def _put_right(draft: Draft, wrong: dict[str, Any], staff: Staff) -> None:
    found_at = timezone.now() - timedelta(minutes=wrong["minutes"])
    if wrong["kind"] == "withdraw":
        row = corrections.withdraw(draft, by=draft.author, reason=wrong["reason"], found_at=found_at)
    else:
        wanted = [corrections.Wanted(one, wrong["way"], wrong["after"]) for one in corrections.out(draft)]
        row = corrections.correct(draft, by=draft.author, reason=wrong["reason"], found_at=found_at, wanted=wanted)
    if wrong.get("waits"):
        return
    head = staff.holders(draft.office.code, "head")[0]
    for one in row.mendings.all():
        address = f"{one.release.address}-2" if one.publishes else ""
        mending.confirm(one, by=head, address=address)
    corrections.look(row, by=head)
    _long_ago(row, timedelta(days=1))


def _long_ago(row: Correction, earlier: timedelta) -> None:
    """Move what was done to its day: the door knows only now."""
    row.refresh_from_db()
    moments: dict[str, datetime] = {}
    for name in ("asked_at", "found_at", "seen_at", "done_at"):
        if (moment := getattr(row, name)) is not None:
            moments[name] = moment - earlier
    Correction.objects.filter(pk=row.pk).update(**moments)
    Mending.objects.filter(correction=row).update(done_at=moments["done_at"])
