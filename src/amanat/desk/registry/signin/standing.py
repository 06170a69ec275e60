"""What signing in asks of a person: who may, and who needs a second factor."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from allauth.mfa.models import Authenticator
from django.conf import settings

from amanat.desk.registry.workflow import LEADERS

if TYPE_CHECKING:
    from amanat.desk.registry.models import Person

FACTORS: Final = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)
"""Recovery codes alone are none: they stand in for a factor that is lost."""


def may_sign_in(person: Person) -> bool:
    """Whether there is anything this person may do here: they serve, and hold a post today."""
    return person.is_active and bool(person.posts)


def has_password(person: Person) -> bool:
    """Whether a password was ever set."""
    return bool(person.password) and person.has_usable_password()


def needs_factor(person: Person) -> bool:
    """Whether a second factor is demanded of this person (AMANAT_SECOND_FACTOR)."""
    if settings.AMANAT_SECOND_FACTOR == "deciders":
        return person.has_role(*LEADERS)
    return bool(settings.AMANAT_SECOND_FACTOR == "all")


def has_factor(person: Person) -> bool:
    """Whether a second factor is set up."""
    return bool(Authenticator.objects.filter(user=person, type__in=FACTORS).exists())
