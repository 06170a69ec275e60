"""Folding: one spelling for what reads the same, and every folded word knows where it stands."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from amanat.screening.fold import Spans, fold

ANY_TEXT = st.text(max_size=200)


@given(ANY_TEXT)
def test_folding_twice_changes_nothing(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@given(ANY_TEXT)
def test_every_word_has_its_place_in_the_original(text: str) -> None:
    spans = Spans(text)
    words = fold(text).split()
    assert len(spans) == len(words)
    for start, end, word in zip(spans.starts, spans.ends, words, strict=True):
        assert 0 <= start < end <= len(text)
        # a character that folds to several words (½, ﷺ) stands for each of them
        assert word in fold(text[start:end]).split()


@given(ANY_TEXT)
def test_words_are_padded_with_single_spaces(text: str) -> None:
    folded = fold(text)
    assert folded.startswith(" ")
    assert folded.endswith(" ")
    assert "  " not in folded


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("bad", "b\u200ba\u200dd"),  # zero-width
        ("bad", "\u202ebad\u202c"),  # bidirectional controls
        ("bad", "bаd"),  # Cyrillic а
        ("bad", "βaδ".replace("β", "b").replace("δ", "d")),
        ("full", "Ｆｕｌｌ"),
        ("hello", "𝓱𝓮𝓵𝓵𝓸"),
        ("cafe", "café"),
        ("dont", "don’t"),
        ("علی", "علي"),
        ("کتاب", "كتاب"),
        ("ہم", "هم"),
        ("آپ", "اپ"),
        ("محکمہ", "مَحکمہ"),
        ("محکمہ", "محـکمہ"),
        ("फोन", "फ़ोन"),
        ("हंस", "हँस"),
        ("क़", "क\u093c"),
        ("চাদ", "চাঁদ"),
        ("কো", "ক\u09c7\u09be"),  # o-kar in one sign and in two
        ("হৎ", "হত্\u200d"),
        ("1234", "۱۲۳۴"),
        ("1234", "१२३४"),
        ("1234", "১২৩৪"),
        ("a b", "a\u00a0\n\tb"),
    ],
)
def test_variants_are_one(one: str, other: str) -> None:
    assert fold(one) == fold(other)


@pytest.mark.parametrize("text", ["", "   ", "!!! — …", "\u200b"])
def test_a_text_without_words_folds_to_a_space(text: str) -> None:
    assert fold(text) == " "
    assert len(Spans(text)) == 0


def test_a_vowel_sign_is_no_word_boundary() -> None:
    assert fold("हिन्दी में") == " हिन्दी में "


def test_a_mark_belongs_to_the_word_it_stands_on() -> None:
    spans = Spans("e\u0301 x")
    assert (spans.starts[0], spans.ends[0]) == (0, 2)


def test_a_place_belongs_to_the_word_before_it() -> None:
    spans = Spans("ab, cd")
    assert [spans.at(place) for place in range(6)] == [0, 0, 0, 0, 1, 1]
