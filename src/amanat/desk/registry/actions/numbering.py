"""Giving numbers without gaps or doubles."""

from __future__ import annotations

from django.db import transaction
from django.db.models import F

from amanat.desk.registry.models import Office, Sequence


def take(office: Office, kind: str, year: int) -> int:
    """The next number, from 1 on. Call it inside the transaction that uses the number.

    Whoever takes another waits until that transaction ends: it counts on where the number was used, and gives the same
    number again where all was undone.
    """
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("a number is taken inside the transaction that uses it")
    Sequence.objects.get_or_create(office=office, kind=kind, year=year)
    row = Sequence.objects.filter(office=office, kind=kind, year=year)
    row.update(last=F("last") + 1)
    return row.values_list("last", flat=True).get()
