"""Circulars: the lists, and the page of one."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from amanat.desk.circulars.models import Circular
from amanat.desk.lib.views import person_of, signed_in


@signed_in
@require_safe
def circular(request: HttpRequest, pk: int) -> HttpResponse:
    """One circular: to read."""
    row = get_object_or_404(Circular.objects.visible_to(person_of(request)), pk=pk)
    return render(request, "circulars/circular.html", {"circular": row, "texts": row.texts_of()})
