"""Reading and writing rows: JSONL, or Parquet where pyarrow is installed. Broken lines are kept as rows that say so."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import Any

from amanat.bulk.answers import Answer
from amanat.errors import BadInput, Missing

Chunk = list[dict[str, Any]]
BROKEN = "\0broken"
"""Key of a row that stands for a line that could not be read; its value says why."""


def is_parquet(path: Path) -> bool:
    """By the name's ending: .parquet, or .jsonl / .ndjson. Raises BadInput for any other."""
    if path.suffix == ".parquet":
        return True
    if path.suffix in (".jsonl", ".ndjson"):
        return False
    raise BadInput(
        f"unknown kind of file {path.suffix!r}", where=str(path), cure="Use a name that ends in .jsonl or .parquet"
    )


def chunks(path: Path, size: int) -> Iterator[tuple[Chunk, int]]:
    """The rows of `path` in lists of at most `size`, each with how far into the file it reaches (bytes or rows)."""
    return _parquet_chunks(path, size) if is_parquet(path) else _jsonl_chunks(path, size)


def extent(path: Path) -> int:
    """The length of a file in the unit that `chunks` counts in."""
    return int(_parquet_file(path).metadata.num_rows) if is_parquet(path) else path.stat().st_size


def read_line(line: bytes, number: int) -> dict[str, Any]:
    """One JSONL line; a row under BROKEN where it is not one object in UTF-8."""
    try:
        row = json.loads(line.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        return {BROKEN: f"line {number}: not UTF-8 at byte {error.start}"}
    except (ValueError, RecursionError) as error:
        return {BROKEN: f"line {number}: not JSON: {error}"}
    return row if isinstance(row, dict) else {BROKEN: f"line {number}: not a JSON object"}


def _jsonl_chunks(path: Path, size: int) -> Iterator[tuple[Chunk, int]]:
    with path.open("rb") as file:
        numbered = enumerate(file, 1)
        while lines := list(islice(numbered, size)):
            # blank lines are no rows; text may hold lone surrogates from \uD800 escapes, which stay text
            yield [read_line(line, number) for number, line in lines if line.strip()], file.tell()


def _parquet_chunks(path: Path, size: int) -> Iterator[tuple[Chunk, int]]:
    done = 0
    for batch in _parquet_file(path).iter_batches(size):
        done += batch.num_rows
        yield batch.to_pylist(), done


def _parquet_file(path: Path) -> Any:
    parquet = _parquet()
    try:
        return parquet.ParquetFile(path)
    except _arrow().ArrowInvalid as error:
        raise BadInput(f"not Parquet: {error}", where=str(path), cure="Write the file again") from None


def write_part(path: Path, answers: Sequence[Answer], *, as_parquet: bool) -> None:
    """Write answers to `path`, whole or not at all."""
    draft = path.with_suffix(".draft")
    if as_parquet:
        rows = [answer.row() for answer in answers]
        for row in rows:
            row["id"] = None if row["id"] is None else str(row["id"])
        _parquet().write_table(_arrow().Table.from_pylist(rows, schema=_schema()), draft)
    else:
        draft.write_bytes(b"".join([_encoded(answer.line()) for answer in answers]))
    draft.replace(path)


def join_parts(parts: Iterable[Path], out: Path, *, as_parquet: bool) -> None:
    """All parts as one file at `out`, whole or not at all."""
    draft = out.with_name(out.name + ".draft")
    if as_parquet:
        with _parquet().ParquetWriter(draft, _schema()) as writer:
            for part in parts:
                writer.write_table(_parquet().read_table(part))
    else:
        with draft.open("wb") as whole:
            for part in parts:
                with part.open("rb") as piece:
                    shutil.copyfileobj(piece, whole)
            whole.flush()
            os.fsync(whole.fileno())
    draft.replace(out)


def _encoded(line: str) -> bytes:
    try:
        return f"{line}\n".encode()
    except UnicodeEncodeError:  # a lone surrogate from a \uD800 escape goes out as it came in
        return f"{json.dumps(json.loads(line))}\n".encode()


def _schema() -> Any:
    pa = _arrow()
    span = pa.struct({"start": pa.int64(), "end": pa.int64()})
    finding = {"clause": pa.string(), "level": pa.string(), "topics": pa.list_(pa.string()), "evidence": pa.list_(span)}
    texts = {name: pa.string() for name in ("id", "verdict", "action", "intent", "error")}
    return pa.schema({**texts, "topics": pa.list_(pa.string()), "findings": pa.list_(pa.struct(finding))})


def _arrow() -> Any:
    try:
        import pyarrow
    except ImportError:
        raise Missing("Parquet needs pyarrow", cure="pip install 'amanat[parquet]', or use .jsonl") from None
    return pyarrow


def _parquet() -> Any:
    _arrow()
    import pyarrow.parquet

    return pyarrow.parquet
