"""What the pages of the registry share: pressing a step, and who may open a form."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from amanat.desk.lib.views import person_of, signed_in
from amanat.desk.registry.models import Office, Person
from amanat.desk.registry.signin import fresh


def pressing(model: type[models.Model], act: Callable[..., Any], *, with_reason: bool = True) -> Any:
    """The view of one verb of a workflow: only by POST, on a thing the person may see, with the reason they gave.

    What moves a thing asks who is there (`fresh`) where they have not said so of late.
    """

    @signed_in
    @require_POST
    @fresh
    def press(request: HttpRequest, pk: int) -> HttpResponse:
        person = person_of(request)
        thing: Any = get_object_or_404(model._default_manager.visible_to(person), pk=pk)  # type: ignore[attr-defined]
        reason = {"reason": request.POST.get("reason", "").strip()} if with_reason else {}
        act(thing, by=person, **reason)
        messages.success(request, _("Done, and noted in the log."))
        return redirect(thing)

    return press


def office_of(request: HttpRequest, pk: int) -> Office:
    """The office of that number, where the person may see it."""
    return get_object_or_404(Office.objects.visible_to(person_of(request)), pk=pk)


def holds(person: Person, office: Office, roles: frozenset[str]) -> bool:
    """Whether one of `roles` is held at `office`: for drawing links that would not be refused."""
    return not roles.isdisjoint(person.roles_at(office))
