"""Scoring: shares with their intervals, counts by topic, mistakes."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from amanat.bulk import Answerer, Defaults
from amanat.errors import BadInput
from amanat.scoring import Counts, Share, check_labels, mistake_line, score, split_of, wilson


@pytest.mark.parametrize(
    ("hits", "total", "low", "high"),
    # Brown, Cai and DasGupta, Statistical Science 16, 2001, give these shapes; values by hand from the formula
    [(0, 10, 0.0, 0.2775), (5, 10, 0.2366, 0.7634), (10, 10, 0.7225, 1.0), (0, 0, 0.0, 1.0)],
)
def test_wilson(hits: int, total: int, low: float, high: float) -> None:
    assert wilson(hits, total) == pytest.approx((low, high), abs=1e-4)


def test_counts() -> None:
    counts = Counts()
    for labelled, found in ((True, True), (True, False), (False, True), (False, False)):
        counts.add(labelled, found)
    data = counts.data()
    assert (data["precision"]["rate"], data["recall"]["rate"], data["f1"]) == (0.5, 0.5, 0.5)
    assert Counts().data()["f1"] is None
    assert Share().data()["rate"] is None


def test_score_by_language_with_mistakes() -> None:
    answerer = Answerer(Defaults(on=date(2026, 1, 1), pack="bd"))
    rows: list[dict[str, Any]] = [
        {"id": "1", "lang": "en", "text": "Good morning", "topics": [], "verdict": "clear"},
        {"id": "2", "lang": "xx", "text": "Good morning", "topics": ["abuse"], "verdict": "stop"},
        {
            "id": "3",
            "lang": "en",
            "kind": "comment",
            "text": "Thank you, well done",
            "topics": [],
            "action": "keep",
            "intent": "praise",
        },
        {"id": "4", "lang": "en", "text": ""},
    ]
    complaints: list[str] = []
    scores, mistakes, broken = score(rows, answerer, complaints.append)
    assert list(scores) == ["all", "en", "other"]
    assert broken == len(complaints) == 1
    assert scores["en"].shares["verdict"].data()["rate"] == 1
    assert scores["en"].shares["keep_hidden"].data()["hits"] == 0
    assert [m.row["id"] for m in mistakes] == ["2"]
    assert mistake_line(mistakes[0]).startswith("2 [stop→clear] -abuse")


@pytest.mark.parametrize(
    "labels", [{"topics": ["abuze"]}, {"topics": "abuse"}, {"verdict": "halt"}, {"action": ""}, {"intent": None}]
)
def test_labels_that_are_none_of_ours_are_refused(labels: dict[str, Any]) -> None:
    with pytest.raises(BadInput, match="of ours"):
        check_labels(labels)


def test_a_row_without_an_id_is_split_by_its_text() -> None:
    assert {split_of({"text": f"text {n}"}) for n in range(50)} == {"train", "dev", "test"}
