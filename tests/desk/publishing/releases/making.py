"""Approved drafts and channels with a key, made straight in the tables."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from amanat.desk.lib import files
from amanat.desk.publishing.actions import releases
from amanat.desk.publishing.models import Credential, Draft, Picture, Release, Target, Version
from amanat.desk.registry.models import Channel, Office, Person
from tests.cast import Cast

HOUR = timedelta(hours=1)
TEXT = "Schools open at eight."


def channel_of(cast: Cast, platform: str, handle: str, address: str = "") -> Channel:
    return Channel.objects.create(
        office=cast.own, platform=platform, handle=handle, address=address or f"https://{platform}.example/{handle}",
        state="verified",
    )  # fmt: skip


def entrust(channel: Channel, server: str, by: Person, **secrets: str) -> Credential:
    return Credential.objects.create(
        channel=channel, server=server, sealed=Credential.seal(secrets), given_by=by, given_at=timezone.now()
    )


class Own(NamedTuple):
    """An office, and the one who does everything there: what of the cast is needed to write a draft."""

    own: Office
    person: Person

    def __getitem__(self, name: Any) -> Any:
        return self.person if isinstance(name, str) else tuple.__getitem__(self, name)


def draft_for(
    cast: Cast | Own,
    channels: Sequence[Channel],
    text: str = TEXT,
    *,
    at: datetime | None = None,
    pictures: Sequence[bytes] = (),
) -> Draft:
    """An approved draft, in English."""
    author: Any = cast["officer@own"]
    wanted = at or timezone.now() - timedelta(seconds=1)
    draft = Draft.objects.create(office=cast.own, author=author, title=text[:60], wanted_at=wanted)
    Version.objects.create(draft=draft, language="en", text=text)
    for channel in channels:
        Target.objects.create(draft=draft, channel=channel, language="en")
    for position, data in enumerate(pictures):
        kept = files.keep(SimpleUploadedFile("picture.png", data), 1_000_000, (files.PNG,))
        Picture.objects.create(
            draft=draft, sha256=kept.sha256, kind=kept.kind, width=2, height=1, size=kept.size, position=position,
            alts={"en": f"Picture {position + 1}"},
        )  # fmt: skip
    draft.state, draft.approved_hash, draft.approved_at = "approved", draft.hash(), timezone.now()
    draft.save()
    return draft


def scheduled(cast: Cast | Own, channels: Sequence[Channel], text: str = TEXT, **more: Any) -> list[Release]:
    """The releases of an approved draft, planned."""
    draft = draft_for(cast, channels, text, **more)
    releases.schedule(draft)
    return list(Release.objects.filter(draft=draft).order_by("pk"))


def now_due() -> datetime:
    return timezone.now() + timedelta(seconds=1)


def plan(channel: Channel, by: Person, many: int) -> None:
    """So many releases on the channel that are due now, without a task in the queue."""
    for number in range(many):
        scheduled(Own(channel.office, by), [channel], f"Notice {number}", at=timezone.now() + HOUR)
    assert Release.objects.filter(state="pending").update(next_try_at=timezone.now()) == many
    Draft.objects.update(wanted_at=timezone.now())
    for draft in Draft.objects.prefetch_related("versions", "pictures", "targets"):
        Draft.objects.filter(pk=draft.pk).update(approved_hash=draft.hash())
