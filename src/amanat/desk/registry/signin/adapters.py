"""What the desk asks of allauth: whom it lets in, how it says no, and what of it goes into the log."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.providers.base import AuthProcess
from django.conf import settings
from django.shortcuts import render
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from amanat.desk.lib import seals

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from amanat.desk.registry.models import Person

log = logging.getLogger(__name__)
_PURPOSE = "amanat second factor"


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """Signing in with a password."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "email_password_mismatch": _("The address or the password is not right."),
        "enter_current_password": _("This is not your password."),
        "incorrect_password": _("This is not your password."),
        "incorrect_code": _("This code is not right, or was used before. Wait for the next one and type that."),
        "too_many_login_attempts": _("There were too many attempts. Wait five minutes, then try again."),
        "rate_limited": _("There were too many attempts. Wait five minutes, then try again."),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:  # noqa: ARG002 (allauth's signature)
        """Never: people are entered by their office."""
        return False

    def is_reauthentication_required(self, *, app: str, **more: Any) -> bool:
        """Not where somebody has signed in just now."""
        from amanat.desk.registry.signin.gate import is_fresh

        return bool(super().is_reauthentication_required(app=app, **more)) and not is_fresh(self.request)

    def pre_login(self, request: HttpRequest, user: Person, **more: Any) -> HttpResponse | None:
        """The page that says whom to ask, for those who left or hold no post."""
        from amanat.desk.registry.signin.standing import may_sign_in

        response: HttpResponse | None = super().pre_login(request, user, **more)
        if response is None and not may_sign_in(user):
            response = self.respond_user_inactive(request, user)
        return response

    def post_login(self, request: HttpRequest, user: Person, **more: Any) -> HttpResponse:
        """Go on, in the language the person chose."""
        response: HttpResponse = super().post_login(request, user, **more)
        if user.language in dict(settings.LANGUAGES):
            response.set_cookie(
                settings.LANGUAGE_COOKIE_NAME,
                user.language,
                max_age=settings.LANGUAGE_COOKIE_AGE,
                path=settings.LANGUAGE_COOKIE_PATH,
                secure=settings.LANGUAGE_COOKIE_SECURE,
                httponly=settings.LANGUAGE_COOKIE_HTTPONLY,
                samesite="Lax",
            )
        return response

    def send_password_reset_mail(self, user: Person, email: str, context: dict[str, Any]) -> None:
        """Only to those who could sign in with it; others get what an unknown address gets."""
        from amanat.desk.registry.signin.standing import has_password, may_sign_in

        if may_sign_in(user) and has_password(user):
            super().send_password_reset_mail(user, email, context)
        else:
            self.send_mail("account/email/unknown_account", email, {})

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Send; a mail server that does not answer stops nobody and shows nobody whether an address is known."""
        try:
            super().send_mail(template_prefix, email, context)
        except OSError as error:
            log.warning("a mail could not be sent: %s", type(error).__name__)

    def send_notification_mail(
        self, template_prefix: str, user: Person, context: dict[str, Any] | None = None, email: str | None = None
    ) -> None:
        """Put a change of somebody's way in into the log, and tell them of it."""
        from amanat.desk.registry.actions.logins import note

        note(template_prefix.rpartition("/")[2], by=user)
        super().send_notification_mail(template_prefix, user, context, email)


class SocialAdapter(DefaultSocialAccountAdapter):  # type: ignore[misc]
    """Signing in with the government's OpenID Connect."""

    def is_open_for_signup(self, request: HttpRequest, sociallogin: Any) -> bool:  # noqa: ARG002
        """Never."""
        return False

    def pre_social_login(self, request: HttpRequest, sociallogin: Any) -> None:
        """Connect a first sign-in to the serving person whose address the provider has verified; refuse the rest."""
        from amanat.desk.registry.actions.logins import connect

        if sociallogin.is_existing:
            return
        person = self._owner(sociallogin)
        is_connecting = sociallogin.state.get("process") == AuthProcess.CONNECT
        if person is None or (is_connecting and person != request.user):
            raise ImmediateHttpResponse(render(request, "socialaccount/refused.html", status=403))
        connect(sociallogin, by=person, request=request)

    @staticmethod
    def _owner(sociallogin: Any) -> Person | None:
        from amanat.desk.registry.models import Person
        from amanat.desk.registry.signin.standing import may_sign_in

        # some providers write the word for the truth value, and the word "false" would count as true
        verified = [one.email for one in sociallogin.email_addresses if str(one.verified).lower() == "true"]
        # lowered here, not compared without case there: a database may hold letters alike that are not (ı and i)
        found = list(Person.objects.serving().filter(email__in=[email.lower() for email in verified]))
        return found[0] if len(found) == 1 and may_sign_in(found[0]) else None


class FactorAdapter(DefaultMFAAdapter):  # type: ignore[misc]
    """The second factor. Its secrets are encrypted with a key made of the desk's own."""

    error_messages = DefaultMFAAdapter.error_messages | {
        "incorrect_code": AccountAdapter.error_messages["incorrect_code"],
    }

    def generate_authenticator_name(self, user: Person, type: Any) -> str:  # noqa: A002 (allauth's signature)
        """A name to begin with."""
        number = Authenticator.objects.filter(user=user, type=type).count() + 1
        return gettext("Key {number}").format(number=number)

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        """What a key calls this desk."""
        return {**super().get_public_key_credential_rp_entity(), "name": settings.MFA_TOTP_ISSUER}

    def encrypt(self, text: str) -> str:
        """`text` as it stands in the database."""
        return seals.made_for(_PURPOSE).encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """What `encrypt` was given."""
        return seals.made_for(_PURPOSE).decrypt(encrypted_text.encode()).decode()


def display(person: Person) -> str:
    """How a person is greeted."""
    return str(person)
