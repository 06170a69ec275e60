"""Ways in that others would open and the desk keeps shut: addresses of allauth, the sign-in page of the admin."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NoReturn

from allauth.account.decorators import secure_admin_login
from allauth.account.models import EmailAddress, EmailConfirmation
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount, SocialApp, SocialToken
from django.http import Http404, HttpRequest
from django.urls import path
from django.views.generic.base import RedirectView
from django_tasks_db.models import DBTaskResult

if TYPE_CHECKING:
    from django.contrib.admin import AdminSite

SECRETS = (Authenticator, EmailAddress, EmailConfirmation, SocialAccount, SocialApp, SocialToken, DBTaskResult)


def _nothing(request: HttpRequest, **more: Any) -> NoReturn:  # noqa: ARG001 (Django's protocol)
    raise Http404


# An address is entered by the office, and nobody signs in by a code sent to it.
closed = [
    path("accounts/", RedirectView.as_view(pattern_name="mfa_index")),
    path("accounts/email/", _nothing),
    path("accounts/confirm-email/", _nothing),
    path("accounts/confirm-email/<path:key>/", _nothing),
    path("accounts/login/code/confirm/", _nothing),
    path("accounts/3rdparty/signup/", _nothing),
    path("accounts/social/<path:rest>", _nothing),
    path("tables/password_change/", _nothing),
]


def guard(site: AdminSite) -> None:
    """Send whoever opens the admin to the sign-in page, with its limits and second step; hide what lets people in."""
    site.login = secure_admin_login(site.login)  # type: ignore[method-assign]
    for model in SECRETS:
        if site.is_registered(model):
            site.unregister(model)
