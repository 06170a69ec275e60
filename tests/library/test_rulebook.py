"""Reading packs: every fault is named with file, key and cure; editions hold what was in force."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from amanat.errors import Fault, PackBroken, UnknownName
from amanat.rulebook import Clock, Limit, Rulebook, in_words, load_pack, load_rulebook
from amanat.rulebook.lint import lint
from amanat.rulebook.load import load_examples

INSTRUMENTS = """
[pack]
id = "p"
name = { en = "P" }
official = ["en"]
scope = { en = "all" }
[[instrument]]
id = "r1"
kind = "act"
title = { en = "Rules" }
from = 2020-01-01
grade = "text"
sources = ["S1"]
[source.S1]
title = "A source"
"""
CLAUSES = """
[[clause]]
id = "r1-leaks"
reference = "rule 1"
instrument = "r1"
subject = "post"
modality = "forbid"
topics = ["abuse"]
grade = "text"
sources = ["S1"]
level = "care"
[clause.gist]
en = "gist"
[clause.instead]
en = "instead"
[clause.limits.panel_members]
one_of = [1, 3]
"""
PROCEDURE = """
[[procedure]]
id = "r1"
instrument = "r1"
name = { en = "P" }
[[procedure.stage]]
id = "start"
name = { en = "Start" }
gist = { en = "starts" }
next = ["end"]
grade = "text"
sources = ["S1"]
[[procedure.stage.clock]]
act = { en = "reply" }
days = 7
unit = "calendar-days"
starts = { en = "receipt" }
grade = "report"
sources = ["S1"]
[[procedure.stage]]
id = "end"
name = { en = "End" }
gist = { en = "ends" }
next = []
grade = "text"
sources = ["S1"]
[[procedure.penalty]]
id = "censure"
weight = "minor"
name = { en = "Censure" }
grade = "text"
sources = ["S1"]
"""
EXAMPLES = """
[[example]]
clause = "r1-leaks"
lang = "en"
triggers = true
facts = { panel_members = 2 }
[[example]]
clause = "r1-leaks"
lang = "en"
triggers = false
text = "fine"
"""


def write(folder: Path, **changes: tuple[str, str]) -> Path:
    """A good pack at `folder`/p with text replaced: name=(old, new)."""
    home = folder / "p"
    home.mkdir()
    files = {"instruments": INSTRUMENTS, "clauses": CLAUSES, "procedure": PROCEDURE, "examples": EXAMPLES}
    for name, text in files.items():
        old, new = changes.get(name, ("", ""))
        assert old in text
        (home / f"{name}.toml").write_text(text.replace(old, new) if old else text, encoding="utf-8")
    return home


def faults(folder: Path, **changes: tuple[str, str]) -> list[Fault]:
    return lint([write(folder, **changes)])


def test_a_good_pack_has_no_fault(tmp_path: Path) -> None:
    home = write(tmp_path)
    assert lint([home]) == []
    pack = load_pack(home)
    assert pack.clauses["r1-leaks"].level == {"official": "care", "personal": "care", "group": "care"}
    assert pack.procedures["r1"].stages[0].clocks[0].is_applied
    assert pack.languages == ("en",)


@pytest.mark.parametrize(
    ("file", "old", "new", "key", "cure"),
    [
        ("instruments", 'id = "p"', 'id = "q"', "pack.id", "same name"),
        ("instruments", 'name = { en = "P" }', "name = {}", "pack.name.en", "Write the text"),
        ("instruments", 'official = ["en"]', 'official = ["fr"]', "pack.official", "Known: en"),
        ("instruments", 'kind = "act"', 'kind = "poem"', "instrument[r1].kind", "Known: conduct-rules"),
        ("instruments", "from = 2020-01-01", 'from = "2020"', "instrument[r1].from", "without quotes"),
        ("instruments", "from = 2020-01-01", "", "instrument[r1].from", "Add from"),
        ("instruments", 'title = "A source"', 'titel = "A source"', "source.S1.titel", "Remove it"),
        ("clauses", 'instrument = "r1"', 'instrument = "r2"', "clause[r1-leaks].instrument", "Known: r1"),
        ("clauses", '["abuse"]', '["rudeness"]', "clause[r1-leaks].topics", "Known: official-information"),
        ("clauses", '["abuse"]', '["abuse", "abuse"]', "clause[r1-leaks].topics", "Name each once"),
        ("clauses", '["abuse"]', "[1]", "clause[r1-leaks].topics", "Put it in quotes"),
        ("clauses", 'level = "care"', 'level = { group = "never" }', "clause[r1-leaks].level.group", "Known: clear"),
        ("clauses", 'level = "care"', "level = 3", "clause[r1-leaks].level", "Write level"),
        ("clauses", "one_of = [1, 3]", "", "clause[r1-leaks].limits.panel_members", "Give one_of"),
        ("clauses", "one_of = [1, 3]", "min = true", "clause[r1-leaks].limits.panel_members.min", "Write min = 7"),
        ("clauses", 'en = "gist"', "en = 3", "clause[r1-leaks].gist.en", "Put it in quotes"),
        ("clauses", 'reference = "rule 1"', 'reference = " "', "clause[r1-leaks].reference", "Write the text"),
        ("clauses", 'id = "r1-leaks"', 'id = "r1-Leaks"', "r1-Leaks", "lower-case ASCII"),
        ("clauses", 'id = "r1-leaks"', 'id = "r2-leaks"', "r2-leaks", "Call it r1-"),
        ("clauses", 'sources = ["S1"]', 'sources = ["S9"]', "clause[r1-leaks].sources", "Add [source.S9]"),
        ("clauses", 'sources = ["S1"]', "sources = []", "clause[r1-leaks].sources", "Cite a source"),
        ("clauses", 'level = "care"', "until = 2019-01-01", "clause[r1-leaks].until", "mend the dates"),
        ("clauses", CLAUSES, CLAUSES + CLAUSES, "clause[r1-leaks].id", "never re-used"),
        ("clauses", CLAUSES, "clause = [3]", "clause", "Write [[clause]]"),
        ("clauses", CLAUSES, "a = 1\na = 2", "(file)", "Mend the line"),
        ("procedure", 'instrument = "r1"', 'instrument = "r2"', "procedure[r1].instrument", "Known: r1"),
        ("procedure", 'next = ["end"]', 'next = ["gone"]', "procedure[r1].next", "Name a stage"),
        ("procedure", 'next = ["end"]', "next = []", "procedure[r1].end", "Name it in `next`"),
        ("procedure", "days = 7", 'days = "7"', "procedure[r1].stage[start].clock[1].days", "Write days = 7"),
        ("examples", 'lang = "en"\ntriggers = true', 'lang = "ur"\ntriggers = true', "r1-leaks", "Add an [[example]]"),
        ("examples", 'clause = "r1-leaks"', 'clause = "r1-gone"', "example[r1-gone]", "Mend the id"),
        ("examples", "triggers = true", "triggers = 1", "example[r1-leaks].triggers", "Write triggers = true"),
    ],
)
def test_every_fault_names_file_key_and_cure(
    tmp_path: Path, file: str, old: str, new: str, key: str, cure: str
) -> None:
    found = faults(tmp_path, **{file: (old, new)})
    assert [f for f in found if f.file == f"p/{file}.toml" and f.key == key and cure in f.cure], [str(f) for f in found]


def test_a_missing_or_garbled_file_is_named(tmp_path: Path) -> None:
    home = write(tmp_path)
    (home / "procedure.toml").unlink()
    (home / "clauses.toml").write_bytes(b"\xff")
    found = lint([home])
    assert {(f.file, f.what) for f in found} == {
        ("p/procedure.toml", "is missing"),
        ("p/clauses.toml", "is not UTF-8 at byte 0"),
    }
    with pytest.raises(PackBroken, match="and 1 more"):
        load_pack(home)


def test_an_id_used_by_two_packs_is_a_fault(tmp_path: Path) -> None:
    home = write(tmp_path)
    assert any("is used in" in f.what for f in lint([home, home]))


def test_broken_examples_are_refused(tmp_path: Path) -> None:
    home = write(tmp_path, examples=("triggers = true", ""))
    with pytest.raises(PackBroken, match="triggers"):
        load_examples(home)


def test_unknown_names_are_refused_with_the_nearest_one(rulebook: Rulebook) -> None:
    with pytest.raises(UnknownName, match="Did you mean 'pk-federal'"):
        load_rulebook("pk-federl")
    with pytest.raises(UnknownName, match="Known"):
        rulebook.pack("atlantis")
    with pytest.raises(UnknownName, match="clause"):
        rulebook.clause("nothing-like-it")


def test_only_the_packs_asked_for_are_loaded() -> None:
    assert set(load_rulebook("bd").packs) == {"common", "bd"}


def test_an_edition_holds_what_was_in_force(tmp_path: Path) -> None:
    rules = Rulebook([load_pack(write(tmp_path, clauses=('level = "care"', "until = 2021-12-31")))])
    assert [c.id for c in rules.on(date(2021, 12, 31)).clauses("p")] == ["r1-leaks"]
    assert rules.on(date(2022, 1, 1)).clauses("p") == ()
    assert rules.on(date(2021, 1, 1)) is rules.on(date(2021, 1, 1))
    assert [x.fact for _, x in rules.on(date(2021, 1, 1)).limiting("p", "panel_members")] == ["panel_members"]
    assert [p.id for p in rules.on(date(2021, 1, 1)).procedures("p")] == ["r1"]
    assert rules.on(date(2019, 1, 1)).procedures("p") == ()


@pytest.mark.parametrize(
    ("limit", "value", "allowed"),
    [
        (Limit("f", one_of=(1, 3)), 2, False),
        (Limit("f", one_of=(1, 3)), 3, True),
        (Limit("f", least=2), 1, False),
        (Limit("f", most=2), 3, False),
        (Limit("f", least=2, most=4), 3, True),
        (Limit("f", holds=True), False, False),
        (Limit("f", holds=False), False, True),
    ],
)
def test_limits(limit: Limit, value: int, allowed: bool) -> None:
    assert limit.allows(value) is allowed


def test_an_unverified_clock_never_counts_down() -> None:
    def clock(days: int | None, grade: str) -> Clock:
        return Clock({}, "calendar-days", {}, grade, (), days=days)

    assert clock(7, "text").is_applied
    assert clock(7, "report").is_applied
    assert not clock(7, "unverified").is_applied
    assert not clock(None, "text").is_applied


def test_words_fall_back_to_english_then_to_any() -> None:
    assert in_words({"en": "a", "ur": "b"}, "ur") == ("ur", "b")
    assert in_words({"en": "a", "ur": "b"}, "hi") == ("en", "a")
    assert in_words({"ur": "b"}, "hi") == ("ur", "b")
    assert in_words({}, "hi") == ("", "")


def test_editions_are_not_kept_without_end(rulebook: Rulebook) -> None:
    for number in range(1000):
        rulebook.on(date.fromordinal(700_000 + number))
    assert len(rulebook._editions) <= 400


def test_what_an_edition_remembers_is_bounded_and_changes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("amanat.rulebook.model._MOST", 3)
    edition = load_rulebook().on(date(2026, 1, 15))
    for number in range(10):
        assert edition.remembered(number, lambda: number + 1) == number + 1  # noqa: B023
        assert edition.remembered(number, lambda: 0) == number + 1
        assert len(edition._remembered) <= 3
