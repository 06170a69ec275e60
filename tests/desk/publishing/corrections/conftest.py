"""A draft that is out on channels, and a platform that keeps in memory what stands there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone

from amanat.desk.lib import files
from amanat.desk.publishing.actions import corrections, mending
from amanat.desk.publishing.connectors import Post, Published
from amanat.desk.publishing.models import Correction, Credential, Draft, Mending, Release, Target, Version
from amanat.desk.registry.models import Channel, PanelSeat
from tests.cast import Cast

WRONG, RIGHT = "Schools open at nine.", "Schools open at eight."
REASON = "The post gave the wrong hour."


@dataclass
class Platform:
    """What stands, by its number; what was called. `faults` are raised one after the other, `None` for none."""

    stands: dict[str, Post | str] = field(default_factory=dict)
    calls: list[str] = field(default_factory=list)
    keys: dict[str, str] = field(default_factory=dict)
    faults: list[Exception | None] = field(default_factory=list)
    after: list[Exception] = field(default_factory=list)
    """Raised after the post went out: its answer was lost."""
    cannot: frozenset[str] = frozenset()

    def close(self) -> None:
        """Nothing to hang up."""

    def _called(self, name: str) -> None:
        self.calls.append(name)
        fault = self.faults.pop(0) if self.faults else None
        if fault:
            raise fault

    def _published(self, number: str, text: str = "") -> Published:
        return Published(number, f"https://platform.example/{number}", f"sent {text}".encode(), b"answered")

    def publish(self, post: Post, key: str) -> Published:
        self._called("publish")
        number = f"new-{len(self.stands) + 1}"
        self.stands[number] = post
        self.keys[key] = number
        if self.after:
            raise self.after.pop(0)
        return self._published(number, post.text)

    def find(self, post: Post, key: str, since: datetime) -> Published | None:
        self.calls.append("find")
        return self._published(self.keys[key]) if key in self.keys else None

    def edit(self, post_id: str, post: Post) -> Published:
        self._called("edit")
        self.stands[post_id] = post
        return self._published(post_id, post.text)

    def delete(self, post_id: str) -> Published:
        self._called("delete")
        self.stands.pop(post_id, None)
        return self._published(post_id)


@pytest.fixture
def platform(monkeypatch: pytest.MonkeyPatch) -> Platform:
    """One platform for all channels that have a key."""
    fake = Platform()
    monkeypatch.setattr(mending, "connector", lambda _platform, _account: fake)
    return fake


@dataclass(frozen=True)
class Desk:
    """The office `own`, its released drafts and what the platform holds."""

    cast: Cast
    platform: Platform

    def channel(self, platform: str = "mastodon", *, has_key: bool = True, panel: Sequence[str] = ()) -> Channel:
        number = Channel.objects.count()
        channel = Channel.objects.create(
            office=self.cast.own, platform=platform, handle=f"own{number}", state="verified",
            address=f"https://platform.example/own{number}",
        )  # fmt: skip
        for name in panel:
            PanelSeat.objects.create(channel=channel, person=self.cast[name], starts_on="2025-01-01")
        if has_key:
            Credential.objects.create(
                channel=channel, server="https://platform.example", sealed=Credential.seal({"token": "t"}),
                given_by=self.cast["head@own"], given_at=timezone.now(),
            )  # fmt: skip
        return channel

    def out(self, *channels: Channel, text: str = WRONG, hours: float = 3, author: str = "officer@own") -> Draft:
        """A draft that went out on `channels` some hours ago."""
        moment = timezone.now() - timedelta(hours=hours)
        draft = Draft.objects.create(
            office=channels[0].office, author=self.cast[author], title="School hours", wanted_at=moment
        )
        draft.writers.add(self.cast[author])
        Version.objects.create(draft=draft, language="en", text=text)
        for channel in channels:
            Target.objects.create(draft=draft, channel=channel, language="en")
        draft.state, draft.approved_hash, draft.approved_at = "released", draft.hash(), moment
        draft.save()
        for channel in channels:
            number = f"post-{draft.pk}-{channel.pk}"
            self.platform.stands[number] = text
            Release.objects.create(
                draft=draft, channel=channel, due_at=moment, next_try_at=moment, state="released", released_at=moment,
                platform_id=number, address=f"https://platform.example/{number}",
                sent=files.keep_bytes(text.encode()), answer=files.keep_bytes(b'{"id": 1}'),
            )  # fmt: skip
        return draft

    def correct(
        self, draft: Draft, way: str = "edit", text: str = RIGHT, by: str = "officer@own", **more: Any
    ) -> Correction:
        wanted = [corrections.Wanted(row, way, text) for row in corrections.out(draft)]
        found_at = more.pop("found_at", timezone.now() - timedelta(minutes=10))
        return corrections.correct(
            draft, by=self.cast[by], reason=more.pop("reason", REASON), found_at=found_at, wanted=wanted
        )

    def withdraw(self, draft: Draft, by: str = "officer@own") -> Correction:
        return corrections.withdraw(draft, by=self.cast[by], reason=REASON, found_at=timezone.now())

    def work(self) -> None:
        """What a worker does after the transaction."""
        for pk in Mending.objects.values_list("pk", flat=True):
            mending.mend(pk)


@pytest.fixture
def desk(cast: Cast, platform: Platform) -> Desk:
    return Desk(cast, platform)
