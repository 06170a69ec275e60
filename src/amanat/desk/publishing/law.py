"""What the rules say of how often a page speaks."""

from __future__ import annotations

from django.utils import timezone

from amanat.desk.registry.law import rulebook
from amanat.rulebook import Clause

_POSTS = "posts_a_week"


def least_posts(pack: str) -> tuple[int, Clause] | None:
    """How many posts a week a page needs at least, and the firmest clause that says so; an unverified one does not."""
    book = rulebook()
    if pack not in book.packs:
        return None
    found = [
        (limit.least, clause)
        for clause, limit in book.on(timezone.localdate()).limiting(pack, _POSTS)
        if limit.least and clause.grade != "unverified" and clause.covers("official", duty=True)
    ]
    return max(found, key=lambda one: (one[1].grade == "text", one[0]), default=None)
