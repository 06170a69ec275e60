"""Disguises are undone, and what is found still points at the words as they were typed."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from amanat import Reader
from amanat.screening.channels import SOUND, Channels
from amanat.screening.folded import Folded
from amanat.screening.phonetic import Sounds, loosened

LOOSE, TIGHT = Sounds({"channel", "police"}, is_loose=True), Sounds(set(), is_loose=False)


def abuse_in(words: Reader, text: str) -> list[str]:
    return [text[e.start : e.end] for topic in words.read(text).topics if topic.id == "abuse" for e in topic.evidence]


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("he is a bastard ok", "bastard"),
        ("he is a b\u200ba\u200bstard ok", "b\u200ba\u200bstard"),
        ("he is a bаstаrd ok", "bаstаrd"),
        ("he is a b4st4rd ok", "b4st4rd"),
        ("he is a b@st@rd! ok", "b@st@rd"),
        ("he is a baaastard ok", "baaastard"),
        ("he is a basssstaaard ok", "basssstaaard"),
        ("he is b a s t a r d ok", "b a s t a r d"),
        ("he is a b a s t a r d ok", "b a s t a r d"),
        ("he is a b.a.s.t.a.r.d ok", "b.a.s.t.a.r.d"),
        ("he is a bas-tard ok", "bas-tard"),
        ("HE IS A BASTARD", "BASTARD"),
    ],
)
def test_a_disguised_insult_is_found_where_it_was_typed(words: Reader, text: str, shown: str) -> None:
    assert any(shown.strip(" ") in found for found in abuse_in(words, text))


@pytest.mark.parametrize(
    "text",
    ["The council of Scunthorpe met.", "We assess every class of bass and grass.", "Cockpit and Dickens, Penistone."],
)
def test_a_word_inside_a_word_is_not_found(words: Reader, text: str) -> None:
    assert words.read(text).topics == ()


def test_a_wide_gap_parts_spaced_out_words() -> None:
    text = "t r a n s f e r   l i s t"
    assert " transfer list " in Channels(Folded(text), LOOSE).haystack


def test_a_web_address_is_not_undisguised() -> None:
    text = "see www.a1b.gov.pk now"
    assert " wwwaibgovpk " not in Channels(Folded(text), LOOSE).haystack


@given(st.text(alphabet=st.sampled_from(list("ab a1@!.हि اک কো-")), max_size=60))
def test_every_word_of_the_haystack_stands_for_words_of_the_text(text: str) -> None:
    folded = Folded(text)
    channels = Channels(folded, LOOSE)
    count = len(folded.spans)
    spaced, *sounds = channels.haystack.split(SOUND)
    if sounds:
        *sounds, undone = sounds
        assert sounds == [LOOSE[word] for word in folded.words]
        spaced += undone
    if not channels.origins:
        assert spaced.split() == folded.words
        return
    assert spaced[1:].split(" ") == [word for word, _, _ in channels.origins]
    for _, first, last in channels.origins:
        assert 0 <= first <= last < count


@pytest.mark.parametrize(
    "spellings",
    [
        ("hukumat", "hakoomat", "hukoomat", "hakumat"),
        ("sarkar", "sorkar", "sarkaar"),
        ("zindabad", "jindabaad", "zindabaad"),
        ("nahi", "nahin", "nahein"),
        ("bhalo", "valo"),
        ("afwah", "afvaah"),
    ],
)
def test_spellings_of_one_romanised_word_have_one_key(spellings: tuple[str, ...]) -> None:
    assert len({LOOSE[word] for word in spellings}) == 1


@pytest.mark.parametrize(("one", "other"), [("kala", "kali"), ("kam", "kaam ho"), ("din", "dana"), ("jal", "jel")])
def test_different_words_keep_different_keys(one: str, other: str) -> None:
    assert LOOSE[one] != LOOSE[other]


def test_a_word_in_another_script_is_its_own_key() -> None:
    assert LOOSE["सरकार"] == "सरकार"


def test_an_english_word_is_not_read_by_sound() -> None:
    assert LOOSE["channel"] == "channel"


@given(st.text("abdeghiknorstuy", max_size=12) | st.sampled_from(["channel", "police", "सरकार", "b4d"]))
def test_the_loose_key_of_a_word_is_known_by_its_tight_one(word: str) -> None:
    tight = Sounds({"channel", "police"}, is_loose=False)[word]
    assert LOOSE[word] in (tight, loosened(tight))


def test_a_word_alone_keeps_the_colour_of_its_vowels() -> None:
    assert LOOSE["sarkar"] == LOOSE["serkir"]
    assert TIGHT["sarkar"] != TIGHT["serkir"]
