"""Answers as guidance: proposed on a form, agreed to by a second person."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from amanat.desk.lib.refusals import Refused
from amanat.desk.lib.views import form_page, page_of, person_of, signed_in
from amanat.desk.permits import authority
from amanat.desk.permits.actions import guidance as acts
from amanat.desk.permits.forms.deciding import GuidanceForm
from amanat.desk.permits.models import Guidance, hats
from amanat.desk.permits.views.common import permit_of
from amanat.desk.registry.signin import fresh

PER_PAGE = 20


@require_safe
@signed_in
def guidance(request: HttpRequest) -> HttpResponse:
    """What is published, and what waits for a second person who decides here."""
    person = person_of(request)
    seen = Guidance.objects.visible_to(person).filter(state__in=["proposed", "published"])
    rows = (
        seen.select_related("permit__office", "proposed_by").prefetch_related("permit__cited").order_by("state", "-pk")
    )
    page = page_of(request, rows, PER_PAGE)
    worn = hats(person)
    shown = [(row, authority.guidance_steps(row, person, worn)) for row in page.object_list]
    return render(request, "permits/guidance.html", {"page": page, "rows": shown})


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def propose(request: HttpRequest, pk: int) -> HttpResponse:
    """Tell a question and its answer anew, without names."""
    row, by = permit_of(request, pk), person_of(request)
    if authority.hat_for(row, by) is None or row.state != "answered":
        raise Refused(_("This is for those who decide on permits at this office, once a question is answered."))
    form = GuidanceForm(request.POST or None, initial={"question": row.purpose, "answer": row.answer})
    return form_page(
        request, form, lambda typed: acts.propose(row, by=by, **typed) and None,
        title=_("Propose this answer as guidance"), submit=_("Propose it"), back=row,
        lead=_("A second person who decides here reads it. Then it stands on the pages of its clauses, for everybody."),
    )  # fmt: skip


@require_POST
@signed_in
@fresh
def decide(request: HttpRequest, pk: int, verb: str) -> HttpResponse:
    """Publish, drop, or take off the page."""
    person = person_of(request)
    row = get_object_or_404(Guidance.objects.visible_to(person).select_related("permit__office"), pk=pk)
    reason = request.POST.get("reason", "")
    if verb == "publish":
        acts.publish(row, by=person)
    elif verb == "drop":
        acts.drop(row, by=person, reason=reason)
    elif verb == "undo":
        acts.undo(row, by=person, reason=reason)
    else:
        raise Http404
    messages.success(request, _("Done, and noted in the log."))
    return redirect("permits:guidance")
