"""What waits for a person in permits: Today shows it."""

from __future__ import annotations

from datetime import timedelta

from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from amanat.desk.lib.waiting import DUE, LATE, SOON, Item, Source
from amanat.desk.permits.models import Guidance, Permit
from amanat.desk.permits.models.deputies import rights_of
from amanat.desk.registry.models import Person

NOTICE = timedelta(days=14)
"""How long before its end a permission is called to mind."""


def waiting(person: Person) -> list[Source]:
    """Requests to decide, the longest due first; one's own that were returned, not sent, or end soon; guidance."""
    rights = rights_of(person)
    soon = timezone.localdate() + NOTICE
    unsettled = Q(state__in=["returned", "draft"]) | Q(state="granted", ends_on__lte=soon)
    mine = Permit.objects.filter(unsettled, person=person).order_by("ends_on", "pk")
    to_decide = Permit.objects.filter(rights, state="submitted").exclude(person=person)
    proposed = Guidance.objects.filter(state="proposed", permit__in=Permit.objects.filter(rights).values("pk"))
    proposed = proposed.exclude(proposed_by=person).exclude(permit__person=person)
    return [
        Source(mine, lambda rows: map(_mine, rows)),
        Source(to_decide.select_related("asked_from").order_by("due_on", "pk"), lambda rows: map(_to_decide, rows)),
        Source(proposed.order_by("pk"), lambda rows: map(_to_read, rows)),
    ]


def _to_decide(row: Permit) -> Item:
    why = _("{office} asks, and you decide.").format(office=row.asked_from)
    if row.is_overdue:
        why = _("{office} asks, and the answer is overdue.").format(office=row.asked_from)
    assert row.due_on is not None
    return Item(row.due_on, LATE if row.is_overdue else DUE, str(row), why, row.get_absolute_url(), _("Decide"))


def _mine(row: Permit) -> Item:
    url = row.get_absolute_url()
    if row.state == "returned":
        return Item(row.made_at, DUE, str(row), _("It was returned: something is missing."), url, _("Add it"))
    if row.state == "draft":
        return Item(row.made_at, SOON, str(row), _("You have not sent this yet."), url, _("Read it and send it"))
    assert row.ends_on is not None
    return Item(row.ends_on, SOON, str(row), _("This permission ends soon."), url, _("Look at it"))


def _to_read(row: Guidance) -> Item:
    why = _("An answer is proposed as guidance. A second person reads it first.")
    url = f"{reverse('permits:guidance')}#guidance-{row.pk}"
    return Item(row.proposed_at, SOON, str(row), why, url, _("Compare and decide"))
