"""Reads the cells of a row; every fault is noted with its row, column and cure, and reading goes on."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import URLValidator, validate_email
from django.utils.translation import gettext as _

from amanat.desk.lib import sheets
from amanat.desk.lib.commas import listed
from amanat.desk.lib.numerals import in_ascii
from amanat.desk.registry.imports.columns import KINDS, Kind, folded, heads_of, in_all_languages
from amanat.desk.registry.imports.plan import Fault, Plan

_SPOILT = re.compile(r"\d([.,]\d+)?[eE]\+\d+")
_web_address = URLValidator(schemes=["http", "https"])


class Row:
    """A lens on one row. Getters give a usable value even after a fault, so that all faults are found at once."""

    __slots__ = ("_cells", "_plan", "has_fault", "number", "places")

    def __init__(self, number: int, cells: list[Any], places: Mapping[str, int], plan: Plan) -> None:
        self.number, self._cells, self.places, self._plan = number, cells, places, plan
        self.has_fault = False

    def fault(self, column: str, what: str, cure: str) -> None:
        """Note a fault of this row; `column` by its name."""
        self.has_fault = True
        head = str(KINDS[self._plan.kind].column(column).label) if column else ""
        self._plan.faults.append(Fault(self.number, head, what, cure))

    def has(self, column: str) -> bool:
        """Whether the file has this column."""
        return column in self.places

    def raw(self, column: str) -> Any:
        """The cell as it is; "" where there is none."""
        place = self.places.get(column)
        return self._cells[place] if place is not None and place < len(self._cells) else ""

    def text(self, column: str, limit: int, *, is_needed: bool = False) -> str:
        """One line of text of at most `limit` signs."""
        text = str(self.raw(column))
        if not text:
            if is_needed:
                self.fault(column, _("is empty"), _("Fill it in."))
        elif sheets.is_error(text):
            self.fault(column, _("shows a fault of the spreadsheet: {text}").format(text=text), _("Mend the formula."))
        elif len(text) > limit:
            what = _("is too long: {length} signs").format(length=len(text))
            self.fault(column, what, _("Write at most {limit} signs.").format(limit=limit))
        elif not text.isprintable() and any(unicodedata.category(sign) == "Cc" for sign in text):
            self.fault(column, _("holds a line break or a sign that cannot be shown"), _("Write it in one line."))
        else:
            return text
        return ""

    def key(self, column: str, limit: int, *, is_needed: bool = False) -> str:
        """A code or number by which something is found; digits of every script count alike."""
        text = self.text(column, limit, is_needed=is_needed)
        if _SPOILT.fullmatch(text):
            self.fault(
                column, _("was shortened by the spreadsheet: {text}").format(text=text),
                _("Format the column as text, and write the number again."),
            )  # fmt: skip
            return ""
        return text

    def day(self, column: str) -> date | None:
        """A day: a date of the spreadsheet, or text like 2026-01-31."""
        value = self.raw(column)
        if value == "":
            return None
        if isinstance(value, datetime):
            return value.date()
        if isinstance(value, date):
            return value
        match = re.fullmatch(r"(\d{4}-\d\d-\d\d)(?:[T ]00:00(?::00)?(?:\.0+)?)?", in_ascii(str(value)))
        if match:
            try:
                return date.fromisoformat(match[1])
            except ValueError:
                pass
        what = _("is no day of the calendar: {text}").format(text=str(value)[:40])
        self.fault(column, what, _("Write a date, or year-month-day: 2026-01-31."))
        return None

    def choice(self, column: str, choices: Any, *, is_needed: bool = False) -> str:
        """One of a closed list, by its id or by its word in any language of the desk."""
        text = self.text(column, 200, is_needed=is_needed)
        found = words_of(choices).get(folded(text))
        if found is None and text:
            known = listed(label for _value, label in choices.choices)
            what = _("is not known: {text}").format(text=text[:40])
            self.fault(column, what, _("Write one of: {known}.").format(known=known))
        return found or ""

    def email(self, column: str) -> str:
        """An e-mail address, in small letters."""
        text = self.text(column, 254).lower()
        return text if not text or self._holds(column, text, validate_email) else ""

    def address(self, column: str, limit: int) -> str:
        """A web address."""
        text = self.text(column, limit)
        return text if not text or self._holds(column, text, _web_address) else ""

    def languages(self, column: str, limit: int, most: int = 9) -> str:
        """Codes of languages, with commas, at most `most`."""
        text = self.text(column, limit)
        known = [code for code, _name in settings.LANGUAGES]
        codes = [code for code in re.split(r"[\s,;،]+", text.lower()) if code]
        unknown = [code for code in codes if code not in known]
        if unknown or len(codes) > most:
            what = _("is not known: {text}").format(text=text[:40])
            self.fault(column, what, _("Write one of: {known}.").format(known=listed(known)))
            return ""
        return ",".join(dict.fromkeys(codes))

    def _holds(self, column: str, text: str, check: Any) -> bool:
        try:
            check(text)
        except ValidationError:
            cure = (
                _("Write it in full, like name@example.org.") if column == "email" else _("Write it in full: https://…")
            )
            self.fault(column, _("is no address: {text}").format(text=text[:40]), cure)
            return False
        return True


def read(path: Path, kind: Kind, plan: Plan) -> list[Row]:
    """The rows of a file as lenses; faults of its head go into `plan`. Raises sheets.Unreadable."""
    rows = sheets.rows_of(path, [kind.name, *in_all_languages(kind.label)])
    number, head = next(rows, (1, []))
    places = _places(number, head, kind, plan)
    if plan.faults:
        return []
    return [Row(number, cells, places, plan) for number, cells in rows]


@cache
def words_of(choices: Any) -> dict[str, str]:
    """The id of a choice by its id and by its word in each language, folded."""
    ids = {folded(value): str(value) for value in choices.values}
    return {folded(word): str(value) for value, label in choices.choices for word in in_all_languages(label)} | ids


def _places(number: int, head: Iterable[Any], kind: Kind, plan: Plan) -> dict[str, int]:
    """Where each column stands."""
    places: dict[str, int] = {}
    heads = heads_of(kind.name)
    for place, cell in enumerate(head):
        name = heads.get(folded(cell))
        if name in places:
            plan.faults.append(
                Fault(number, str(cell), _("stands in the head twice"), _("Keep one column of this name."))
            )
        elif name:
            places[name] = place
        elif cell != "":
            plan.unread.append(str(cell)[:60])
    for column in kind.columns:
        if column.is_needed and column.name not in places:
            what = _("is missing: no column has this head")
            plan.faults.append(Fault(number, str(column.label), what, _("Add the column, or take the template.")))
    return places
