"""The record of what was posted: what was sent, answered and put right; kept by hash, and looked after."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import tempfile
import zipfile
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import IO, Any, NamedTuple

from django.db.models import Prefetch, Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from amanat.desk.lib import files, sheets
from amanat.desk.lib.refusals import Refused
from amanat.desk.publishing import corrections as rules
from amanat.desk.publishing.models import Mending, Picture, Release, Round
from amanat.desk.publishing.models.releases import ReleaseQuerySet
from amanat.desk.registry.models import Office, Person
from amanat.desk.registry.models.people import OVERSEEING

MOST_POSTS = 2_000
"""How many posts one archive holds; more are taken out in several, by their days."""
MOST_FILES = 20_000
"""How many files one check reads."""
_BYTES = 500 * files.MEGABYTE
_SHOWN = 3_000
_ENDINGS = {files.PNG: "png", files.JPEG: "jpg"}
_DATE = (1980, 1, 1, 0, 0, 0)
"""The moment of every file in an archive: the same posts give the same bytes."""


class Piece(NamedTuple):
    """A kept file: what it is, its hash, `whole`, `broken` or `missing`, its size, and the beginning of its text."""

    what: str
    sha256: str
    state: str
    size: int
    text: str


SENT, ANSWER = gettext_lazy("What was sent"), gettext_lazy("What the platform answered")
BEFORE = gettext_lazy("The text before")


def may_read(office: Office, by: Person) -> bool:
    """Whether the record of an office's posts is open to `by`: its head, who oversees it, its auditors."""
    return by.is_active and any(
        post.role in OVERSEEING and (post.office == office.pk or office.path.startswith(post.path)) for post in by.posts
    )


def keep_closed(office: Office, by: Person) -> None:
    """Raise Refused where the record of an office is not open to `by`."""
    if not may_read(office, by):
        raise Refused(_("The record is open to the head of the office, to those who oversee it, and to auditors."))


def pieces(row: Release) -> list[Piece]:
    """What is kept of a release and of what put it right, in the order of time; each looked at as it is read."""
    kept = [(str(SENT), row.sent), (str(ANSWER), row.answer)]
    for one in row.mendings.all():
        way = one.get_way_display()
        kept += [
            (f"{way}: {SENT}", one.sent),
            (f"{way}: {ANSWER}", one.answer),
            (f"{way}: {BEFORE}", one.before),
        ]
    return [_piece(what, sha256) for what, sha256 in kept if sha256]


def state_of(sha256: str) -> str:
    """Whether a kept file is `whole`, `broken` (not what its hash says) or `missing`."""
    try:
        with files.path_of(sha256).open("rb") as file:
            return "whole" if hashlib.file_digest(file, "sha256").hexdigest() == sha256 else "broken"
    except OSError:
        return "missing"


def hashes(office: Office) -> set[str]:
    """The hashes of all that is kept of the posts of an office and of those below it."""
    posts = Release.objects.filter(draft__office__path__startswith=office.path)
    mendings = Mending.objects.filter(release__in=posts)
    pictures = Picture.objects.filter(draft__releases__in=posts)
    found = {sha256 for pair in posts.values_list("sent", "answer") for sha256 in pair}
    found |= {sha256 for three in mendings.values_list("sent", "answer", "before") for sha256 in three}
    return (found | set(pictures.values_list("sha256", flat=True))) - {""}


def rows_for(rows: ReleaseQuerySet) -> ReleaseQuerySet:
    """`rows` with all that lists and archives tell of them."""
    mendings = Mending.objects.select_related("correction")
    return (
        rows.select_related("draft__office", "channel")
        .prefetch_related("draft__versions", "draft__targets", Prefetch("mendings", mendings))
        .order_by("released_at", "pk")
    )


def heads() -> list[str]:
    """The heads of the list."""
    return [
        _("number"), _("office code"), _("platform"), _("handle"), _("title"), _("language"), _("text as released"),
        _("released at"), _("address"), _("SHA-256 of what was sent"), _("SHA-256 of the answer"), _("state"),
        _("found wrong"), _("put right"), _("what was wrong"), _("text now"),
    ]  # fmt: skip


def cells(row: Release) -> list[Any]:
    """A release as a row of the list."""
    version = row.draft.version_for(row.channel)
    last = next((one for one in reversed(row.mendings.all()) if one.state == "done"), None)
    told = last.correction if last else None
    return [
        row.pk, row.draft.office.code, row.channel.platform, row.channel.handle, row.draft.title, version.language,
        version.text, _moment(row.released_at), row.address, row.sent, row.answer, row.draft.state,
        _moment(told.found_at if told else None), _moment(last.done_at if last else None), told.reason if told else "",
        rules.text_of(row) if last and rules.standing(row) else "",
    ]  # fmt: skip


def archive(rows: ReleaseQuerySet) -> tuple[IO[bytes], int, str]:
    """A ZIP of posts with a manifest of SHA-256, at its beginning; how many files; the hash of the manifest.

    Raises Refused where it would be too large.
    """
    more = ("draft__pictures", "draft__targets__channel", "draft__rounds__ballots__member")
    found = list(rows_for(rows).prefetch_related(*more)[: MOST_POSTS + 1])
    if len(found) > MOST_POSTS:
        raise Refused(_("These are too many posts for one archive. Choose fewer days."))
    file = tempfile.TemporaryFile()  # noqa: SIM115 (closed by whoever sends it)
    try:
        number, sha256 = _packed(found, file)
    except BaseException:
        file.close()
        raise
    file.seek(0)
    return file, number, sha256


