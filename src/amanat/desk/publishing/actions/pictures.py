"""Pictures of drafts. What is kept is a new picture without anything hidden in the file."""

from __future__ import annotations

from collections.abc import Mapping

from django.core.files import File
from django.core.files.base import ContentFile
from django.db.models import Max
from django.utils.translation import gettext as _

from amanat.desk.lib import files, images
from amanat.desk.lib.numerals import local
from amanat.desk.lib.refusals import Refused
from amanat.desk.publishing.actions.editing import changing
from amanat.desk.publishing.models import Draft, Picture
from amanat.desk.registry.models import Person

MOST = 4
"""Pictures of a draft: what X, Bluesky and Mastodon take."""


def add(draft: Draft, upload: File[bytes], *, by: Person, alts: Mapping[str, str]) -> Picture:
    """Add a picture: read by its content, turned upright, written anew without EXIF, XMP and profiles."""
    clean = images.clean(upload)
    with changing(draft, by=by, picture=True):
        if draft.pictures.count() >= MOST:
            raise Refused(_("A draft has at most {number} pictures.").format(number=local(MOST)))
        kept = files.keep(clean.file, images.LIMIT, images.KINDS)
        if draft.pictures.filter(sha256=kept.sha256).exists():
            raise Refused(_("This picture is in the draft already."))
        small = files.keep(ContentFile(clean.small, name="small.jpeg"), images.LIMIT, (files.JPEG,))
        last = draft.pictures.aggregate(last=Max("position"))["last"] or 0
        return Picture.objects.create(
            draft=draft, sha256=kept.sha256, small=small.sha256, kind=kept.kind, width=clean.width,
            height=clean.height, size=kept.size, position=last + 1, alts=_said(alts),
        )  # fmt: skip


def describe(picture: Picture, *, by: Person, alts: Mapping[str, str]) -> None:
    """Say what a picture shows, by language."""
    said = _said({**picture.alts, **alts})
    if said == picture.alts:
        return
    with changing(picture.draft, by=by, picture=picture.position):
        Picture.objects.filter(pk=picture.pk).update(alts=said)


def remove(picture: Picture, *, by: Person) -> None:
    """Take a picture out of a draft. The file stays, for others may hold it."""
    with changing(picture.draft, by=by, removed=picture.sha256):
        Picture.objects.filter(pk=picture.pk).delete()


def _said(alts: Mapping[str, str]) -> dict[str, str]:
    return {language: text.strip() for language, text in alts.items() if text.strip()}
