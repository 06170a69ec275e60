"""Who sits on the panel of a channel."""

from __future__ import annotations

from collections.abc import Collection

from django.utils import timezone
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from amanat.desk.audit.door import recorded
from amanat.desk.lib.commas import listed
from amanat.desk.lib.numerals import local
from amanat.desk.lib.refusals import Refused
from amanat.desk.registry import law
from amanat.desk.registry.models import SEATED, Channel, Office, PanelSeat, Person
from amanat.desk.registry.workflow import LEADERS
from amanat.rulebook import in_words


def seat(channel: Channel, *, by: Person, people: Collection[Person]) -> None:
    """Set the panel: whoever is not among `people` leaves it today, whoever is new joins it today."""
    with recorded("seat", by=by, office=channel.office, roles=LEADERS) as record:
        keep_in_use(channel)
        wanted = {person.pk: person for person in people}
        sitting = set(channel.seats.current().values_list("person", flat=True))
        if wanted.keys() == sitting:
            raise Refused(_("These are the members already."))
        joining = [person for pk, person in wanted.items() if pk not in sitting]
        check_size(channel.office, len(wanted))
        _check_posts(channel.office, joining)
        end_seats(channel, sitting - wanted.keys())
        PanelSeat.objects.bulk_create(PanelSeat(channel=channel, person=person) for person in joining)
        record.on(channel, members=sorted(wanted), left=sorted(sitting - wanted.keys()))


def replace(channel: Channel, leaver: Person, successor: Person | None) -> None:
    """Within a handover: the leaver's seat ends, and the successor, where there is one, takes it."""
    keep_in_use(channel)
    sitting = set(channel.seats.current().values_list("person", flat=True))
    if leaver.pk not in sitting:
        return
    staying = sitting - {leaver.pk}
    joins = successor is not None and successor.pk not in staying
    check_size(channel.office, len(staying) + joins)
    end_seats(channel, {leaver.pk})
    if successor is not None and joins:
        _check_posts(channel.office, [successor])
        PanelSeat.objects.create(channel=channel, person=successor)


def check_size(office: Office, members: int) -> None:
    """Refuse a panel of a size that the rules of the office do not know, with the clause."""
    if not members:
        raise Refused(_("A panel has at least one member. Name one, or close the channel."))
    if clause := law.panel_breach(office, members):
        words = ngettext(
            "A panel of {number} member does not fit the rules. They say: “{clause}”",
            "A panel of {number} members does not fit the rules. They say: “{clause}”",
            members,
        )
        said = in_words(clause.gist, get_language() or "en")[1]
        raise Refused(words.format(number=local(members), clause=said), clause.id)


def keep_in_use(channel: Channel) -> None:
    """Refuse what is begun with a closed channel; until it is done, nobody else changes the channel."""
    if Channel.objects.select_for_update().in_use().filter(pk=channel.pk).first() is None:
        raise Refused(_("This channel is closed."))


def end_seats(channel: Channel, people: Collection[int] | None = None) -> None:
    """End the seats of `people`, or of all, today. The days are kept."""
    seats = channel.seats.current()
    if people is not None:
        seats = seats.filter(person__in=people)
    seats.update(ends_on=timezone.localdate())


def _check_posts(office: Office, people: Collection[Person]) -> None:
    known = set(Person.objects.posted_at(office, SEATED).values_list("pk", flat=True))
    without = [str(person) for person in people if person.pk not in known]
    if without:
        raise Refused(
            _("On a panel sit people with a post at this office as officer, moderator or head. Not so today: {names}.")
            .format(names=listed(without))
        )  # fmt: skip
