"""The page of a circular for one address outside: its link is in the mails to that address, and in nobody else's hands.

Nothing is kept of it: the mark in the link is a signature over the address. Whoever is given the mail has the link too.
"""

from __future__ import annotations

from django.core.signing import BadSignature, Signer
from django.urls import reverse

from amanat.desk.circulars.models import Addressee

_SIGNER = Signer(salt="amanat.circulars.outside")


def path_to(row: Addressee) -> str:
    """The page of an address outside, the same in every mail."""
    return reverse("circulars:outside", args=[row.pk, _SIGNER.signature(_signed(row))])


def row_at(pk: int, mark: str) -> Addressee | None:
    """The address that a link belongs to; None where the mark is not its own."""
    row = Addressee.objects.outside().select_related("circular__office").filter(pk=pk).first()
    try:
        return row if row and _SIGNER.unsign(f"{_signed(row)}:{mark}") else None
    except BadSignature:
        return None


def _signed(row: Addressee) -> str:
    return f"{row.pk} {row.address}"
