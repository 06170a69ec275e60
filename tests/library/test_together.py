"""Folded together, every text is what it is folded alone; and read together, what it is read alone."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.library.test_bulk import DEFAULTS

from amanat import Reader
from amanat.bulk import Answerer
from amanat.screening import together
from amanat.screening.channels import Channels
from amanat.screening.folded import LONGEST, Folded, fold_each
from amanat.screening.phonetic import Sounds
from amanat.screening.together import fold_together

CORPUS = sorted((Path(__file__).parents[2] / "corpus").glob("*.jsonl"))
SOUNDS = Sounds(set(), is_loose=True)
SIGNS = list("aeiob zmA.-@1!$'’…?\n\t\r\x00\x1f\x85\u3000\u200b\u200d\u0301\ud800½ﷺ𠀀𝓐😀ßæ")
URDU, HINDI, BENGALI = list("حکومت ۓآئـ۳ِ۔"), list("सरकार क़ज़़ँ३।ो"), list("সরকার ৎোঁ৩ড়ড়়")
MIXED_UP = st.text(st.sampled_from([*SIGNS, *URDU, *HINDI, *BENGALI]), max_size=40)
WORDS = st.sampled_from(
    ["b@st@rd", "b a s t a r d", "b.a.s.t.a.r.d", "haraaamzada", "h a r a m i", "वोट दो", "বাটপাড়", "غدار", "w" * 41,
     "government has failed", "transfer list", "35202-1234567-1", "vote for", "the party", "", "ok", "½", "क ख ग घ"]
)  # fmt: skip
SENTENCES = st.lists(WORDS | MIXED_UP, max_size=6).map(" ".join)
TEXTS = st.lists(SENTENCES | MIXED_UP | st.text(max_size=30), min_size=8, max_size=20)


def facts(folded: Folded) -> tuple[object, ...]:
    return folded.text, folded.words, folded.plain, folded.letters, list(folded.spans.starts), list(folded.spans.ends)


@given(TEXTS)
@settings(deadline=None)
def test_texts_folded_together_are_those_folded_alone(texts: list[str]) -> None:
    assert list(map(facts, fold_together(texts))) == list(map(facts, fold_each(texts)))


@given(TEXTS)
@settings(deadline=None)
def test_whatever_hides_in_a_text_is_looked_for(texts: list[str]) -> None:
    for one, alone in zip(fold_together(texts), fold_each(texts), strict=True):
        assert Channels(one, SOUNDS).haystack == Channels(alone, SOUNDS).haystack
        assert one.may_be_long or max(map(len, one.words), default=0) <= LONGEST


def test_most_texts_hide_nothing() -> None:
    texts = [
        json.loads(line)["text"] for file in CORPUS for line in file.read_text(encoding="utf-8").splitlines()[::50]
    ]
    folded = fold_together(texts)
    assert sum(one.may_hide for one in folded) < len(texts) / 5
    assert not any(one.may_be_long for one in folded)
    assert list(map(facts, folded)) == list(map(facts, fold_each(texts)))


@given(TEXTS)
@settings(deadline=None, max_examples=40)
def test_texts_read_together_are_read_as_alone(reader: Reader, texts: list[str]) -> None:
    assert reader.read_many(texts) == [reader.read(text) for text in texts]


@pytest.fixture(scope="module")
def answerer() -> Answerer:
    return Answerer(DEFAULTS)


@given(TEXTS, st.sampled_from(["draft", "comment"]))
@settings(deadline=None, max_examples=30)
def test_rows_answered_together_are_answered_as_alone(answerer: Answerer, texts: list[str], kind: str) -> None:
    rows = [{"id": number, "kind": kind, "text": text} for number, text in enumerate(texts)]
    assert [one.row() for one in answerer.answers(rows)] == [answerer.answer(row) for row in rows]


def test_letters_met_by_many_at_once_are_learnt_once(monkeypatch: pytest.MonkeyPatch) -> None:
    batches = [[chr(first + code) * 2 for code in range(200)] for first in (0x20, 0x600, 0x900, 0x980, 0x1E00, 0x600)]
    monkeypatch.setattr(together, "_LETTERS", together._Letters())
    with ThreadPoolExecutor(6) as threads:
        for texts, folded in zip(batches, threads.map(fold_together, batches), strict=True):
            assert list(map(facts, folded)) == list(map(facts, fold_each(texts)))
