"""Changing what a draft says. Whatever was approved or is before a panel is void with the first change."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from amanat.desk.audit.door import recorded, step
from amanat.desk.lib.refusals import Overtaken, Refused
from amanat.desk.publishing import screening
from amanat.desk.publishing.actions import releases
from amanat.desk.publishing.models import Draft, Target, Version
from amanat.desk.publishing.workflow import PLANNED, WRITERS
from amanat.desk.registry.actions.offices import keep_open
from amanat.desk.registry.models import Channel, Office, Person
from amanat.desk.rules import engine

_BOUND = ("in-review", "approved", "scheduled")
"""States in which a change voids what was decided, or is being decided."""


def begin(
    office: Office, *, by: Person, title: str, purpose: str, language: str, text: str, channels: Collection[Channel]
) -> Draft:
    """Begin a draft: one text in one language, for some channels. Each speaks that language, or its own first."""
    with recorded("write", by=by, office=office, roles=WRITERS) as record:
        keep_open(office)
        draft = Draft.objects.create(office=office, author=by, title=title, purpose=purpose)
        draft.writers.add(by)
        Version.objects.create(draft=draft, language=language, text=text)
        _aim(draft, {channel: _tongue(channel, language) for channel in channels})
        rescreen(draft)
        record.on(draft)
    return draft


def write(draft: Draft, *, by: Person, texts: Mapping[tuple[str, str], str]) -> None:
    """Change its texts, by language and platform; an empty one is taken out."""
    before = {(one.language, one.platform): one.text for one in draft.versions.all()}
    after = before | {key: text.replace("\r\n", "\n").strip() for key, text in texts.items()}
    changed = sorted(
        f"{lang} {platform}".strip() for lang, platform in after if _differs(before, after, lang, platform)
    )
    if not changed:
        return
    with changing(draft, by=by, texts=changed):
        for (language, platform), text in after.items():
            if not text:
                draft.versions.filter(language=language, platform=platform).delete()
            elif _differs(before, after, language, platform):
                Version.objects.update_or_create(
                    draft=draft, language=language, platform=platform, defaults={"text": text}
                )


def plan(
    draft: Draft, *, by: Person, title: str, purpose: str, wanted_at: datetime | None, targets: Mapping[Channel, str],
    emergency_reason: str = "",
) -> None:  # fmt: skip
    """Change when and where it is released, what it is for, and whether it is urgent."""
    own = {"title": title, "purpose": purpose}
    urgent = {"is_emergency": bool(emergency_reason.strip()), "emergency_reason": emergency_reason.strip()}
    aims = {channel.pk: language for channel, language in targets.items()}
    is_same = aims == dict(draft.targets.values_list("channel", "language")) and wanted_at == draft.wanted_at
    if is_same and all(getattr(draft, name) == value for name, value in urgent.items()):
        _rename(draft, by=by, own=own)
        return
    if any(channel.office_id != draft.office_id for channel in targets):
        raise Refused(_("A draft goes out on channels of its own office."))
    with changing(draft, by=by, plan=True):
        for name, value in (own | urgent | {"wanted_at": wanted_at}).items():
            setattr(draft, name, value)
        Draft.objects.filter(pk=draft.pk).update(**own, **urgent, wanted_at=wanted_at)
        _aim(draft, targets)


def _rename(draft: Draft, *, by: Person, own: Mapping[str, str]) -> None:
    """Title and purpose are the office's own: changing them voids nothing."""
    changed = {name: value for name, value in own.items() if getattr(draft, name) != value}
    if not changed:
        return
    with recorded("change", by=by, office=draft.office, roles=WRITERS) as record:
        keep_planned(draft)
        Draft.objects.filter(pk=draft.pk).update(**changed)
        record.on(draft, changed=sorted(changed))


