"""Spreadsheets in and out: XLSX and CSV as rows of plain values, with row numbers as the spreadsheet shows them.

A cell that a spreadsheet would run as a formula goes out behind an apostrophe, which is taken off again on the way in.
"""

from __future__ import annotations

import csv
import io
import re
import tempfile
import warnings
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from datetime import date, datetime, time
from pathlib import Path
from typing import IO, Any

from django.utils.translation import gettext as _
from openpyxl import Workbook, load_workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font
from openpyxl.utils.exceptions import IllegalCharacterError, InvalidFileException

MOST_ROWS = 100_000
MOST_COLUMNS = 60
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CSV = "text/csv; charset=utf-8"
_UNPACKED = 400 * 1024 * 1024
_PARTS = 2_000
_RUNS = re.compile(r"'*[=+\-@\t\r\n]")
_ERRORS = {"#NULL!", "#DIV/0!", "#VALUE!", "#REF!", "#NAME?", "#NUM!", "#N/A"}
_DELIMITERS = ",;\t"

Row = tuple[int, list[Any]]


class Unreadable(Exception):
    """A file is no spreadsheet that can be read; says why and what to do, in the reader's language."""


def rows_of(path: Path, sheets: Sequence[str] = ()) -> Iterator[Row]:
    """The rows of a file that are not empty, with their numbers; of a workbook one of `sheets` by name, else the first.

    Values are text, date, datetime, int, float or bool; text without spaces at its ends. Raises Unreadable.
    """
    with path.open("rb") as file:
        is_workbook = file.read(4) == b"PK\x03\x04"
    rows = _workbook_rows(path, sheets) if is_workbook else _text_rows(path)
    read = 0
    for number, cells in rows:
        values = [_plain(cell) for cell in cells]
        if all(value == "" for value in values):
            continue
        read += 1
        if read > MOST_ROWS + 1:
            raise Unreadable(_("The file has more than 100,000 rows. Divide it into several files."))
        yield number, values


def unguarded(text: str) -> str:
    """`text` without the apostrophe that `guarded` set before it."""
    return text[1:] if text.startswith("'") and _RUNS.match(text[1:]) else text


def guarded(value: Any) -> Any:
    """`value` so that no spreadsheet runs it: text that could be a formula goes behind an apostrophe."""
    if value is None:
        return ""
    if isinstance(value, str) and _RUNS.match(value):
        return f"'{value}"
    return value


def is_error(value: Any) -> bool:
    """Whether a cell shows a spreadsheet's own error."""
    return isinstance(value, str) and value in _ERRORS


def csv_lines(rows: Iterable[Sequence[Any]]) -> Iterator[str]:
    """`rows` as lines of CSV, the first behind a mark that tells spreadsheets it is UTF-8."""
    line = io.StringIO()
    writer = csv.writer(line)
    line.write("\ufeff")
    for row in rows:
        writer.writerow([guarded(value) for value in row])
        yield line.getvalue()
        line.seek(0)
        line.truncate()


def workbook(sheets: dict[str, Iterable[Sequence[Any]]]) -> IO[bytes]:
    """A workbook of `sheets` by their names, the first row of each as its head; a temporary file, at its beginning."""
    book = Workbook(write_only=True)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name[:31])
        sheet.freeze_panes = "A2"
        bold = Font(bold=True)
        for index, row in enumerate(rows):
            values = [_without_controls(guarded(value)) for value in row]
            if index == 0:
                values = [WriteOnlyCell(sheet, value) for value in values]
                for cell in values:
                    cell.font = bold
            sheet.append(values)
    file = tempfile.TemporaryFile()  # noqa: SIM115 (closed by whoever sends it)
    book.save(file)
    file.seek(0)
    return file


def _plain(value: Any) -> Any:
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if isinstance(value, str):
        return unguarded(value.strip())
    if isinstance(value, datetime) and value.time() == time.min:
        return value.date()
    return value if isinstance(value, (date, int, float)) else str(value)


def _without_controls(value: Any) -> Any:
    return re.sub(r"[\x00-\x08\x0b\x0c\x0e-\x1f]", "", value) if isinstance(value, str) else value


def _workbook_rows(path: Path, sheets: Sequence[str]) -> Iterator[tuple[int, Iterable[Any]]]:
    _weigh(path)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # what a workbook has besides cells is of no matter here
            # given a file, not a path: openpyxl judges a path by its ending
            with path.open("rb") as file, closing(load_workbook(file, True, data_only=True, keep_links=False)) as book:
                wanted = {name.casefold() for name in sheets}
                found = [sheet for sheet in book.worksheets if sheet.title.casefold() in wanted]
                sheet = (found or book.worksheets)[0]
                sheet.reset_dimensions()
                yield from enumerate(sheet.iter_rows(max_col=MOST_COLUMNS, values_only=True), 1)
    except (InvalidFileException, IllegalCharacterError, zipfile.BadZipFile, SyntaxError, *_BROKEN):
        raise Unreadable(_("The workbook cannot be read. Save it again as XLSX, or as CSV in UTF-8.")) from None


_BROKEN = (KeyError, ValueError, TypeError, IndexError, AttributeError, OSError, EOFError, NotImplementedError)
"""What openpyxl raises, besides its own, for a workbook that is not whole; SyntaxError is broken XML."""


def _weigh(path: Path) -> None:
    """Refuse what would unpack to far more than a register of people holds, before it is unpacked."""
    try:
        with zipfile.ZipFile(path) as pack:
            parts = pack.infolist()
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
        raise Unreadable(_("The workbook cannot be read. Save it again as XLSX, or as CSV in UTF-8.")) from None
    if len(parts) > _PARTS or sum(part.file_size for part in parts) > _UNPACKED:
        raise Unreadable(_("The workbook is far too large once unpacked. Save only the sheet itself, as XLSX or CSV."))
    if any(part.flag_bits & 1 for part in parts):
        raise Unreadable(_("The workbook is locked with a password. Save it without one."))


def _text_rows(path: Path) -> Iterator[tuple[int, Iterable[Any]]]:
    text = _decoded(path.read_bytes())
    named = re.match(r"sep=([,;\t])\r?\n", text)
    delimiter = named[1] if named else _delimiter(text)
    try:
        for number, row in enumerate(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter), 1):
            if not (named and number == 1):
                yield number, row[:MOST_COLUMNS]
    except csv.Error:
        raise Unreadable(
            _("The file is no proper CSV: a quotation mark is not closed, or a cell is too long.")
        ) from None


def _decoded(raw: bytes) -> str:
    encoding = "utf-16" if raw[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"
    try:
        text = raw.decode(encoding)
    except UnicodeDecodeError:
        text = "\x00"
    if "\x00" in text:
        raise Unreadable(_("The file is neither XLSX nor text in UTF-8. Save it as XLSX, or as CSV in UTF-8."))
    return text


def _delimiter(text: str) -> str:
    """The sign that stands most often between the cells of the first line."""
    first = re.sub(r'"[^"]*"', "", text.lstrip("\r\n").partition("\n")[0])
    return max(_DELIMITERS, key=first.count)
