"""Who decides on a draft, and when it is decided.

Each panel of the channels it goes to decides by itself, by a majority of all its members; all have to agree. Whoever
wrote in the draft is excluded, and whoever stands aside is not counted; nor, on a panel, is who has left that panel.
Where that leaves fewer than two of a panel of three or more, or nobody of a smaller one, the head of the office stands
in, then the competent authority above; never one who wrote in it. In an emergency two of all these people are enough.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import NamedTuple

from django.db.models import Q
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from amanat.desk.lib.numerals import local
from amanat.desk.lib.refusals import Refused
from amanat.desk.publishing.models import Ballot, Draft
from amanat.desk.registry import law
from amanat.desk.registry.models import SEATED, Appointment, Channel, Office, PanelSeat, Person
from amanat.rulebook import in_words

EMERGENCY = 2
"""How many members approve in an emergency."""
_LARGE, _FEWEST_OF_LARGE = 3, 2


class Place(NamedTuple):
    """A person who decides, on which panels (numbers of channels), and where among them they only stand in."""

    person: Person
    panels: list[int]
    added_to: list[int]


def members(channels: Iterable[Channel]) -> dict[int, list[Person]]:
    """Who sits on the panel of each channel today and still holds a post that allows it."""
    rows = list(channels)
    posts = Appointment.objects.current().filter(office__in={row.office_id for row in rows}, role__in=SEATED)
    seats = PanelSeat.objects.current().filter(channel__in=rows, person__in=posts.values("person"))
    found: dict[int, list[Person]] = {row.pk: [] for row in rows}
    for seat in seats.filter(person__is_active=True).select_related("person"):
        found[seat.channel_id].append(seat.person)
    return found


def check_sizes(channels: Iterable[Channel], sitting: Mapping[int, Collection[Person]]) -> None:
    """Refuse where a panel is empty, or of a size that the rules do not know, with the clause."""
    for channel in channels:
        number = len(sitting[channel.pk])
        if not number:
            raise Refused(_("Nobody sits on the panel of {channel}. Choose its panel first.").format(channel=channel))
        if clause := law.panel_breach(channel.office, number):
            words = ngettext(
                "The panel of {channel} has {number} member. The rules say: “{clause}”",
                "The panel of {channel} has {number} members. The rules say: “{clause}”",
                number,
            )
            said = in_words(clause.gist, get_language() or "en")[1]
            raise Refused(words.format(channel=channel, number=local(number), clause=said), clause.id)


def places(draft: Draft, sitting: Mapping[int, Collection[Person]], *, is_emergency: bool = False) -> list[Place]:
    """Who decides on `draft`, given who sits on the panels it goes to. Raises Refused where too few are left."""
    wrote = {one.pk for one in draft.writers.all()}
    deciding = {pk: [one for one in found if one.pk not in wrote] for pk, found in sitting.items()}
    added = {pk: stand_ins(draft.office, fewest(len(sitting[pk])), deciding[pk], wrote) for pk in sitting}
    found = _merged(deciding, added)
    if is_emergency and len(found) < EMERGENCY and deciding:
        first = next(iter(deciding))
        more = stand_ins(draft.office, EMERGENCY, [one.person for one in found], wrote)
        added[first] = [*added[first], *more]
        found = _merged(deciding, added)
    return found


def fewest(size: int) -> int:
    """How many of a panel of `size` have to be left to decide."""
    return _FEWEST_OF_LARGE if size >= _LARGE else 1


def stand_ins(office: Office, wanted: int, deciding: Collection[Person], without: Collection[int]) -> list[Person]:
    """Whom to add so that `wanted` decide: the head, then the nearest competent authority. Raises Refused."""
    missing = wanted - len(deciding)
    if missing <= 0:
        return []
    shut = {*without, *(one.pk for one in deciding)}
    found = [one for one in _leaders(office) if one.pk not in shut][:missing]
    if len(found) < missing:
        raise Refused(
            _("Too few people are left who may decide: nobody decides on what they wrote, and neither the head nor "
              "an authority above is free to stand in.")
        )  # fmt: skip
    return found


def outcome(kind: str, ballots: Iterable[Ballot]) -> str:
    """What the votes come to: `approved`, `returned`, or "" while it is open. A panel with nobody left returns it."""
    rows = list(ballots)
    if kind == "emergency":
        return _reached([one for one in rows if one.counts], EMERGENCY)
    panels = {pk: [one for one in rows if one.decides_for(pk)] for row in rows for pk in row.panels}
    each = {_reached(panel, len(panel) // 2 + 1) for panel in panels.values()}
    return "returned" if "returned" in each or not each else "" if "" in each else "approved"


def _reached(rows: list[Ballot], wanted: int) -> str:
    """Whether `wanted` votes for are there, or can no longer come."""
    if sum(one.vote == "for" for one in rows) >= wanted:
        return "approved"
    return "returned" if sum(one.vote != "against" for one in rows) < wanted else ""


def _leaders(office: Office) -> list[Person]:
    """The heads of the office, then the authorities at it and above it, the nearest first."""
    posts = Appointment.objects.current().filter(
        Q(role="head", office=office) | Q(role="authority", office__in=office.ancestors()), person__is_active=True
    )
    rows = list(posts.select_related("person").order_by("-office__path", "pk"))
    return [post.person for post in sorted(rows, key=lambda post: post.role != "head")]


def _merged(deciding: Mapping[int, list[Person]], added: Mapping[int, list[Person]]) -> list[Place]:
    found: dict[int, Place] = {}
    for pk in deciding:
        for person in (*deciding[pk], *added[pk]):
            place = found.setdefault(person.pk, Place(person, [], []))
            if pk not in place.panels:
                place.panels.append(pk)
        for person in added[pk]:
            found[person.pk].added_to.append(pk)
    return list(found.values())
