"""The log, to read."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from amanat.desk.audit.forms import EventFilter
from amanat.desk.audit.models import Event
from amanat.desk.lib.views import page_of, person_of, signed_in


@require_safe
@signed_in
def events(request: HttpRequest) -> HttpResponse:
    """What happened at the offices this person oversees, and what they did themselves; newest first."""
    form = EventFilter(request.GET)
    rows = form.narrow(Event.objects.visible_to(person_of(request))).select_related("actor")
    return render(request, "audit/events.html", {"page": page_of(request, rows), "form": form})
