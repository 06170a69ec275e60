"""A draft on its way: handed in, lifted over a stop, copied, dropped, expired."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from amanat.desk.audit.door import allow, recorded, step
from amanat.desk.lib.refusals import Overtaken, Refused
from amanat.desk.publishing import slots
from amanat.desk.publishing.actions import releases, votes
from amanat.desk.publishing.actions.editing import close_round, keep_planned, rescreen
from amanat.desk.publishing.models import Draft, Picture, Target, Version
from amanat.desk.publishing.readiness import faults
from amanat.desk.publishing.wording import moment
from amanat.desk.publishing.workflow import PLANNED, STANDS_IN, WRITERS
from amanat.desk.registry.actions.notices import tell
from amanat.desk.registry.actions.offices import keep_open
from amanat.desk.registry.models import Person


def submit(draft: Draft, *, by: Person) -> None:
    """Hand it to the panels of its channels, as it stands now. Raises Refused with the first thing that is missing."""
    with transaction.atomic():
        allow(WRITERS, by, draft.office)
        keep_planned(draft)
        keep_open(draft.office)
        rescreen(draft)  # rules and grades may have changed since it was saved
        for fault in faults(draft) if draft.state in ("draft", "returned") else ():
            raise Refused(fault.words, fault.clause)
        with step(draft, "submit", by=by, facts={"level": draft.level}):
            draft.submitted_at = timezone.now()
            votes.open_round(draft, by=by)


def lift(draft: Draft, *, by: Person, reason: str) -> None:
    """Let a draft go to the panel although a rule stops its text. The panel sees who lifted it, and why."""
    if not reason.strip():
        raise Refused(_("Give a reason: the panel sees it, and it is kept."))
    clauses = [clause for one in draft.versions.all() for clause, level in one.clauses if level == "stop"]
    with recorded(
        "lift", by=by, office=draft.office, roles=STANDS_IN, reason=reason, clause=clauses[0] if clauses else ""
    ) as record:
        keep_planned(draft)
        if draft.state not in ("draft", "returned") or draft.level != "stop" or draft.is_lifted:
            raise Overtaken(_("There is no stop to lift here. Look at it again."))
        if draft.writers.filter(pk=by.pk).exists():
            raise Refused(_("Nobody lifts a stop on what they wrote. Ask the authority above."))
        lifted = {"lifted_by": by, "lifted_reason": reason.strip(), "lifted_hash": draft.hash()}
        Draft.objects.filter(pk=draft.pk).update(**lifted)
        record.on(draft, clauses=sorted(set(clauses)))


def may_lift(draft: Draft, by: Person) -> bool:
    """Whether `by` may lift the stop now."""
    is_open = draft.state in ("draft", "returned") and draft.level == "stop" and not draft.is_lifted
    is_allowed = not STANDS_IN.isdisjoint(by.roles_at(draft.office))
    return is_open and is_allowed and all(one.pk != by.pk for one in draft.writers.all())


def discard(draft: Draft, *, by: Person, reason: str) -> None:
    """Give a draft up. It is kept."""
    with step(draft, "discard", by=by, reason=reason):
        pass


def copy(draft: Draft, *, by: Person) -> Draft:
    """A copy of what did not go out, to be written on, at the next free slot. Its writers stay its writers."""
    if draft.state not in ("expired", "dropped", "withdrawn"):
        raise Refused(_("This draft is still on its way; nothing has to be copied."))
    with recorded("copy", by=by, office=draft.office, roles=WRITERS) as record:
        keep_open(draft.office)
        Draft.objects.select_for_update().get(pk=draft.pk)
        if draft.copies.filter(state__in=PLANNED).exists():
            raise Overtaken(_("There is a copy of it already."))
        new = Draft.objects.create(
            office=draft.office, author=by, title=draft.title, purpose=draft.purpose, copy_of=draft,
            wanted_at=slots.of_draft(draft),
        )  # fmt: skip
        new.writers.set([*draft.writers.all(), by])
        _copy_rows(draft, new)
        rescreen(new)
        record.on(new, copy_of=draft.pk)
    return new


def _copy_rows(old: Draft, new: Draft) -> None:
    for model, rows in ((Version, old.versions.all()), (Picture, old.pictures.all()), (Target, _open_targets(old))):
        for row in rows:
            row.pk, row.draft = None, new
        model.objects.bulk_create(rows)  # type: ignore[arg-type]


def _open_targets(old: Draft) -> list[Target]:
    return list(old.targets.exclude(channel__state="closed"))


def expire(draft: Draft, now: datetime) -> None:
    """Where its time is over, it does not go out late in silence: its writers are told, and offered the next slot."""
    with transaction.atomic():
        rows = Draft.objects.over(now).select_for_update(of=("self",)).select_related("office")
        fresh = rows.filter(pk=draft.pk).first()
        if fresh is None:  # decided or changed since it was found
            return
        wanted = fresh.wanted_at.isoformat() if fresh.wanted_at else ""
        with step(fresh, "expire", by=None, facts={"wanted_at": wanted}):
            releases.cancel(fresh)
            close_round(fresh, "expired")
        offer = slots.of_draft(fresh)
        writers = [one for one in fresh.writers.all() if one.is_active]
        tell(writers, f"expired-{fresh.pk}", lambda: _expired(fresh, offer), fresh.get_absolute_url())


def _expired(draft: Draft, offer: datetime) -> tuple[str, str]:
    why = _("It was not approved in time and was not released. The next free time is {when}: make a copy for it.")
    return _("“{title}” has expired").format(title=draft.title), why.format(when=moment(offer))
