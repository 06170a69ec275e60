"""Correcting and withdrawing what is out. Each channel is seen to as its platform can."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import partial

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from amanat.desk.audit.door import step
from amanat.desk.lib.refusals import Refused
from amanat.desk.publishing import lengths, screening
from amanat.desk.publishing.connectors.opening import KINDS, cannot
from amanat.desk.publishing.content import texts_now
from amanat.desk.publishing.models import Amendment, Correction, Draft, Release
from amanat.desk.publishing.models.corrections import key_of
from amanat.desk.publishing.tasks import amend
from amanat.desk.registry.models import Person
from amanat.desk.rules import engine


def correct(draft: Draft, *, by: Person, reason: str, texts: Mapping[str, str], way: str = "replace") -> Correction:
    """Put right what a draft says where it is out.

    `texts` by `key_of` their versions. `way`, for platforms that change no post: `replace` or `answer`.
    """
    before = texts_now(draft)
    after = before | dict(texts)
    if after == before:
        raise Refused(_("Nothing was changed. Put the text right first."))
    _screened(draft, after, before)
    changed = {key for key in after if after[key] != before[key]}
    with step(draft, "correct", by=by, reason=reason):
        made = Correction.objects.create(
            draft=draft, kind="correction", reason=reason, before=before, after=after, by=by
        )
        rows = [row for row in _out(draft) if key_of(draft.version_for(row.channel)) in changed]
        _amend(made, rows, way)
    return made


def withdraw(draft: Draft, *, by: Person, reason: str) -> Correction:
    """Take a draft down wherever it is out; what was not out yet stays in."""
    with step(draft, "withdraw", by=by, reason=reason):
        draft.releases.filter(state__in=["pending", "failed"]).delete()
        if draft.releases.filter(state__in=["sending", "unknown"]).exists():
            raise Refused(_("On one channel it is not clear yet whether it is out. Settle that first."))
        made = Correction.objects.create(draft=draft, kind="withdrawal", reason=reason, before=texts_now(draft), by=by)
        _amend(made, _out(draft), "delete")
    return made


def did(row: Amendment, *, by: Person, verb: str) -> None:
    """A person did it by hand (`post`), or looked and found it done (`find`)."""
    with step(row, verb, by=by):
        row.released_at, row.fault, row.fault_detail = timezone.now(), "", ""


def again(row: Amendment, *, by: Person, verb: str) -> None:
    """Try again what was given up (`retry`), or what a person found not to be done (`resend`)."""
    with step(row, verb, by=by):
        row.next_try_at, row.tries, row.begun_at, row.sending_at = timezone.now(), 0, None, None
        row.fault = row.fault_detail = ""
        transaction.on_commit(partial(amend.enqueue, row.pk))


def _out(draft: Draft) -> list[Release]:
    return list(draft.releases.out().select_related("channel__credential", "draft"))


def _amend(made: Correction, rows: Iterable[Release], way: str) -> None:
    now = timezone.now()
    planned = [Amendment(correction=made, release=row, way=_way(row, way), due_at=now, next_try_at=now) for row in rows]
    for amendment in Amendment.objects.bulk_create(planned):
        transaction.on_commit(partial(amend.enqueue, amendment.pk))


def _way(row: Release, wanted: str) -> str:
    """What is done with the post of a release, as its platform can; by hand a person does the same."""
    if wanted == "delete":
        return wanted
    can_edit = row.channel.platform not in KINDS or "edit" not in cannot(row.channel.platform)
    return "edit" if can_edit else wanted


def _screened(draft: Draft, after: Mapping[str, str], before: Mapping[str, str]) -> None:
    """Raise Refused for a text that the rules stop, that is empty, or too long for where it goes."""
    book, today = engine.rulebook(), timezone.localdate()
    has_picture = draft.pictures.exists()
    for target in draft.targets.select_related("channel"):
        platform = target.channel.platform
        text = after[key_of(draft.version_for(target.channel))]
        if not text.strip() or not lengths.measure(platform, text, has_picture=has_picture).fits:
            raise Refused(_("The text is empty, or too long for {channel}.").format(channel=target.channel))
    for key, text in after.items():
        if text == before.get(key):
            continue
        verdict = screening.screen(text, draft.office, today, book).verdict
        if verdict.level == "stop":
            clause = next(one.clause.id for one in verdict.findings if one.level == "stop")
            raise Refused(_("The rules stop this text. Put it right, or withdraw the post."), clause)
