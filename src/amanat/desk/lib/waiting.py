"""What waits for a person: one line of Today. Every room that has work for people offers `today.waiting(person)`."""

from __future__ import annotations

from datetime import date, datetime
from typing import NamedTuple


class Item(NamedTuple):
    """One thing that waits: since when, how much harm waiting does (0 little to 3 much), what, why, and the way to it.

    `verb` is the text of the link: what the person does there.
    """

    since: date | datetime
    weight: int
    what: str
    why: str
    url: str
    verb: str
