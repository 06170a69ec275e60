"""The command: what a person types, sees and gets as exit status."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

DRAFT = "Sharing the draft transfer list before it is notified."


def amanat(*words: str, stdin: bytes = b"", env: dict[str, str] | None = None) -> tuple[int, str, str]:
    done = subprocess.run(
        [sys.executable, "-m", "amanat", *words],
        input=stdin,
        capture_output=True,
        check=False,
        env={**os.environ, **(env or {})},
    )
    return done.returncode, done.stdout.decode(), done.stderr.decode()


def test_check_shows_level_evidence_and_clause() -> None:
    status, out, err = amanat("check", DRAFT, "--pack", "pk-federal", "--date", "2026-01-15", "--lang", "ur")
    assert (status, err) == (1, "")
    assert DRAFT in out
    assert "pkcr64-leaks" in out
    assert "\x1b[" not in out  # plain when piped


def test_check_as_json_follows_the_schema() -> None:
    status, out, _ = amanat(
        "check", DRAFT, "--pack", "pk-federal", "--date", "2026-01-15", "--json", "--fail-on", "stop"
    )
    data = json.loads(out)
    assert status == 1
    assert data["schema"] == "amanat/1"
    assert data["level"] == "stop"
    topic = data["topics"][0]
    assert topic["id"] == "official-information"
    assert 0.5 <= topic["probability"] <= 1
    assert all(0 <= e["start"] < e["end"] <= len(DRAFT) for e in topic["evidence"])
    finding = data["findings"][0]
    assert {"clause", "grade", "from", "until", "gist", "instead", "exceptions", "level"} <= finding.keys()
    assert set(finding["gist"]) == {"en", "ur"}


def test_quiet_prints_only_the_answer() -> None:
    assert amanat("check", "Good morning", "--pack", "bd", "-q") == (0, "clear\n", "")
    assert amanat("comment", "No water for three months!", "-q") == (0, "keep\n", "")


@pytest.mark.parametrize(("fail_on", "status"), [("care", 1), ("ask", 1), ("stop", 0)])
def test_fail_on_sets_the_exit_status(fail_on: str, status: int) -> None:
    words = ("check", "Watch my interview on the news channel tonight.", "--pack", "pk-federal", "-q")
    assert amanat(*words, "--fail-on", fail_on)[:2] == (status, "ask\n")


def test_text_comes_from_a_file_or_standard_input(tmp_path: Path) -> None:
    file = tmp_path / "draft.txt"
    file.write_text(DRAFT, encoding="utf-8-sig")
    assert amanat("check", str(file), "--pack", "pk-federal", "-q")[1] == "stop\n"
    assert amanat("check", "-", "--pack", "pk-federal", "-q", stdin=DRAFT.encode())[1] == "stop\n"
    assert amanat("check", "x" * 5000, "--pack", "pk-federal", "-q")[1] == "clear\n"


def test_the_pack_may_come_from_the_environment() -> None:
    assert amanat("check", "Good morning", "-q", env={"AMANAT_PACK": "bd"})[0] == 0


@pytest.mark.parametrize(
    ("words", "stdin", "says"),
    [
        (("check", "a", "--pack", "pk-federl"), b"", "Did you mean 'pk-federal'"),
        (("check", "a"), b"", "Missing option '--pack'"),
        (("check", "", "--pack", "bd"), b"", "there is no text"),
        (("check", "no-such-draft.txt", "--pack", "bd"), b"", "there is no such file"),
        (("check", ".", "--pack", "bd"), b"", "this is a folder"),
        (("check", "a", "--pack", "in-cg", "--service", "navy"), b"", "unknown service 'navy'"),
        (("bulk", "in.jsonl", "out.jsonl", "--service", "polise"), b"", "Did you mean 'police'"),
        (("check", "-", "--pack", "bd"), b"\xff\xfe", "not UTF-8 at byte 0"),
        (("check", "-", "--pack", "bd"), b"a" * 1_000_001, "too large"),
        (("check", "a", "--pack", "bd", "--date", "31-01-2026"), b"", "Write it as 2026-01-31"),
        (("check", "a", "--pack", "bd", "--account", "mine"), b"", "'mine' is not one of"),
        (("rules", "bd", "no-such-clause"), b"", "unknown clause"),
        (("packs", "lint", "atlantis"), b"", "unknown pack"),
        (("bulk", "missing.jsonl", "out.jsonl"), b"", "no such file"),
        (("bulk", "missing.csv", "out.csv"), b"", ".jsonl or .parquet"),
        (("frobnicate",), b"", "No such command"),
    ],
)
def test_bad_input_is_one_clear_line(words: tuple[str, ...], stdin: bytes, says: str) -> None:
    status, out, err = amanat(*words, stdin=stdin)
    assert (status, out) == (2, "")
    assert err.startswith("amanat: ")
    assert err.count("\n") == 1
    assert says in err


def test_bytes_that_are_no_text_in_an_argument_are_refused() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "amanat", "check", b"\xff", "--pack", "bd"], capture_output=True, check=False
    )
    assert done.returncode == 2
    assert b"not UTF-8" in done.stderr


@pytest.mark.parametrize("command", ["check", "comment", "rules", "eval", "bulk", "samples"])
def test_every_command_helps_with_an_example(command: str) -> None:
    status, out, _ = amanat(command, "--help")
    assert status == 0
    assert "Example:" in out
    assert "--json" in out
    assert "--quiet" in out


def test_comment_shows_action_and_intent() -> None:
    status, out, _ = amanat("comment", "I will kill you if you come to our street again.")
    assert status == 1
    assert "Propose hiding" in out
    assert "Intent" in out
    data = json.loads(amanat("comment", "Which documents are needed?", "--json")[1])
    assert (data["kind"], data["action"], data["intent"]) == ("comment", "keep", "question")


def test_what_was_lowered_is_shown_with_its_reason() -> None:
    assert "it is quoted" in amanat("comment", 'He wrote "you bastard" to the clerk.')[1]


def test_rules_lists_packs_clauses_and_one_clause() -> None:
    assert "pk-kp" in amanat("rules", "-q")[1].split()
    assert "in-cg" in amanat("rules")[1]
    assert {row["pack"] for row in json.loads(amanat("rules", "--json")[1])} >= {"bd", "in-cg"}
    now = amanat("rules", "bd", "-q", "--date", "2026-01-01")[1].split()
    ever = amanat("rules", "bd", "-q", "--date", "all")[1].split()
    assert set(now) < set(ever)
    assert now[0] in amanat("rules", "bd", now[0], "--lang", "bn")[1]
    assert json.loads(amanat("rules", "bd", now[0], "--json")[1])[0]["clause"] == now[0]


def test_packs_lint_names_file_key_and_cure(tmp_path: Path) -> None:
    home = tmp_path / "mine"
    home.mkdir()
    status, out, err = amanat("packs", "lint", str(home))
    assert status == 1
    assert "mine/clauses.toml: (file): is missing" in out
    assert "4 faults" in err or "3 faults" in err
    assert json.loads(amanat("packs", "lint", str(home), "--json")[1])[0]["cure"]
    assert amanat("packs", "lint", "common", "--examples", "-q") == (0, "", "")


def test_eval_reports_figures_and_names_broken_lines(tmp_path: Path) -> None:
    file = tmp_path / "labelled.jsonl"
    rows = [
        {
            "id": "1",
            "lang": "en",
            "kind": "draft",
            "pack": "bd",
            "text": "Good morning",
            "topics": [],
            "verdict": "clear",
        },
        {
            "id": "2",
            "lang": "en",
            "kind": "comment",
            "text": "Fine",
            "topics": ["abuse"],
            "action": "hide",
            "intent": "other",
        },
    ]
    file.write_text("".join(json.dumps(row) + "\n" for row in rows) + "{broken\n" + '{"id": "3"}\n')
    status, out, err = amanat("eval", str(file), "--json")
    data = json.loads(out)
    assert status == 2
    assert data["broken"] == 2
    assert "line 3: not JSON" in err
    assert data["scores"]["en"]["verdict"]["rate"] == 1
    assert data["scores"]["all"]["topics"]["abuse"]["recall"]["n"] == 1
    shown = amanat("eval", str(file), "--mistakes")[1]
    assert "-abuse" in shown
    assert "micro" not in amanat("eval", str(file), "-q")[1]


def test_samples_answer_a_dozen_drafts_in_seven_language_forms() -> None:
    rows = json.loads(amanat("samples", "--json")[1])
    assert len(rows) == 12
    assert {row["lang"] for row in rows} == {"en", "ur", "ur-Latn", "hi", "hi-Latn", "bn", "bn-Latn"}
    assert amanat("samples", "-q")[1].count("\n") == 12
    assert "Stop" in amanat("samples")[1]


def test_without_words_it_shows_its_help() -> None:
    status, out, _ = amanat()
    assert status == 2
    assert "Commands:" in out


def test_a_reader_that_goes_away_is_no_fault() -> None:
    done = subprocess.run(
        f"{sys.executable} -m amanat rules bd --date all | head -1", shell=True, capture_output=True, check=True
    )
    assert done.stderr == b""


def test_bulk_reports_what_it_did(tmp_path: Path) -> None:
    source = tmp_path / "in.jsonl"
    source.write_text('{"id": "1", "text": "Good morning"}\n')
    status, out, _ = amanat("bulk", str(source), str(tmp_path / "out.jsonl"), "--pack", "bd")
    assert status == 0
    assert "1 rows, 0 not usable" in out
    assert amanat("bulk", str(source), str(tmp_path / "out.jsonl"), "--pack", "bd", "-q") == (0, "", "")


def test_a_panel_limit_is_shown_with_its_clause() -> None:
    clauses = json.loads(amanat("rules", "bd", "--json", "--date", "2026-01-01")[1])
    assert [c["limits"]["panel_members"]["one_of"] for c in clauses if "panel_members" in c["limits"]] == [[1, 3, 4, 5]]


def test_words_alone_need_no_model() -> None:
    status, out, _ = amanat("check", DRAFT, "--pack", "bd", "--words-only", "--json")
    assert status == 1
    assert {e["detector"] for t in json.loads(out)["topics"] for e in t["evidence"]} <= {"lexicon", "rule"}
    assert amanat("comment", "Which documents are needed?", "--words-only", "--json")[1].count('"question"') == 1


def test_eval_of_a_part_with_names_swapped_and_words_disguised(tmp_path: Path) -> None:
    file = tmp_path / "labelled.jsonl"
    row = {"id": "1", "lang": "en", "pack": "bd", "text": "Vote for BNP this time!", "split": "test"}
    row |= {"topics": ["partisan-politics"], "verdict": "stop"}  # type: ignore[dict-item]
    file.write_text(json.dumps(row) + "\n" + json.dumps({**row, "id": "2", "split": "train"}) + "\n")
    data = json.loads(amanat("eval", str(file), "--split", "test", "--robust", "--json")[1])
    assert data["scores"]["all"]["verdict"]["n"] == 1
    assert data["swap_changes"]["all"]["n"] >= 1
    assert data["swap_changes"]["all"]["hits"] == 0
    assert set(data["recall_kept"]) == {"zero-width", "look-alikes", "digits", "spacing", "stretching"}
    assert "recall_kept" in amanat("eval", str(file), "--robust")[1]


def test_train_says_what_it_found(tmp_path: Path) -> None:
    lines = Path(__file__).parents[2] / "corpus" / "bn-Latn.jsonl"
    status, _, err = amanat("train", str(tmp_path / "none.jsonl"), "--into", str(tmp_path))
    assert (status, "does not exist" in err) == (2, True)
    status, _, err = amanat("train", str(lines), "--into", str(tmp_path / "model"), "--no-examples")
    # one language form alone leaves heads with one side only: said in one line, nothing half-written
    assert status == 2
    assert "lang-" in err
    assert not (tmp_path / "model").exists()


def test_the_second_reader_is_off_unless_set_up() -> None:
    status, _, err = amanat("check", "Good morning", "--pack", "bd", "--second", env={"AMANAT_SECOND_ADDRESS": ""})
    assert status == 2
    assert "AMANAT_SECOND_ADDRESS" in err
    away = {"AMANAT_SECOND_ADDRESS": "http://127.0.0.1:9/v1", "AMANAT_SECOND_MODEL": "small"}
    assert "did not answer" in amanat("check", "Good morning", "--pack", "bd", "--second", env=away)[1]
    assert "did not answer" in amanat("comment", "Good morning", "--second", "--json", env=away)[1]
