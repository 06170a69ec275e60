"""The gate behind the sign-in page, and the second look before a dangerous act."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final, cast

from allauth.account import app_settings
from allauth.account.authentication import get_authentication_records
from allauth.account.decorators import reauthentication_required
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from amanat.desk.lib.views import person_of

if TYPE_CHECKING:
    from django.http.response import HttpResponseBase

    View = Callable[..., HttpResponseBase]

_OPEN: Final = frozenset(
    {
        "account_logout",
        "account_inactive",
        "account_reauthenticate",
        "registry:accept",
        "set_language",
        "health",
        "ready",
        # what is open to everyone is open to whoever is signed in too; and a text typed there must not be lost
        "rules:check",
        "rules:docs",
        "rules:packs",
        "rules:search",
        "rules:document",
        "rules:cited",
        "rules:pack",
        "rules:instrument",
        "rules:clause",
        "permits:verify",
        "permits:verify-form",
        "circulars:public",
        "circulars:public-list",
        "circulars:public-file",
        "publishing:public",
        "publishing:put-right",
    }
)


def fresh(view: View) -> View:
    """Lets in only who signed in, or proved anew who they are, within the last fifteen minutes.

    Others are asked for their password, code or key; what they had sent is kept and goes on from there, but not a
    file: a view that takes one stands behind `fresh` for GET too, so that it is asked for before the form is filled.
    """
    return cast("View", reauthentication_required(view))


def is_fresh(request: HttpRequest) -> bool:
    """Whether this session saw a password, code or key within the time that `fresh` allows."""
    moments = [record.get("at", 0) for record in get_authentication_records(request, person_of(request))]
    return bool(moments) and time.time() - max(moments) < app_settings.REAUTHENTICATION_TIMEOUT


class Gate:
    """Stops those who hold no post any more, and leads those who need a second factor to set one up first."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:  # noqa: D102 (Django's protocol)
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: View, args: Any, kwargs: Any) -> HttpResponse | None:  # noqa: ARG002
        """A page in place of the one asked for; None where the way is free."""
        from amanat.desk.registry.signin.standing import has_factor, may_sign_in, needs_factor

        if _is_open(request) or not request.user.is_authenticated:
            return None
        person = person_of(request)
        if not may_sign_in(person):
            return render(request, "account/account_inactive.html", status=403)
        name = request.resolver_match.view_name if request.resolver_match else ""
        if name.startswith("mfa_") or not needs_factor(person) or has_factor(person):
            return None
        messages.warning(request, _("Your post decides for others. Set up a second step before you go on."))
        return redirect("mfa_index")


def _is_open(request: HttpRequest) -> bool:
    name = request.resolver_match.view_name if request.resolver_match else ""
    return name in _OPEN or name.startswith("api:") or request.path.startswith(settings.STATIC_URL)
