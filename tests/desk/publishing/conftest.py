"""Channels with panels, drafts for them, and Bluesky's own server for the whole run."""

from __future__ import annotations

import io
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from PIL import Image

from amanat.desk.publishing.actions import drafts, editing, votes
from amanat.desk.publishing.models import Draft
from amanat.desk.registry.actions import panels
from amanat.desk.registry.models import Appointment, Channel, Office, Person
from tests.cast import SINCE, Cast, assemble
from tests.desk.publishing.releases.sky import Sky, sky_of
from tests.desk.publishing.servers import bluesky

PLAIN = "The counter for domicile certificates is open from nine to three."
STOPPED = "Under the visionary and dynamic leadership of our Director Asif Khan. Salute to our beloved boss!"


@dataclass(frozen=True)
class Press:
    """At `own`: `page` on Bluesky with a panel of three (`jurors`), `wall` on Facebook with the moderator alone.

    `abroad` is a channel of `foreign`, where panels have 1 or 3 to 5 members. All are proved.
    """

    cast: Cast
    page: Channel
    wall: Channel
    abroad: Channel
    jurors: list[Person]

    def soon(self, hours: float = 48) -> datetime:
        return (timezone.now() + timedelta(hours=hours)).replace(microsecond=0)

    def write(
        self, who: str = "officer@own", channels: Sequence[Channel] = (), text: str = PLAIN, at: datetime | None = None,
        **more: Any,
    ) -> Draft:  # fmt: skip
        """A draft that lacks nothing, by an officer for the page."""
        chosen = list(channels) or [self.page]
        by = self.cast[who]
        draft = editing.begin(
            chosen[0].office, by=by, title="Counter hours", purpose="service", language="en", text=text, channels=chosen
        )
        targets = dict.fromkeys(chosen, "en")
        editing.plan(
            draft, by=by, title=draft.title, purpose="service", wanted_at=at or self.soon(), targets=targets, **more
        )
        return draft

    def hand_in(self, *args: Any, **kwargs: Any) -> Draft:
        """A draft before its panel."""
        draft = self.write(*args, **kwargs)
        drafts.submit(draft, by=draft.author)
        return draft

    def approve(self, *args: Any, **kwargs: Any) -> Draft:
        """A draft that two of three jurors approved."""
        draft = self.hand_in(*args, **kwargs)
        for juror in self.jurors[:2]:
            votes.cast(draft, by=juror, vote="for")
        return draft


def juror(office: Office, name: str, role: str = "officer") -> Person:
    """Somebody more with a post at the office."""
    person = Person.objects.create(name=name, email=f"{name.lower().replace(' ', '.')}@example.org")
    Appointment.objects.create(person=person, office=office, role=role, starts_on=SINCE)
    return person


def setting(cast: Cast) -> Press:
    """Make the channels in the database."""
    made = []
    for office, platform, handle in ((cast.own, "bluesky", "lahore.example"), (cast.own, "facebook", "Lahore"),
                                     (cast.foreign, "x", "primary")):  # fmt: skip
        channel = Channel.objects.create(
            office=office, platform=platform, handle=handle, languages="en,ur", state="verified",
            inspection_due_on=timezone.localdate() + timedelta(days=30),
        )  # fmt: skip
        made.append(channel)
    page, wall, abroad = made
    jurors = [juror(cast.own, f"Juror {n}") for n in ("One", "Two", "Three")]
    panels.seat(page, by=cast["head@own"], people=jurors)
    panels.seat(wall, by=cast["head@own"], people=[cast["moderator@own"]])
    panels.seat(abroad, by=cast["head@foreign"], people=[cast["moderator@foreign"]])
    return Press(cast, page, wall, abroad, jurors)


@pytest.fixture
def press(cast: Cast) -> Press:
    return setting(cast)


@pytest.fixture(scope="session")
def pds(tmp_path_factory: pytest.TempPathFactory) -> Iterator[bluesky.Server]:
    if why := bluesky.missing():
        if os.environ.get("EVERY_SERVER"):
            pytest.fail(why)
        pytest.skip(why)
    server = bluesky.Server(tmp_path_factory.mktemp("pds"))
    yield server
    server.stop()


@pytest.fixture
def wide(racing: None, pds: bluesky.Server, settings: Any) -> Sky:
    """A database with real transactions, and a channel on the server."""
    settings.VERIFICATION_ALLOWED_HOSTS = [pds.host]
    return sky_of(assemble(), pds)


def photo(kind: str = "JPEG", size: tuple[int, int] = (60, 40), name: str = "a.jpg", **save: Any) -> SimpleUploadedFile:
    """A picture as a telephone would hand it in."""
    written = io.BytesIO()
    Image.new("RGB", size, "teal").save(written, kind, **save)
    return SimpleUploadedFile(name, written.getvalue())
