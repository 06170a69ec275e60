"""The closed lists that every room shares: topics, levels, actions, accounts, languages. Meanings: `docs/words.md`."""

from __future__ import annotations

TOPICS = (
    "official-information", "government-criticism", "institution-criticism", "partisan-politics",
    "sectarian-communal", "state-security", "abuse", "obscenity", "discrimination", "threat",
    "unverified", "personal-data", "self-promotion", "media-activity", "commercial",
)  # fmt: skip
LEVELS = ("clear", "care", "ask", "stop")
"""What follows for a draft, mildest first."""
ACTIONS = ("keep", "review", "hide")
"""What follows for a comment, mildest first."""
INTENTS = ("complaint", "question", "suggestion", "praise", "other")
ACCOUNTS = ("official", "personal", "group")
LANGS = ("en", "hi", "ur", "bn", "hi-Latn", "ur-Latn", "bn-Latn")
"""Language forms of texts (BCP 47)."""
LATIN = tuple(lang for lang in LANGS if lang == "en" or lang.endswith("-Latn"))
"""Those of them written in Latin letters."""
SCREEN_LANGS = ("en", "ur", "hi", "bn")
"""Languages in which Amanat speaks."""
