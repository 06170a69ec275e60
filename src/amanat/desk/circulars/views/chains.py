"""The way of a circular to an office: who sent it on to whom, under which number."""

from __future__ import annotations

from typing import NamedTuple

from amanat.desk.circulars.actions.acknowledgements import may_for
from amanat.desk.circulars.models import Circular, Copy, Dispatch
from amanat.desk.circulars.workflow import SENDERS
from amanat.desk.registry.models import Person
from amanat.desk.registry.views.common import holds

SHOWN = 6
"""How many of one's own offices the page of a circular shows."""


class Held(NamedTuple):
    """A copy at an office where the reader holds a post, and what they may do with it."""

    copy: Copy
    is_waiting: bool
    may_receive: bool
    may_endorse: bool


def copies_at(circular: Circular, person: Person) -> list[Held]:
    """The copies at the offices where this person holds a post."""
    here = [post.office for post in person.posts]
    rows = Copy.objects.filter(circular=circular, office__in=here)
    rows = rows.select_related("office", "acknowledged_by", "dispatch").order_by("office__path")[:SHOWN]
    return [_held(circular, copy, person) for copy in rows]


def chain_of(circular: Circular, copy: Copy) -> list[Dispatch]:
    """The sendings through which a copy came, the first one first. Each came to its sender by the one before."""
    above = copy.office.ancestors()
    by_office = {
        one.office_id: one.dispatch
        for one in Copy.objects.filter(circular=circular, office__in=above).select_related("dispatch__office")
    }
    found: list[Dispatch] = []
    sent = by_office.get(copy.office_id)
    while sent is not None and sent not in found:
        found.append(sent)
        sent = by_office.get(sent.office_id) if sent.is_endorsement else None
    return found[::-1]


def _held(circular: Circular, copy: Copy, person: Person) -> Held:
    in_force = circular.state == "dispatched"
    waits = in_force and copy.seen < circular.asked
    return Held(copy, waits, waits and may_for(copy.office, person), in_force and holds(person, copy.office, SENDERS))
