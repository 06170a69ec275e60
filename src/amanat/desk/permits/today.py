"""What waits for a person in permits: Today shows it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from amanat.desk.lib.waiting import Item
from amanat.desk.permits.models import Guidance, Permit
from amanat.desk.permits.models.deputies import covered, hats
from amanat.desk.registry.models import Person

LATE, DUE, SOON = 30, 20, 10
NOTICE = timedelta(days=14)
"""How long before its end a permission is called to mind."""
MOST = 50


def waiting(person: Person) -> list[Item]:
    """Requests to decide, the longest due first; one's own that were returned, not sent, or end soon; guidance."""
    if not person.is_active:
        return []
    worn = hats(person)
    rights = covered(worn)
    soon = timezone.localdate() + NOTICE
    mine = Q(state__in=["returned", "draft"]) | Q(state="granted", ends_on__lte=soon)
    rows = Permit.objects.filter(Q(mine, person=person) | (Q(rights, state="submitted") & ~Q(person=person)))
    found = rows.select_related("asked_from").order_by("due_on", "pk")[:MOST]
    items = [_mine(row) if row.person_id == person.pk else _to_decide(row) for row in found]
    return [*items, *_guidance(person, rights)] if worn else items


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


def _guidance(person: Person, rights: Q) -> Iterator[Item]:
    rows = Guidance.objects.filter(state="proposed", permit__in=Permit.objects.filter(rights).values("pk"))
    for row in rows.exclude(proposed_by=person).exclude(permit__person=person).order_by("pk")[:MOST]:
        why = _("An answer is proposed as guidance. A second person reads it first.")
        url = f"{reverse('permits:guidance')}#guidance-{row.pk}"
        yield Item(row.proposed_at, SOON, str(row), why, url, _("Compare and decide"))
