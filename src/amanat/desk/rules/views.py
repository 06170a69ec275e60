"""The private check and the pages of the rules."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def check(request: HttpRequest) -> HttpResponse:
    """The private check."""
    return render(request, "rules/check.html")


packs = check


def cited(request: HttpRequest, clause: str) -> HttpResponse:  # noqa: ARG001
    """The page of a clause by its id alone."""
    return check(request)
