"""Refusals as pages: what was refused, on what ground, and where to go from here."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.debug import SafeExceptionReporterFilter


class Refused(Exception):
    """This person may not do this now. `reason` says why, in the reader's language; `clause` is what it rests on."""

    def __init__(self, reason: str, clause: str = "") -> None:
        self.reason, self.clause = str(reason), clause
        super().__init__(self.reason)


class Overtaken(Refused):
    """Somebody else moved the thing first."""


class RefusalMiddleware:
    """Shows a Refused or Overtaken that a view raised: 403 or 409, in the reader's language."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:  # noqa: D102 (Django's protocol)
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """The page for a refusal; any other error is none of ours."""
        if not isinstance(error, Refused):
            return None
        status = 409 if isinstance(error, Overtaken) else 403
        return render(request, "refused.html", {"refusal": error, "is_overtaken": status == 409}, status=status)


class SilentFilter(SafeExceptionReporterFilter):
    """Error reports never hold what somebody typed."""

    def get_post_parameters(self, request: HttpRequest | None) -> dict[str, Any]:  # noqa: ARG002
        """None of them."""
        return {}
