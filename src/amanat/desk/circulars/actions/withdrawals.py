"""Withdrawing a circular: it stays readable, with the reason, and asks nothing of anybody any more."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from amanat.desk.audit.door import step
from amanat.desk.audit.models import Event
from amanat.desk.circulars.actions.reminders import begin, tell_soon
from amanat.desk.circulars.models import Addressee, Circular
from amanat.desk.registry.models import Person


def withdraw(circular: Circular, *, by: Person, reason: str) -> None:
    """Withdraw a circular in force, and tell everybody who got it."""
    with transaction.atomic():
        with step(circular, "withdraw", by=by, reason=reason):
            circular.refresh_from_db()
        row = begin(circular, "withdrawn", day=timezone.localdate(), by=by)
        tell_soon(row, Addressee.objects.filter(circular=circular).count())


def withdrawal_of(circular: Circular) -> Event | None:
    """When and why a circular was withdrawn."""
    if circular.state != "withdrawn":
        return None
    return Event.objects.filter(kind=circular._meta.label_lower, thing=circular.pk, verb="withdraw").first()
