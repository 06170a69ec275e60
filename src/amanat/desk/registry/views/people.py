"""People and their posts."""

from __future__ import annotations

from typing import Any

from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from amanat.desk.audit.door import allow
from amanat.desk.lib.refusals import Refused
from amanat.desk.lib.views import form_page, page_of, person_of, signed_in
from amanat.desk.registry.actions import people as acts
from amanat.desk.registry.forms.people import AppointForm, EndForm, EnterForm, PeopleFilter, PersonForm
from amanat.desk.registry.models import Administrator, Appointment, Channel, Handover, Office, PanelSeat, Person
from amanat.desk.registry.signin import fresh
from amanat.desk.registry.views.common import holds, office_of
from amanat.desk.registry.views.invitations import invite_context
from amanat.desk.registry.workflow import LEADERS, OVERSEERS, given_by


@signed_in
@require_safe
def people(request: HttpRequest) -> HttpResponse:
    """The people this person may see, with the posts they hold today at offices this person may see."""
    person = person_of(request)
    form = PeopleFilter(request.GET)
    posts = Appointment.objects.visible_to(person).current().select_related("office")
    rows = form.narrow(Person.objects.visible_to(person), person).prefetch_related(
        Prefetch("appointments", posts, to_attr="posts_now")
    )
    return render(request, "registry/people.html", {"page": page_of(request, rows), "form": form})


@signed_in
@require_safe
def person(request: HttpRequest, pk: int) -> HttpResponse:
    """One person: posts now and before, and what they hold."""
    viewer = person_of(request)
    row = get_object_or_404(Person.objects.visible_to(viewer), pk=pk)
    posts = list(row.appointments.select_related("office"))
    seen = [post for post in posts if row == viewer or viewer.sees(post.office)]
    today = timezone.localdate()
    leads = acts.led_at(row, viewer) is not None
    overseen = any(holds(viewer, post.office, OVERSEERS) for post in posts)
    context = {
        **invite_context(row, viewer),
        "now": [(post, _may_end(viewer, post)) for post in seen if post.ends_on is None or post.ends_on >= today],
        "before": [post for post in seen if post.ends_on is not None and post.ends_on < today],
        "seats": PanelSeat.objects.visible_to(viewer).filter(person=row).select_related("channel__office"),
        "groups": Administrator.objects.visible_to(viewer).filter(person=row).select_related("group__office"),
        "recovers": Channel.objects.visible_to(viewer).in_use().filter(recovery_person=row),
        "handovers": Handover.objects.visible_to(viewer)
        .filter(appointment__person=row)
        .select_related("appointment__office", "appointment__person"),
        "is_self": row == viewer,
        "shows_private": row == viewer or overseen,
        "may_change": row == viewer or leads,
        "may_appoint": row != viewer and row.is_active and bool(given_by(viewer.roles_at(None))),
    }
    return render(request, "registry/person.html", context)


def _may_end(viewer: Person, post: Appointment) -> bool:
    return post.person_id != viewer.pk and post.role in given_by(viewer.roles_at(post.office))


@signed_in
@fresh
def enter(request: HttpRequest, pk: int) -> HttpResponse:
    """A person together with a first post at this office."""
    office, by = office_of(request, pk), person_of(request)
    allow(LEADERS, by, office)
    form = EnterForm(request.POST or None, by=by, office=office)
    return form_page(
        request, form, lambda typed: acts.enter(office, by=by, **typed),
        title=_("Enter a person at {office}").format(office=office), submit=_("Enter this person"), back=office,
        lead=_("Is the person in the registry already? Then open their page and appoint them from there."),
    )  # fmt: skip


@signed_in
def change(request: HttpRequest, pk: int) -> HttpResponse:
    """Change what is kept of a person."""
    by = person_of(request)
    row = get_object_or_404(Person.objects.visible_to(by), pk=pk)
    is_self = row == by
    if not is_self and acts.led_at(row, by) is None:
        raise Refused(_("This is changed by the person, or by those who could give them every post they hold."))
    form = PersonForm(request.POST or None, instance=Person.objects.get(pk=pk), only_names=is_self)
    return form_page(
        request, form, lambda typed: acts.change(row, by=by, **typed),
        title=_("Change what is kept of {person}").format(person=row), submit=_("Save"), back=row,
    )  # fmt: skip


@signed_in
@fresh
def appoint(request: HttpRequest, pk: int) -> HttpResponse:
    """A further post."""
    by = person_of(request)
    row = get_object_or_404(Person.objects.visible_to(by), pk=pk)
    if row == by:
        raise Refused(_("Nobody gives themselves a post. Ask another who may."))
    allow(LEADERS, by, None)
    form = AppointForm(request.POST or None, by=by, initial={"office": _own_code(by)})

    def act(typed: dict[str, Any]) -> Person:
        acts.appoint(row, by=by, **typed)
        return row

    return form_page(
        request, form, act, title=_("Appoint {person} to a further post").format(person=row),
        submit=_("Appoint"), back=row,
    )  # fmt: skip


@signed_in
@fresh
def end(request: HttpRequest, pk: int) -> HttpResponse:
    """End a post; where the person still holds something of the office, the page leads to the handover instead."""
    by = person_of(request)
    post = get_object_or_404(Appointment.objects.visible_to(by).select_related("office", "person"), pk=pk)
    acts.check_ends(by, post)

    def act(typed: dict[str, Any]) -> Person:
        acts.end(post, by=by, **typed)
        return post.person

    return form_page(
        request, EndForm(request.POST or None), act, title=_("End the post of {person}").format(person=post.person),
        submit=_("End this post"), back=post.person, template="registry/end.html", post=post,
        lead=str(post), needs_handover=acts.needs_handover(post),
    )  # fmt: skip


def _own_code(by: Person) -> str:
    led = {post.office for post in by.posts if post.role in LEADERS}
    codes = Office.objects.filter(pk__in=led).values_list("code", flat=True)[:2]
    return codes[0] if len(codes) == 1 else ""
