"""The book of the demo: what its data files say."""

from __future__ import annotations

import csv
import tomllib
from functools import cache
from importlib.resources import files
from random import Random
from typing import Any

_DATA = files("amanat.desk.demo") / "data"


@cache
def governments() -> list[dict[str, Any]]:
    """The governments, each with its offices and its cast."""
    found: list[dict[str, Any]] = tomllib.loads(_text("governments.toml"))["government"]
    return found


@cache
def rows(name: str) -> list[dict[str, str]]:
    """The rows of a table: channels, groups, handovers, grades."""
    return list(csv.DictReader(_text(f"{name}.csv").splitlines()))


@cache
def table(name: str) -> dict[str, Any]:
    """What a TOML file says."""
    return tomllib.loads(_text(f"{name}.toml"))


def rows_at(name: str, codes: set[str]) -> list[dict[str, str]]:
    """The rows of a table that belong to the offices with `codes`."""
    return [row for row in rows(name) if row["office"] in codes]


@cache
def circulars() -> list[dict[str, Any]]:
    """The circulars, each with the office that passes it on."""
    found: list[dict[str, Any]] = tomllib.loads(_text("circulars.toml"))["circular"]
    return found


@cache
def releases() -> list[dict[str, Any]]:
    """The posts that are out, and what was found wrong in them."""
    found: list[dict[str, Any]] = tomllib.loads(_text("releases.toml"))["release"]
    return found


def names(key: str, without: set[str], chance: Random) -> list[tuple[str, str]]:
    """Every name that a government's lists allow, in English and as written there, shuffled."""
    lists = tomllib.loads(_text("names.toml"))[key]
    pairs = []
    for first in lists["first"]:
        for second in lists["second"]:
            english, local = zip(first.split(), second.split(), strict=True)
            pairs.append((" ".join(english), " ".join(local)))
    chance.shuffle(pairs)
    return [pair for pair in pairs if pair[0] not in without]


def document() -> bytes:
    """A page that says it is made up, to stand where an official document would."""
    return (_DATA / "made-up.pdf").read_bytes()


def _text(name: str) -> str:
    return (_DATA / name).read_text(encoding="utf-8")
