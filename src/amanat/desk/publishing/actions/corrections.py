"""Putting right what is out: asked for, held by a stop and let go, looked at by a second person, settled."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from functools import partial
from typing import NamedTuple

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from amanat.desk.audit.door import recorded, step
from amanat.desk.lib import files
from amanat.desk.lib.refusals import Overtaken, Refused
from amanat.desk.publishing import corrections as rules
from amanat.desk.publishing.models import Correction, Draft, Mending, Release
from amanat.desk.publishing.screening import Screened, screen, strictest
from amanat.desk.publishing.workflow import STANDS_IN
from amanat.desk.publishing.workflow_corrections import CORRECTORS, LOOKERS
from amanat.desk.registry.actions import notices
from amanat.desk.registry.models import Person
from amanat.desk.rules import engine


class Wanted(NamedTuple):
    """How a release is to be put right, and the text that is to stand there (or the reply)."""

    release: Release
    way: str
    text: str


def correct(
    draft: Draft, *, by: Person, reason: str, found_at: datetime, wanted: Sequence[Wanted], shows_before: bool = True
) -> Correction:
    """Put the released text right where it is wrong. A text that a rule stops waits for the head."""
    row = Correction(draft=draft, kind="correct", reason=reason.strip(), found_at=found_at, shows_before=shows_before)
    return _asked(row, by, wanted)


def withdraw(draft: Draft, *, by: Person, reason: str, found_at: datetime) -> Correction:
    """Take it down wherever it stands. What is kept of it stays."""
    row = Correction(draft=draft, kind="withdraw", reason=reason.strip(), found_at=found_at, shows_before=False)
    return _asked(row, by, [Wanted(one, "delete", "") for one in out(draft)])


def out(draft: Draft) -> list[Release]:
    """The releases of a draft of which something still stands."""
    rows = draft.releases.out().select_related("channel__credential", "draft")
    rows = rows.prefetch_related("mendings", "draft__versions", "draft__targets")
    return [row for row in rows if rules.standing(row)]


def lift(row: Correction, *, by: Person, reason: str) -> None:
    """Let a correction go out although a rule stops its text. Never by whoever wrote it, or in the draft."""
    if rules.wrote(row, by):
        raise Refused(_("Nobody lifts a stop on what they wrote. Ask the authority above."))
    with step(row, "lift", by=by, reason=reason, clause=_stopping(row.clauses)):
        row.lifted_by, row.lifted_reason = by, reason.strip()
        _begin(row)


def abandon(row: Correction, *, by: Person, reason: str) -> None:
    """Give up a correction that a rule stops, so that another can be written."""
    if not rules.may_abandon(row, by):
        raise Refused(_("Whoever may correct the post, or its head or authority, drops this."))
    with step(row, "abandon", by=by, reason=reason):
        pass


def look(row: Correction, *, by: Person) -> None:
    """A second person has looked at it: recorded, and gone from Today."""
    with recorded("look", by=by, office=row.office, roles=LOOKERS) as record:
        if not rules.may_look(row, by):
            raise Refused(_("A second person looks, who did not write it: from a panel of its channels, or the head."))
        moment = timezone.now()
        if not Correction.objects.filter(pk=row.pk, seen_by=None).update(seen_by=by, seen_at=moment):
            raise Overtaken(_("Somebody else has looked at it already."))
        row.seen_by, row.seen_at = by, moment
        record.on(row)


def settle(row: Mending) -> None:
    """The correction is done once nothing of it is open. Call it inside the step of one of its mendings."""
    draft = Draft.objects.select_for_update(of=("self",)).select_related("office").get(pk=row.release.draft_id)
    rows = Correction.objects.select_for_update(of=("self",))  # somebody may be saying that they have looked
    correction = rows.select_related("draft__office").get(pk=row.correction_id)
    others = list(correction.mendings.exclude(pk=row.pk).values_list("state", flat=True))
    states = [*others, row.state]
    if correction.state != "open" or not set(states) <= {"done", "left"}:
        return
    with step(correction, "conclude", by=None):
        correction.done_at, correction.has_effect = timezone.now(), "done" in states
    if correction.has_effect:
        with step(draft, correction.kind, by=None, reason=correction.reason):
            pass


def _asked(row: Correction, by: Person, wanted: Sequence[Wanted]) -> Correction:
    draft = row.draft
    with recorded("fault", by=by, office=draft.office, roles=CORRECTORS, reason=row.reason) as record:
        _allowed(draft, by, row.reason, wanted)
        row.asked_by, row.asked_at = by, timezone.now()
        row.found_at = min(row.found_at, row.asked_at)
        row.released_at = min(one.release.released_at or row.asked_at for one in wanted)
        found = _screened(row, wanted)
        row.level = strictest(one.verdict.level for one in found)
        row.clauses = [list(pair) for pair in sorted({tuple(pair) for one in found for pair in one.clauses()})]
        row.state = "held" if row.level == "stop" else "open"
        row.save()
        Mending.objects.bulk_create(_mending(row, one) for one in wanted)
        record.on(row, channels=[str(one.release.channel) for one in wanted], level=row.level)
        if row.state == "open":
            _begin(row)
        else:
            _tell(row, Person.objects.posted_at(draft.office, STANDS_IN), "held")
    return row


def _allowed(draft: Draft, by: Person, reason: str, wanted: Sequence[Wanted]) -> None:
    Draft.objects.select_for_update(of=("self",)).get(pk=draft.pk)
    if not rules.may_correct(draft, by):
        raise Refused(_("Its authors, the panels of its channels and the head put a post right."))
    if not reason:
        raise Refused(_("Say what is wrong: the public is told."))
    if not wanted:
        raise Refused(_("Nothing of it is to be changed. Change at least one text."))
    if draft.corrections.filter(state__in=["held", "open"]).exists():
        raise Overtaken(_("Somebody puts this post right already. Look at what is under way."))


def _screened(row: Correction, wanted: Sequence[Wanted]) -> list[Screened]:
    """What the rules of today say to every new text, and to what the public is told."""
    office, day, book = row.draft.office, timezone.localdate(), engine.rulebook()
    texts = {(one.text, one.release.channel.platform) for one in wanted if one.text} | {(row.reason, "")}
    return [screen(text, office, day, book, platform) for text, platform in sorted(texts)]


def _mending(row: Correction, one: Wanted) -> Mending:
    version = row.draft.version_for(one.release.channel)
    return Mending(
        correction=row, release=one.release, way=one.way, text=one.text.strip(), language=version.language,
        before=files.keep_bytes(rules.text_of(one.release).encode()), next_try_at=row.asked_at,
    )  # fmt: skip


def _begin(row: Correction) -> None:
    """Put it to work, and tell those who look at it afterwards."""
    from amanat.desk.publishing.tasks import mend

    for pk in row.mendings.values_list("pk", flat=True):
        transaction.on_commit(partial(mend.enqueue, pk))
    panels = Person.objects.serving().filter(seats__ends_on=None, seats__channel__releases__draft=row.draft).distinct()
    heads = Person.objects.posted_at(row.office, {"head"})
    people = {one for one in (*panels, *heads) if one.pk != row.asked_by_id}
    _tell(row, people, "begun")


def _tell(row: Correction, people: Iterable[Person], occasion: str) -> None:
    def words() -> tuple[str, str]:
        if occasion == "held":
            why = _("A rule stops the text of a correction. The wrong post stands until you decide.")
            return _("Stopped by a rule: {post}").format(post=row), why
        what = _("Being taken down: {post}") if row.kind == "withdraw" else _("Being put right: {post}")
        return what.format(post=row), row.reason

    notices.tell(people, f"correction-{occasion}-{row.pk}", words, row.get_absolute_url())


def _stopping(clauses: Sequence[Sequence[str]]) -> str:
    return next((clause for clause, level in clauses if level == "stop"), "")