@contextmanager
def changing(draft: Draft, *, by: Person, **facts: Any) -> Iterator[None]:
    """Guard a change of what an approval binds to. `by` has then written in it, and does not decide on it.

    A draft before the panel, or approved, goes back to being written; its round is void and what was planned is
    taken back. What it says is screened anew.
    """
    keep_planned(draft)
    if draft.state in _BOUND:
        with step(draft, "recall", by=by, facts=facts):
            _void(draft)
            yield
            _wrote(draft, by)
    else:
        with recorded("write", by=by, office=draft.office, roles=WRITERS) as record:
            keep_planned(draft)
            if draft.state in _BOUND:  # handed in by somebody at the very same moment
                raise Overtaken(_("Somebody else has just handed it in. Look at it again."))
            yield
            _wrote(draft, by)
            record.on(draft, **facts)


def recall(draft: Draft, *, by: Person) -> None:
    """Take a draft back to change it."""
    with step(draft, "recall", by=by):
        _void(draft)


def rescreen(draft: Draft) -> None:
    """Screen every text of the draft by the rules of the day it is wanted, and keep what was found.

    What a picture shows, in words, goes out with the texts of its language, and is kept with them.
    """
    forget(draft)
    versions, book = list(draft.versions.all()), engine.rulebook()
    alts = [one for picture in draft.pictures.all() for one in screening.screen_alts(picture, draft, book).items()]
    for version in versions:
        own = screening.screen_version(version, draft, book)
        found = [own, *(one for language, one in alts if language == version.language)]
        version.level, version.is_praise = screening.strictest(one.verdict.level for one in found), own.is_praise
        version.clauses = [pair for one in found for pair in one.clauses()]
    Version.objects.bulk_update(versions, ["level", "clauses", "is_praise"])
    levels = [*(version.level for version in versions), *(one.verdict.level for _language, one in alts)]
    draft.level = screening.strictest(levels)
    Draft.objects.filter(pk=draft.pk).update(level=draft.level)


def keep_planned(draft: Draft) -> None:
    """Refuse where it is released, or its time is over; inside a transaction nobody else moves it until that ends."""
    if transaction.get_connection().in_atomic_block:
        Draft.objects.select_for_update().filter(pk=draft.pk).first()
    draft.refresh_from_db()
    check_planned(draft)


def check_planned(draft: Draft) -> None:
    """Refuse where it is released, or its time is over."""
    if draft.state not in PLANNED:
        raise Overtaken(_("This draft is no longer being prepared: it is out, or its time is over. Make a copy of it."))


def close_round(draft: Draft, outcome: str) -> None:
    """Close the round that is open, if one is; its votes are kept."""
    draft.rounds.filter(outcome="").update(outcome=outcome, closed_at=timezone.now())


def forget(draft: Draft) -> None:
    """Forget what was fetched of it before a change."""
    getattr(draft, "_prefetched_objects_cache", {}).clear()


def _void(draft: Draft) -> None:
    releases.cancel(draft)
    close_round(draft, "void")
    draft.approved_hash, draft.approved_at, draft.submitted_at = "", None, None


def _wrote(draft: Draft, by: Person) -> None:
    draft.writers.add(by)
    rescreen(draft)


def _aim(draft: Draft, targets: Mapping[Channel, str]) -> None:
    draft.targets.exclude(channel__in=targets).delete()
    for channel, language in targets.items():
        Target.objects.update_or_create(draft=draft, channel=channel, defaults={"language": language})


def _tongue(channel: Channel, language: str) -> str:
    spoken = tongues(channel)
    return language if language in spoken or not spoken else spoken[0]


def tongues(channel: Channel) -> list[str]:
    """The languages a channel speaks, by their codes."""
    return [code.strip() for code in channel.languages.split(",") if code.strip()]


def _differs(
    before: Mapping[tuple[str, str], str], after: Mapping[tuple[str, str], str], language: str, platform: str
) -> bool:
    return before.get((language, platform), "") != after[language, platform]
