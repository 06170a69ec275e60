"""Permits by number, among those a person may see."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext as _

from amanat.desk.lib.hits import Hit
from amanat.desk.lib.numerals import in_ascii
from amanat.desk.permits.models import Permit
from amanat.desk.registry.models import Person

_MOST = 20
_SHORTEST = 3


def find(person: Person, words: str) -> Iterator[Hit]:
    """The permits whose number is, or begins with, or ends with what was typed, in whatever digits."""
    number = in_ascii(words).strip().upper()
    if len(number) < _SHORTEST or not any(sign.isdigit() for sign in number):
        return
    rows = Permit.objects.visible_to(person)
    found = rows.filter(number__startswith=number) | rows.filter(number__endswith=number)
    for row in found[:_MOST]:
        yield Hit(_("permit"), str(row), row.subject, row.get_absolute_url())
