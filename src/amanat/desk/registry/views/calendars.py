"""The working calendar of an office: a year at a glance, its weekend, its holidays, those of a file."""

from __future__ import annotations

import calendar as months
from collections.abc import Iterator
from datetime import date
from typing import Any, NamedTuple

from django.contrib import messages
from django.core import signing
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.dates import WEEKDAYS_ABBR
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from amanat.desk.audit.door import allow
from amanat.desk.lib import files
from amanat.desk.lib.refusals import Overtaken, Refused
from amanat.desk.lib.views import form_page, person_of, signed_in
from amanat.desk.registry.actions import calendars as acts
from amanat.desk.registry.calendars import weekends_of
from amanat.desk.registry.forms.calendars import LIMIT, FileForm, HolidayForm, WeekendForm
from amanat.desk.registry.imports import ics
from amanat.desk.registry.models import Holiday, Office, Person
from amanat.desk.registry.views.common import holds, office_of
from amanat.desk.registry.workflow import LEADERS

_SALT, _DAY = "registry.calendar", 24 * 3600
SHOWN = 200


class Cell(NamedTuple):
    """A day in the drawing of a month; none where the week begins before it."""

    day: date | None
    kind: str = ""
    name: str = ""


@require_safe
@signed_in
def calendar(request: HttpRequest, pk: int) -> HttpResponse:
    """A year of an office: which days are worked, and who says so."""
    office, person = office_of(request, pk), person_of(request)
    year = _year(request)
    weekend = weekends_of([office])[office.pk]
    rows = Holiday.objects.holding_at(office).between(date(year, 1, 1), date(year, 12, 31)).select_related("office")
    holidays = list(rows)
    names = {row.on: str(row) for row in holidays}
    context = {
        "office": office, "year": year, "weekend": weekend, "holidays": holidays,
        "rest": [str(WEEKDAYS_ABBR[day]) for day in sorted(weekend.days)],
        "set_by": Office.objects.filter(pk=weekend.office).first() if weekend.office else None,
        "weekdays": list(WEEKDAYS_ABBR.values()),
        "months": [(date(year, month, 1), list(_weeks(year, month, weekend.days, names))) for month in range(1, 13)],
        "may_change": holds(person, office, LEADERS),
    }  # fmt: skip
    return render(request, "registry/calendar.html", context)


def _weeks(year: int, month: int, weekend: frozenset[int], names: dict[date, str]) -> Iterator[list[Cell]]:
    for week in months.Calendar().monthdatescalendar(year, month):
        yield [
            Cell(None) if day.month != month
            else Cell(day, "feast", names[day]) if day in names
            else Cell(day, "rest" if day.weekday() in weekend else "")
            for day in week
        ]  # fmt: skip


def _year(request: HttpRequest) -> int:
    """The year asked for; this one for none, or for one out of reach."""
    asked = request.GET.get("year", "")
    year = int(asked) if asked.isascii() and asked.isdigit() and len(asked) == 4 else 0
    return year if 2000 <= year <= 2100 else timezone.localdate().year


def _led(request: HttpRequest, pk: int) -> tuple[Office, Person]:
    office, person = office_of(request, pk), person_of(request)
    allow(LEADERS, person, office)
    return office, person


@signed_in
def weekend(request: HttpRequest, pk: int) -> HttpResponse:
    """Set the days of the week on which an office rests."""
    office, person = _led(request, pk)
    form = WeekendForm(request.POST or None, initial={"days": sorted(weekends_of([office])[office.pk].days)})
    if request.method == "POST":
        form = WeekendForm(request.POST)
    return _form(
        request, form, office, lambda typed: acts.rest(office, typed["days"], by=person),
        title=_("The weekend of {office}").format(office=office), submit=_("Set the weekend"),
        lead=_("It holds for all offices below that have none of their own. Time limits in working days follow it."),
    )  # fmt: skip


