"""Offices: the tree, and the page of one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from amanat.desk.audit.door import allow, open_steps
from amanat.desk.audit.models import Event
from amanat.desk.lib.views import form_page, page_of, person_of, signed_in
from amanat.desk.registry import law
from amanat.desk.registry.actions import offices as acts
from amanat.desk.registry.forms.offices import MoveForm, OfficeForm, OfficeSearch
from amanat.desk.registry.models import Appointment, Channel, Group, Office, Person
from amanat.desk.registry.signin import fresh
from amanat.desk.registry.views.common import holds, office_of, pressing
from amanat.desk.registry.workflow import LEADERS, STAFF, STEWARD

AT_ONCE = 500
"""How many offices one page shows of the tree."""
SHOWN = 12
"""How many of each kind the page of an office shows; the rest is a link away."""


class Branch(NamedTuple):
    """An office in the drawn tree. `below`: it has others below; `closes`: how many lists end after it."""

    office: Office
    below: int
    is_folded: bool
    closes: range


@signed_in
@require_safe
def offices(request: HttpRequest) -> HttpResponse:
    """The offices this person may see (or those under one) as a tree; or those that have the words sought."""
    form = OfficeSearch(request.GET)
    seen = form.under(Office.objects.visible_to(person_of(request)))
    found = form.narrow(seen)
    branches, page, deepest = [], None, False
    if found is None:
        levels = seen.levels()
        shown = _fitting(levels)
        if shown is None:
            page = page_of(request, seen.select_related("parent").order_by("name"))
        else:
            branches = list(grow(seen.down_to(shown)))
            deepest = shown < max(levels, default=0)
        number = sum(levels.values())
    else:
        page = page_of(request, found.select_related("parent").order_by("name"))
        number = page.paginator.count
    context = {"form": form, "branches": branches, "page": page, "number": number, "is_cut": deepest}
    return render(request, "registry/offices.html", context)


def _fitting(levels: dict[int, int]) -> int | None:
    """The deepest level down to which all offices fit on one page; None where not even the highest does."""
    deepest, number = None, 0
    for level, count in levels.items():
        number += count
        if number > AT_ONCE:
            return deepest
        deepest = level
    return deepest or 0


def grow(offices: Iterable[Office]) -> Iterator[Branch]:
    """The offices in the order of the tree, each telling which lists open and end at it."""
    rows = {office.pk: office for office in offices}
    below: dict[int | None, list[Office]] = {}
    for office in sorted(rows.values(), key=lambda row: row.name):
        below.setdefault(office.parent_id if office.parent_id in rows else None, []).append(office)
    folded = len(rows) > 30

    def walk(office: Office, ends: int, level: int) -> Iterator[Branch]:
        children = below.get(office.pk, [])
        yield Branch(office, len(children), folded and level > 0, range(0 if children else ends))
        for place, child in enumerate(children, 1):
            yield from walk(child, ends + 1 if place == len(children) else 0, level + 1)

    for office in below.get(None, []):
        yield from walk(office, 0, 0)


@signed_in
@require_safe
def office(request: HttpRequest, pk: int) -> HttpResponse:
    """One office: its place, its people, its pages, what is late, the rules it works under, its log."""
    person = person_of(request)
    row = get_object_or_404(Office.objects.visible_to(person).with_contents(), pk=pk)
    above = list(Office.objects.filter(pk__in=row.ancestors()).order_by("path"))
    posts = Appointment.objects.current().filter(office=row).select_related("person").order_by("role", "person__name")
    channels = Channel.objects.in_use().filter(office=row).order_by("inspection_due_on", "pk")
    children = Office.objects.visible_to(person).filter(parent=row).order_by("state", "name")
    held = acts.still_holds(row)
    steps = [one for one in open_steps(row, person) if one.verb != "close" or not held]
    context = {
        "office": row,
        "trail": [(one, person.sees(one)) for one in above if one.pk != row.pk],
        "children": children[: SHOWN * 2],
        "posts": posts[: SHOWN * 2],
        "channels": channels[:SHOWN],
        "groups": Group.objects.filter(office=row, state="open")[:SHOWN],
        "late": channels.inspection_due()[:SHOWN],
        "rules_of": next((one for one in reversed(above) if one.pack), None),
        "packs": {pack.id: pack.name for pack in law.rulebook().packs.values()},
        "events": Event.objects.visible_to(person).filter(office=row.pk).select_related("actor")[:8],
        "held": held if holds(person, row, STEWARD) and row.state == "open" else [],
        "steps": steps,
    }
    return render(request, "registry/office.html", context | _links(person, row))


def _links(person: Person, row: Office) -> dict[str, Any]:
    is_open = row.state == "open"
    return {
        "may_enter": is_open and holds(person, row, STEWARD),
        "may_move": holds(person, row, STEWARD),
        "may_change": holds(person, row, LEADERS),
        "may_appoint": is_open and holds(person, row, LEADERS),
        "may_claim": is_open and holds(person, row, STAFF),
    }


@signed_in
def enter(request: HttpRequest, pk: int) -> HttpResponse:
    """A new office below this one."""
    above, person = office_of(request, pk), person_of(request)
    allow(STEWARD, person, above)
    form = OfficeForm(request.POST or None)
    return form_page(
        request, form, lambda typed: acts.enter(above, by=person, **typed),
        title=_("Enter an office below {office}").format(office=above), submit=_("Enter this office"), back=above,
    )  # fmt: skip


@signed_in
def change(request: HttpRequest, pk: int) -> HttpResponse:
    """Change what is kept of an office."""
    row, person = office_of(request, pk), person_of(request)
    allow(LEADERS, person, row)
    form = OfficeForm(request.POST or None, instance=office_of(request, pk), is_head=not holds(person, row, STEWARD))
    return form_page(
        request, form, lambda typed: acts.change(row, by=person, **typed),
        title=_("Change {office}").format(office=row), submit=_("Save"), back=row,
    )  # fmt: skip


@signed_in
@fresh
def move(request: HttpRequest, pk: int) -> HttpResponse:
    """Place an office below another."""
    row, person = office_of(request, pk), person_of(request)
    allow(STEWARD, person, row)
    return form_page(
        request, MoveForm(request.POST or None, by=person), lambda typed: acts.move(row, by=person, **typed),
        title=_("Move {office}").format(office=row), submit=_("Move this office"), back=row,
        lead=_("All offices below it move with it. Its rules change where it has none of its own."),
    )  # fmt: skip


close = pressing(Office, acts.close)
reopen = pressing(Office, acts.reopen)
