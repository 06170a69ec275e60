"""Amanat: what the rules say about a post, before it is published.

A text is read, then the rules of the day are applied to it:

    >>> from datetime import date
    >>> import amanat
    >>> reading = amanat.read("Sharing the draft transfer list before it is notified.")
    >>> reading.topic_ids
    ('official-information',)
    >>> context = amanat.Context(pack="pk-federal", on=date(2026, 1, 15), account="personal")
    >>> verdict = amanat.rule(reading, context)
    >>> verdict.level
    'stop'

A citizen's comment is triaged: anger and criticism stay.

    >>> amanat.triage(amanat.read("This department has failed us. No water for three months!")).action
    'keep'

Nothing here keeps, logs or sends a text.
"""

from __future__ import annotations

from functools import cache

from amanat.errors import AmanatError
from amanat.rulebook import Rulebook, load_rulebook
from amanat.ruling import Context, Finding, Permit, Triage, Verdict, breaches
from amanat.ruling import rule as _rule
from amanat.ruling import triage as _triage
from amanat.screening import Reader, Reading

__version__ = "0.1.0"
__all__ = [
    "AmanatError",
    "Context",
    "Finding",
    "Permit",
    "Reader",
    "Reading",
    "Rulebook",
    "Triage",
    "Verdict",
    "breaches",
    "load_rulebook",
    "read",
    "rule",
    "triage",
]


@cache
def _reader() -> Reader:
    return Reader()


@cache
def _rulebook() -> Rulebook:
    return load_rulebook()


def read(text: str) -> Reading:
    """What is in `text`, by the shipped lexicons and patterns. An office with its own makes a `Reader(folder)`."""
    return _reader().read(text)


def rule(reading: Reading, context: Context, rulebook: Rulebook | None = None) -> Verdict:
    """The verdict on a draft, by `rulebook` or the shipped packs. Raises UnknownName for an unknown pack."""
    return _rule(reading, context, rulebook or _rulebook())


def triage(reading: Reading, rulebook: Rulebook | None = None) -> Triage:
    """What to do with a citizen's comment: keep, review or hide, and its intent."""
    return _triage(reading, rulebook or _rulebook())
