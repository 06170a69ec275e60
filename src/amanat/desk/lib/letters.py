"""Official letters: one sheet of facts, drawn as HTML and as PDF, in the form and the words of its language."""

from __future__ import annotations

import base64
import tomllib
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files
from typing import NamedTuple

from django.template.loader import render_to_string
from django.utils import formats, translation

from amanat.desk.lib.numerals import local
from amanat.phrases import RIGHT_TO_LEFT

_HERE = files("amanat.desk.lib")
_GROUP = 4


class Passage(NamedTuple):
    """A paragraph of a letter: a heading or none, and its text; `is_quoted`: somebody wrote it, in any language."""

    text: str
    heading: str = ""
    is_quoted: bool = False

    @property
    def direction(self) -> str:
        """Where it runs, by its first letter."""
        return direction(self.text)


@dataclass(frozen=True)
class Sheet:
    """All that a letter says. `office`, `to` and `signed` are lines; the `address` is where the `code` is checked."""

    language: str
    title: str
    office: Sequence[str]
    number: str
    day: date
    to: Sequence[str]
    subject: str
    passages: Sequence[Passage]
    signed: Sequence[str]
    copies: Sequence[str]
    code: str = ""
    address: str = ""

    @property
    def direction(self) -> str:
        """Where the language runs."""
        return "rtl" if self.language in RIGHT_TO_LEFT else "ltr"

    @property
    def dated(self) -> str:
        """The day as the language writes it in letters."""
        return day_in(self.day, self.language)

    @property
    def numbered(self) -> list[tuple[str, str]]:
        """Who gets a copy, each with a number as the language writes it."""
        return [(local(n, self.language), line) for n, line in enumerate(self.copies, 1)]

    @property
    def words(self) -> dict[str, str]:
        """The fixed words of a letter: number, date, subject, copy to."""
        return {key: say("form", key, self.language) for key in _words()["form"]}

    @property
    def shown_code(self) -> str:
        """The code in groups, as it is read aloud."""
        return grouped(self.code)

    @property
    def picture(self) -> str:
        """The address as a QR code, inside an address of its own."""
        return f"data:image/svg+xml;base64,{base64.b64encode(qr(self.address)).decode()}"


def html(sheet: Sheet) -> str:
    """The letter as a whole document."""
    with translation.override(sheet.language):
        return render_to_string("letters/letter.html", {"sheet": sheet})


def pdf(sheet: Sheet) -> bytes:
    """The letter as a tagged PDF. Nothing is fetched: fonts come from the machine, the picture is in the page."""
    from weasyprint import CSS, HTML
    from weasyprint.urls import URLFetcher

    style = CSS(string=(_HERE / "letters.css").read_text(encoding="utf-8"))
    document = HTML(string=html(sheet), url_fetcher=URLFetcher(allowed_protocols={"data"}))
    made: bytes = document.write_pdf(stylesheets=[style], pdf_variant="pdf/ua-1", pdf_identifier=sheet.code.encode())
    return made


def qr(text: str) -> bytes:
    """`text` as a QR code in SVG."""
    import qrcode
    from qrcode.image.svg import SvgPathImage

    made: bytes = qrcode.make(text, image_factory=SvgPathImage, border=1).to_string()
    return made


def say(group: str, key: str, lang: str, **values: object) -> str:
    """The words of a letter in `lang`, their places filled."""
    text = _words()[group][key][lang]
    return text.format(**values) if values else text


def day_in(day: date, lang: str) -> str:
    """A day in the words and digits of `lang`."""
    with translation.override(lang):
        return local(formats.date_format(day, "DATE_FORMAT"), lang)


def grouped(code: str) -> str:
    """A code in groups of four."""
    return "-".join(code[at : at + _GROUP] for at in range(0, len(code), _GROUP))


def direction(text: str) -> str:
    """Where a text runs: by its first letter that has a direction."""
    sides = (unicodedata.bidirectional(sign) for sign in text)
    return next(("ltr" if side == "L" else "rtl" for side in sides if side in ("L", "R", "AL")), "ltr")


@cache
def _words() -> dict[str, dict[str, dict[str, str]]]:
    return tomllib.loads((_HERE / "letters.toml").read_text(encoding="utf-8"))