def _packed(rows: list[Release], file: IO[bytes]) -> tuple[int, str]:
    manifest: dict[str, str] = {}
    size = 0
    with zipfile.ZipFile(file, "w") as pack:
        for name, data in _contents(rows):
            if name in manifest:
                continue
            size += len(data)
            if size > _BYTES:
                raise Refused(_("This is too much for one archive. Choose fewer days."))
            manifest[name] = hashlib.sha256(data).hexdigest()
            pack.writestr(zipfile.ZipInfo(name, _DATE), data, zipfile.ZIP_DEFLATED)
        lines = "".join(f"{sha256}  {name}\n" for name, sha256 in sorted(manifest.items())).encode()
        pack.writestr(zipfile.ZipInfo("manifest-sha256.txt", _DATE), lines, zipfile.ZIP_DEFLATED)
    return len(manifest), hashlib.sha256(lines).hexdigest()


def _contents(rows: list[Release]) -> Iterator[tuple[str, bytes]]:
    table = io.StringIO()
    csv.writer(table).writerows([[sheets.guarded(cell) for cell in line] for line in (heads(), *map(cells, rows))])
    yield "posts.csv", b"\xef\xbb\xbf" + table.getvalue().encode()
    for row in rows:
        yield f"texts/{row.pk}.txt", row.draft.version_for(row.channel).text.encode()
        kept = [("sent", row.sent), ("answers", row.answer)]
        for picture in row.draft.pictures.all():
            yield from _kept("pictures", picture.sha256, _ENDINGS.get(picture.kind, "bin"))
        yield f"decisions/{row.draft_id}.json", _json(_decisions(row))
        for one in row.mendings.all():
            kept += [("sent", one.sent), ("answers", one.answer), ("texts", one.before)]
            yield f"corrections/{one.correction_id}-{one.pk}.json", _json(_mended(one))
        for folder, sha256 in kept:
            yield from _kept(folder, sha256, "txt" if folder == "texts" else "bin")


def _kept(folder: str, sha256: str, ending: str) -> Iterator[tuple[str, bytes]]:
    """A kept file under its hash; nothing where it is gone: the manifest then does not name it, the list does."""
    if sha256:
        try:
            yield f"{folder}/{sha256}.{ending}", files.path_of(sha256).read_bytes()
        except OSError:
            return


def _decisions(row: Release) -> dict[str, Any]:
    draft = row.draft
    names = {one.channel_id: f"{one.channel.platform} {one.channel.handle}" for one in draft.targets.all()}
    return {
        "draft": draft.pk, "title": draft.title, "approved": draft.approved_hash,
        "approved_at": _moment(draft.approved_at), "rounds": [_round(one, names) for one in draft.rounds.all()],
    }  # fmt: skip


def _round(one: Round, names: Mapping[int, str]) -> dict[str, Any]:
    """A round of votes; who voted how, once it is decided. `names` of the channels, by number."""
    return {
        "number": one.number, "kind": one.kind, "content": one.hash, "outcome": one.outcome,
        "opened_at": _moment(one.opened_at), "closed_at": _moment(one.closed_at),
        "ballots": [
            {
                "member": vote.member.name, "vote": vote.vote, "reason": vote.reason,
                "cast_at": _moment(vote.cast_at), "not_counted_for": [names[pk] for pk in vote.left if pk in names],
            }
            for vote in one.ballots.all()
        ] if one.outcome else [],
    }  # fmt: skip


def _mended(one: Mending) -> dict[str, Any]:
    told = one.correction
    return {
        "release": one.release_id, "kind": told.kind, "reason": told.reason, "found_at": _moment(told.found_at),
        "asked_at": _moment(told.asked_at), "way": one.way, "state": one.state, "done_at": _moment(one.done_at),
        "language": one.language, "text": one.text, "text_before": one.before, "address": one.address,
        "sent": one.sent, "answer": one.answer, "seen_at": _moment(told.seen_at),
    }  # fmt: skip


def _json(value: dict[str, Any]) -> bytes:
    return json.dumps(value, ensure_ascii=False, indent=1, sort_keys=True).encode()


def _piece(what: str, sha256: str) -> Piece:
    state = state_of(sha256)
    if state == "missing":
        return Piece(what, sha256, state, 0, "")
    path = files.path_of(sha256)
    with path.open("rb") as file:
        text = file.read(_SHOWN).decode("utf-8", "replace")
    return Piece(what, sha256, state, path.stat().st_size, text.replace("\x00", "\ufffd"))


def belongs(row: Release, sha256: str) -> bool:
    """Whether a kept file is part of the record of a release."""
    mine = Q(sent=sha256) | Q(answer=sha256)
    return sha256 in (row.sent, row.answer) or row.mendings.filter(mine | Q(before=sha256)).exists()


def _moment(at: datetime | None) -> str:
    return timezone.localtime(at).isoformat(" ", "seconds") if at else ""
