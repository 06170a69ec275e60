"""What the pages of permits share."""

from __future__ import annotations

from django.http import HttpRequest
from django.shortcuts import get_object_or_404

from amanat.desk.audit.door import ROLE_NAMES
from amanat.desk.lib.refusals import Refused
from amanat.desk.lib.views import person_of
from amanat.desk.permits import authority
from amanat.desk.permits.models import Permit
from amanat.desk.registry.models import Office, Person

WITH = ("person", "office", "asked_from", "decided_by", "on_behalf_of")


def permit_of(request: HttpRequest, pk: int) -> Permit:
    """The permit of that number, where the person may see it."""
    return get_object_or_404(Permit.objects.visible_to(person_of(request)).select_related(*WITH), pk=pk)


def may(permit: Permit, person: Person, verb: str, message: str) -> None:
    """Refuse a form that would be refused once it is sent."""
    if verb not in {step.verb for step in authority.steps_of(permit, person)}:
        raise Refused(message)


def role_at(role: str, office: Office | None) -> str:
    """A role as it is named on pages."""
    return str(ROLE_NAMES[role]) if role in ROLE_NAMES and office else ""
