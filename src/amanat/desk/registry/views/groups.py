"""Groups and their administrators."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from amanat.desk.audit.door import allow, open_steps
from amanat.desk.audit.models import Event
from amanat.desk.lib.views import form_page, page_of, person_of, signed_in
from amanat.desk.registry import law
from amanat.desk.registry.actions import groups as acts
from amanat.desk.registry.forms.groups import AdministerForm, GroupFilter, GroupForm
from amanat.desk.registry.models import Group
from amanat.desk.registry.views.common import holds, office_of, pressing
from amanat.desk.registry.workflow import LEADERS, STAFF


@signed_in
@require_safe
def groups(request: HttpRequest) -> HttpResponse:
    """The groups this person may see."""
    form = GroupFilter(request.GET)
    rows = form.narrow(Group.objects.visible_to(person_of(request))).select_related("office")
    return render(request, "registry/groups.html", {"page": page_of(request, rows), "form": form})


@signed_in
@require_safe
def group(request: HttpRequest, pk: int) -> HttpResponse:
    """One group: who administers it, and what the rules ask of them."""
    person, row = person_of(request), _group(request, pk)
    administrators = list(row.administrators.select_related("person"))
    seen = Event.objects.visible_to(person).filter(kind=row._meta.label_lower, thing=row.pk)
    is_open = row.state == "open"
    context = {
        "group": row,
        "sees_office": person.sees(row.office),
        "administrators": [one for one in administrators if one.ends_on is None],
        "before": [one for one in administrators if one.ends_on is not None],
        "is_administrator": any(one.person_id == person.pk and one.ends_on is None for one in administrators),
        "clauses": law.for_administrators(row.office),
        "events": seen.select_related("actor")[:8],
        "steps": open_steps(row, person),
        "may_change": is_open and holds(person, row.office, STAFF),
        "may_administer": is_open and holds(person, row.office, LEADERS),
    }
    return render(request, "registry/group.html", context)


def _group(request: HttpRequest, pk: int) -> Group:
    return get_object_or_404(Group.objects.visible_to(person_of(request)).select_related("office"), pk=pk)


@signed_in
def enter(request: HttpRequest, pk: int) -> HttpResponse:
    """Register a group of an office."""
    office, by = office_of(request, pk), person_of(request)
    allow(STAFF, by, office)
    return form_page(
        request, GroupForm(request.POST or None, office=office), lambda typed: acts.enter(office, by=by, **typed),
        title=_("Enter a group of {office}").format(office=office), submit=_("Enter this group"), back=office,
        lead=_("Only groups that people run in their office. Private groups are nobody's business here."),
    )  # fmt: skip


@signed_in
def change(request: HttpRequest, pk: int) -> HttpResponse:
    """Change what is kept of a group."""
    row, by = _group(request, pk), person_of(request)
    allow(STAFF, by, row.office)
    form = GroupForm(request.POST or None, instance=Group.objects.get(pk=pk), office=row.office)
    return form_page(
        request, form, lambda typed: acts.change(row, by=by, **typed),
        title=_("Change {group}").format(group=row), submit=_("Save"), back=row,
    )  # fmt: skip


@signed_in
def administer(request: HttpRequest, pk: int) -> HttpResponse:
    """Choose the administrators."""
    row, by = _group(request, pk), person_of(request)
    allow(LEADERS, by, row.office)
    return form_page(
        request, AdministerForm(request.POST or None, group=row), lambda typed: acts.administer(row, by=by, **typed),
        title=_("The administrators of {group}").format(group=row), submit=_("Set the administrators"), back=row,
    )  # fmt: skip


close = pressing(Group, acts.close)
