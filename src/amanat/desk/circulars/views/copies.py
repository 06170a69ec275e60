"""What is done with a circular that came: acknowledge it, for oneself and for the office; send it onward."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from amanat.desk.audit.door import allow
from amanat.desk.circulars.actions import acknowledgements, dispatches
from amanat.desk.circulars.forms.endorsements import EndorseForm
from amanat.desk.circulars.models import Circular, Copy
from amanat.desk.circulars.views.drafts import editing
from amanat.desk.circulars.workflow import SENDERS
from amanat.desk.lib.refusals import Refused
from amanat.desk.lib.views import form_page, person_of, signed_in

SHOWN = 50


@signed_in
@require_POST
def acknowledge(request: HttpRequest, pk: int) -> HttpResponse:
    """Acknowledge for oneself the version and language that were on the page."""
    person = person_of(request)
    row = get_object_or_404(Circular.objects.visible_to(person), pk=pk)
    acknowledgements.acknowledge(
        row, by=person, version=version_of(request), language=request.POST.get("language", "")[:2]
    )
    messages.success(request, _("Thank you: it is noted that you have read it."))
    return redirect(row)


@signed_in
@require_POST
def receive(request: HttpRequest, pk: int) -> HttpResponse:
    """Acknowledge for an office."""
    copy, person = _copy(request, pk), person_of(request)
    acknowledgements.for_office(copy, by=person, version=version_of(request))
    messages.success(request, _("It is noted that the office has it."))
    return redirect(copy.circular)


@editing
@signed_in
def endorse(request: HttpRequest, pk: int) -> HttpResponse:
    """Send it on to offices below, under a memo number of one's own."""
    copy, by = _copy(request, pk), person_of(request)
    allow(SENDERS, by, copy.office)
    if copy.circular.state != "dispatched":
        raise Refused(_("This circular is not in force any more: it is not sent onward."))
    form = EndorseForm(request.POST or None, copy=copy, languages=sorted(copy.circular.subject))

    def act(typed: dict[str, Any]) -> Circular:
        dispatches.endorse(
            copy, by=by, offices=form.offices(), note=form.note(), number=typed["number"], dated_on=typed["dated_on"]
        )
        return copy.circular

    has = Copy.objects.filter(circular=copy.circular, office__parent=copy.office).select_related(
        "office", "dispatch__office"
    )
    return form_page(
        request, form, act, title=_("Send it on from {office}").format(office=copy.office), submit=_("Send it on"),
        back=copy.circular, template="circulars/endorse.html", has=has.order_by("office__name")[:SHOWN],
        free=form.free.count(),
    )  # fmt: skip


def _copy(request: HttpRequest, pk: int) -> Copy:
    seen = Copy.objects.filter(person_of(request).scope("office", "office__path"))
    copy: Copy = get_object_or_404(seen.select_related("circular__office", "office"), pk=pk)
    return copy


def version_of(request: HttpRequest) -> int:
    """The version that was on the page; 0 where none is named."""
    version = request.POST.get("version", "")
    return int(version) if version.isascii() and version.isdigit() and len(version) < 5 else 0
