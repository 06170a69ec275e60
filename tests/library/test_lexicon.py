"""Word lists and patterns: every fault is named with file, line and cure; the shipped ones keep to their rules."""

from __future__ import annotations

from pathlib import Path

import pytest

from amanat import Reader
from amanat.errors import LexiconBroken
from amanat.screening.lexicon import data_folder, read_terms
from amanat.screening.patterns import read_patterns

ENTITIES = read_patterns(data_folder()).entities


def write(folder: Path, name: str, content: str | bytes) -> Path:
    file = folder / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(content.encode() if isinstance(content, str) else content)
    return folder


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("lexicon/rudeness/en.txt", "a\n", "is not a topic"),
        ("lexicon/abuse/fr.txt", "a\n", "Call it <lang>.txt"),
        ("lexicon/abuse/en.text", "a\n", "Call it <lang>.txt"),
        ("lexicon/abuse/en.txt", b"\xff\n", "not UTF-8"),
        ("lexicon/abuse/en.txt", "b\na\n", "line 2: is out of order"),
        ("lexicon/abuse/en.txt", "a\na\n", "line 2: stands twice"),
        ("lexicon/abuse/en.txt", "!!\n", "line 1: holds no word"),
        ("patterns.toml", "rule = [", "is not TOML"),
        ("patterns.toml", b"\xff", "is not TOML in UTF-8"),
        ("patterns.toml", '[[rule]]\nid = "x"', "topic: is missing"),
        ("patterns.toml", '[topic.abuse]\nlowered = ["x"]', "is not a key"),
        ("patterns.toml", "rule = 3", "wrong type"),
        (
            "patterns.toml",
            "[[pattern]]\nid = 'x'\nregex = '('\ngate = ['a']\ntopic = 'abuse'\nwhy = 'w'",
            "is not an RE2 pattern",
        ),
        (
            "patterns.toml",
            "[[pattern]]\nid = 'x'\nregex = 'a(?=b)'\ngate = ['a']\ntopic = 'abuse'\nwhy = 'w'",
            "is not an RE2 pattern",
        ),
        ("patterns.toml", "[[pattern]]\nid = 'x'\nregex = 'a'\ngate = []\ntopic = 'abuse'\nwhy = 'w'", "Name words"),
        ("patterns.toml", "[[pattern]]\nid = 'x'\nregex = 'a'\ngate = ['a']\nwhy = 'w'", "either topic or class"),
    ],
)
def test_a_fault_in_an_offices_own_lists_is_named(tmp_path: Path, name: str, content: str | bytes, says: str) -> None:
    with pytest.raises(LexiconBroken, match=r"patterns\.toml|lexicon/") as broken:
        Reader(write(tmp_path, name, content))
    assert any(says in str(fault) for fault in broken.value.faults), broken.value.faults


def test_an_empty_folder_adds_nothing(tmp_path: Path) -> None:
    assert read_terms(tmp_path) == []
    assert Reader(tmp_path).read("fine").topics == ()


def test_the_shipped_lists_have_no_fault() -> None:
    assert len(read_terms(data_folder())) > 10_000


def test_every_class_that_a_rule_needs_has_words_in_every_language() -> None:
    book = read_patterns(data_folder())
    have = {(term.name, term.lang) for term in read_terms(data_folder())}
    found_by_pattern = {pattern.names for pattern in book.patterns}
    needed = {name for rule in book.rules for need in rule.needs for name in need} - found_by_pattern
    langs = {lang for _, lang in have}
    assert [(name, lang) for name in sorted(needed) for lang in sorted(langs) if (name, lang) not in have] == []


def test_what_lowers_or_spares_is_a_class_that_exists() -> None:
    book = read_patterns(data_folder())
    have = {term.name for term in read_terms(data_folder())}
    named = {
        name for policy in book.topics.values() for name in (*policy.lowered_by, *policy.stands_with, *policy.spares)
    }
    named |= {signal.by for signal in book.signals} | {name for rule in book.rules for name in rule.unless}
    assert named | set(ENTITIES) <= have


def test_no_name_of_a_party_leader_or_community_stands_in_a_phrase_that_carries_a_topic() -> None:
    terms = read_terms(data_folder())
    # of the same language: pathan is a people in one and "send" in another
    names = {
        (t.lang, t.words)
        for t in terms
        if t.name in ("party", "leader", "community") and not t.takes_ending and len(t.words) > 5
    }
    inside = sorted(
        f"{t.name}/{t.lang}: {t.words}"
        for t in terms
        if t.is_topic and any((t.lang, " ".join(part)) in names for part in _parts(t.words.split(" ")))
    )
    assert inside == []


def _parts(words: list[str]) -> list[list[str]]:
    return [words[i:j] for i in range(len(words)) for j in range(i + 1, len(words) + 1)]


def test_an_offices_pattern_may_yield_a_class(tmp_path: Path) -> None:
    write(
        tmp_path,
        "patterns.toml",
        "[[pattern]]\nid = 'ours'\nregex = 'ZQ-[0-9]+'\ngate = ['zq*']\nclass = 'file-number'\nwhy = 'w'\npercent = 80",
    )
    assert "official-information" in Reader(tmp_path).read("ZQ-42 is strictly confidential")


def test_a_hostile_pattern_costs_no_more_than_any_other(tmp_path: Path) -> None:
    write(
        tmp_path,
        "patterns.toml",
        "[[pattern]]\nid = 'bomb'\nregex = '(a+)+$'\ngate = ['boom']\ntopic = 'abuse'\nwhy = 'w'",
    )
    assert "abuse" not in Reader(tmp_path).read("boom " + "a" * 5000 + "!")
