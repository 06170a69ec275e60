"""The forms of allauth in the words of the desk. What they check is allauth's and Django's."""

from __future__ import annotations

import struct
from typing import Any, ClassVar

from allauth.account import forms as account
from allauth.mfa.adapter import get_adapter
from allauth.mfa.base import forms as mfa
from allauth.mfa.totp import forms as totp
from allauth.mfa.webauthn import forms as webauthn
from django import forms
from django.contrib.auth import password_validation
from django.contrib.auth.forms import SetPasswordForm
from django.utils.functional import lazystr
from django.utils.translation import gettext_lazy as _

NEW = (_("New password"), lambda: " ".join(password_validation.password_validators_help_texts()))
AGAIN = (_("The same again"), "")
CODE = (_("Code"), _("Six digits from your app, or one of your recovery codes."))
KEY_NAME = (_("Name of the key"), _("So that you can tell your keys apart: office computer, phone."))


LATIN = {"login", "email", "code"}
"""Fields whose text runs from left to right in every language."""


class Worded(forms.Form):
    """A form whose fields bear our labels and help instead of placeholders. Fields of others stay as they are."""

    words: ClassVar[dict[str, tuple[Any, Any]]] = {}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, (label, help_text) in self.words.items():
            field = self.fields[name]
            field.label = label
            field.help_text = lazystr(help_text()) if callable(help_text) else help_text
            field.widget.attrs.pop("placeholder", None)
            if name in LATIN:
                field.widget.attrs["dir"] = "ltr"


class SignIn(Worded, account.LoginForm):  # type: ignore[misc]
    """Signing in."""

    words = {"login": (_("E-mail"), ""), "password": (_("Password"), "")}


class Again(Worded, account.ReauthenticateForm):  # type: ignore[misc]
    """The password once more."""

    words = {"password": (_("Password"), "")}


class Forgotten(Worded, account.ResetPasswordForm):  # type: ignore[misc]
    """Asking for a link to set a new password."""

    words = {"email": (_("E-mail"), "")}


class NewPassword(Worded, account.ResetPasswordKeyForm):  # type: ignore[misc]
    """A new password, by the link."""

    words = {"password1": NEW, "password2": AGAIN}


class ChangePassword(Worded, account.ChangePasswordForm):  # type: ignore[misc]
    """A new password for the old one."""

    words = {"oldpassword": (_("Present password"), ""), "password1": NEW, "password2": AGAIN}


class SetPassword(Worded, account.SetPasswordForm):  # type: ignore[misc]
    """A password for somebody who so far signed in elsewhere."""

    words = {"password1": NEW, "password2": AGAIN}


class FirstPassword(Worded, SetPasswordForm):  # type: ignore[type-arg]
    """A password, by the link of an invitation."""

    words = {"new_password1": NEW, "new_password2": AGAIN}


class SecondStep(Worded, mfa.AuthenticateForm):  # type: ignore[misc]
    """The code after the password."""

    words = {"code": CODE}


class SecondStepAgain(Worded, mfa.ReauthenticateForm):  # type: ignore[misc]
    """The code once more."""

    words = {"code": CODE}


class StartApp(Worded, totp.ActivateTOTPForm):  # type: ignore[misc]
    """The first code of a new app."""

    words = {"code": (_("Code"), _("The six digits that the app shows now."))}


class Careful(forms.Form):
    """A form to which a browser writes what its key answered: rubbish there is a wrong code, not a fault of ours."""

    def full_clean(self) -> None:
        """Check, and turn what the reading of the answer stumbles over into a fault of the form."""
        try:
            super().full_clean()
        except (AttributeError, LookupError, TypeError, ValueError, struct.error):
            self.add_error("credential", get_adapter().validation_error("incorrect_code"))


class UseKey(Careful, webauthn.AuthenticateWebAuthnForm):  # type: ignore[misc]
    """A key after the password."""


class UseKeyAlone(Careful, webauthn.LoginWebAuthnForm):  # type: ignore[misc]
    """A key in place of the password."""


class UseKeyAgain(Careful, webauthn.ReauthenticateWebAuthnForm):  # type: ignore[misc]
    """The key once more."""


class AddKey(Worded, Careful, webauthn.AddWebAuthnForm):  # type: ignore[misc]
    """A new passkey or security key."""

    words = {
        "name": KEY_NAME,
        "passwordless": (_("Let me sign in with this key alone, by its fingerprint, face or PIN"), ""),
    }


class RenameKey(Worded, webauthn.EditWebAuthnForm):  # type: ignore[misc]
    """Another name for a key."""

    words = {"name": KEY_NAME}
