"""Draws docs/verdict.svg: what `amanat check` answers, as a picture. Run: .venv/bin/python docs/picture.py"""

from __future__ import annotations

import re
import textwrap
import unicodedata
from collections.abc import Iterator
from datetime import date
from html import escape
from pathlib import Path

from amanat import Context, load_rulebook, read, rule
from amanat.report import Page

TEXT = (
    "Transfer list for the division is ready. Sharing the draft before it is notified. This government has failed us."
)
STYLES = {
    "stop": "fill:#b3261e;font-weight:700",
    "care": "fill:#8a5a00;font-weight:700",
    "ask": "fill:#1d4f91;font-weight:700",
    "clear": "fill:#1b6e3c;font-weight:700",
    "strong": "font-weight:700",
    "quiet": "fill:#6b6b66",
    "evidence": "text-decoration:underline;font-weight:700",
}
WIDTH, LINE, MARGIN, COLUMNS = 960, 24, 28, 104
_MARK = re.compile("\ue000(\\w+)\ue001([^\ue002]*)\ue002")


def mark(text: str, style: str) -> str:
    """A painted piece, between marks that survive wrapping."""
    return re.sub(r"\S+", lambda word: f"\ue000{style}\ue001{word[0]}\ue002", text)


def is_right_to_left(line: str) -> bool:
    """By the first letter that has a direction."""
    return next((unicodedata.bidirectional(c) in ("R", "AL") for c in line if c.isalpha()), False)


def wrapped(line: str) -> Iterator[str]:
    """The line in pieces of at most COLUMNS characters, marks not counted; the indent is kept."""
    indent = line[: len(line) - len(line.lstrip())]
    width = COLUMNS - len(indent)
    plain = _MARK.sub(lambda m: m[2], line).strip()
    words = iter(line.split())
    for piece in textwrap.wrap(plain, width) or [""]:
        yield indent + " ".join(next(words) for _ in piece.split())


def spans(line: str) -> str:
    """The line as SVG text with its styles."""
    joined = re.sub("\ue002 \ue000(\\w+)\ue001", lambda m: f"\ue002\u2009\ue000{m[1]}\ue001", escape(line))
    joined = _MARK.sub(lambda m: f'<tspan style="{STYLES[m[1]]}">{m[2]}</tspan>', joined)
    return joined.replace("\u2009", " ")


def main() -> None:
    """Write the picture."""
    rulebook = load_rulebook("pk-federal")
    verdict = rule(read(TEXT), Context("pk-federal", date(2026, 1, 15), account="group", platform="whatsapp"), rulebook)
    lines = [piece for line in Page(rulebook, "en", mark).verdict(verdict, everything=False) for piece in wrapped(line)]
    height = MARGIN * 2 + LINE * (len(lines) + 2)
    typed = "$ amanat check draft.txt --pack pk-federal --account group"
    rows = [f'<text x="{MARGIN}" y="{MARGIN + 16}" style="{STYLES["quiet"]}">{typed}</text>']
    for number, line in enumerate(lines, 2):
        y = MARGIN + 16 + LINE * number
        side = (
            f'x="{WIDTH - MARGIN}" direction="rtl"'
            if is_right_to_left(line)
            else f'x="{MARGIN + 9 * (len(line) - len(line.lstrip()))}"'
        )
        rows.append(f'<text {side} y="{y}">{spans(line.strip())}</text>')
    font = "14px 'DejaVu Sans Mono','Noto Naskh Arabic','Noto Sans Mono',monospace"
    svg = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" role="img" aria-label="A verdict">'
        f'<rect width="100%" height="100%" rx="10" fill="#fbfaf7" stroke="#ddd9d0"/>'
        f'<g style="font:{font};fill:#1c1c1a" xml:space="preserve">{"".join(rows)}</g></svg>\n'
    )
    (Path(__file__).parent / "verdict.svg").write_text(svg, encoding="utf-8")


if __name__ == "__main__":
    main()
