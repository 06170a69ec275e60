"""What of a draft goes out on a channel; and the last look before it does."""

from __future__ import annotations

from django.utils import timezone
from django.utils.translation import gettext as _

from amanat.desk.lib import files
from amanat.desk.lib.refusals import Refused
from amanat.desk.publishing import gates
from amanat.desk.publishing.connectors import Permanent, Picture, Post
from amanat.desk.publishing.models import Amendment, Draft, Release, Watch
from amanat.desk.publishing.models.corrections import key_of


def post_of(row: Release | Amendment) -> Post:
    """The post of a release, or what an amendment puts in its place."""
    version = row.draft.version_for(row.channel)
    text, answers = version.text, ""
    if isinstance(row, Amendment):
        text = row.correction.after.get(key_of(version), version.text)
        answers = row.release.standing_id if row.way == "answer" else ""
    else:
        text = texts_now(row.draft)[key_of(version)]
    pictures = tuple(
        Picture(
            files.path_of(one.sha256).read_bytes(), one.kind, one.width, one.height,
            one.alts.get(version.language, "") or next(iter(one.alts.values()), ""),
        )
        for one in row.draft.pictures.all()
    )  # fmt: skip
    return Post(text, version.language, row.begun_at or timezone.now(), pictures, answers)


def texts_now(draft: Draft) -> dict[str, str]:
    """The texts of a draft as they read after its last correction, by `key_of` their version."""
    last = draft.corrections.filter(kind="correction").first()
    return {key_of(one): one.text for one in draft.versions.all()} | (last.after if last else {})


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
    if Watch.objects.filter(channel=row.channel_id, state="foreign").exists():
        return Refused(_("A stranger changed this channel. Nothing is released there until that is settled."))
    return gates.why_not(draft, row.channel, timezone.now())
