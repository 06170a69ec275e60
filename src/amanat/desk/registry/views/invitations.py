"""Inviting a person, and accepting: the first password by a link."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.login import record_authentication
from allauth.account.utils import perform_login
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from amanat.desk.lib.refusals import Overtaken
from amanat.desk.lib.views import person_of, signed_in
from amanat.desk.registry.actions import invitations, logins
from amanat.desk.registry.models import Invitation, Person
from amanat.desk.registry.signin import fresh
from amanat.desk.registry.signin.forms import FirstPassword
from amanat.desk.registry.signin.standing import has_password, may_sign_in

if TYPE_CHECKING:
    from django.http.response import HttpResponseBase


def invite_context(person: Person, viewer: Person) -> dict[str, Any]:
    """What `registry/parts/invite.html` shows on the page of `person`."""
    return {
        "person": person,
        "may_invite": not invitations.obstacle(person, viewer),
        "has_password": has_password(person),
        "last_invitation": person.invitations.select_related("made_by").first(),
    }


@require_http_methods(["GET", "POST"])
@signed_in
@fresh
@never_cache
def invite(request: HttpRequest, pk: int) -> HttpResponse:
    """Invite a person.

    The page with the link answers the POST itself: to carry the link over a redirect, it would have to be kept.
    """
    person = get_object_or_404(Person.objects.visible_to(person_of(request)), pk=pk)
    if request.method == "GET":
        return redirect(person)
    invitation, token = invitations.invite(person, by=person_of(request))
    address = request.build_absolute_uri(reverse("registry:accept", args=[token]))
    shown = {
        "person": person,
        "invitation": invitation,
        "is_mailed": invitations.mail(invitation, address),
        # who has a password already is sent the link and nobody else sees it: it would let in whoever holds it
        "address": "" if invitation.is_reset else address,
    }
    return _unseen(render(request, "registry/invited.html", shown))


@require_http_methods(["GET", "POST"])
@sensitive_post_parameters()
@never_cache
def accept(request: HttpRequest, token: str) -> HttpResponseBase:
    """Set a password by the link of an invitation, and sign in. Every link that does not work looks the same."""
    invitation = _working(token)
    if invitation is None:
        return _gone(request)
    person = invitation.person
    form = FirstPassword(person, request.POST or None)
    if not form.is_valid():
        facts = {"form": form, "person": person, "office": logins.seat(person)}
        return _unseen(render(request, "registry/accept.html", facts))
    try:
        invitations.accept(invitation, form.cleaned_data["new_password1"])
    except Overtaken:
        return _gone(request)
    logout(request)  # whoever else was signed in here
    record_authentication(request, person, method="password")
    if invitation.is_reset:
        get_adapter().send_notification_mail("account/email/password_by_link", person)
    response: HttpResponseBase = perform_login(request, person)
    return response


def _working(token: str) -> Invitation | None:
    found = Invitation.objects.open().filter(digest=invitations.digest(token)).select_related("person").first()
    return found if found and may_sign_in(found.person) else None


def _gone(request: HttpRequest) -> HttpResponse:
    return _unseen(render(request, "registry/invitation_gone.html", status=404))


def _unseen(response: HttpResponse) -> HttpResponse:
    """Keep the address of the page, which is a secret, from wherever its links lead.

    With "no-referrer" a browser would send the form with the origin "null", and the guard against forgery refuses that.
    """
    response["Referrer-Policy"] = "strict-origin"
    return response
