"""What Amanat says around a verdict, in its four languages. The texts are data: `phrases.toml`."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files

from amanat.rulebook import Words, in_words

RIGHT_TO_LEFT = frozenset({"ur"})


@cache
def _phrases() -> dict[str, dict[str, Words]]:
    return tomllib.loads((files("amanat") / "phrases.toml").read_text(encoding="utf-8"))


def say(group: str, key: str, lang: str, **values: object) -> str:
    """The phrase `key` of `group` in `lang` (English where that is missing), its {places} filled."""
    _, text = in_words(_phrases()[group][key], lang)
    return text.format(**values) if values else text
