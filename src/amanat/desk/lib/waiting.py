"""What rooms tell Today: one thing that waits for somebody."""

from __future__ import annotations

from datetime import date, datetime
from typing import NamedTuple


class Item(NamedTuple):
    """One thing that waits: since when, how harmful waiting is (0 little, 3 harm done), what, why, where, the verb."""

    since: date | datetime
    weight: int
    what: str
    why: str
    url: str
    verb: str
