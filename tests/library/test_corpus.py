"""The corpus: labelled as the guide says, one text once, nothing alike across the splits."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from amanat.bulk import Answerer
from amanat.robustness import DISGUISES, recall_kept, swap_changes
from amanat.scoring import split_of
from amanat.screening.fold import fold
from amanat.vocabulary import ACCOUNTS, ACTIONS, INTENTS, LANGS, LEVELS, TOPICS

FOLDER = Path(__file__).parents[2] / "corpus"


@pytest.fixture(scope="module")
def rows() -> list[dict[str, Any]]:
    return [json.loads(line) for lang in LANGS for line in (FOLDER / f"{lang}.jsonl").read_text("utf-8").splitlines()]


def test_every_line_is_labelled_as_the_format_says(rows: list[dict[str, Any]]) -> None:
    for row in rows:
        assert row["lang"] in LANGS, row
        assert set(row["topics"]) <= set(TOPICS), row
        assert not row["near"] or row["near"] in TOPICS, row
        if row["kind"] == "draft":
            assert row["verdict"] in LEVELS, row
            assert row["account"] in ACCOUNTS, row
            assert row["pack"] in ("pk-federal", "pk-punjab", "pk-kp", "bd", "in-cg"), row
            assert row["duty"] in (True, False), row
        else:
            assert row["action"] in ACTIONS, row
            assert row["intent"] in INTENTS, row


def test_ids_are_used_once(rows: list[dict[str, Any]]) -> None:
    assert [id_ for id_, count in Counter(row["id"] for row in rows).items() if count > 1] == []


def test_no_text_stands_twice_and_none_is_nearly_another_of_another_split(rows: list[dict[str, Any]]) -> None:
    texts = Counter(fold(row["text"]) for row in rows)
    assert [text for text, count in texts.items() if count > 1] == []
    seen: dict[str, list[tuple[str, str, frozenset[str]]]] = {}
    alike = []
    for row in rows:
        words = fold(row["text"]).split()
        grams = frozenset(" ".join(words[i : i + 3]) for i in range(len(words) - 2))
        entries = [entry for gram in grams for entry in seen.get(gram, ())]
        counts = Counter(id_ for id_, _, _ in entries)
        for id_, split, others in {entry[0]: entry for entry in entries}.values():
            if split != split_of(row) and len(grams) > 3 and counts[id_] > 0.6 * min(len(grams), len(others)) > 2:
                alike.append((row["id"], id_))
        for gram in grams:
            seen.setdefault(gram, []).append((row["id"], split_of(row), grams))
    assert alike == []


def test_there_are_enough_of_every_topic_in_every_language_form(rows: list[dict[str, Any]]) -> None:
    counts = Counter((row["lang"], topic) for row in rows for topic in row["topics"])
    assert [(lang, topic) for lang in LANGS for topic in TOPICS if counts[lang, topic] < 35] == []
    assert len(rows) >= 7000


def test_many_lines_are_clear_and_much_criticism_is_kept(rows: list[dict[str, Any]]) -> None:
    calm = sum(row.get("verdict") == "clear" or row.get("action") == "keep" for row in rows)
    assert calm / len(rows) >= 0.45
    kept = Counter(
        row["country"]
        for row in rows
        if row["kind"] == "comment"
        and row["action"] == "keep"
        and ({"government-criticism", "institution-criticism"} & set(row["topics"]) or row["intent"] == "complaint")
    )
    assert all(kept[country] >= 500 for country in ("PK", "BD", "IN")), kept


@pytest.fixture(scope="module")
def sample(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [row for row in rows if split_of(row) == "test"][::8]


def test_a_swap_of_names_changes_no_answer(sample: list[dict[str, Any]], answerer: Answerer) -> None:
    changes = swap_changes(sample, answerer)
    assert changes.total > 50
    assert changes.hits == 0


def test_a_disguise_hides_little(sample: list[dict[str, Any]], answerer: Answerer) -> None:
    kept = recall_kept(sample, answerer)
    assert kept.keys() == DISGUISES.keys()
    together = [share.hits for share in kept.values()], [share.total for share in kept.values()]
    assert sum(together[0]) / sum(together[1]) >= 0.9
