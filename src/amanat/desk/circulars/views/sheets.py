"""Signed sheets of an office: handing one in, looking at it first, and the blank sheet to print."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core import signing
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import translation
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from amanat.desk.audit.door import allow
from amanat.desk.circulars.actions import sheets as acts
from amanat.desk.circulars.forms.sheets import SheetForm
from amanat.desk.circulars.models import Addressee, Circular, Copy, Sheet
from amanat.desk.circulars.workflow import SENDERS
from amanat.desk.lib import files
from amanat.desk.lib.numerals import local
from amanat.desk.lib.refusals import Refused
from amanat.desk.lib.views import person_of, signed_in
from amanat.desk.registry.law import rulebook
from amanat.desk.registry.models import Office
from amanat.desk.registry.signin import fresh

SALT = "circulars.sheet"
DAY = 24 * 3600
ON_A_SHEET = 200


@signed_in
@fresh
def sheet(request: HttpRequest, pk: int, office: int) -> HttpResponse:
    """Hand in a signed sheet: first what it would do is shown."""
    copy = _copy(request, pk, office)
    by, form, refusal = (
        person_of(request),
        SheetForm(request.POST or None, request.FILES or None, circular=copy.circular),
        None,
    )
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            scan = acts.keep_scan(copy.circular, copy.office, data["scan"], by=by)
        except Refused as error:
            form.add_error("scan", error.reason)
        else:
            kept = {
                "scan": list(scan), "language": data["language"], "signed_on": data["signed_on"].isoformat(),
                "numbers": data["all_numbers"], "version": copy.circular.version,
            }  # fmt: skip
            return _show(request, copy, kept)
    return render(request, "circulars/sheet.html", {
        "circular": copy.circular, "office": copy.office, "form": form, "refusal": refusal,
        "sheets": Sheet.objects.filter(circular=copy.circular, office=copy.office).select_related("by")[:20],
    })  # fmt: skip


@signed_in
@require_POST
@fresh
def hand_in(request: HttpRequest, pk: int, office: int) -> HttpResponse:
    """Write what was shown."""
    copy, by = _copy(request, pk, office), person_of(request)
    try:
        kept = signing.loads(request.POST.get("kept", ""), salt=_salt(copy, by.pk), max_age=DAY)
    except signing.BadSignature:
        raise Refused(_("What was shown is gone: hand the sheet in again.")) from None
    row = acts.hand_in(
        copy.circular, copy.office, by=by, scan=files.Kept(*kept["scan"]), language=kept["language"],
        signed_on=parse_date(kept["signed_on"]), numbers=kept["numbers"], version=kept["version"],  # type: ignore[arg-type]
    )  # fmt: skip
    number = Addressee.objects.filter(acknowledgements__sheet=row).count()
    said = ngettext(
        "{number} person has acknowledged by this sheet.", "{number} people have acknowledged by this sheet.", number
    )
    messages.success(request, said.format(number=local(number)))
    return redirect("circulars:sheet", pk, office)


@signed_in
@require_safe
def scan(request: HttpRequest, pk: int) -> FileResponse:
    """The scan of a sheet, for those who lead the office that handed it in, or the one that issued the circular."""
    row = get_object_or_404(
        Sheet.objects.visible_to(person_of(request)).select_related("office", "circular__office"), pk=pk
    )
    by = person_of(request)
    if not SENDERS & by.roles_at(row.circular.office):
        allow(SENDERS, by, row.office)
    try:
        file = files.path_of(row.sha256).open("rb")
    except FileNotFoundError:
        raise Http404 from None
    return FileResponse(file, as_attachment=True, filename=row.name, content_type=row.kind)


@signed_in
@require_safe
def blank(request: HttpRequest, pk: int, office: int) -> HttpResponse:
    """A sheet to print, with the names of those missing at an office, in that office's language."""
    copy = _copy(request, pk, office)
    after = request.GET.get("after", "")
    rows = Addressee.objects.missing(copy.circular).filter(
        office=copy.office, person__isnull=False, pk__gt=int(after) if after.isdecimal() and len(after) < 18 else 0
    )
    people = list(rows.select_related("person").order_by("pk")[: ON_A_SHEET + 1])
    pack = rulebook().packs.get(copy.office.rules())
    spoken = [one for one in (pack.official if pack else ()) if one in copy.circular.subject]
    language = spoken[0] if spoken else next(iter(copy.circular.subject))
    with translation.override(language):
        return render(request, "circulars/blank.html", {
            "circular": copy.circular, "office": copy.office, "language": language, "rows": people[:ON_A_SHEET],
            "text": next((one for one in copy.circular.texts_of() if one.language == language), None),
            "next": people[ON_A_SHEET - 1].pk if len(people) > ON_A_SHEET else None,
        })  # fmt: skip


def _show(request: HttpRequest, copy: Copy, kept: dict[str, Any]) -> HttpResponse:
    by = person_of(request)
    found = acts.match(copy.circular, copy.office, kept["numbers"], by=by)
    token = signing.dumps(kept, salt=_salt(copy, by.pk), compress=True)
    return render(request, "circulars/sheet_check.html", {
        "circular": copy.circular, "office": copy.office, "match": found, "kept": token,
        "scan": files.Kept(*kept["scan"]),
    })  # fmt: skip


def _salt(copy: Copy, person: int) -> str:
    """What was shown to one person about one office's copy is of no use to another."""
    return f"{SALT}.{copy.pk}.{person}"


def _copy(request: HttpRequest, pk: int, office: int) -> Copy:
    """The copy of an office whose leaders this person is among. Raises Http404, or Refused for others who see it."""
    by = person_of(request)
    circulars, offices = Circular.objects.visible_to(by), Office.objects.visible_to(by)
    rows = Copy.objects.select_related("circular__office", "office").filter(office__in=offices, circular__in=circulars)
    copy: Copy = get_object_or_404(rows, circular=pk, office=office)
    acts.check(copy.circular, copy.office, by=by)
    return copy
