"""What a person hands to the command, checked: a text, a date, a name. Every refusal says how to cure it."""

from __future__ import annotations

import re
from collections.abc import Collection
from datetime import date
from pathlib import Path

from amanat.errors import BadInput, UnknownName
from amanat.rulebook import COMMON, pack_names

MAX_BYTES = 1_000_000
"""The largest text that is read, in bytes of UTF-8."""

_FILE_NAME = re.compile(r"\S*[\w-]\.(?:txt|md|json|jsonl|csv|html?|docx?|pdf|odt|rtf)|\.{0,2}/\S+", re.IGNORECASE)
"""What looks like the name of a file, not like a post."""


def text_of(data: bytes, where: str) -> str:
    """`data` as text. Raises BadInput where it is not UTF-8, too large or holds nothing."""
    if len(data) > MAX_BYTES:
        raise BadInput(
            f"{len(data):,} bytes is too large",
            where=where,
            cure=f"Give at most {MAX_BYTES:,} bytes, or use `amanat bulk`",
        )
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise BadInput(f"not UTF-8 at byte {error.start}", where=where, cure="Save the file as UTF-8") from None
    if not text.strip():
        raise BadInput("there is no text", where=where, cure="Give the words you want to check")
    return text


def text_from(argument: str, stdin: bytes | None) -> str:
    """The text an argument stands for: `-` standard input, a file's name its content, else the words themselves."""
    if argument == "-":
        return text_of(stdin or b"", "standard input")
    if argument and len(argument) < 4096 and "\0" not in argument and "\n" not in argument:
        path = Path(argument)
        try:
            if path.is_dir():
                raise BadInput("this is a folder", where=argument, cure="Name a file in it")
            if path.is_file():
                return text_of(path.read_bytes(), argument)
        except OSError:  # a sentence may be too long for a file name
            pass
        if _FILE_NAME.fullmatch(argument):
            # a misspelt name must not be judged as if it were the text
            raise BadInput(
                "there is no such file", where=argument, cure="Check the name; words go in with a space or by -"
            )
    return text_of(argument.encode("utf-8", "surrogateescape"), "text")


def day_of(value: str, where: str = "--date") -> date:
    """A date written 2026-01-31. Raises BadInput."""
    try:
        return date.fromisoformat(value)
    except ValueError:
        raise BadInput(f"not a date: {value!r}", where=where, cure="Write it as 2026-01-31") from None


def pack_of(name: str, where: str = "--pack") -> str:
    """The name of a shipped pack. Raises UnknownName."""
    if name not in (COMMON, *pack_names()):
        raise UnknownName("pack", name, pack_names(), where=where)
    return name


def service_of(name: str, known: Collection[str], where: str = "--service") -> str:
    """The name of one of the services that rules know, or none (""). Raises UnknownName."""
    if name and name not in known:
        raise UnknownName("service", name, known, where=where)
    return name
