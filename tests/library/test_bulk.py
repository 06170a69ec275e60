"""Bulk: the same answers as one by one, in order; broken lines kept; a run cut short goes on where it was."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from amanat.bulk import Answerer, Defaults, run
from amanat.errors import BadInput, Missing

DEFAULTS = Defaults(on=date(2026, 1, 15), pack="pk-federal")
ROWS: list[dict[str, Any]] = [
    {"id": "1", "text": "Sharing the draft transfer list before it is notified."},
    {"id": "2", "text": "Good morning"},
    {"id": "3", "kind": "comment", "text": "No water for three months!"},
    {
        "id": "4",
        "pack": "bd",
        "account": "official",
        "duty": True,
        "date": "2020-01-01",
        "text": "Office opens at nine.",
    },
]


def write(path: Path, rows: list[dict[str, Any]]) -> Path:
    path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")
    return path


def read(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


@pytest.fixture(scope="module")
def answerer() -> Answerer:
    return Answerer(DEFAULTS)


def test_answers_are_those_of_one_by_one_in_order(tmp_path: Path, answerer: Answerer) -> None:
    many = [{**row, "id": f"{row['id']}-{i}"} for i in range(1200) for row in ROWS]
    tally = run(write(tmp_path / "in.jsonl", many), tmp_path / "out.jsonl", DEFAULTS)
    assert tally.rows == 4800
    assert read(tmp_path / "out.jsonl") == [answerer.answer(row) for row in many]
    assert not (tmp_path / "out.jsonl.parts").exists()


def test_a_row_out_has_what_was_promised(answerer: Answerer) -> None:
    draft, _, comment, _ = map(answerer.answer, ROWS)
    assert draft["verdict"] == "stop"
    assert draft["topics"] == ["official-information"]
    assert {"clause", "level", "topics", "evidence"} == draft["findings"][0].keys()
    assert (comment["action"], comment["intent"]) == ("keep", "complaint")


FAILURES: list[tuple[dict[str, Any], str]] = [
    ({"id": 1}, "no text"),
    ({"id": 1, "text": "   "}, "no text"),
    ({"id": 1, "text": 5}, "no text"),
    ({"id": 1, "text": "a" * 1_000_001}, "too large"),
    ({"id": 1, "text": "a", "kind": "poem"}, "unknown kind"),
    ({"id": 1, "text": "a", "account": "mine"}, "unknown account"),
    ({"id": 1, "text": "a", "pack": "atlantis"}, "unknown pack"),
    ({"id": 1, "text": "a", "duty": "yes"}, "duty is 'yes'"),
    ({"id": 1, "text": "a", "service": "polise"}, "unknown service 'polise'"),
    ({"id": 1, "text": "a", "date": "yesterday"}, "not a date"),
]
FAILING = [row for row, _ in FAILURES]


@pytest.mark.parametrize(("row", "says"), FAILURES)
def test_a_row_that_cannot_be_used_says_why(answerer: Answerer, row: dict[str, Any], says: str) -> None:
    answer = answerer.answer(row)
    assert answer["id"] == 1
    assert says in answer["error"]


MIXED = [
    *ROWS,
    *FAILING,
    {"id": None, "text": "Forwarded as received: curfew from tomorrow, share with everyone."},
    {"id": ["a"], "text": "This government has failed on every front. You bastard clerk!"},
    {"id": "ü", "kind": "comment", "text": "You bastard, I will beat you tomorrow."},
    {"id": "7", "text": "This government has failed on every front.", "duty": True, "service": "police"},
    {"text": "Good morning"},
]


def test_answers_together_are_those_of_one_by_one_also_where_rows_fail(answerer: Answerer) -> None:
    together = answerer.answers(MIXED * 3)
    assert [answer.row() for answer in together] == [answerer.answer(row) for row in MIXED] * 3
    assert sum("error" in answer.row() for answer in together) == 3 * len(FAILING)


def test_a_line_is_its_row_as_json(answerer: Answerer) -> None:
    for answer in answerer.answers(MIXED):
        assert answer.line() == json.dumps(answer.row(), ensure_ascii=False)


def test_a_row_without_any_pack_says_why() -> None:
    assert "no pack" in Answerer(Defaults(on=date(2026, 1, 1))).answer({"id": 1, "text": "a"})["error"]


def test_broken_lines_are_named_counted_and_kept(tmp_path: Path) -> None:
    source = tmp_path / "in.jsonl"
    good = json.dumps(ROWS[1]).encode()
    source.write_bytes(b"\n".join([good, b"{oops", b"\xff", b"[1]", b"", b"[" * 100_000, good]) + b"\n")
    lines: list[str] = []
    tally = run(source, tmp_path / "out.jsonl", DEFAULTS, complain=lines.append)
    assert (tally.rows, tally.broken) == (6, 4)
    assert [line.split(":")[0] for line in lines] == ["line 2", "line 3", "line 4", "line 6"]
    out = read(tmp_path / "out.jsonl")
    assert [("error" in row) for row in out] == [False, True, True, True, True, False]


def test_a_lone_surrogate_passes_through(tmp_path: Path) -> None:
    source = tmp_path / "in.jsonl"
    source.write_text('{"id": "\\ud800", "text": "a \\udfff b"}\n')
    run(source, tmp_path / "out.jsonl", DEFAULTS)
    assert read(tmp_path / "out.jsonl")[0]["id"] == "\ud800"


def test_parquet_in_and_out(tmp_path: Path, answerer: Answerer) -> None:
    keys = {key: None for row in ROWS for key in row}
    rows = [{**keys, **row, "date": date(2026, 1, 1)} for row in ROWS]
    pq.write_table(pa.Table.from_pylist(rows), tmp_path / "in.parquet")
    tally = run(tmp_path / "in.parquet", tmp_path / "out.parquet", DEFAULTS)
    out = pq.read_table(tmp_path / "out.parquet").to_pylist()
    assert tally.rows == 4
    for row, expected in zip(out, map(answerer.answer, rows), strict=True):
        assert {k: v for k, v in row.items() if v is not None} == expected


def test_what_is_not_parquet_is_refused(tmp_path: Path) -> None:
    (tmp_path / "in.parquet").write_text("{}")
    with pytest.raises(BadInput, match="not Parquet"):
        run(tmp_path / "in.parquet", tmp_path / "out.jsonl", DEFAULTS)


def test_parquet_without_pyarrow_says_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    (tmp_path / "in.parquet").touch()
    with pytest.raises(Missing, match="amanat\\[parquet\\]"):
        run(tmp_path / "in.parquet", tmp_path / "out.jsonl", DEFAULTS)


def test_the_output_never_overwrites_the_input(tmp_path: Path) -> None:
    source = write(tmp_path / "in.jsonl", ROWS)
    with pytest.raises(BadInput, match="overwrite"):
        run(source, source, DEFAULTS)
    assert len(read(source)) == 4


def test_finished_parts_are_not_done_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    many = [{**ROWS[1], "id": str(i)} for i in range(5000)]
    source, out = write(tmp_path / "in.jsonl", many), tmp_path / "out.jsonl"
    monkeypatch.setattr("amanat.bulk.job.join_parts", lambda *_, **__: (_ for _ in ()).throw(KeyboardInterrupt))
    with pytest.raises(KeyboardInterrupt):
        run(source, out, DEFAULTS)
    monkeypatch.undo()
    (tmp_path / "out.jsonl.parts" / "00000001.json").unlink()
    reached: list[int] = []
    tally = run(source, out, DEFAULTS, report=reached.append)
    assert (tally.rows, tally.resumed) == (5000, 3000)
    assert reached[-1] == source.stat().st_size
    assert [row["id"] for row in read(out)] == [str(i) for i in range(5000)]


def test_another_job_does_not_take_over_its_parts(tmp_path: Path) -> None:
    source, out = write(tmp_path / "in.jsonl", ROWS), tmp_path / "out.jsonl"
    folder = tmp_path / "out.jsonl.parts"
    folder.mkdir()
    (folder / "job").write_text("another")
    (folder / "00000000.json").write_text('{"rows": 4, "errors": []}')
    assert run(source, out, DEFAULTS).resumed == 0


def test_killed_half_way_it_goes_on_and_loses_nothing(tmp_path: Path) -> None:
    many = [{**ROWS[i % 4], "id": str(i)} for i in range(30_000)]
    source, out = write(tmp_path / "in.jsonl", many), tmp_path / "out.jsonl"
    words = [
        sys.executable,
        "-m",
        "amanat",
        "bulk",
        str(source),
        str(out),
        "--pack",
        "pk-federal",
        "--date",
        "2026-01-15",
    ]
    child = subprocess.Popen(words, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True)
    parts = tmp_path / "out.jsonl.parts"
    deadline = time.monotonic() + 60
    while len(list(parts.glob("*.json"))) < 2 and child.poll() is None and time.monotonic() < deadline:
        time.sleep(0.01)
    os.killpg(child.pid, signal.SIGKILL)
    child.wait()
    assert not out.exists()
    done = subprocess.run([*words, "--json"], capture_output=True, check=True)
    tally = json.loads(done.stdout)
    assert tally["resumed"] >= 4000
    assert [row["id"] for row in read(out)] == [str(i) for i in range(30_000)]
