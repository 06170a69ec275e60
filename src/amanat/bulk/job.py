"""Runs a file of rows through all cores. Finished parts stay beside the output, so a run cut short goes on."""

from __future__ import annotations

import gc
import hashlib
import json
import os
import shutil
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from amanat.bulk.answers import Answer
from amanat.bulk.files import BROKEN, Chunk, chunks, extent, is_parquet, join_parts, write_part
from amanat.bulk.rows import Answerer, Defaults
from amanat.errors import BadInput

CHUNK = 2_000
"""Rows in a part: small enough that little is lost, large enough that hand-over costs nothing."""


@dataclass(slots=True)
class Tally:
    """What a run did: rows answered, rows that could not be, and rows found done from an earlier run."""

    rows: int = 0
    broken: int = 0
    resumed: int = 0


_OBJECTS = 500_000
"""New objects after which a worker looks for cycles among them: more than the largest part holds at once."""

Report = Callable[[int], None]
"""Called with how far into the input the run has come."""
Complain = Callable[[str], None]
"""Called with one line for each row that cannot be used."""

_answerer: Answerer


def run(
    source: Path,
    out: Path,
    defaults: Defaults,
    *,
    jobs: int = 0,
    report: Report = lambda _: None,
    complain: Complain = lambda _: None,
) -> Tally:
    """Answer every row of `source` into `out`, in order. Raises BadInput where `source` cannot be read at all."""
    as_parquet = is_parquet(out)
    if not source.is_file():
        raise BadInput("there is no such file", where=str(source), cure="Check the path")
    if out.is_dir():
        raise BadInput("this is a folder", where=str(out), cure="Name a file")
    if source.resolve() == out.resolve():
        raise BadInput("the output would overwrite the input", where=str(out), cure="Choose another name")
    folder = out.with_name(out.name + ".parts")
    _open(folder, source, defaults)
    tally = Tally()
    parts = []
    for part, found in _answered(source, folder, defaults, jobs or os.cpu_count() or 1, as_parquet=as_parquet):
        tally.rows += found["rows"]
        tally.broken += len(found["errors"])
        tally.resumed += found["rows"] if found["resumed"] else 0
        for error in found["errors"]:
            complain(error)
        report(found["reached"])
        parts.append(part)
    join_parts(parts, out, as_parquet=as_parquet)
    shutil.rmtree(folder)
    return tally


def _open(folder: Path, source: Path, defaults: Defaults) -> None:
    """Make the folder of parts, or keep the one of an earlier run of the same job; another job's is thrown away."""
    from amanat import __version__

    stat = source.stat()
    words = [f"{file}:{hashlib.sha256(file.read_bytes()).hexdigest()}" for file in _word_lists(defaults)]
    job = [__version__, str(source.resolve()), stat.st_size, stat.st_mtime_ns, CHUNK, asdict(defaults), words]
    mark = hashlib.sha256(json.dumps(job, default=str).encode()).hexdigest()
    note = folder / "job"
    if note.is_file() and note.read_text() == mark:
        return
    if folder.exists():
        if not note.is_file():
            raise BadInput(
                "this is not a folder of an earlier run", where=str(folder), cure="Move it, or choose another OUT"
            )
        shutil.rmtree(folder)
    folder.mkdir(parents=True)
    note.write_text(mark)


def _word_lists(defaults: Defaults) -> list[Path]:
    """The files of an office's own that an answer hangs on."""
    return sorted(file for folder in defaults.lexicons for file in folder.rglob("*") if file.is_file())


def _answered(
    source: Path, folder: Path, defaults: Defaults, jobs: int, *, as_parquet: bool
) -> Iterator[tuple[Path, dict[str, Any]]]:
    """Every part in order, with its notes; at most two parts a worker are under way at once."""
    extent(source)  # a file that is no Parquet is refused before workers start
    waiting: deque[tuple[Path, int, Future[dict[str, Any]] | dict[str, Any]]] = deque()
    with ProcessPoolExecutor(jobs, initializer=_start, initargs=(defaults,)) as pool:
        for number, (rows, reached) in enumerate(chunks(source, CHUNK)):
            part = folder / f"{number:08d}.part"
            notes = part.with_suffix(".json")
            if notes.is_file():
                waiting.append((part, reached, {**json.loads(notes.read_text()), "resumed": True}))
            else:
                waiting.append((part, reached, pool.submit(_answer, rows, part, as_parquet)))
            while len(waiting) > 2 * jobs:
                yield _settled(*waiting.popleft())
        while waiting:
            yield _settled(*waiting.popleft())


def _settled(part: Path, reached: int, found: Future[dict[str, Any]] | dict[str, Any]) -> tuple[Path, dict[str, Any]]:
    notes = found.result() if isinstance(found, Future) else found
    return part, {"resumed": False, **notes, "reached": reached}


def _start(defaults: Defaults) -> None:
    global _answerer
    _answerer = Answerer(defaults)
    # a part makes no cycles of objects, and looking for some among all that is read together takes half the time
    gc.set_threshold(_OBJECTS)


def _answer(rows: Chunk, part: Path, as_parquet: bool) -> dict[str, Any]:
    """Answer a chunk into its part; the notes beside it are written last and say that the part is whole."""
    read = iter(_answerer.answers([row for row in rows if BROKEN not in row]))
    answers = [Answer(None, error=row[BROKEN]) if BROKEN in row else next(read) for row in rows]
    write_part(part, answers, as_parquet=as_parquet)
    errors = [_complaint(row, answer) for row, answer in zip(rows, answers, strict=True) if answer.error]
    notes = {"rows": len(rows), "errors": errors}
    draft = part.with_suffix(".note")
    draft.write_text(json.dumps(notes))
    draft.replace(part.with_suffix(".json"))
    return notes


def _complaint(row: dict[str, Any], answer: Answer) -> str:
    return answer.error if BROKEN in row else f"row {row.get('id')!r}: {answer.error}"
