"""The trained reader: whole-number sums, exact contributions, names it cannot see, and training that repeats itself."""

from __future__ import annotations

import json
import math
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from amanat import Reader
from amanat.errors import BadInput, Missing
from amanat.screening.classifier import Classifier, all_features
from amanat.screening.document import Document
from amanat.screening.features import pair_features, pair_hash, sign_features, word_features
from amanat.screening.lexicon import data_folder
from amanat.screening.phonetic import Sounds
from amanat.screening.shares import Shares, carrying, shares
from amanat.screening.spotter import Spotter
from amanat.training import card_lines, example_rows, read_lines, tasks, train

CLASSIFIER = Classifier(data_folder() / "model")
SELF = Sounds(set(), is_loose=True)
WORDS = st.lists(
    st.sampled_from(["<party>", "vote", "sarkar", "हमारा", "দেশ", "<number>", "x"]), min_size=1, max_size=12
)


def document(words: list[str]) -> Document:
    return Document(words, SELF, {"failure": [(0, 0)], "?": [], "+threat": [(0, len(words) - 1)]})


@given(st.lists(WORDS, min_size=1, max_size=4))
@settings(deadline=None)
def test_what_words_add_and_the_rest_are_the_logit_exactly(texts: list[list[str]]) -> None:
    scores = CLASSIFIER.read(list(map(document, texts)))
    chances = CLASSIFIER.probabilities(scores)
    asked = [(number, name) for number in range(len(texts)) for name in CLASSIFIER.heads]
    found = shares(CLASSIFIER, scores, asked)
    each = np.split(found.parts, found.counts.cumsum()[:-1])
    for (number, name), parts, unit, rest in zip(asked, each, found.units, found.rests, strict=True):
        head, column = CLASSIFIER.heads[name], CLASSIFIER.columns[name]
        sums = scores.sums[number]
        logit = head.bias + head.scale * int(sums[column]) / math.sqrt(max(int(sums[-1]), 1))
        assert len(parts) == len(texts[number])
        assert parts.sum() * unit + rest == pytest.approx(logit, abs=1e-6)
        chance = 1 / (1 + math.exp(-max(-30, min(30, head.slope * logit + head.shift))))
        assert chances[number, column] == pytest.approx(chance)


PARTS = st.lists(st.integers(-9, 9).map(lambda part: part / 4), min_size=1, max_size=9)


@given(st.lists(PARTS, min_size=1, max_size=5))
@settings(deadline=None)
def test_the_fewest_words_that_carry_a_finding_are_shown(texts: list[list[float]]) -> None:
    counts = np.array(list(map(len, texts)))
    found = carrying(Shares(np.concatenate(texts), counts, np.ones(len(texts)), np.zeros(len(texts))))
    for parts, stretches in zip(texts, found, strict=True):
        shown = {word for first, last in stretches for word in range(first, last + 1)}
        wanted = 0.6 * sum(part for part in parts if part > 0)
        most = sorted(parts, reverse=True)
        fewest = next((n for n in range(1, len(parts) + 1) if sum(most[:n]) >= wanted), 1)
        chosen = sorted(range(len(parts)), key=lambda word: -parts[word])[:fewest]
        assert shown >= set(chosen)
        assert all(set(stretch) <= set(chosen) for stretch in stretches)  # they begin and end with one
        assert all(later[0] - earlier[1] > 2 for earlier, later in pairwise(stretches))


@given(st.lists(WORDS | st.just([]), min_size=1, max_size=4))
@settings(deadline=None)
def test_sums_are_those_of_all_features_counted_one_by_one(texts: list[list[str]]) -> None:
    made = [document(words) if words else Document([], SELF, {}) for words in texts]
    table = CLASSIFIER.table
    sums = CLASSIFIER.read(made).sums
    for number, one in enumerate(made):
        expected = np.zeros(table.weights.shape[1], np.int64)
        for feature in all_features(one):
            expected += table.take(np.array([feature]))[0]
        assert (sums[number] == expected).all()


