"""What is planned where: the month, the week, and how often each channel speaks."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import get_language_bidi
from django.views.decorators.http import require_safe

from amanat.desk.lib.views import page_of, person_of, signed_in
from amanat.desk.publishing import cadence as rhythm
from amanat.desk.publishing import grids
from amanat.desk.publishing.forms.plans import CalendarFilter
from amanat.desk.publishing.models import Draft, Slot, Target
from amanat.desk.publishing.views.common import offices_to_write_for
from amanat.desk.publishing.workflow import DRAFT_STATES, STANDS_IN
from amanat.desk.registry.models import Channel, Office, Person

_WEEK = timedelta(days=7)
_CHANNELS = 12
"""Channels on a page of the week and of the cadence."""
_BACK, _AHEAD = 5, 1
"""Weeks of the cadence before this one, and after it."""
_GONE = ("dropped", "withdrawn")


@signed_in
@require_safe
def month(request: HttpRequest) -> HttpResponse:
    """The month around a day: how much is planned and out on each day."""
    person = person_of(request)
    form = CalendarFilter(request.GET, by=person)
    day = form.day()
    first = rhythm.monday_of(day.replace(day=1))
    weeks = [first + n * _WEEK for n in range(6)]
    weeks = [monday for monday in weeks if monday.replace(day=1) <= day.replace(day=1) or monday.month == day.month]
    rows = _seen(person, form.chosen()).between(weeks[0], weeks[-1] + _WEEK).order_by()
    counted = grids.count(rows.values_list("state", "wanted_at"))
    context = {
        "form": form,
        "day": day,
        "before": day.replace(day=1) - timedelta(days=1),
        "after": (day.replace(day=28) + timedelta(days=7)).replace(day=1),
        "grid": grids.month(counted, weeks, day, timezone.localdate(), is_rtl=get_language_bidi()),
        "labels": dict(DRAFT_STATES),
    }
    return render(request, "publishing/month.html", context)


@signed_in
@require_safe
def week(request: HttpRequest) -> HttpResponse:
    """The week around a day: every channel with what it says on each day, and its free slots."""
    person = person_of(request)
    form = CalendarFilter(request.GET, by=person)
    monday, chosen = rhythm.monday_of(form.day()), form.chosen()
    channels = Channel.objects.visible_to(person).in_use().select_related("office")
    page = page_of(request, channels.filter(pk=chosen.pk) if chosen else channels, _CHANNELS)
    shown = list(page.object_list)
    targets = Target.objects.filter(channel__in=shown).exclude(draft__state__in=_GONE)
    targets = targets.filter(
        draft__wanted_at__gte=grids.start_of(monday), draft__wanted_at__lt=grids.start_of(monday + _WEEK)
    ).order_by("draft__wanted_at", "pk")
    cells = grids.cells(
        targets.values_list("channel", "draft", "draft__title", "draft__state", "draft__wanted_at"),
        Slot.objects.filter(channel__in=shown).values_list("channel", "weekday", "at"), monday, timezone.now(),
    )  # fmt: skip
    days = [monday + timedelta(days=n) for n in range(7)]
    context: dict[str, Any] = {
        "form": form, "page": page, "days": days, "today": timezone.localdate(), "before": monday - _WEEK,
        "after": monday + _WEEK,
        "rows": [(channel, [(day, cells.get((channel.pk, day))) for day in days]) for channel in shown],
    }  # fmt: skip
    return render(request, "publishing/week.html", context)


@signed_in
@require_safe
def cadence(request: HttpRequest) -> HttpResponse:
    """How often each channel speaks, week by week, against what is asked of it."""
    person, today = person_of(request), timezone.localdate()
    this = rhythm.monday_of(today)
    mondays = [this + n * _WEEK for n in range(-_BACK, _AHEAD + 1)]
    page = page_of(request, Channel.objects.visible_to(person).in_use(), _CHANNELS)
    shown = rhythm.with_rules(Channel.objects.filter(pk__in=[row.pk for row in page.object_list]))
    weeks = rhythm.weeks(shown, mondays)
    size = len(mondays)
    rows = [weeks[n : n + size] for n in range(0, len(weeks), size)]
    led = {post.office for post in person.posts if post.role in STANDS_IN}
    context = {
        "page": page, "mondays": mondays, "this": this, "rows": rows, "offices": offices_to_write_for(person),
        "grounds": _grounds(rows), "led": list(Office.objects.filter(pk__in=led)),
        "grid": grids.strip(rows, this, is_rtl=get_language_bidi()),
    }  # fmt: skip
    return render(request, "publishing/cadence.html", context)


def _grounds(rows: list[list[rhythm.Week]]) -> list[rhythm.Wanted]:
    """The clauses that ask for posts, each once."""
    found = {}
    for row in rows:
        wanted = row[0].wanted if row else None
        if wanted is not None and wanted.clause is not None:
            found[wanted.clause.id] = wanted
    return list(found.values())


def _seen(person: Person, channel: Channel | None) -> Any:
    rows = Draft.objects.visible_to(person).exclude(state__in=_GONE)
    return rows.filter(targets__channel=channel) if channel else rows
