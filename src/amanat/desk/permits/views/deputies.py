"""Standing in during leave, and how long an office means to take."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from amanat.desk.audit.door import allow
from amanat.desk.lib.refusals import Refused
from amanat.desk.lib.views import form_page, person_of, signed_in
from amanat.desk.permits.actions import deputies as acts
from amanat.desk.permits.actions.periods import days_of, set_period
from amanat.desk.permits.forms.register import DeputyForm, PeriodForm
from amanat.desk.permits.models import Deputy, Period
from amanat.desk.permits.workflow import DECIDING
from amanat.desk.registry.models import Office
from amanat.desk.registry.signin import fresh
from amanat.desk.registry.views.common import office_of
from amanat.desk.registry.workflow import LEADERS

MOST = 50


@require_safe
@signed_in
def deputies(request: HttpRequest) -> HttpResponse:
    """Whom one named, for whom one stands in, and the times to answer of the offices one leads."""
    person, today = person_of(request), timezone.localdate()
    rows = Deputy.objects.visible_to(person).select_related("giver", "person", "office")
    leads = {post.office for post in person.posts if post.role in LEADERS}
    offices = list(Office.objects.filter(pk__in=leads).order_by("path")[:MOST])
    own = dict(Period.objects.filter(office__in=offices).values_list("office", "days"))
    shown = {
        "rows": [(row, row.giver_id == person.pk and row.ends_on >= today) for row in rows[:MOST]],
        "today": today,
        "may_name": any(post.role in DECIDING for post in person.posts),
        "periods": [(office, own.get(office.pk)) for office in offices],
        "usual": Period.USUAL,
    }
    return render(request, "permits/deputies.html", shown)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
@fresh
def name(request: HttpRequest) -> HttpResponse:
    """Name a deputy."""
    person = person_of(request)
    if not any(post.role in DECIDING for post in person.posts):
        raise Refused(_("You hold no post that decides on permits."))
    form = DeputyForm(request.POST or None, person=person)
    refusal = None
    if request.method == "POST" and form.is_valid():
        try:
            acts.name(by=person, **form.cleaned_data)
        except Refused as error:
            refusal = error
        else:
            messages.success(request, _("Done, and noted in the log."))
            return redirect("permits:deputies")
    shown = {"form": form, "refusal": refusal}
    return render(request, "permits/deputy.html", shown, status=403 if refusal else 200)


@require_POST
@signed_in
@fresh
def end(request: HttpRequest, pk: int) -> HttpResponse:
    """End it."""
    person = person_of(request)
    acts.end(get_object_or_404(Deputy.objects.visible_to(person), pk=pk), by=person)
    messages.success(request, _("Done, and noted in the log."))
    return redirect("permits:deputies")


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def period(request: HttpRequest, pk: int) -> HttpResponse:
    """Set the time to answer of an office."""
    office, by = office_of(request, pk), person_of(request)
    allow(LEADERS, by, office)

    def act(typed: dict[str, Any]) -> Office:
        set_period(office, by=by, **typed)
        return office

    form = PeriodForm(request.POST or None, initial={"days": days_of(office)})
    return form_page(
        request, form, act, title=_("Time to answer requests at {office}").format(office=office), submit=_("Save"),
        back=office,
    )  # fmt: skip
