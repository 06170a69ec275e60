"""What is looked at once more before anything goes out: the approval, the time, the channel and who holds it."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.utils import formats, timezone
from django.utils.translation import gettext as _

from amanat.desk.lib.numerals import local
from amanat.desk.lib.refusals import Refused
from amanat.desk.publishing.models import Draft, Lift, Practice
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
    if channel.state != "verified":
        return Refused(_("This channel is not proved official. Prove it first; then it may speak."))
    return None if is_lifted(channel, day) else overdue(channel, day)


def is_lifted(channel: Channel, day: date) -> bool:
    """Whether the head lifted the gate of `channel` for `day`."""
    return Lift.objects.filter(channel=channel, day=day).exists()


def overdue(channel: Channel, day: date) -> Refused | None:
    """What of `channel` is overdue beyond the limit on `day`, inspection or handover, with what the limit rests on."""
    practice = Practice.objects.filter(office=channel.office_id).first()
    grace = practice.inspection_days if practice else INSPECTION_DAYS
    due = channel.inspection_due_on
    if due is not None and due + timedelta(days=grace) < day:
        clause = law.inspection_clause(channel.office)
        words = _("Its security inspection has been due since {day}, more than {days} days. {rule}")
        reason = words.format(day=_shown(due), days=local(grace), rule=_rule(clause.id if clause else ""))
        return Refused(reason, clause.id if clause else "")
    patience = practice.handover_days if practice else HANDOVER_DAYS
    late = Handover.objects.under_way().filter(leaves_on__lt=day - timedelta(days=patience))
    late = late.filter(items__channel=channel, items__kind__in=_HELD, items__done_at__isnull=True)
    if row := late.select_related("appointment__person", "appointment__office").first():
        words = _("{person} left on {day} and has not given back the access to it. {rule}")
        return Refused(words.format(person=row.appointment.person, day=_shown(row.leaves_on), rule=_rule("")))
    return None


def _rule(clause: str) -> str:
    """Where the limit comes from: honest about what no rule says."""
    if clause:
        return _("The interval is that of the clause; how long it may be overdue is the office's own setting.")
    return _("This limit is the office's own setting: no rule that was read says it.")


def _shown(day: date) -> str:
    return local(formats.date_format(day, "SHORT_DATE_FORMAT"))
