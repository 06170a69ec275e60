"""One thing that waits for a person: what a room tells Today."""

from __future__ import annotations

from datetime import date, datetime
from typing import NamedTuple


class Item(NamedTuple):
    """`what` waits, `why`, since when; `verb` is the text of the link to `url`. The heavier, the higher it stands."""

    since: date | datetime
    weight: int
    what: str
    why: str
    url: str
    verb: str
