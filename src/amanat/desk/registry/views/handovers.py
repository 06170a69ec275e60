"""Handovers: the list, the checklist of one, and beginning one."""

from __future__ import annotations

from typing import Any

from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from amanat.desk.audit.door import allow
from amanat.desk.lib.views import form_page, page_of, person_of, signed_in
from amanat.desk.registry.actions import handovers as acts
from amanat.desk.registry.actions.people import check_ends
from amanat.desk.registry.forms.handovers import AddForm, BeginForm, HandoverFilter, PlanForm, TickForm
from amanat.desk.registry.models import Appointment, Handover, HandoverItem
from amanat.desk.registry.views.common import pressing
from amanat.desk.registry.workflow import LEADERS


@signed_in
@require_safe
def handovers(request: HttpRequest) -> HttpResponse:
    """The handovers this person may see, with how much of each is done."""
    form = HandoverFilter(request.GET)
    rows = form.narrow(Handover.objects.visible_to(person_of(request)))
    rows = (
        rows.select_related("appointment__person", "appointment__office")
        .annotate(number=Count("items"), done=Count("items", filter=Q(items__done_at__isnull=False)))
        .order_by("leaves_on", "pk")
    )
    return render(request, "registry/handovers.html", {"page": page_of(request, rows), "form": form})


@signed_in
@require_safe
def handover(request: HttpRequest, pk: int) -> HttpResponse:
    """One handover: its checklist."""
    person, row = person_of(request), _handover(request, pk)
    items = list(row.items.select_related("channel", "group", "done_by"))
    is_open = row.state == "open"
    context = {
        "handover": row,
        "items": items,
        "done": sum(item.done_at is not None for item in items),
        "is_self": row.appointment.person_id == person.pk,
        "may_tick": is_open and acts.may_tick(row, person),
        "may_lead": is_open and acts.may_lead(row, person),
        "steps": acts.steps(row, person),
    }
    return render(request, "registry/handover.html", context)


def _handover(request: HttpRequest, pk: int) -> Handover:
    seen = Handover.objects.visible_to(person_of(request))
    return get_object_or_404(seen.select_related("appointment__person", "appointment__office", "successor"), pk=pk)


@signed_in
def begin(request: HttpRequest, pk: int) -> HttpResponse:
    """Begin the handover of a post."""
    by = person_of(request)
    post = get_object_or_404(Appointment.objects.visible_to(by).select_related("person", "office"), pk=pk)
    if post.person_id != by.pk:
        allow(LEADERS, by, post.office)
        check_ends(by, post)
    if request.method == "GET" and (row := post.handovers.exclude(state="dropped").first()):
        return redirect(row)
    form = BeginForm(request.POST or None, post=post, initial={"leaves_on": post.ends_on or timezone.localdate()})
    return form_page(
        request, form, lambda typed: acts.begin(post, by=by, **typed),
        title=_("Begin the handover of {person}").format(person=post.person), submit=_("Begin the handover"),
        back=post.person, lead=str(post),
    )  # fmt: skip


@signed_in
def change(request: HttpRequest, pk: int) -> HttpResponse:
    """Change the last day or the successor."""
    row, by = _handover(request, pk), person_of(request)
    acts.check_leads(row, by)
    now = {"leaves_on": row.leaves_on, "successor": row.successor_id}
    form = PlanForm(request.POST or None, post=row.appointment, initial=now)
    return form_page(
        request, form, lambda typed: acts.change(row, by=by, **typed),
        title=_("Change the handover of {person}").format(person=row.appointment.person), submit=_("Save"), back=row,
    )  # fmt: skip


@signed_in
def add(request: HttpRequest, pk: int) -> HttpResponse:
    """Something else to give back."""
    row, by = _handover(request, pk), person_of(request)
    acts.check_leads(row, by)

    def act(typed: dict[str, Any]) -> Handover:
        acts.add(row, by=by, **typed)
        return row

    return form_page(
        request, AddForm(request.POST or None), act,
        title=_("Add to the handover of {person}").format(person=row.appointment.person), submit=_("Add"), back=row,
    )  # fmt: skip


@signed_in
def tick(request: HttpRequest, pk: int, item: int) -> HttpResponse:
    """Tick one item off, with how it was seen."""
    row, by = _handover(request, pk), person_of(request)
    acts.check_ticks(row, by)
    one = get_object_or_404(
        HandoverItem.objects.select_related("channel__office", "group__office"), pk=item, handover=row
    )
    one.handover = row

    def act(typed: dict[str, Any]) -> Handover:
        acts.tick(one, by=by, **typed)
        return row

    return form_page(
        request, TickForm(request.POST or None), act, title=_("Tick off: {item}").format(item=one),
        submit=_("Tick off"), back=row, lead=_tells(one, row),
    )  # fmt: skip


def _tells(item: HandoverItem, row: Handover) -> str:
    """What happens with the tick."""
    if item.kind in (HandoverItem.Kind.ACCESS, HandoverItem.Kind.OTHER):
        return _("Nothing else happens with it.")
    if row.successor is None:
        return _("With it, what is ticked off is taken from the person who leaves.")
    return _("With it, what is ticked off passes to {person}.").format(person=row.successor)


finish = pressing(Handover, acts.finish, with_reason=False)
drop = pressing(Handover, acts.drop)
