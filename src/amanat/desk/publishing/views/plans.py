"""When channels speak: slots, practice, gates lifted for a day."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from amanat.desk.audit.door import allow
from amanat.desk.lib.views import form_page, page_of, person_of, signed_in
from amanat.desk.publishing import gates
from amanat.desk.publishing.actions import plans as acts
from amanat.desk.publishing.cadence import with_rules
from amanat.desk.publishing.forms.drafts import LiftForm
from amanat.desk.publishing.forms.plans import PracticeForm, SlotsForm
from amanat.desk.publishing.models import Lift, Practice
from amanat.desk.publishing.views.common import channel_of
from amanat.desk.publishing.workflow import PLANNERS, STANDS_IN
from amanat.desk.registry.models import Channel
from amanat.desk.registry.views.common import holds, office_of

_PER_PAGE = 25


@signed_in
@require_safe
def slots(request: HttpRequest) -> HttpResponse:
    """The channels with their slots, and whether their gates are open today."""
    person, today = person_of(request), timezone.localdate()
    page = page_of(request, Channel.objects.visible_to(person).in_use(), _PER_PAGE)
    shown = with_rules(Channel.objects.filter(pk__in=[row.pk for row in page.object_list]).prefetch_related("slots"))
    late = gates.overdue([row for row in shown if row.state == "verified"], today)
    lifts = {one.channel_id: one for one in Lift.objects.filter(channel__in=late, day=today)}
    found = gates.silences([row for row in shown if row.state != "verified"], today, lifts)
    found |= {pk: refusal for pk, refusal in late.items() if pk not in lifts}
    context = {
        "page": page,
        "rows": [
            {
                "channel": row,
                "silence": found.get(row.pk),
                "lift": lifts.get(row.pk),
                "may_plan": holds(person, row.office, PLANNERS),
                "may_lift": row.pk in late and row.pk not in lifts and holds(person, row.office, STANDS_IN),
            }
            for row in shown
        ],
    }
    return render(request, "publishing/slots.html", context)


@signed_in
def set_slots(request: HttpRequest, pk: int) -> HttpResponse:
    """Set the slots of a channel."""
    row, by = channel_of(request, pk), person_of(request)
    allow(PLANNERS, by, row.office)
    form = SlotsForm(request.POST or None, channel=row)

    def act(_typed: dict[str, Any]) -> str:
        acts.set_slots(row, by=by, slots=form.slots())
        return reverse("publishing:slots")

    return form_page(
        request, form, act, title=_("Slots of {channel}").format(channel=row), submit=_("Save the slots"), back=row,
        lead=_("The times of the week at which this channel usually speaks. The next free one is offered to drafts."),
    )  # fmt: skip


@signed_in
def ungate(request: HttpRequest, pk: int) -> HttpResponse:
    """Lift the gate of a channel for today."""
    row, by = channel_of(request, pk), person_of(request)
    allow(STANDS_IN, by, row.office)
    found = gates.overdue([row], timezone.localdate()).get(row.pk)
    if request.method == "GET" and found is None:
        return redirect("publishing:slots")

    def act(typed: dict[str, Any]) -> str:
        acts.lift_gate(row, by=by, **typed)
        return reverse("publishing:slots")

    return form_page(
        request, LiftForm(request.POST or None), act,
        title=_("Let {channel} speak today").format(channel=row), submit=_("Lift the gate for today"), back=row,
        lead=found.reason if found else "",
    )  # fmt: skip


@signed_in
def practice(request: HttpRequest, pk: int) -> HttpResponse:
    """What an office holds itself to."""
    office, by = office_of(request, pk), person_of(request)
    allow(STANDS_IN, by, office)
    now = Practice.objects.filter(office=office).values("weekly_posts", "inspection_days", "handover_days").first()

    def act(typed: dict[str, Any]) -> str:
        acts.practise(office, by=by, **typed)
        return reverse("publishing:cadence")

    return form_page(
        request, PracticeForm(request.POST or None, initial=now or {}), act,
        title=_("What {office} holds itself to").format(office=office), submit=_("Save"), back=office,
        lead=_("Only where no rule says it: these numbers are the office's own, and are shown as such."),
    )  # fmt: skip
