"""The shipped packs: well-formed, exemplified, obeyed, and true to what the facts say of themselves."""

from __future__ import annotations

from datetime import date

import pytest

from amanat import Context, Reader, Rulebook, breaches
from amanat.obedience import disobeyed
from amanat.rulebook import COMMON, load_examples, pack_names
from amanat.rulebook.lint import lint
from amanat.rulebook.load import packs_folder

ALL = (COMMON, *pack_names())


def test_there_are_five_packs() -> None:
    assert pack_names() == ["bd", "in-cg", "pk-federal", "pk-kp", "pk-punjab"]


def test_packs_have_no_fault() -> None:
    assert [str(fault) for fault in lint(packs_folder() / name for name in ALL)] == []


@pytest.mark.parametrize("name", ALL)
def test_clauses_obey_their_examples(name: str, reader: Reader) -> None:
    assert [str(fault) for fault in disobeyed(packs_folder() / name, reader)] == []


@pytest.mark.parametrize("name", pack_names())
def test_every_pack_has_its_instruments_and_a_procedure(name: str, rulebook: Rulebook) -> None:
    pack = rulebook.pack(name)
    kinds = {instrument.kind for instrument in pack.instruments.values()}
    assert {"conduct-rules", "discipline-rules"} <= kinds
    assert kinds & {"guideline", "circular"}
    assert pack.procedures
    assert all(procedure.penalties or procedure.stages for procedure in pack.procedures.values())


def test_the_chhattisgarh_guideline_keeps_its_gap(rulebook: Rulebook) -> None:
    clauses = [c for c in rulebook.pack("in-cg").clauses.values() if c.instrument == "cg17"]
    references = {c.reference.split("(")[0].strip() for c in clauses}
    assert 36 <= len(clauses) <= 42
    assert {"6.4", "6.6"} <= references
    assert not any(reference.startswith("6.5") for reference in references)


def test_a_bangladesh_panel_of_two_is_refused_with_its_clause(rulebook: Rulebook) -> None:
    context = Context("bd", date(2026, 1, 1), account="official")
    (breach,) = breaches({"panel_members": 2}, context, rulebook)
    assert breach.clause.grade == "report"
    for size in (1, 3, 4, 5):
        assert breaches({"panel_members": size}, context, rulebook) == ()
    assert breaches({"panel_members": 6}, context, rulebook)


def test_a_bangladesh_page_that_posts_once_a_week_breaks_its_cadence(rulebook: Rulebook) -> None:
    context = Context("bd", date(2026, 1, 1), account="official")
    assert breaches({"posts_a_week": 1}, context, rulebook)
    assert not breaches({"posts_a_week": 2}, context, rulebook)


def test_no_central_number_enters_the_state_procedure(rulebook: Rulebook) -> None:
    procedure = rulebook.pack("in-cg").procedures["cgcca66"]
    clocks = {
        (stage.id, clock.days, clock.unit) for stage in procedure.stages for clock in stage.clocks if clock.is_applied
    }
    assert ("charges-after-suspension", 45, "calendar-days") in clocks  # read in a judgment that quotes the rule
    # the central rules give 15 days to answer charges or a report and 45 to appeal: none of that binds the State
    assert {
        days for stage, days, _ in clocks if stage in ("charges", "report-served", "minor-notice", "appeal")
    } == set()


def test_the_two_forms_of_a_changed_section_do_not_overlap(rulebook: Rulebook) -> None:
    procedures = rulebook.pack("bd").procedures.values()
    fast = sorted((p.starts, p.ends) for p in procedures if p.starts >= date(2025, 5, 1))
    assert fast[0] == (date(2025, 5, 25), date(2025, 7, 22))
    assert fast[1][0] == date(2025, 7, 23)


@pytest.mark.parametrize("name", ALL)
def test_examples_name_no_clause_twice_for_one_text(name: str) -> None:
    seen = [(e.clause, e.text, e.account, e.duty, e.on) for e in load_examples(packs_folder() / name) if e.text]
    assert len(set(seen)) == len(seen)
