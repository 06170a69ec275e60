"""Export of every list: what the person may see, as XLSX or CSV, narrowed as on the page of the list."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.http import FileResponse, Http404, HttpRequest, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.views.decorators.http import require_safe

from amanat.desk.lib import sheets
from amanat.desk.lib.views import person_of, signed_in
from amanat.desk.registry.actions.exports import note
from amanat.desk.registry.exports import LISTS


@require_safe
@signed_in
def export(request: HttpRequest, what: str, form: str) -> HttpResponseBase:
    """A list as a file: CSV as it is read, XLSX once it is made."""
    if what not in LISTS or form not in ("xlsx", "csv"):
        raise Http404
    person = person_of(request)
    found = LISTS[what]
    rows = found.rows(person, request.GET)
    note(what, form, rows.count(), by=person)
    table = _table(found.heads(), found.lines(rows, person))
    name = f"amanat-{what}-{timezone.localdate()}.{form}"
    if form == "xlsx":
        return FileResponse(sheets.workbook({what: table}), as_attachment=True, filename=name, content_type=sheets.XLSX)
    return StreamingHttpResponse(
        sheets.csv_lines(table),
        content_type=sheets.CSV,
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


def _table(heads: list[str], lines: Iterator[list[Any]]) -> Iterator[list[Any]]:
    yield heads
    yield from lines
