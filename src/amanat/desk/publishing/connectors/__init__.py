"""What the desk asks of a platform, and what it may answer. One small interface; a module for every platform.

A connector is made for one attempt, with a deadline. It raises Temporary, Permanent or Unsure and nothing else.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Protocol

from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture as it goes out."""

    data: bytes = field(repr=False)
    kind: str
    width: int
    height: int
    alt: str


@dataclass(frozen=True, slots=True)
class Post:
    """What goes out: a text in a language, with pictures. `at`: the moment it bears; `answers`: what it replies to."""

    text: str
    language: str
    at: datetime
    pictures: tuple[Picture, ...] = ()
    answers: str = ""


@dataclass(frozen=True, slots=True)
class Published:
    """What stands on a platform: its id there, its address, and the bytes that were sent and answered."""

    id: str
    address: str
    sent: bytes = field(default=b"", repr=False)
    answer: bytes = field(default=b"", repr=False)


@dataclass(frozen=True, slots=True)
class Reply:
    """What somebody answered to a post."""

    id: str
    author: str
    text: str
    at: datetime
    address: str
    parent: str


@dataclass(frozen=True, slots=True)
class Profile:
    """How an account shows itself. `picture`: whatever changes when the picture does; "" where that is not seen.

    `handle`: whose key it is, where the platform says so; "" where one signs in by the handle itself.
    """

    name: str
    bio: str
    picture: str
    handle: str = ""


class Sessions(Protocol):
    """Where a connector keeps a session between two attempts; sealed there."""

    def get(self) -> str:
        """What was kept; "" for nothing."""

    def set(self, session: str) -> None:
        """Keep it."""


@dataclass(frozen=True, slots=True)
class Account:
    """The account of a channel: its handle and address, the server it lives on, and what signs in."""

    handle: str
    address: str
    server: str
    secrets: Mapping[str, str] = field(repr=False)
    sessions: Sessions = field(repr=False)


@dataclass(frozen=True, slots=True)
class Limits:
    """What a platform takes in one post. Lengths of texts stand in `publishing.lengths`."""

    pictures: int
    picture_bytes: int


class Temporary(Exception):
    """Nothing came of it, and it may be tried again; not before `after` where the platform says so."""

    def __init__(self, code: str, detail: str = "", after: timedelta | None = None) -> None:
        self.code, self.detail, self.after = code, detail, after
        super().__init__(f"{code} {detail}".strip())


class Permanent(Exception):
    """Nothing came of it, and nothing will until a person mends `code`, one of WORDS."""

    def __init__(self, code: str, detail: str = "", answer: bytes = b"") -> None:
        self.code, self.detail, self.answer = code, detail, answer
        super().__init__(f"{code} {detail}".strip())


class Unsure(Exception):
    """It may have come of it or not: ask the platform before anything is sent again."""


class Connector(Protocol):
    """One platform, for one account."""

    limits: Limits
    cannot: frozenset[str]
    """Of "edit", "delete", "hide", "replies", "picture" (see it change) and "find" (be sure that it is not there)."""

    def close(self) -> None:
        """Hang up."""

    def publish(self, post: Post, key: str) -> Published:
        """Put it out, once for `key` where the platform can hold to that."""

    def find(self, post: Post, key: str, since: datetime) -> Published | None:
        """What stands there of an attempt begun at `since`. None is certain only where "find" is not in `cannot`."""

    def replies(self, post_id: str) -> list[Reply]:
        """What was answered to the post of that id."""

    def edit(self, post_id: str, post: Post) -> Published:
        """Put another text in its place."""

    def delete(self, post_id: str) -> Published:
        """Take it down; what is gone already is taken down."""

    def hide(self, reply: str, post: str) -> Published:
        """Hide an answer to our post."""

    def profile(self) -> Profile:
        """How the account shows itself now."""


WORDS = {
    "no-credential": _("The desk has no key to this channel. Somebody who leads the office gives it one."),
    "key-refused": _("The platform no longer takes the key of this channel. Give the desk a new one, then try again."),
    "key-unreadable": _("The key of this channel cannot be opened with the keys in the settings. Give it anew."),
    "not-allowed": _("The platform does not let this account do that. See to it there, then try again."),
    "refused": _("The platform refused the post. Change what it names, then try again."),
    "too-long": _("The text is longer than the platform takes. Shorten it."),
    "picture-refused": _("The platform did not take a picture. Use another, or a smaller one."),
    "gate": _("It was not sent."),
    "not-there": _("It is not there any more."),
    "linked": _(
        "A person gave the address of this post: the desk does not know its number. Do it there, then say that it is "
        "done."
    ),
    "server": _("The server of this channel cannot be used. Look at its address."),
    "too-many-tries": _("The platform could not be reached, however often it was tried. Look there, then try again."),
    "unsure": _("The connection broke while it was sent, and the platform cannot be asked for certain. It may be out."),
    "fault": _("Something went wrong in the desk itself. Whoever runs it finds the fault in its log."),
}  # fmt: skip
"""What a person is told, with what to do."""
WAITS = {
    "busy": _("The platform asks for patience."),
    "no-answer": _("The platform did not answer."),
    "broken": _("The platform has a fault of its own."),
}
"""Why something is tried again."""
