"""What the rules say to a draft: the same engine as the check, with the office's rules of the day it is wanted."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from functools import cache
from importlib.resources import files
from typing import NamedTuple

from django.utils import timezone

from amanat.desk.publishing.models import Draft, Picture, Version
from amanat.desk.registry.models import Office
from amanat.desk.rules import engine
from amanat.rulebook import COMMON, Rulebook
from amanat.ruling import Context, Verdict, rule
from amanat.screening.fold import fold
from amanat.vocabulary import LEVELS

_PRAISE = "self-promotion"


class Screened(NamedTuple):
    """The verdict on one text, and whether it praises a person rather than tells of the service."""

    verdict: Verdict
    is_praise: bool

    def clauses(self) -> list[list[str]]:
        """The clauses that speak to it, each with its level: what is kept with the text."""
        return [[finding.clause.id, finding.level] for finding in self.verdict.findings]


def screen(text: str, office: Office, day: date, book: Rulebook, platform: str = "") -> Screened:
    """Read `text` as a post of `office` on its official page, by the rules of `day`. Speaking is the office's duty."""
    pack = office.rules()
    context = Context(pack if pack in book.packs else COMMON, day, account="official", platform=platform, duty=True)
    reading = engine.read(text)
    is_praise = any(topic.id == _PRAISE for topic in reading.topics) or _praises(text)
    return Screened(rule(reading, context, book), is_praise)


def day_of(draft: Draft) -> date:
    """The day whose rules apply: that of the release, today while none is chosen."""
    return timezone.localdate(draft.wanted_at) if draft.wanted_at else timezone.localdate()


def screen_version(version: Version, draft: Draft, book: Rulebook) -> Screened:
    """Screen one text of a draft."""
    return screen(version.text, draft.office, day_of(draft), book, version.platform)


def screen_alts(picture: Picture, draft: Draft, book: Rulebook) -> dict[str, Screened]:
    """Screen what a picture of a draft shows in words, by language."""
    return {language: screen(text, draft.office, day_of(draft), book) for language, text in picture.alts.items()}


def strictest(levels: Iterable[str]) -> str:
    """The strictest of some levels; `clear` where there are none."""
    return max(levels, key=LEVELS.index, default="clear")


def _praises(text: str) -> bool:
    folded = fold(text)
    return any(phrase in folded for phrase in _phrases())


@cache
def _phrases() -> tuple[str, ...]:
    lines = (files("amanat.desk.publishing") / "data" / "praise.txt").read_text(encoding="utf-8").splitlines()
    return tuple(fold(line) for line in lines if line.strip() and not line.startswith("#"))
