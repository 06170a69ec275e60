"""What an office keeps for its letters: its distribution lists, and the form of its numbers."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from amanat.desk.audit.door import allow
from amanat.desk.circulars.actions import lists as acts
from amanat.desk.circulars.audience import Audience
from amanat.desk.circulars.forms.audiences import ListForm
from amanat.desk.circulars.forms.numbers import NumberForm
from amanat.desk.circulars.models import DistributionList, NumberFormat
from amanat.desk.circulars.numbers import Form, form_of, usual
from amanat.desk.circulars.views.drafts import editing
from amanat.desk.circulars.workflow import SENDERS, WRITERS
from amanat.desk.lib.refusals import Refused
from amanat.desk.lib.views import form_page, page_of, person_of, signed_in
from amanat.desk.registry.models import Office
from amanat.desk.registry.views.common import holds, office_of


class Lists:
    """Where a list goes back to."""

    def __str__(self) -> str:
        return _("Lists and numbers")

    def get_absolute_url(self) -> str:
        """The page of lists."""
        return reverse("circulars:lists")


@require_safe
@signed_in
def lists(request: HttpRequest) -> HttpResponse:
    """The lists of the offices this person may see, and the form of their own offices' numbers."""
    person = person_of(request)
    rows = DistributionList.objects.visible_to(person).select_related("office").order_by("office__path", "name")
    offices = Office.objects.open().filter(pk__in=[post.office for post in person.posts])
    own = [(one, holds(person, one, WRITERS), holds(person, one, SENDERS)) for one in offices]
    context = {"page": page_of(request, rows), "offices": own}
    return render(request, "circulars/lists.html", context)


@editing
@signed_in
def enter(request: HttpRequest, pk: int) -> HttpResponse:
    """Keep a new list of an office."""
    office, by = office_of(request, pk), person_of(request)
    allow(WRITERS, by, office)
    form = ListForm(request.POST or None, by=by, office=office)

    def act(typed: dict[str, Any]) -> Lists:
        acts.enter(office, by=by, name=typed["name"], audience=form.audience())
        return Lists()

    return form_page(
        request, form, act, title=_("A distribution list of {office}").format(office=office),
        submit=_("Keep this list"), back=Lists(), template="circulars/address.html",
    )  # fmt: skip


@editing
@signed_in
def change(request: HttpRequest, pk: int) -> HttpResponse:
    """Look at a list, and change it."""
    by = person_of(request)
    row = get_object_or_404(DistributionList.objects.visible_to(by).select_related("office"), pk=pk)
    allow(WRITERS, by, row.office)
    kept = Audience.of(row.audience)
    form = ListForm(request.POST or None, by=by, office=row.office, kept=kept, initial={"name": row.name})

    def act(typed: dict[str, Any]) -> Lists:
        acts.change(row, by=by, name=typed["name"], audience=form.audience())
        return Lists()

    return form_page(
        request, form, act, title=_("Change {list}").format(list=row), submit=_("Save"), back=Lists(),
        template="circulars/address.html",
    )  # fmt: skip


@editing
@signed_in
def number(request: HttpRequest, pk: int) -> HttpResponse:
    """How the office numbers its letters, with an example of what that gives; saved on the second button."""
    office, by = office_of(request, pk), person_of(request)
    allow(SENDERS, by, office)
    own = NumberFormat.objects.filter(office=office).first()
    now = form_of(office)
    form = NumberForm(request.POST or None, initial={"template": now.template, "digits": now.digits})
    refusal, sample = None, now
    if request.method == "POST" and form.is_valid():
        sample = Form(form.cleaned_data["template"], form.cleaned_data["digits"])
        if "save" in request.POST:
            try:
                acts.number(office, by=by, template=sample.template, digits=sample.digits)
            except Refused as error:
                refusal = error
            else:
                messages.success(request, _("Done, and noted in the log."))
                return redirect("circulars:lists")
    today = timezone.localdate()
    context = {
        "office": office, "form": form, "refusal": refusal, "own": own, "usual": usual(office.rules()),
        "samples": [] if form.errors else [sample.fill(n, today, office.code) for n in (1, 42)],
    }  # fmt: skip
    return render(request, "circulars/numbers.html", context, status=403 if refusal else 200)
