"""What stands between several things in one line, and whose digits are written in whose way."""

from __future__ import annotations

import pytest
from django.template import engines
from django.utils import translation

from amanat.desk.lib.commas import comma, dot, listed
from amanat.desk.registry.models import Channel


@pytest.mark.parametrize(
    ("lang", "commas", "apart"), [("en", "1, b", "1 · b"), ("bn", "1, b", "1 · b"), ("ur", "1، b", "1، b")]
)
def test_things_are_set_apart_as_the_language_does(lang: str, commas: str, apart: str) -> None:
    with translation.override(lang):
        assert listed([1, "b"]) == commas
        page = engines["django"].from_string("1{% comma %}b|1{% dot %}b|{% comma as apart %}{{ two|join:apart }}")
        assert page.render({"two": ["1", "b"]}) == f"{commas}|{apart}|{commas}"
    assert (listed([1, "b"], lang), f"1{comma(lang)}b", f"1{dot(lang)}b") == (commas, commas, apart)


def test_rules_are_read_in_the_reader_s_digits_and_what_a_person_wrote_as_it_is() -> None:
    text = {"ur": "قاعدہ 18", "en": "rule 18"}
    with translation.override("ur"):
        page = engines["django"].from_string("{{ text|words }}{{ text|written }}").render({"text": text})
    assert page == '<span lang="ur" dir="rtl">قاعدہ ۱۸</span><span lang="ur" dir="rtl">قاعدہ 18</span>'


def test_a_channel_s_languages_are_named_in_the_reader_s() -> None:
    with translation.override("ur"):
        assert Channel(languages="en, bn").spoken == "انگریزی، بنگالی"
