"""Offices, people, channels and groups by words, among what a person may see."""

from __future__ import annotations

from collections.abc import Iterator
from functools import reduce
from operator import and_
from typing import TypeVar

from django.db.models import Model, Q, QuerySet
from django.utils.translation import gettext as _

from amanat.desk.lib.hits import Hit
from amanat.desk.registry.models import Channel, Group, Office, Person

Row = TypeVar("Row", bound=Model)
_MOST = 20
"""Hits of a kind: whoever wants more narrows the words, or opens the list."""


def find(person: Person, words: str) -> Iterator[Hit]:
    """What holds every one of `words`; one query a kind."""
    for office in _holding(Office.objects.visible_to(person), words, "code", "name", "local_name"):
        yield Hit(_("office"), str(office), office.code, office.get_absolute_url())
    for one in _holding(Person.objects.visible_to(person), words, "name", "local_name", "number", "email"):
        yield Hit(_("person"), str(one), one.number or "", one.get_absolute_url())
    channels = Channel.objects.visible_to(person).select_related("office")
    for channel in _holding(channels, words, "handle", "address"):
        yield Hit(_("channel"), str(channel), str(channel.office), channel.get_absolute_url())
    for group in _holding(Group.objects.visible_to(person).select_related("office"), words, "name", "purpose"):
        yield Hit(_("group"), str(group), str(group.office), group.get_absolute_url())


def _holding(rows: QuerySet[Row], words: str, *fields: str) -> QuerySet[Row]:
    """Rows in which every word stands in one of `fields`."""
    return rows.filter(
        reduce(and_, (reduce(Q.__or__, (Q(**{f"{f}__icontains": w}) for f in fields)) for w in words.split()))
    )[:_MOST]
