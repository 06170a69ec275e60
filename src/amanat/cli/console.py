"""What the commands share: their common options, and how they write."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import click

from amanat.vocabulary import SCREEN_LANGS

FOLDER = click.Path(exists=True, file_okay=False, path_type=Path)
_COLOURS: dict[str, dict[str, Any]] = {
    "clear": {"fg": "green", "bold": True},
    "care": {"fg": "yellow", "bold": True},
    "ask": {"fg": "blue", "bold": True},
    "stop": {"fg": "red", "bold": True},
    "keep": {"fg": "green", "bold": True},
    "review": {"fg": "yellow", "bold": True},
    "hide": {"fg": "red", "bold": True},
    "strong": {"bold": True},
    "quiet": {"dim": True},
    "evidence": {"underline": True, "bold": True},
}


def shared(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add the options that every command takes."""
    command = click.option("-q", "--quiet", is_flag=True, help="Print only the answer itself.")(command)
    return click.option("--json", "as_json", is_flag=True, help="Print JSON (schema: docs/screening.md).")(command)


def in_language(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add the option that chooses the language of the answer."""
    choice = click.Choice(SCREEN_LANGS)
    return click.option("--lang", type=choice, default="en", show_default=True, help="Language of the answer.")(command)


def with_lexicons(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add the option that names an office's own word lists."""
    text = "A folder with word lists of your office's own."
    return click.option("--lexicon", "lexicons", type=FOLDER, multiple=True, help=text)(command)


def by_words(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add the option that leaves the trained reader out."""
    text = "Words and rules alone, without the trained reader: faster, and blind to what is said without keywords."
    return click.option("--words-only", is_flag=True, help=text)(command)


def paint(text: str, style: str) -> str:
    """`text` in the colours of `style`; click drops them where output is no terminal."""
    return click.style(text, **_COLOURS[style])


def show(lines: Iterable[str]) -> None:
    """Write lines to standard output."""
    for line in lines:
        click.echo(line)


def show_json(data: Any) -> None:
    """Write data as JSON to standard output."""
    click.echo(json.dumps(data, ensure_ascii=False, indent=2))


def complain(line: str) -> None:
    """Write one line to standard error."""
    click.echo(f"amanat: {line}", err=True)