def test_a_class_token_shows_no_letters() -> None:
    _, counts = word_features(["<party>", "party"], ["<party>", "party"])
    assert counts[0] == 1
    assert counts[1] > 10


@given(st.text(min_size=1, max_size=20).filter(lambda word: word[0] != "<"))
def test_features_are_32_bits(word: str) -> None:
    pairs, gaps = pair_features(np.array([pair_hash(word)] * 3))
    for feature in (*word_features([word], ["x"])[0], *pairs, *gaps, *sign_features(["a", word])):
        assert 0 <= feature < 2**32


def test_probabilities_are_probabilities_and_weights_are_small() -> None:
    found = CLASSIFIER.probabilities(CLASSIFIER.read([document(["vote", "now"])]))
    assert ((found >= 0) & (found <= 1)).all()
    assert CLASSIFIER.table.weights.dtype == np.int8
    sizes = [len((data_folder() / "model" / f"{name}.npy").read_bytes()) for name in ("weights", "features")]
    assert sum(sizes) <= 12_000_000


def test_what_the_model_never_met_weighs_nothing() -> None:
    table = CLASSIFIER.table
    known = table.features[[0, 1000, -1]].astype(np.int64)
    assert table.rows(known).tolist() == [0, 1000, len(table.features) - 1]
    strangers = np.setdiff1d(np.arange(2**32 - 50, 2**32), table.features)
    assert not table.take(strangers).any()


def test_many_different_words_do_not_grow_the_memory_without_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("amanat.screening.remembered._MOST", 10)
    small = Classifier(data_folder() / "model")
    for number in range(50):
        small.read([Document([f"w{number}"], SELF, {})])
        assert len(small._remembered) <= 10


def test_a_reader_without_weights_says_how_to_get_them(tmp_path: Path) -> None:
    with pytest.raises(Missing, match="amanat train"):
        Classifier(tmp_path).read([document(["a"])])


def test_learned_evidence_covers_words_of_the_text(reader: Reader) -> None:
    text = "Nine years of this bus stop project, and only the inauguration plaque arrived on time."
    for topic in reader.read(text).topics:
        for evidence in topic.evidence:
            if evidence.detector == "learned":
                assert text[evidence.start : evidence.end].strip()


@pytest.mark.parametrize(
    ("text", "lang"),
    [
        ("The office opens at nine on Monday", "en"),
        ("دفتر پیر کو نو بجے کھلے گا", "ur"),
        ("कार्यालय सोमवार को नौ बजे खुलेगा", "hi"),
        ("অফিস সোমবার নয়টায় খুলবে", "bn"),
        ("Apnara kal office e asben, form niye asben", "bn-Latn"),
        ("3040", "und"),
    ],
)
def test_the_language_form_is_known(reader: Reader, text: str, lang: str) -> None:
    assert reader.read(text).lang == lang


ROWS: list[dict[str, Any]] = [
    {"id": f"{kind}{i}", "lang": "en", "text": text.format(i), "topics": topics, "action": "keep", "intent": "other",
     "split": split}
    for split in ("train", "dev")
    for i in range(12)
    for kind, text, topics in (
        ("t", "i will surely beat you number {}", ["threat"]),
        ("c", "thank you for the road number {}", []),
        ("m", "watch my talk show on channel {}", ["media-activity"]),
    )
]  # fmt: skip


@pytest.fixture
def filled() -> list[dict[str, Any]]:
    """Rows in which every head has both sides."""
    from amanat.vocabulary import INTENTS, LATIN, TOPICS

    rows: list[dict[str, Any]] = [dict(row) for row in ROWS]
    for split in ("train", "dev"):
        for n in range(6):
            rows += [
                {"id": f"{split}{t}{n}", "lang": LATIN[k % 4], "text": f"word{k} about {t} {n}", "topics": [t],
                 "action": "hide" if k % 2 else "keep", "intent": INTENTS[k % 5], "split": split}
                for k, t in enumerate(TOPICS)
            ]  # fmt: skip
            for topics, source in (([], "ours"), (["threat"], "theirs")):
                rows.append(
                    {"id": f"{split}{source}{n}", "kind": "draft", "verdict": "ask", "topics": topics, "split": split,
                     "text": f"may I show this {source} {n}", "source": source}
                )  # fmt: skip
    return rows


