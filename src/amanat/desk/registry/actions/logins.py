"""What changes in how a person signs in. The credentials themselves are kept by Django and allauth."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from amanat.desk.audit.door import recorded
from amanat.desk.registry.models import Office
from amanat.desk.registry.signin.standing import has_password

if TYPE_CHECKING:
    from django.http import HttpRequest

    from amanat.desk.registry.models import Person

NOTED: Final = {
    "password_changed": "renew",
    "password_reset": "renew",
    "password_set": "renew",
    "totp_activated": "secure",
    "webauthn_added": "secure",
    "totp_deactivated": "unsecure",
    "webauthn_removed": "unsecure",
    "recovery_codes_generated": "recover",
    "account_disconnected": "disconnect",
}
"""What allauth tells a person of by mail, and the verb by which the log has it."""


def seat(person: Person) -> Office | None:
    """The office at which a person's own doings are logged: that of their first post today."""
    return Office.objects.filter(pk=person.posts[0].office).first() if person.posts else None


def note(change: str, *, by: Person) -> None:
    """Log that `by` changed their own way in; `change` that is logged elsewhere is left alone."""
    if verb := NOTED.get(change):
        with recorded(verb, by=by, office=seat(by), roles=None) as record:
            record.on(by)


def connect(sociallogin: Any, *, by: Person, request: HttpRequest) -> None:
    """Tie the government's account, whose verified address is that of `by`, to them."""
    with recorded("connect", by=by, office=seat(by), roles=None) as record:
        if not has_password(by):
            by.set_unusable_password()  # or they would be asked for one that never was
        sociallogin.connect(request, by)
        record.on(by, provider=sociallogin.account.provider)


def speak(person: Person, language: str, *, by: Person) -> None:
    """Keep the language a person chose for themselves."""
    with recorded("speak", by=by, office=seat(by), roles=None) as record:
        person.language = language
        person.save(update_fields=["language"])
        record.on(person, language=language)
