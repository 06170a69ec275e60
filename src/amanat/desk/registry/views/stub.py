"""Pages of the registry."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from amanat.desk.lib.views import signed_in


@signed_in
def offices(request: HttpRequest, pk: int = 0) -> HttpResponse:  # noqa: ARG001
    """Offices."""
    return render(request, "home/today.html")
