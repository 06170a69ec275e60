"""What the cast's offices have: channels, a group, a handover."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

import pytest
from django.utils import timezone

from amanat.desk.registry.actions import channels, groups, handovers, panels
from amanat.desk.registry.models import Appointment, Channel, Group, Handover, HandoverItem
from tests.cast import SINCE, Cast

TODAY = timezone.localdate
SOON = timedelta(days=10)


@dataclass(frozen=True)
class Rooms:
    """At `own`: a channel with the moderator on its panel and as recovery contact, a group the moderator administers.

    `abroad` is a channel of `foreign`, where panels have 1 or 3 to 5 members.
    """

    cast: Cast
    channel: Channel
    abroad: Channel
    group: Group

    def post(self, name: str) -> Appointment:
        """The post of one of the cast."""
        role, place = name.split("@")
        return Appointment.objects.get(
            person=self.cast.people[name], role=role, office=getattr(self.cast, place), starts_on=SINCE
        )

    def begin(self, successor: str | None = "officer@own", on: date | None = None, cause: str = "transfer") -> Handover:
        """The handover of the moderator of `own`, begun by the head."""
        return handovers.begin(
            self.post("moderator@own"), by=self.cast["head@own"], cause=cause, leaves_on=on or TODAY(),
            successor=self.cast[successor] if successor else None, others=["The office telephone"],
        )  # fmt: skip

    def tick_all(self, handover: Handover) -> None:
        """Everything given back."""
        for item in HandoverItem.objects.filter(handover=handover):
            handovers.tick(item, by=self.cast["head@own"], proof="seen")


@pytest.fixture
def rooms(cast: Cast) -> Rooms:
    """Channels and a group, entered by those who may."""
    head, moderator = cast["head@own"], cast["moderator@own"]
    channel = channels.enter(
        cast.own, by=head, platform="facebook", handle="DirectorateLahore", address="https://example.org/lahore",
        recovery_person=moderator,
    )  # fmt: skip
    panels.seat(channel, by=head, people=[moderator])
    abroad = channels.enter(cast.foreign, by=cast["head@foreign"], platform="x", handle="primary")
    group = groups.enter(cast.own, by=head, platform="whatsapp", name="Lahore schools")
    groups.administer(group, by=head, people=[moderator])
    return Rooms(cast, channel, abroad, group)
