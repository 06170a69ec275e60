"""What is looked at once more before anything goes out: the approval, the time, the channel and who holds it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from datetime import date, datetime, timedelta

from django.utils import formats, timezone
from django.utils.translation import gettext as _

from amanat.desk.lib.numerals import local
from amanat.desk.lib.refusals import Refused
from amanat.desk.publishing.cadence import practice_of
from amanat.desk.publishing.models import Draft, Lift
from amanat.desk.publishing.models.drafts import LATEST
from amanat.desk.publishing.models.plans import HANDOVER_DAYS, INSPECTION_DAYS
from amanat.desk.registry import law
from amanat.desk.registry.models import Channel, Handover, HandoverItem

_HELD = (HandoverItem.Kind.PANEL, HandoverItem.Kind.ACCESS, HandoverItem.Kind.RECOVERY)


def why_not(draft: Draft, channel: Channel, now: datetime) -> Refused | None:
    """Why `draft` may not go out on `channel` now; None where nothing stands in the way."""
    if draft.state not in ("scheduled", "released", "corrected"):
        return Refused(_("This draft is not scheduled."))
    if not draft.approved_hash or draft.hash() != draft.approved_hash:
        return Refused(_("This is not what was approved: something was changed since."))
    if draft.wanted_at is None or now < draft.wanted_at:
        return Refused(_("Its moment has not come."))
    if draft.state == "scheduled" and now - draft.wanted_at > LATEST:
        return Refused(_("Its moment is over by more than a day. Look at it again before it goes out."))
    if not any(target.channel_id == channel.pk for target in draft.targets.all()):
        return Refused(_("This draft is not meant for this channel."))
    return silence(channel, timezone.localdate(now))


def silence(channel: Channel, day: date) -> Refused | None:
    """Why `channel` may not speak on `day`, whatever the draft; None where it may."""
    return silences([channel], day).get(channel.pk)


def silences(channels: Iterable[Channel], day: date, lifted: Collection[int] | None = None) -> dict[int, Refused]:
    """Which of `channels` may not speak on `day`, and why. A gate that the head lifted for the day stands open.

    `lifted`: the numbers of those that were, where that is known already.
    """
    rows = list(channels)
    late = overdue([row for row in rows if row.state == "verified"], day)
    if lifted is None:
        lifted = set(Lift.objects.filter(channel__in=late, day=day).values_list("channel", flat=True)) if late else ()
    found = {pk: refusal for pk, refusal in late.items() if pk not in lifted}
    unproved = Refused(_("This channel is not proved official. Prove it first; then it may speak."))
    return found | {row.pk: unproved for row in rows if row.state != "verified"}


def overdue(channels: Iterable[Channel], day: date) -> dict[int, Refused]:
    """What of each channel is overdue beyond the limit on `day`, with what the limit rests on; lifted or not."""
    rows, found = list(channels), {}
    for row in rows:
        practice = practice_of(row.office)
        grace = practice.inspection_days if practice else INSPECTION_DAYS
        if row.inspection_due_on is not None and row.inspection_due_on + timedelta(days=grace) < day:
            found[row.pk] = _uninspected(row, row.inspection_due_on, grace)
    for row, handover in _unhanded([row for row in rows if row.pk not in found], day):
        practice = practice_of(row.office)
        if handover.leaves_on < day - timedelta(days=practice.handover_days if practice else HANDOVER_DAYS):
            words = _("{person} left on {day} and has not given back the access to it. {rule}")
            reason = words.format(person=handover.appointment.person, day=_shown(handover.leaves_on), rule=_rule(""))
            found.setdefault(row.pk, Refused(reason))
    return found


def _uninspected(channel: Channel, due: date, grace: int) -> Refused:
    clause = law.inspection_clause(channel.office)
    words = _("Its security inspection has been due since {day}, more than {days} days. {rule}")
    rule = _rule(clause.id if clause else "")
    return Refused(words.format(day=_shown(due), days=local(grace), rule=rule), clause.id if clause else "")


def _unhanded(channels: list[Channel], day: date) -> Iterator[tuple[Channel, Handover]]:
    """Handovers of before `day` in which a channel is not given back."""
    by_number = {row.pk: row for row in channels}
    items = HandoverItem.objects.left().filter(
        channel__in=channels, kind__in=_HELD, handover__state="open", handover__leaves_on__lt=day
    )
    for item in items.select_related("handover__appointment__person").order_by("handover__leaves_on", "pk"):
        if item.channel_id in by_number:
            yield by_number[item.channel_id], item.handover


def _rule(clause: str) -> str:
    """Where the limit comes from: honest about what no rule says."""
    if clause:
        return _("The interval is that of the clause; how long it may be overdue is the office's own setting.")
    return _("This limit is the office's own setting: no rule that was read says it.")


def _shown(day: date) -> str:
    return local(formats.date_format(day, "SHORT_DATE_FORMAT"))
