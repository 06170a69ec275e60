"""Importing offices: the tree stays a tree, and nobody reaches beyond their own part of it."""

from __future__ import annotations

import pytest

from amanat.desk.audit.models import Event
from amanat.desk.registry.models import Office
from tests.cast import Cast
from tests.desk.registry.sheets import changes_of, faults_of, load, write

HEAD = "code,name,local name,kind,office above,rules,website"


def faults(cast: Cast, *lines: str, who: str = "steward@top") -> list[str]:
    return faults_of(load(cast[who], "offices", "\n".join([HEAD, *lines])))


def test_new_offices_stand_in_the_tree_whatever_the_order(cast: Cast) -> None:
    lines = ["C,Third,,field,B,,", "B,Second,دوم,Directorate,A,bd,https://b.example.org", "A,First,,,ED-LHR,,"]
    kept = load(cast["steward@top"], "offices", "\n".join([HEAD, *lines]))
    assert (faults_of(kept), kept.summary()["counts"]) == ([], {"new": 3, "changed": 0, "same": 0})
    write(kept, cast["steward@top"])
    first, second, third = (Office.objects.get(code=code) for code in "ABC")
    assert first.path == f"{cast.own.path}{first.pk}/"
    assert third.path == f"{cast.own.path}{first.pk}/{second.pk}/{third.pk}/"
    assert (second.kind, second.local_name, second.pack, first.kind) == ("directorate", "دوم", "bd", "department")
    assert Event.objects.get().facts["new"] == 3


def test_an_office_moves_with_all_below_it(cast: Cast) -> None:
    lines = ["ED-LHR,Directorate Lahore,نظامت لاہور,directorate,ED-MUX,,https://lahore.example.gov.pk/"]
    kept = load(cast["steward@top"], "offices", "\n".join([HEAD, *lines]))
    assert changes_of(kept, "changed") == [{"parent": ["ED", "ED-MUX"]}]
    write(kept, cast["steward@top"])
    cast.own.refresh_from_db()
    cast.field.refresh_from_db()
    assert cast.own.path == f"{cast.sister.path}{cast.own.pk}/"
    assert cast.field.path == f"{cast.own.path}{cast.field.pk}/"
    assert cast.own.name == "Directorate Lahore"


def test_columns_left_out_change_nothing(cast: Cast) -> None:
    kept = load(cast["steward@top"], "offices", "Name;Code\nLahore Directorate;ED-LHR\n")
    assert changes_of(kept, "changed") == [{"name": ["Directorate Lahore", "Lahore Directorate"]}]
    write(kept, cast["steward@top"])
    cast.own.refresh_from_db()
    assert (cast.own.name, cast.own.website, cast.own.parent) == (
        "Lahore Directorate", "https://lahore.example.gov.pk/", cast.top,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("line", "fault"),
    [
        (",Name,,,ED,,", "2 code: is empty"),
        ("X,,,,ED,,", "2 name in English: is empty"),
        ("X,Name,,castle,ED,,", "2 kind: is not known: castle"),
        ("X,Name,,,NOPE,,", "2 code of the office above: is no office at or below yours: NOPE"),
        ("X,Name,,,DPE,,", "2 code of the office above: is no office at or below yours: DPE"),
        ("X,Name,,,,,", "2 code of the office above: is empty, but only an office below yours can be entered or moved"),
        ("X,Name,,,X,,", "2 code of the office above: would put the office below itself"),
        ("ED,Education Department,,,ED-LHR-1,,", "2 code of the office above: would put the office below itself"),
        ("X,Name,,,ED,nowhere,", "2 rules: is not known: nowhere"),
        ("X,Name,,,ED,,javascript:alert(1)", "2 website: is no address: javascript:alert(1)"),
        ("DPE,Name,,,ED,,", "2 code: belongs to an office that is not at or below yours"),
        (f"{'X' * 41},Name,,,ED,,", "2 code: is too long: 41 signs"),
        ("ed-lhr,Name,,,ED,,", "2 code: differs from ED-LHR only in small and capital letters"),
    ],
)
def test_faults(cast: Cast, line: str, fault: str) -> None:
    assert faults(cast, line, "ED-LHR,Directorate Lahore,نظامت لاہور,directorate,ED,,") == [fault]


def test_rings_and_doubles_within_the_file(cast: Cast) -> None:
    assert faults(cast, "A,First,,,B,,", "B,Second,,,A,,") == [
        "2 code of the office above: would put the office below itself",
        "3 code of the office above: would put the office below itself",
    ]
    assert faults(cast, "A,First,,,ED,,", "", "A,Again,,,ED,,") == ["4 code: stands in row 2 too"]
    deep = [f"L{i},Level,,,{f'L{i - 1}' if i else 'ED'},," for i in range(14)]
    assert "too deep" in faults(cast, *deep)[0]


def test_a_steward_below_reaches_only_below(cast: Cast) -> None:
    assert faults(cast, "X,Name,,,ED,,", who="steward@own") == [
        "2 code of the office above: is no office at or below yours: ED"
    ]
    assert faults(cast, "ED-MUX,Name,,,ED,,", who="steward@own") != []
    assert faults(cast, "X,Name,,,ED-LHR-1,,", who="steward@own") == []
    same = "ED-LHR,Directorate Lahore,نظامت لاہور,directorate,ED,,https://lahore.example.gov.pk/"
    assert faults(cast, same, who="steward@own") == []


def test_closed_offices_stay_as_they_are(cast: Cast) -> None:
    Office.objects.filter(pk=cast.field.pk).update(state="closed")
    assert faults(cast, "ED-LHR-1,Renamed,,field,ED-LHR,,") == ["2 : The office is closed."]
    assert faults(cast, "ED-LHR-1,Field office Kasur,,field,ED-LHR,,") == []
    assert faults(cast, "X,Name,,,ED-LHR-1,,") == ["2 code of the office above: is a closed office: ED-LHR-1"]
