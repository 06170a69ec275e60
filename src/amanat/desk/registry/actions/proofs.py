"""Tries to prove a channel official. Each is kept, whatever came of it, and leaves one line in the log."""

from __future__ import annotations

from datetime import timedelta

from django.core.files import File
from django.utils import timezone
from django.utils.translation import gettext as _

from amanat.desk.audit.door import open_steps, recorded, step
from amanat.desk.lib import files
from amanat.desk.lib.refusals import Overtaken, Refused
from amanat.desk.registry import verification
from amanat.desk.registry.models import Channel, Person, Verification
from amanat.desk.registry.verification import Finding
from amanat.desk.registry.workflow import LEADERS, STAFF

LETTER_LIMIT = 25 * files.MEGABYTE
LETTER_KINDS = ("application/pdf", "image/png", "image/jpeg")
TRIES_AN_HOUR = 20


def try_link(channel: Channel, address: str, *, by: Person) -> Verification:
    """Look for the channel on the office's page at `address`; proved, if it is there."""
    _may_try(channel, by)
    return _keep(channel, Verification.Method.LINK, verification.by_link(channel, address), address=address, by=by)


def try_domain(channel: Channel, *, by: Person) -> Verification:
    """Ask the domain that is the channel's handle; proved, if it is the office's and confirms an account."""
    _may_try(channel, by)
    address = verification.domain_address(verification.domain_of(channel))
    return _keep(channel, Verification.Method.DOMAIN, verification.by_domain(channel), address=address, by=by)


def hand_in(channel: Channel, upload: File[bytes], *, by: Person) -> Verification:
    """Keep a signed letter that the channel is the office's; it proves nothing until a second person accepts."""
    _may_try(channel, by)
    letter = files.keep(upload, LETTER_LIMIT, LETTER_KINDS)
    with recorded("try", by=by, office=channel.office, roles=STAFF) as record:
        row = Verification.objects.create(
            channel=channel, method=Verification.Method.LETTER, letter=letter.sha256, letter_name=letter.name,
            found="waiting", by=by,
        )  # fmt: skip
        record.on(channel, way=row.method, letter=letter.sha256)
    return row


def accept(row: Verification, *, by: Person) -> None:
    """Accept a letter that somebody else handed in: the channel is proved official."""
    _second(row, by)
    with step(row.channel, "verify", by=by, facts={"way": row.method, "letter": row.letter}):
        _decide(row, by, is_proved=True)


def refuse(row: Verification, *, by: Person, reason: str) -> None:
    """Refuse a letter that somebody else handed in."""
    _second(row, by)
    if not reason.strip():
        raise Refused(_("Give a reason: it is kept with the decision and shown to those it concerns."))
    with recorded("refuse", by=by, office=row.channel.office, roles=LEADERS, reason=reason) as record:
        _decide(row, by, is_proved=False)
        record.on(row.channel, way=row.method, letter=row.letter)


def may_decide(row: Verification, by: Person) -> bool:
    """Whether `by` may accept or refuse this letter now."""
    is_open = row.is_waiting and row.channel.state == "claimed"
    return is_open and row.by_id != by.pk and bool(LEADERS & by.roles_at(row.channel.office))


def may_try(channel: Channel, by: Person) -> bool:
    """Whether `by` may try to prove the channel now."""
    return any(one.verb == "verify" for one in open_steps(channel, by))


def _may_try(channel: Channel, by: Person) -> None:
    """Refuse before anything is fetched or kept."""
    if not STAFF & by.roles_at(channel.office):
        raise Refused(_("A channel is proved official by its moderators, the head, the authority or the steward."))
    if channel.state != "claimed":
        raise Overtaken(_("This channel is already proved official, or it is closed. Nothing is left to prove."))
    since = timezone.now() - timedelta(hours=1)
    if channel.verifications.filter(at__gte=since).count() >= TRIES_AN_HOUR:
        raise Refused(_("This was tried very often just now. Wait an hour, or ask whoever runs the website."))


def _keep(channel: Channel, method: str, finding: Finding, *, address: str, by: Person) -> Verification:
    row = Verification(
        channel=channel, method=method, address=address, is_proved=finding.is_proved, found=str(finding), by=by
    )
    facts = {"way": str(method), "address": address, "found": finding.code}
    if finding.is_proved:
        with step(channel, "verify", by=by, facts=facts):
            row.save()
    else:
        with recorded("try", by=by, office=channel.office, roles=STAFF) as record:
            row.save()
            record.on(channel, **facts)
    return row


def _second(row: Verification, by: Person) -> None:
    if row.by_id == by.pk:
        raise Refused(_("Somebody else has to read the letter: the head, the authority or the steward."))
    if not LEADERS & by.roles_at(row.channel.office):
        raise Refused(_("A letter is accepted by the head, the authority or the steward."))


def _decide(row: Verification, by: Person, *, is_proved: bool) -> None:
    """Once: of two who decide, the second is told."""
    found = "accepted" if is_proved else "refused"
    waiting = Verification.objects.filter(pk=row.pk, method=Verification.Method.LETTER, decided_by=None)
    if not waiting.update(decided_by=by, is_proved=is_proved, found=found):
        raise Overtaken(_("Somebody else has decided on this letter already. Look at it again."))
