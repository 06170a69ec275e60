"""What rooms tell the search: one thing found."""

from __future__ import annotations

from typing import NamedTuple


class Hit(NamedTuple):
    """One thing found: what kind it is, its title, what else to know, where."""

    kind: str
    title: str
    detail: str
    url: str
