"""Drafts of the demo in every state, with their votes; slots, and what offices hold themselves to."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any

from django.utils import timezone

from amanat.desk.demo import book
from amanat.desk.demo.people import Staff
from amanat.desk.publishing.actions import drafts, editing, plans, releases, votes
from amanat.desk.publishing.models import Draft, Release
from amanat.desk.registry.models import Channel, Office, Person

_LANGUAGE = {"pk-federal": "ur", "pk-punjab": "ur", "bd": "bn", "in-cg": "hi"}


def write(offices: dict[str, Office], channels: list[Channel], staff: Staff, today: date) -> None:
    """Write the drafts of these offices and bring each into its state, through the door."""
    found = {(one.office.code, one.platform): one for one in channels if one.state == "verified"}
    data = book.table("drafts")
    for row in data["slot"]:
        if row["office"] in offices:
            channel, head = found[row["office"], row["on"]], staff.holders(row["office"], "head")[0]
            times = [one.split() for one in row["times"]]
            plans.set_slots(channel, by=head, slots=[(int(day), time.fromisoformat(at)) for day, at in times])
    for row in data["practice"]:
        if row["office"] in offices:
            by = staff.holders(row["office"], "head")[0]
            plans.practise(
                offices[row["office"]], by=by, weekly_posts=row["weekly_posts"], inspection_days=14, handover_days=0
            )
    for row in data["draft"]:
        if row["office"] in offices:
            _bring(_begun(row, offices, found, staff, today), row, staff, today)


def _begun(
    row: dict[str, Any], offices: dict[str, Office], found: dict[tuple[str, str], Channel], staff: Staff, today: date
) -> Draft:
    office = offices[row["office"]]
    by = _writer(staff, office.code)
    aims = [found[office.code, platform] for platform in row["on"]]
    first = _LANGUAGE.get(office.rules(), "en")
    language = first if first in row["texts"] else next(iter(row["texts"]))
    draft = editing.begin(
        office, by=by, title=row["title"], purpose=row["purpose"], language=language, text=row["texts"][language],
        channels=aims,
    )  # fmt: skip
    editing.write(draft, by=by, texts={(lang, ""): text for lang, text in row["texts"].items()})
    targets = {
        channel: next((lang for lang in editing.tongues(channel) if lang in row["texts"]), language) for channel in aims
    }
    editing.plan(
        draft, by=by, title=row["title"], purpose=row["purpose"], wanted_at=_moment(today, row), targets=targets,
        emergency_reason=row.get("emergency", ""),
    )  # fmt: skip
    return draft


def _bring(draft: Draft, row: dict[str, Any], staff: Staff, today: date) -> None:
    """Bring a draft into the state that its row names."""
    state = row["state"]
    if state == "draft":
        return
    drafts.submit(draft, by=draft.author)
    deciders = [one.member for one in draft.rounds.get().ballots.select_related("member")]
    if state == "in-review":
        for member in deciders[1:2]:  # the first of a panel is often of the cast, and has still to vote
            votes.cast(draft, by=member, vote="for")
    elif state == "expired":
        drafts.expire(draft, draft.wanted_at or timezone.now())
    else:
        for member in reversed(deciders):
            draft.refresh_from_db()
            if draft.state == "in-review":
                votes.cast(
                    draft, by=member, vote="against" if state == "returned" else "for", reason=row.get("reason", "")
                )
    if state == "released":
        _release(draft, row, staff, today)


def _release(draft: Draft, row: dict[str, Any], staff: Staff, today: date) -> None:
    """It went out some days ago, posted by hand. Only its moments are set back; every step went through the door."""
    draft.refresh_from_db()
    draft.wanted_at = then = _moment(today, row, back=True)
    Draft.objects.filter(pk=draft.pk).update(wanted_at=then, approved_hash=draft.hash())
    by = staff.holders(row["office"], "moderator")[0]
    for release in Release.objects.filter(draft=draft).select_related("draft__office", "channel__office"):
        releases.post(release, by=by, address=f"{release.channel.address}/posts/{release.pk}")
        Release.objects.filter(pk=release.pk).update(released_at=then, due_at=then)


def _writer(staff: Staff, office: str) -> Person:
    """An officer of the office; where it has none, the last of its moderators, whom panels seat last."""
    return [*staff.holders(office, "officer"), *reversed(staff.holders(office, "moderator"))][0]


def _moment(today: date, row: dict[str, Any], *, back: bool = False) -> datetime:
    """The moment of a draft; what went out long ago is first planned for tomorrow."""
    days = row["days"] if back or row["days"] > 0 else 1
    return timezone.make_aware(datetime.combine(today + timedelta(days=days), time(row["hour"])))
