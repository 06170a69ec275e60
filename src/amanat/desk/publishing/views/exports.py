"""Export of an office's posts: what went out where and when, as it was sent, with the hashes of the record."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.http import FileResponse, Http404, HttpRequest, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from amanat.desk.lib import sheets
from amanat.desk.lib.views import person_of, signed_in
from amanat.desk.publishing.forms.releases import ReleaseFilter
from amanat.desk.publishing.models import Release, Target, Version
from amanat.desk.registry.actions.exports import note

_CHUNK = 500


@require_safe
@signed_in
def export(request: HttpRequest, form: str) -> HttpResponseBase:
    """The releases this person may see, narrowed as on the page of the list: XLSX or CSV."""
    if form not in ("xlsx", "csv"):
        raise Http404
    person = person_of(request)
    rows = ReleaseFilter(request.GET).narrow(Release.objects.visible_to(person)).order_by("pk")
    note("releases", form, rows.count(), by=person)
    table = _table(rows)
    name = f"amanat-releases-{timezone.localdate()}.{form}"
    if form == "xlsx":
        book = sheets.workbook({"releases": table})
        return FileResponse(book, as_attachment=True, filename=name, content_type=sheets.XLSX)
    return StreamingHttpResponse(
        sheets.csv_lines(table),
        content_type=sheets.CSV,
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


def _table(rows: Any) -> Iterator[list[Any]]:
    yield [
        _("number"), _("office code"), _("draft"), _("platform"), _("handle or name"), _("language"), _("text"),
        _("state"), _("wanted"), _("released at"), _("address"), _("number on the platform"),
        _("what was sent, SHA-256"), _("what was answered, SHA-256"),
    ]  # fmt: skip
    found = rows.select_related("draft__office", "channel").prefetch_related("draft__versions", "draft__targets")
    for row in found.iterator(_CHUNK):
        language, text = _said(row)
        yield [
            row.pk, row.draft.office.code, row.draft.title, row.channel.platform, row.channel.handle, language, text,
            row.state, _moment(row.due_at), _moment(row.released_at), row.address, row.platform_id, row.sent,
            row.answer,
        ]  # fmt: skip


def _said(row: Release) -> tuple[str, str]:
    try:
        version = row.draft.version_for(row.channel)
    except (Target.DoesNotExist, Version.DoesNotExist):
        return "", ""
    return version.language, version.text


def _moment(at: Any) -> str:
    return timezone.localtime(at).isoformat(" ", "seconds") if at else ""
