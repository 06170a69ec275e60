"""Today and search."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from amanat.desk.lib.views import signed_in


@signed_in
def today(request: HttpRequest) -> HttpResponse:
    """What waits for me."""
    return render(request, "home/today.html")


@signed_in
def search(request: HttpRequest) -> HttpResponse:
    """Search across all one may see."""
    return render(request, "home/today.html")
