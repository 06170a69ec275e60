"""What of a draft goes out on a channel; and the last look before it does."""

from __future__ import annotations

from django.utils import timezone
from django.utils.translation import gettext as _

from amanat.desk.lib import files
from amanat.desk.lib.refusals import Refused
from amanat.desk.publishing import gates
from amanat.desk.publishing.connectors import Permanent, Picture, Post
from amanat.desk.publishing.models import Draft, Release, Watch
from amanat.desk.registry.models import Channel


def post_of(row: Release) -> Post:
    """The post of a release."""
    version = row.draft.version_for(row.channel)
    pictures = tuple(
        Picture(
            files.path_of(one.sha256).read_bytes(), one.kind, one.width, one.height,
            one.alts.get(version.language, "") or next(iter(one.alts.values()), ""),
        )
        for one in row.draft.pictures.all()
    )  # fmt: skip
    return Post(version.text, version.language, row.begun_at or timezone.now(), pictures)


def checked(row: Release) -> None:
    """Look once more, right before it is sent. Raises Permanent with the reason."""
    reason = refusal(row)
    if reason is not None:
        raise Permanent("gate", reason.reason)


def refusal(row: Release) -> Refused | None:
    """Why a release may not go out now; None where it may."""
    draft = (
        Draft.objects.select_related("office").prefetch_related("targets", "versions", "pictures").get(pk=row.draft_id)
    )
    return why_not(row, draft)


def why_not(row: Release, draft: Draft) -> Refused | None:
    """Why a release may not go out now; None where it may. `draft` is its draft as it was just fetched."""
    if draft.corrections.exclude(state="dropped").exists():
        return Refused(_("It was found wrong where it is out. Write a new draft for this channel."))
    return _taken_over(row.channel) or gates.why_not(draft, row.channel, timezone.now())


def muted(channel: Channel) -> Refused | None:
    """Why nothing new may be said on `channel` now, not even a correcting reply; None where it may."""
    return _taken_over(channel) or gates.silence(channel, timezone.localdate())


def _taken_over(channel: Channel) -> Refused | None:
    if Watch.objects.filter(channel=channel, state="foreign").exists():
        return Refused(_("A stranger changed this channel. Nothing is released there until that is settled."))
    return None
