"""Numbers and secrets that point at a person: found by shape, proved by checksum and, for common shapes, by context.

A bare run of 13 digits is nothing; with dashes where a CNIC has them, or beside a word that announces one, it is.
Sources of the shapes: `docs/screening.md`. Checksums and numbering plans come from python-stdnum and phonenumbers,
which are imported only when a candidate turns up.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import NamedTuple

from amanat.screening.scripts import DIGITS


class Identifier(NamedTuple):
    """An identifier found: its kind, its place in the original text, how sure, and why."""

    kind: str
    start: int
    end: int
    probability: float
    why: str


Near = Callable[[int, int, int, tuple[str, ...]], bool]
"""near(start, end, words, classes): whether a word of one of `classes` stands so many words from that stretch."""

# begins with a digit, to which the engine can skip; letters before it are looked at from there
_ANY = re.compile(r"\d(?:[\d \-()]{5,}\d|(?<=[A-Z]{5}\d)\d{3}[A-Z]|(?<=[A-Z]\d)\d{6})")
_NUMBER = re.compile(r"(?<![\w.,/+-])(\+?\d(?:[ ()-]{0,2}\d){6,18})(?![\w/]|[.,-]\d)")
_SHAPES = {
    "cnic": re.compile(r"\d{5}[- ]\d{7}[- ]\d"),
    "aadhaar": re.compile(r"[2-9]\d{3}([ -])\d{4}\1\d{4}"),
    "card": re.compile(r"\d{4}([ -])\d{4}\1\d{4}\1\d{4}"),
    "phone-pk": re.compile(r"(?:\+?92|0092|0)3\d{9}"),
    "phone-bd": re.compile(r"(?:\+?88|0088)?01[3-9]\d{8}"),
    "phone-in": re.compile(r"(?:\+?91|0)?[6-9]\d{9}"),
}
_LANDLINE = re.compile(r"0\d{2,4}[ -]\d{6,7}")
"""An Indian exchange code and number, as offices print theirs: written without the gap it would look like a mobile."""
_REGIONS = {"phone-pk": "PK", "phone-bd": "BD", "phone-in": "IN"}
_PAN = re.compile(r"(?<![A-Za-z0-9])[A-Z]{3}[ABCFGHJKLPT][A-Z]\d{4}[A-Z](?![A-Za-z0-9])")
_IBAN = re.compile(r"(?<![A-Za-z0-9])[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){3,7}(?: ?[A-Z0-9]{1,3})?(?![A-Za-z0-9])")
_PASSPORT = re.compile(r"(?<![A-Za-z0-9])[A-Z]{1,2}\d{7,8}(?![A-Za-z0-9])")
_SECRET = re.compile(r"(?:[\s:=\-–\"'(]|[^\W\d_]{1,5}\s){0,4}(\S*\d\S*)")
_NID_LENGTHS = (10, 13, 17)
_SURE, _LIKELY, _MAYBE = 0.97, 0.9, 0.7
_CLOSE, _FAR = 8, 60
"""How many words away a word may stand to give a number its meaning."""


def has_identifiers(text: str) -> bool:
    """Whether something in `text` may be an identifier; in most texts nothing is. \\d knows every script's digits."""
    return _ANY.search(text) is not None


def identifiers(text: str, near: Near) -> Iterator[Identifier]:
    """Every identifier in `text`. `near` answers for the words around a candidate."""
    if not has_identifiers(text):
        return
    digits = text.translate(DIGITS)
    for match in _NUMBER.finditer(digits):
        found = _number(match.group(1), match.start(1), match.end(1), near)
        if found is not None:
            yield found
    yield from _lettered(digits, near)


def secrets(text: str, places: list[tuple[int, int]]) -> Iterator[Identifier]:
    """A password or one-time code given right after a word that announces it; `places` are those words."""
    digits = text.translate(DIGITS) if places else ""
    for start, end in places:
        given = _SECRET.match(digits, end)
        if given and len(given.group(1).strip(".,;!?")) >= 4:
            yield Identifier("secret", start, given.end(1), _LIKELY, "a password or one-time code is given")


def _number(run: str, start: int, end: int, near: Near) -> Identifier | None:
    bare = re.sub(r"[^\d+]", "", run)
    announced = near(start, end, _CLOSE, ("id-word",))
    for kind in ("cnic", "aadhaar", "card"):
        if (_SHAPES[kind].fullmatch(run) or announced) and _valid(kind, bare):
            return Identifier(kind, start, end, _SURE, f"the shape and check of a {kind} number")
    for kind, region in _REGIONS.items():
        if (
            _SHAPES[kind].fullmatch(bare)
            and not (region == "IN" and _LANDLINE.fullmatch(run))
            and _valid_phone(bare, region)
        ):
            if near(start, end, _CLOSE, ("office-contact",)) or near(start, end, _FAR, ("trade", "scam", "commercial")):
                return None  # an office's, or one that a trader wants to be rung on
            if announced and len(bare) == 10:
                break  # a national number that looks like a telephone's
            sure = _LIKELY if near(start, end, _CLOSE, ("personal-contact",)) else _MAYBE
            return Identifier("phone", start, end, sure, "a mobile number that is not an office's")
    if announced and len(bare) in _NID_LENGTHS:
        return Identifier(
            "national-id", start, end, _LIKELY, "a number of the length of an identity card beside a word for one"
        )
    if announced and 8 <= len(bare) <= 18:
        return Identifier("account", start, end, _MAYBE, "a number beside a word for an account or identity number")
    return None


def _lettered(text: str, near: Near) -> Iterator[Identifier]:
    for match in _PAN.finditer(text):
        yield Identifier("pan", *match.span(), _LIKELY, "the shape of an Indian tax number (PAN)")
    for match in _IBAN.finditer(text):
        from stdnum import iban

        if iban.is_valid(match.group()):
            yield Identifier("iban", *match.span(), _SURE, "an international bank account number with a valid check")
    for match in _PASSPORT.finditer(text):
        if near(*match.span(), _CLOSE, ("id-word",)):
            yield Identifier("passport", *match.span(), _LIKELY, "a passport number beside a word for one")


def _valid(kind: str, bare: str) -> bool:
    if kind == "cnic":
        from stdnum.pk import cnic

        return len(bare) == 13 and bool(cnic.is_valid(bare))
    if kind == "aadhaar":
        from stdnum.in_ import aadhaar

        return len(bare) == 12 and bool(aadhaar.is_valid(bare))
    from stdnum import luhn

    return 13 <= len(bare) <= 19 and bare[0] in "3456" and bool(luhn.is_valid(bare))


def _valid_phone(bare: str, region: str) -> bool:
    import phonenumbers

    try:
        number = phonenumbers.parse(bare, region)
    except phonenumbers.NumberParseException:
        return False
    return phonenumbers.is_valid_number_for_region(number, region)
