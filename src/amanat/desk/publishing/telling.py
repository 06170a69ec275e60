"""What people hear of releases: the author of each, and those who see to it."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import gettext as _

from amanat.desk.publishing.connectors import WORDS
from amanat.desk.publishing.models import Release
from amanat.desk.publishing.workflow import LEADERS, RELEASERS
from amanat.desk.registry.actions import notices
from amanat.desk.registry.models import Channel, Person


def released(row: Release) -> None:
    """Tell the author that it is out."""

    def words() -> tuple[str, str]:
        return _("Released: {release}").format(release=row), _("It stands on {channel}.").format(channel=row.channel)

    notices.tell([row.draft.author], f"released-{row.pk}", words, row.get_absolute_url())


def stopped(row: Release) -> None:
    """Tell the author, and those who see to releases, that it is not out or that nobody can tell."""
    is_unknown = row.state == "unknown"
    moment = row.sending_at.timestamp() if row.sending_at else 0  # of this attempt: tries begin anew

    def words() -> tuple[str, str]:
        what = _("It may be out: look, then say. {release}") if is_unknown else _("Not released: {release}")
        return what.format(release=row), " ".join(filter(None, [str(WORDS[row.fault]), row.fault_detail]))

    people = {row.draft.author, *Person.objects.posted_at(row.draft.office, RELEASERS)}
    notices.tell(people, f"stopped-{row.pk}-{moment}", words, row.get_absolute_url())


def differs(channel: Channel, url: str, day: str) -> None:
    """Tell those who lead the office that the channel looks different."""

    def words() -> tuple[str, str]:
        return (
            _("{channel} looks different").format(channel=channel),
            _("Its name, picture or text about itself was changed outside this desk. Say whether that was the office."),
        )

    people: Iterable[Person] = Person.objects.posted_at(channel.office, LEADERS)
    notices.tell(people, f"differs-{channel.pk}-{day}", words, url)