@require_POST
@signed_in
def inherit(request: HttpRequest, pk: int) -> HttpResponse:
    """Give up the weekend of its own."""
    office, person = _led(request, pk)
    acts.inherit(office, by=person)
    messages.success(request, _("Done, and noted in the log."))
    return redirect("registry:calendar", pk)


@signed_in
def observe(request: HttpRequest, pk: int) -> HttpResponse:
    """Add a holiday by hand."""
    office, person = _led(request, pk)
    return _form(
        request, HolidayForm(request.POST or None), office, lambda typed: acts.observe(office, by=person, **typed),
        title=_("A holiday of {office}").format(office=office), submit=_("Add this holiday"),
        lead=_("It holds for all offices below as well."),
    )  # fmt: skip


def _form(request: HttpRequest, form: Any, office: Office, act: Any, **more: Any) -> HttpResponse:
    """A form of the calendar; done, the calendar is shown again."""

    def do(typed: dict[str, Any]) -> Place:
        act(typed)
        return place

    place = Place(office)
    return form_page(request, form, do, back=place, **more)


class Place:
    """The calendar of an office, to come back to."""

    def __init__(self, office: Office) -> None:
        self.office = office

    def __str__(self) -> str:
        return _("Calendar of {office}").format(office=self.office)

    def get_absolute_url(self) -> str:
        """Its page."""
        from django.urls import reverse

        return reverse("registry:calendar", args=[self.office.pk])


@require_POST
@signed_in
def strike(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a holiday away."""
    person = person_of(request)
    holiday = get_object_or_404(Holiday.objects.visible_to(person).select_related("office"), pk=pk)
    acts.strike(holiday, by=person)
    messages.success(request, _("Done, and noted in the log."))
    return redirect(f"{Place(holiday.office).get_absolute_url()}?year={holiday.on.year}")


@signed_in
def load(request: HttpRequest, pk: int) -> HttpResponse:
    """Load an iCalendar file: what it would do is shown first."""
    office, person = _led(request, pk)
    form = FileForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        try:
            upload = form.cleaned_data["file"]
            kept = files.keep(upload, LIMIT, [files.TEXT])
            ics.read(files.path_of(kept.sha256).read_bytes(), timezone.localdate())
        except Refused as refused:
            form.add_error("file", refused.reason)
        else:
            name = files.plain_name(upload.name or "")
            token = signing.dumps([office.pk, person.pk, kept.sha256, name], salt=_SALT)
            return redirect("registry:load-plan", pk, token)
    return render(request, "registry/load_holidays.html", {"form": form, "office": office, "place": Place(office)})


@signed_in
def load_plan(request: HttpRequest, pk: int, token: str) -> HttpResponse:
    """What a loaded file would do; POST writes it."""
    office, person = _led(request, pk)
    try:
        whose, who, sha256, name = signing.loads(token, salt=_SALT, max_age=_DAY)
    except signing.BadSignature:
        raise Http404 from None
    if (whose, who) != (office.pk, person.pk):
        raise Http404
    found = ics.read(files.path_of(sha256).read_bytes(), timezone.localdate())
    refusal = ""
    if request.method == "POST":
        try:
            fingerprint = request.POST.get("fingerprint", "")
            acts.load(office, found.days, fingerprint=fingerprint, source=name, sha256=sha256, by=person)
        except Overtaken as overtaken:
            refusal = overtaken.reason
        else:
            messages.success(request, _("Done, and noted in the log."))
            return redirect("registry:calendar", pk)
    plan = acts.plan(office, found.days)
    context = {
        "office": office, "place": Place(office), "name": name, "plan": plan, "refusal": refusal, "shown": SHOWN,
        "left_out": [(ics.LEFT_OUT[reason], number) for reason, number in sorted(found.left_out.items())],
        "number": len(found.days),
    }  # fmt: skip
    return render(request, "registry/load_plan.html", context, status=409 if refusal else 200)
