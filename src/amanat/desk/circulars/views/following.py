"""Who has not: the list, the picture, the spreadsheet, and reminding."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from amanat.desk.audit.door import allow
from amanat.desk.circulars import spread, tally
from amanat.desk.circulars.actions import reminders
from amanat.desk.circulars.forms.following import RhythmForm
from amanat.desk.circulars.models import Circular, Rhythm
from amanat.desk.circulars.models.rhythms import beat_of
from amanat.desk.circulars.workflow import SENDERS, SENT
from amanat.desk.lib import sheets
from amanat.desk.lib.views import form_page, person_of, signed_in
from amanat.desk.registry.actions.exports import note
from amanat.desk.registry.models import Office
from amanat.desk.registry.views.common import holds, office_of

PER_PAGE = 50


@signed_in
@require_safe
def missing(request: HttpRequest, pk: int) -> HttpResponse:
    """Who has not acknowledged a circular: how many, and by name, page by page."""
    circular, counted = _counted(request, pk)
    shown, office = _narrowed(request, counted)
    rows = shown.missing(_after(request), PER_PAGE + 1)
    last = rows[PER_PAGE - 1] if len(rows) > PER_PAGE else None
    return render(request, "circulars/missing.html", {
        **_page(request, circular, shown, office),
        "rows": rows[:PER_PAGE],
        "next": f"{last.office_id or 0}-{last.pk}" if last else "",
        "is_first": "after" not in request.GET,
        "silent": sorted((one for one in shown.places.values() if one.sum.silent), key=lambda one: one.path)[:PER_PAGE],
        "reminders": circular.reminders.select_related("by").order_by("-pk")[:10],
        "rhythm": beat_of(circular.office),
    })  # fmt: skip


@signed_in
@require_safe
def tree(request: HttpRequest, pk: int) -> HttpResponse:
    """How a circular spread, as a picture and as a table."""
    circular, counted = _counted(request, pk)
    tops = spread.grown(counted)
    top = None
    if (under := request.GET.get("under", "")).isdecimal() and len(under) < 18:
        top = spread.find(tops, int(under))
        if top is None:
            raise Http404
    picture = spread.drawn([top] if top else tops, is_rtl=translation.get_language_bidi())
    return render(request, "circulars/tree.html", {
        **_page(request, circular, counted, None), "picture": picture, "top": top,
    })  # fmt: skip


@signed_in
@require_safe
def export(request: HttpRequest, pk: int, form: str) -> HttpResponseBase:
    """Who has not, or with `all=1` everybody who was asked, as a file: CSV as it is read, XLSX once it is made."""
    if form not in ("xlsx", "csv"):
        raise Http404
    circular, counted = _counted(request, pk)
    shown, office = _narrowed(request, counted)
    person, is_all = person_of(request), request.GET.get("all") == "1"
    part = (office.path,) if office else tally.part_of(circular, person)
    note(f"circular {circular.pk}", form, shown.total.people if is_all else shown.total.missing, by=person)
    table = _table(circular, part, only_missing=not is_all)
    name = f"amanat-circular-{circular.pk}-{timezone.localdate()}.{form}"
    if form == "xlsx":
        book = sheets.workbook({"circular": table})
        return FileResponse(book, as_attachment=True, filename=name, content_type=sheets.XLSX)
    return StreamingHttpResponse(
        sheets.csv_lines(table),
        content_type=sheets.CSV,
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


@signed_in
@require_POST
def remind(request: HttpRequest, pk: int) -> HttpResponse:
    """Remind now."""
    circular, _counts = _counted(request, pk)
    reminders.remind(circular, by=person_of(request))
    messages.success(request, _("They are being reminded, each in their own language."))
    return redirect("circulars:missing", pk)


@signed_in
def rhythm(request: HttpRequest, pk: int) -> HttpResponse:
    """How an office reminds of its circulars."""
    office, by = office_of(request, pk), person_of(request)
    allow(SENDERS, by, office)
    beat = beat_of(office)
    row = Rhythm(office=office, before=beat.before, every=beat.every, most=beat.most, climb=beat.climb)
    form = RhythmForm(request.POST or None, instance=row)
    return form_page(
        request, form, lambda data: reminders.set_rhythm(office, by=by, **data),
        title=_("How to remind of circulars"), submit=_("Keep this rhythm"), back=office,
        lead=_("No rule known to us says when to remind: this is your office's own choice, in its working days."),
    )  # fmt: skip


def _counted(request: HttpRequest, pk: int) -> tuple[Circular, tally.Tally]:
    """The circular, counted for the part this person may see. Raises Http404 where there is none."""
    person = person_of(request)
    rows = Circular.objects.visible_to(person).filter(state__in=SENT).select_related("office")
    circular = get_object_or_404(rows, pk=pk)
    part = tally.part_of(circular, person)
    counted = tally.tally_of(circular, part)
    if part != tally.EVERYTHING and not counted.places:
        raise Http404
    return circular, counted


def _narrowed(request: HttpRequest, counted: tally.Tally) -> tuple[tally.Tally, tally.Place | None]:
    """The count of one office and those below, where the address names one by its code."""
    code = request.GET.get("office", "").strip().casefold()
    if not code:
        return counted, None
    office = next((one for one in counted.places.values() if one.code.casefold() == code), None)
    if office is None:
        return tally.Tally(counted.circular, {}), None
    return counted.under(office.path), office


def _after(request: HttpRequest) -> tuple[int, int] | None:
    office, _sep, row = request.GET.get("after", "").partition("-")
    return (int(office), int(row)) if office.isdecimal() and row.isdecimal() and len(office + row) < 30 else None


def _page(request: HttpRequest, circular: Circular, shown: tally.Tally, office: tally.Place | None) -> dict[str, Any]:
    person = person_of(request)
    return {
        "circular": circular,
        "total": shown.total,
        "office": office,
        "code": request.GET.get("office", ""),
        "is_whole": tally.part_of(circular, person) == tally.EVERYTHING,
        "may_remind": circular.state == "dispatched"
        and not shown.total.is_done
        and holds(person, circular.office, SENDERS),
        "may_hand_in": office is not None
        and circular.state == "dispatched"
        and holds(person, Office(pk=office.pk, path=office.path), SENDERS),
        "may_pace": holds(person, circular.office, SENDERS),
    }


def _table(circular: Circular, part: tuple[str, ...], *, only_missing: bool) -> Iterator[list[Any]]:
    yield [
        _("personnel number"), _("name"), _("office code"), _("office"), _("version acknowledged"), _("acknowledged"),
    ]  # fmt: skip
    for row in tally.reached(circular, part, only_missing=only_missing).iterator(chunk_size=2_000):
        at = timezone.localtime(row.acknowledged_at).isoformat(" ", "minutes") if row.acknowledged_at else ""
        yield [
            (row.person.number or "") if row.person else "", str(row), row.office.code if row.office else "",
            str(row.office or ""), row.seen or "", at,
        ]  # fmt: skip
