"""The record of a post, the check of all records, and taking them out."""

from __future__ import annotations

from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from amanat.desk.lib import files, sheets
from amanat.desk.lib.numerals import local
from amanat.desk.lib.views import person_of, signed_in
from amanat.desk.publishing import records
from amanat.desk.publishing.actions import records as acts
from amanat.desk.publishing.forms.corrections import PostFilter
from amanat.desk.publishing.models import Release
from amanat.desk.registry.views.common import office_of


@signed_in
@require_safe
def record(request: HttpRequest, pk: int) -> HttpResponse:
    """What was sent and answered, byte for byte; every piece is compared with its hash as the page opens."""
    row = _release(request, pk)
    pieces = records.pieces(row)
    context = {"release": row, "pieces": pieces, "is_whole": all(one.state == "whole" for one in pieces)}
    return render(request, "publishing/record.html", context)


@signed_in
@require_safe
def kept(request: HttpRequest, pk: int, sha256: str) -> FileResponse:
    """One kept piece, as it is; it is offered to be saved, never shown."""
    row = _release(request, pk)
    if not records.belongs(row, sha256) or records.state_of(sha256) == "missing":
        raise Http404
    path = files.path_of(sha256)
    return FileResponse(
        path.open("rb"), as_attachment=True, filename=f"{sha256}.bin", content_type="application/octet-stream"
    )


@signed_in
@require_POST
def check(request: HttpRequest, office: int) -> HttpResponse:
    """Check every record of an office and of those below it."""
    where = office_of(request, office)
    found = acts.check(where, by=person_of(request))
    bad = [*found.broken, *found.missing]
    if bad:
        words = _("{bad} of {number} files are not what they were: {hashes}")
        told = words.format(
            bad=local(len(bad)), number=local(found.number), hashes=", ".join(one[:12] for one in bad[:5])
        )
        messages.error(request, told)
    else:
        words = ngettext("The one file is whole.", "All {number} files are whole.", found.number)
        messages.success(request, words.format(number=local(found.number)))
    return redirect(f"{reverse('publishing:posts')}?office={where.code}")


@signed_in
@require_safe
def export(request: HttpRequest, office: int, form: str) -> HttpResponseBase:
    """The posts of an office as a list, or with all that is kept of them, filtered as on their page."""
    if form not in ("csv", "xlsx", "zip"):
        raise Http404
    where, person = office_of(request, office), person_of(request)
    query = request.GET.copy()
    query["office"] = where.code
    rows = PostFilter(query, person=person).narrow(Release.objects.visible_to(person).out())
    name = f"amanat-posts-{timezone.localdate()}.{form}"
    if form == "zip":
        records.keep_closed(where, person)
        file, _number, manifest = records.archive(rows)
        acts.note(where, form, rows.count(), by=person, manifest=manifest)
        return FileResponse(file, as_attachment=True, filename=name, content_type="application/zip")
    acts.note(where, form, rows.count(), by=person)
    lines = (records.cells(row) for row in records.rows_for(rows).iterator(chunk_size=500))
    table = (line for part in ([records.heads()], lines) for line in part)
    if form == "xlsx":
        book = sheets.workbook({"posts": table})
        return FileResponse(book, as_attachment=True, filename=name, content_type=sheets.XLSX)
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return StreamingHttpResponse(sheets.csv_lines(table), content_type=sheets.CSV, headers=headers)


def _release(request: HttpRequest, pk: int) -> Release:
    person = person_of(request)
    seen = Release.objects.visible_to(person).select_related("draft__office", "channel").prefetch_related("mendings")
    row = get_object_or_404(seen, pk=pk)
    records.keep_closed(row.draft.office, person)
    return row
