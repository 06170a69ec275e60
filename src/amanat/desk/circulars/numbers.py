"""Numbers of letters: the form each office writes them in, checked and filled."""

from __future__ import annotations

import re
import tomllib
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from django.utils.translation import gettext as _

from amanat.desk.circulars.models import NumberFormat
from amanat.desk.registry.models import Office
from amanat.rulebook import COMMON

PARTS = ("n", "year", "yy", "office")
"""What a form may hold in braces; {n:4} is the number with zeros before it up to four digits."""
_PART = re.compile(r"\{(\w+)(?::([1-6]))?\}")
_SIGNS = re.compile(r"[\w .,:/()&\-–\[\]{}]+")
_DIGITS = {"bn": "০১২৩৪৫৬৭৮৯", "hi": "०१२३४५६७८९", "ur": "۰۱۲۳۴۵۶۷۸۹"}
LONGEST = 120


class Form(NamedTuple):
    """A form of numbers: the template, the digits it is filled with; whence it is where it is not the office's own."""

    template: str
    digits: str
    source: str = ""
    grade: str = ""
    seen: tuple[str, ...] = ()

    def fill(self, n: int, day: date, code: str) -> str:
        """The number of the `n`-th letter of a year, of the office with that code."""
        table = str.maketrans("0123456789", _DIGITS.get(self.digits, "0123456789"))

        def part(found: re.Match[str]) -> str:
            name, width = found[1], int(found[2] or 1)
            if name == "office":
                return code
            value = {"n": f"{n:0{width}}", "year": f"{day.year}", "yy": f"{day.year % 100:02}"}[name]
            return value.translate(table)

        return _PART.sub(part, self.template)


def form_of(office: Office) -> Form:
    """The form an office numbers its letters in: its own, or the usual one of its pack."""
    own = NumberFormat.objects.filter(office=office).first()
    return Form(own.template, own.digits) if own else usual(office.rules())


def usual(pack: str) -> Form:
    """The usual form under a pack, with its source."""
    kept = _shipped().get(pack) or _shipped()[COMMON]
    return Form(kept["template"], kept["digits"], kept["source"], kept["grade"], tuple(kept["seen"]))


def fault(template: str) -> str:
    """What is wrong with a template, in words; "" for nothing. Without number and year it would give doubles."""
    parts = _PART.findall(template)
    names = {name for name, _width in parts}
    if unknown := names - set(PARTS):
        return _("Unknown: {parts}. Known are {{n}}, {{year}}, {{yy}} and {{office}}.").format(
            parts=", ".join(sorted(unknown))
        )
    if "{" in (rest := _PART.sub("", template)) or "}" in rest:
        return _("Braces stand only around n, year, yy or office, as in {n}.")
    if [name for name, _width in parts].count("n") != 1:
        return _("Write {n} once: where the number itself goes.")
    if not names & {"year", "yy"}:
        return _("Write {year} or {yy} too: counting begins anew each year, and no two letters may bear one number.")
    if not _SIGNS.fullmatch(template):
        return _("Use letters, digits, spaces and the signs . , : / ( ) [ ] & - only.")
    return ""


@cache
def _shipped() -> dict[str, dict[str, Any]]:
    with (Path(__file__).parent / "data" / "numbers.toml").open("rb") as file:
        return tomllib.load(file)
