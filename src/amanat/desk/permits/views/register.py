"""The register of permits with its filters, taken out as a file, and the figures."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.http import FileResponse, Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from amanat.desk.lib import sheets
from amanat.desk.lib.views import page_of, person_of, signed_in
from amanat.desk.permits import exports, statistics
from amanat.desk.permits.forms.register import PermitFilter, YearFilter
from amanat.desk.permits.models import Permit
from amanat.desk.registry.actions.exports import note

PER_PAGE = 25


@require_safe
@signed_in
def permits(request: HttpRequest) -> HttpResponse:
    """The requests this person may see, the newest first."""
    person, form = person_of(request), PermitFilter(request.GET)
    rows = form.narrow(Permit.objects.visible_to(person), person)
    shown = rows.select_related("person", "office", "asked_from")
    return render(request, "permits/permits.html", {"page": page_of(request, shown), "form": form})


@require_safe
@signed_in
def export(request: HttpRequest, form: str) -> HttpResponseBase:
    """The register as a file, narrowed as on its page."""
    person = person_of(request)
    if form not in ("xlsx", "csv"):
        raise Http404
    rows = PermitFilter(request.GET).narrow(Permit.objects.visible_to(person), person)
    note("permits", form, rows.count(), by=person)
    table = exports.table(rows)
    name = f"amanat-permits-{timezone.localdate()}.{form}"
    if form == "xlsx":
        book = sheets.workbook({"permits": table})
        return FileResponse(book, as_attachment=True, filename=name, content_type=sheets.XLSX)
    return _csv(table, name)


def _csv(table: Iterator[list[Any]], name: str) -> StreamingHttpResponse:
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return StreamingHttpResponse(sheets.csv_lines(table), content_type=sheets.CSV, headers=headers)


@require_safe
@signed_in
def figures(request: HttpRequest) -> HttpResponse:
    """Asked, granted, refused, how long it took and what is late, by quarter and office. Numbers alone, no names."""
    person, form = person_of(request), YearFilter(request.GET)
    year = form.chosen()
    form = YearFilter({"year": year})
    offices = person.offices_overseen()
    deciding = offices.filter(pk__in=Permit.objects.filter(submitted_on__year=year).values("office"))
    page = page_of(request, deciding.order_by("path"), PER_PAGE)
    here = list(page.object_list)
    shown = {
        "form": form,
        "year": year,
        "page": page,
        "quarters": statistics.by_quarter(offices, year),
        "rows": statistics.by_office(here, year),
    }
    return render(request, "permits/statistics.html", shown)