def test_training_twice_gives_the_same_weights(filled: list[dict[str, Any]], tmp_path: Path) -> None:
    for name in ("one", "two"):
        notes = train(filled, tmp_path / name, examples=False)
    assert (tmp_path / "one/weights.npy").read_bytes() == (tmp_path / "two/weights.npy").read_bytes()
    assert (tmp_path / "one/heads.json").read_text() == (tmp_path / "two/heads.json").read_text()
    assert (tmp_path / "one/features.npy").read_bytes() == (tmp_path / "two/features.npy").read_bytes()
    assert len(list(card_lines(notes))) == len(notes["heads"]) + 1 + len(notes["left_out"])


def test_what_is_trained_is_what_is_read(filled: list[dict[str, Any]], tmp_path: Path) -> None:
    train(filled, tmp_path, examples=False)
    trained = Classifier(tmp_path)
    spot = Spotter().spot

    def threat(text: str) -> float:
        scores = trained.read([spot(text).document])
        return float(trained.probabilities(scores)[0, trained.columns["threat"]])

    assert threat("i will surely beat you number 4") > 0.5 > threat("thank you for the road number 4")


def test_lines_labelled_in_part_speak_only_for_their_part() -> None:
    rows: list[dict[str, Any]] = [
        {"id": "1", "text": "a", "label": "abusive"},
        {"id": "2", "text": "b", "sides": {"threat": False}},
    ]
    labels = {task.name: task.labels.tolist() for task in tasks(rows)}
    assert labels["abusive"] == [1, -1]
    assert labels["threat"] == [-1, 0]
    assert labels["any"] == [-1, -1]


def test_the_examples_of_the_packs_are_lessons(spotter: Spotter) -> None:
    rows = example_rows(spotter)
    assert len(rows) > 500
    assert all(row["split"] == "train" for row in rows)


def test_a_broken_line_stops_training(tmp_path: Path) -> None:
    file = tmp_path / "lines.jsonl"
    file.write_text(json.dumps({"id": "1", "text": "a"}) + "\n{")
    with pytest.raises(BadInput, match="line 2"):
        read_lines([file])


def test_a_line_without_text_stops_training(tmp_path: Path) -> None:
    file = tmp_path / "lines.jsonl"
    file.write_text('{"id": "a", "topics": []}\n')
    with pytest.raises(BadInput, match="row 'a': there is no text"):
        read_lines([file])


def test_training_reports_its_way(filled: list[dict[str, Any]], tmp_path: Path) -> None:
    said: list[str] = []
    train(filled, tmp_path, examples=False, report=said.append)
    assert said[0].startswith("reading")
    assert "training abusive" in said


def test_a_source_is_judged_by_what_the_others_taught(filled: list[dict[str, Any]], tmp_path: Path) -> None:
    for row in filled:
        row["source"] = "theirs" if int(row["id"][-1]) % 2 else "ours"
    notes = train(filled, tmp_path, examples=False)
    assert set(notes["left_out"]) == {"ours", "theirs"}
    for figures in notes["left_out"].values():
        assert figures["n"] == sum(row["split"] == "dev" and "topics" in row for row in filled) // 2
        assert 0 <= figures["macro_f1"] <= 1


def test_dev_lines_of_a_set_with_its_own_split_are_not_learnt(filled: list[dict[str, Any]], tmp_path: Path) -> None:
    train(filled, tmp_path / "without", examples=False)
    for row in filled:
        if row["split"] == "dev":
            row["text"] += " otherwise"
    train(filled, tmp_path / "with", examples=False)
    assert (tmp_path / "with/weights.npy").read_bytes() == (tmp_path / "without/weights.npy").read_bytes()


def test_a_head_with_one_side_only_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="both sides"):
        train(ROWS, tmp_path, examples=False)
