"""One row in, one row out. A row's own kind, pack, account, platform, duty and date win over the defaults."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any

from amanat.bulk.answers import Answer, Row
from amanat.errors import AmanatError, BadInput, UnknownName
from amanat.inputs import MAX_BYTES, day_of, service_of
from amanat.rulebook import load_rulebook
from amanat.ruling import Context, Triage, Verdict, rule, triage
from amanat.screening import Reader, Reading
from amanat.vocabulary import ACCOUNTS

KINDS = ("draft", "comment")
_CONTEXT = ("pack", "account", "platform", "duty", "service", "date")
"""Keys of a row that make its context another than that of the defaults."""


@dataclass(frozen=True, slots=True)
class Defaults:
    """What holds for rows that do not say it themselves."""

    on: date
    kind: str = "draft"
    pack: str = ""
    account: str = "personal"
    platform: str = ""
    duty: bool = False
    service: str = ""
    lexicons: tuple[Path, ...] = ()
    words_only: bool = False


class Answerer:
    """Answers rows. Made once a process: it holds the automaton and the rulebook."""

    def __init__(self, defaults: Defaults) -> None:
        self.defaults = defaults
        self.reader = Reader(*defaults.lexicons, learned=not defaults.words_only)
        self.rulebook = load_rulebook()
        self._services = self.rulebook.services()

    def judged(self, row: Mapping[str, Any]) -> Verdict | Triage:
        """The verdict on a draft or the triage of a comment. Raises BadInput for a row that cannot be used."""
        return self._judged(row, self.reader.read(self._text(row)))

    def answer(self, row: Mapping[str, Any]) -> Row:
        """The row out: `id`, `topics`, `verdict` or `action` and `intent`, `findings`; or `id` and `error`."""
        return self.answers([row])[0].row()

    def answers(self, rows: Sequence[Mapping[str, Any]]) -> list[Answer]:
        """The answer to every row; the texts are read together."""
        asked = [self._asked(row) for row in rows]
        readings = iter(self.reader.read_many([text for text in asked if isinstance(text, str)]))
        return [
            self._answered(row, next(readings)) if isinstance(text, str) else Answer(row.get("id"), error=str(text))
            for row, text in zip(rows, asked, strict=True)
        ]

    def _asked(self, row: Mapping[str, Any]) -> str | AmanatError:
        """The text of a row, or why it has none."""
        try:
            return self._text(row)
        except AmanatError as error:
            return error

    def _answered(self, row: Mapping[str, Any], reading: Reading) -> Answer:
        try:
            return Answer(row.get("id"), self._judged(row, reading))
        except AmanatError as error:
            return Answer(row.get("id"), error=str(error))

    def _text(self, row: Mapping[str, Any]) -> str:
        text = row.get("text")
        if not isinstance(text, str) or not text.strip():
            raise BadInput("the row has no text", cure='Give "text" as a non-empty string')
        if len(text) > MAX_BYTES:
            raise BadInput("the text is too large", cure=f"Give at most {MAX_BYTES:,} characters")
        self._choice(row, "kind", KINDS)
        return text

    def _judged(self, row: Mapping[str, Any], reading: Reading) -> Verdict | Triage:
        if self._choice(row, "kind", KINDS) == "comment":
            return triage(reading, self.rulebook)
        return rule(reading, self._context(row), self.rulebook)

    @cached_property
    def _usual(self) -> Context:
        return self._context_of({})

    def _context(self, row: Mapping[str, Any]) -> Context:
        return self._usual if row.keys().isdisjoint(_CONTEXT) else self._context_of(row)

    def _context_of(self, row: Mapping[str, Any]) -> Context:
        pack = row.get("pack") or self.defaults.pack
        if not pack:
            raise BadInput("the row names no pack", cure='Give "pack" in the row, or --pack')
        duty = row.get("duty")
        if duty is not None and not isinstance(duty, bool):
            raise BadInput(f"duty is {duty!r}", cure="Write true or false")
        day = row.get("date")
        return Context(
            pack=str(pack),
            on=day if isinstance(day, date) else day_of(str(day), "date") if day else self.defaults.on,
            account=self._choice(row, "account", ACCOUNTS),
            platform=str(row.get("platform") or self.defaults.platform),
            duty=self.defaults.duty if duty is None else duty,
            service=service_of(str(row.get("service") or self.defaults.service), self._services, "service"),
        )

    def _choice(self, row: Mapping[str, Any], key: str, known: tuple[str, ...]) -> str:
        value = row.get(key) or getattr(self.defaults, key)
        if value not in known:
            raise UnknownName(key, str(value), known)
        return str(value)
