"""Who decides on permission, whom rules reach beyond their own offices, what silence means: as packs say."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from tests.library.test_rulebook import write

from amanat.errors import PackBroken
from amanat.rulebook import Decider, Rulebook, load_pack
from amanat.rulebook.model import ACTS, Reach

DAY = date(2026, 6, 30)
HEAD = """
[[procedure]]
id = "r1"
"""
GOOD = """
[[decider]]
id = "head"
clause = "r1-leaks"
roles = ["head"]
kinds = ["department"]
name = { en = "the head" }
"""


def test_an_officer_of_an_all_pakistan_service_in_a_province(rulebook: Rulebook) -> None:
    edition = rulebook.on(DAY)
    for province in ("pk-punjab", "pk-kp"):
        assert edition.binding(province, "pas") == "pk-federal"
        assert edition.binding(province, "pms") == province
        found = edition.decider("pk-federal", "media", ["pkom24-permission"], "pas", province)
        assert found
        assert (found.id, found.packs) == ("provincial-government", ("pk-punjab", "pk-kp"))
    at_the_centre = edition.decider("pk-federal", "media", ["pkom24-permission"], "pas", "pk-federal")
    assert at_the_centre
    assert at_the_centre.id == "government"


@pytest.mark.parametrize(
    ("pack", "act", "service", "expected"),
    [
        ("pk-kp", "publicity", "", "publicity"),
        ("pk-kp", "media", "", "government"),
        ("pk-punjab", "publication", "health", "government"),
        ("bd", "media", "", "head-of-department"),
        ("in-cg", "advice", "", "in-doubt"),
        ("in-cg", "advice", "all-india", "in-doubt"),
        ("in-cg", "media", "all-india", "all-india-services"),
        ("in-cg", "media", "", "state-government"),
    ],
)
def test_the_first_decider_that_fits(rulebook: Rulebook, pack: str, act: str, service: str, expected: str) -> None:
    found = rulebook.on(DAY).decider(pack, act, (), service, pack)
    assert found
    assert found.id == expected


def test_a_decider_for_some_clauses_alone(rulebook: Rulebook) -> None:
    edition = rulebook.on(DAY)
    asked = {"board": ["pkfbr26-unapproved-use"], "government": ["pkom24-permission"]}
    for expected, clauses in asked.items():
        found = edition.decider("pk-federal", "media", clauses, "customs", "pk-federal")
        assert found
        assert found.id == expected


def test_nobody_is_named_before_the_clause_is_in_force(rulebook: Rulebook) -> None:
    assert rulebook.on(date(1950, 1, 1)).decider("pk-kp", "media", (), "", "pk-kp") is None
    assert rulebook.on(date(1950, 1, 1)).binding("pk-kp", "pas") == "pk-kp"
    assert rulebook.on(date(1950, 1, 1)).silence("pk-federal", "work") is None


def test_every_pack_for_people_names_who_decides_on_everything(rulebook: Rulebook) -> None:
    for pack in rulebook.packs.values():
        for act in ACTS if pack.country else ():
            assert rulebook.on(DAY).decider(pack.id, act, (), "", pack.id), (pack.id, act)


def test_silence_is_known_where_a_clause_fixes_a_period(rulebook: Rulebook) -> None:
    found = rulebook.on(DAY).silence("pk-federal", "work")
    assert found
    clause, limit = found
    assert (clause.id, clause.grade) == ("pkcr64-silence-is-sanction", "unverified")
    assert (limit.most, limit.unit) == (3, "months")
    assert rulebook.on(DAY).silence("pk-federal", "media") is None
    assert rulebook.on(DAY).silence("bd", "work") is None


def test_a_reach_is_for_its_own_packs_and_services(rulebook: Rulebook) -> None:
    federal = rulebook.packs["pk-federal"]
    assert federal.reaches == (Reach("pkcr64-scope", ("pas",), ("pk-punjab", "pk-kp")),)
    without = Rulebook([replace(federal, reaches=()), rulebook.packs["pk-kp"]])
    assert without.on(DAY).binding("pk-kp", "pas") == "pk-kp"


def test_rows_are_read(tmp_path: Path) -> None:
    more = '[[silence]]\nclause = "r1-leaks"\nfact = "days"\nacts = ["work"]\n'
    limits = ("one_of = [1, 3]", "one_of = [1, 3]\n[clause.limits.days]\nmax = 7\n")
    pack = load_pack(write(tmp_path, procedure=(HEAD, GOOD + more + HEAD), clauses=limits))
    assert pack.deciders["head"] == Decider("head", "r1-leaks", {"en": "the head"}, ("head",), ("department",))
    assert pack.silences[0].acts == ("work",)


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        (GOOD.replace("r1-leaks", "r1-lost"), "names 'r1-lost', which this pack does not have"),
        (GOOD.replace('["head"]', '["minister"]'), "holds unknown 'minister'"),
        (GOOD.replace('["department"]', '["palace"]'), "holds unknown 'palace'"),
        (GOOD + 'acts = ["dance"]\n', "holds unknown 'dance'"),
        (GOOD + 'clauses = ["r1-lost"]\n', "holds unknown 'r1-lost'"),
        (GOOD.replace('clause = "r1-leaks"\n', ""), "is missing"),
        ('[[silence]]\nclause = "r1-leaks"\nfact = "days"\nacts = ["work"]\n', "is no period that 'r1-leaks' fixes"),
        ('[[silence]]\nclause = "r1-lost"\nfact = "days"\nacts = ["work"]\n', "names 'r1-lost'"),
        ('[[reach]]\nclause = "r1-leaks"\nservices = ["pas"]\npacks = ["q"]\nfor = 1\n', "is not a key of this table"),
    ],
)
def test_what_is_wrong_is_told(tmp_path: Path, rows: str, said: str) -> None:
    with pytest.raises(PackBroken) as broken:
        load_pack(write(tmp_path, procedure=(HEAD, rows + HEAD)))
    assert any(said in str(fault) for fault in broken.value.faults)
