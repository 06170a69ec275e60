"""Channels: the list, the page of one, its panel and its inspections."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from amanat.desk.audit.door import allow, open_steps
from amanat.desk.audit.models import Event
from amanat.desk.lib.views import form_page, page_of, person_of, signed_in
from amanat.desk.registry import law
from amanat.desk.registry.actions import channels as acts
from amanat.desk.registry.actions import panels
from amanat.desk.registry.forms.channels import ChannelFilter, ChannelForm, InspectForm, SeatForm
from amanat.desk.registry.models import Channel
from amanat.desk.registry.views.common import holds, office_of, pressing
from amanat.desk.registry.views.proofs import proofs_context
from amanat.desk.registry.workflow import LEADERS, STAFF


@signed_in
@require_safe
def channels(request: HttpRequest) -> HttpResponse:
    """The channels this person may see."""
    form = ChannelFilter(request.GET)
    rows = form.narrow(Channel.objects.visible_to(person_of(request))).select_related("office")
    return render(request, "registry/channels.html", {"page": page_of(request, rows), "form": form})


@signed_in
@require_safe
def channel(request: HttpRequest, pk: int) -> HttpResponse:
    """One channel: what it is, how it is proved, who is on its panel, when it was inspected."""
    person, row = person_of(request), _channel(request, pk)
    seats = list(row.seats.select_related("person"))
    inspections = list(row.inspections.select_related("by")[:6])
    in_use = row.state != "closed"
    context = {
        **proofs_context(row, person),
        "channel": row,
        "seats": [seat for seat in seats if seat.ends_on is None],
        "sat": [seat for seat in seats if seat.ends_on is not None],
        "inspections": inspections,
        "to_mend": inspections[0].to_mend() if inspections else [],
        "panel_clause": law.panel_clause(row.office),
        "events": _events(request, row),
        # A proof is tried, never just said: its button stands with the proofs.
        "steps": [one for one in open_steps(row, person) if one.verb != "verify"],
        "may_work": in_use and holds(person, row.office, STAFF),
        "may_seat": in_use and holds(person, row.office, LEADERS),
    }
    return render(request, "registry/channel.html", context)


def _events(request: HttpRequest, row: Channel) -> Any:
    seen = Event.objects.visible_to(person_of(request)).filter(kind=row._meta.label_lower, thing=row.pk)
    return seen.select_related("actor")[:8]


def _channel(request: HttpRequest, pk: int) -> Channel:
    seen = Channel.objects.visible_to(person_of(request))
    return get_object_or_404(seen.select_related("office", "recovery_person"), pk=pk)


@signed_in
def enter(request: HttpRequest, pk: int) -> HttpResponse:
    """Claim a channel for an office."""
    office, by = office_of(request, pk), person_of(request)
    allow(STAFF, by, office)
    form = ChannelForm(request.POST or None, by=by, office=office)
    return form_page(
        request, form, lambda typed: acts.enter(office, by=by, **typed),
        title=_("Enter a channel of {office}").format(office=office), submit=_("Enter this channel"), back=office,
        lead=_("It is shown as official only once that is proved."),
    )  # fmt: skip


@signed_in
def change(request: HttpRequest, pk: int) -> HttpResponse:
    """Change what is kept of a channel."""
    row, by = _channel(request, pk), person_of(request)
    allow(STAFF, by, row.office)
    form = ChannelForm(request.POST or None, instance=Channel.objects.get(pk=pk), by=by, office=row.office)
    return form_page(
        request, form, lambda typed: acts.change(row, by=by, **typed),
        title=_("Change {channel}").format(channel=row), submit=_("Save"), back=row,
    )  # fmt: skip


@signed_in
def seat(request: HttpRequest, pk: int) -> HttpResponse:
    """Choose the panel."""
    row, by = _channel(request, pk), person_of(request)
    allow(LEADERS, by, row.office)
    return form_page(
        request, SeatForm(request.POST or None, channel=row), lambda typed: panels.seat(row, by=by, **typed),
        title=_("The panel of {channel}").format(channel=row), submit=_("Set the panel"), back=row,
        template="registry/seat.html", clause=law.panel_clause(row.office),
    )  # fmt: skip


@signed_in
def inspect(request: HttpRequest, pk: int) -> HttpResponse:
    """Record a security inspection."""
    row, by = _channel(request, pk), person_of(request)
    allow(STAFF, by, row.office)

    def act(typed: dict[str, Any]) -> Channel:
        acts.inspect(row, by=by, **typed)
        return row

    return form_page(
        request, InspectForm(request.POST or None, office=row.office), act,
        title=_("Inspect {channel}").format(channel=row), submit=_("Record the inspection"), back=row,
        lead=_("Tick what you saw with your own eyes. What is not ticked is shown as still to mend."),
    )  # fmt: skip


doubt = pressing(Channel, acts.doubt)
close = pressing(Channel, acts.close)
