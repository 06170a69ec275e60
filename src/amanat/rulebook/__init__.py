"""The law as data: dated, cited, per language. Nothing here but the standard library and `amanat.errors`."""

from amanat.rulebook.load import load_examples, load_pack, load_rulebook, pack_names
from amanat.rulebook.model import (
    COMMON,
    EXCEPTIONS,
    Clause,
    Clock,
    Edition,
    Example,
    Instrument,
    Limit,
    Pack,
    Penalty,
    Procedure,
    Rulebook,
    Source,
    Stage,
    Words,
    in_words,
)

__all__ = [
    "COMMON",
    "EXCEPTIONS",
    "Clause",
    "Clock",
    "Edition",
    "Example",
    "Instrument",
    "Limit",
    "Pack",
    "Penalty",
    "Procedure",
    "Rulebook",
    "Source",
    "Stage",
    "Words",
    "in_words",
    "load_examples",
    "load_pack",
    "load_rulebook",
    "pack_names",
]
