"""What stands between several things in one line. In Urdu a middle dot beside a number reads as a zero: ۸۶ · ۶۹."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import get_language

_URDU = "، "


def comma(lang: str | None = None) -> str:
    """The comma of the reader's language (or of `lang`), and a space."""
    return _URDU if (lang or get_language()) == "ur" else ", "


def dot(lang: str | None = None) -> str:
    """What sets two things apart that are no list: a middle dot, where it cannot be taken for a digit."""
    return _URDU if (lang or get_language()) == "ur" else " · "


def listed(things: Iterable[object], lang: str | None = None) -> str:
    """The things, with commas between."""
    return comma(lang).join(map(str, things))
