"""Who decides: a pure function of the chain, the asker and the rule, and what it comes to for people of the cast."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from amanat.desk.lib.refusals import Refused
from amanat.desk.permits import authority, law
from amanat.desk.permits.actions import asking
from amanat.desk.permits.authority import Station, route
from amanat.desk.permits.models import Act
from amanat.desk.registry.models import Appointment, Office, Person
from amanat.desk.registry.models.offices import Kind
from amanat.desk.rules import engine
from amanat.rulebook import Rulebook
from amanat.rulebook.model import ACTS, DECIDING_ROLES, OFFICE_KINDS, Decider
from tests.cast import Cast
from tests.desk.permits.conftest import Asked, today

ME, YOU, HER = 1, 2, 3


def station(kind: str, pack: str = "", **holders: int) -> Station:
    office = Office(pk=hash((kind, pack)) % 10_000, name=kind, kind=kind)
    return Station(office, pack, {role: frozenset({person}) for role, person in holders.items()})


def rule(**facts: object) -> Decider:
    given = {"roles": ("authority", "head"), "kinds": ("department", "division")}
    return Decider("r", "c", {"en": "it"}, **(given | facts))  # type: ignore[arg-type]


FIELD, DIRECTORATE = station("field", head=YOU), station("directorate", head=YOU, authority=HER)
DEPARTMENT, DIVISION = station("department", head=HER, authority=YOU), station("division", authority=HER)


def test_the_nearest_office_that_the_rule_means() -> None:
    found = route([FIELD, DIRECTORATE, DEPARTMENT, DIVISION], ME, rule())
    assert found
    assert (found.office.kind, found.role, found.passed) == ("department", "authority", ())


def test_the_first_of_its_roles_that_is_held() -> None:
    only_head = station("department", head=HER)
    found = route([FIELD, only_head], ME, rule())
    assert found
    assert found.role == "head"


def test_it_climbs_where_nobody_holds_the_role_and_says_so() -> None:
    empty = station("department")
    found = route([FIELD, empty, DIVISION], ME, rule())
    assert found
    assert (found.office.kind, [office.kind for office in found.passed]) == ("division", ["department"])


def test_nobody_decides_on_their_own_request() -> None:
    found = route([station("department", head=ME), DIVISION], ME, rule())
    assert found
    assert found.office.kind == "division"
    assert route([station("department", head=ME)], ME, rule()) is None


def test_a_chain_without_an_office_of_the_kind_ends_at_the_highest() -> None:
    found = route([FIELD, DIRECTORATE], ME, rule(kinds=("ministry",)))
    assert found
    assert found.office.kind == "directorate"


def test_without_a_rule_it_begins_at_the_own_office() -> None:
    found = route([FIELD, DEPARTMENT], ME, None)
    assert found
    assert (found.office.kind, found.role) == ("field", "head")
    assert route([], ME, None) is None


def test_a_rule_for_a_province_stays_within_it() -> None:
    province, centre = station("department", "pk-punjab"), station("division", "pk-federal", authority=HER)
    inside = rule(packs=("pk-punjab",))
    assert route([province, centre], ME, inside) is None
    held = station("department", "pk-punjab", head=YOU)
    found = route([held, centre], ME, inside)
    assert found
    assert found.office is held.office


def test_the_words_of_packs_are_the_registrys() -> None:
    assert set(OFFICE_KINDS) == set(Kind.values)
    assert set(ACTS) == set(Act.values)
    assert set(DECIDING_ROLES) == {"authority", "head"}


def test_the_department_decides_for_a_directorate(asked: Asked) -> None:
    permit = asked.sent()
    assert (permit.office, permit.role, permit.is_climbed) == (asked.cast.top, "authority", False)
    assert (permit.pack, permit.rule, permit.rests_on) == ("pk-punjab", "government", "pbsm23-leave-for-media")


def test_a_head_where_no_authority_is_entered(asked: Asked) -> None:
    Appointment.objects.filter(office=asked.cast.top, role="authority").delete()
    permit = asked.sent()
    assert (permit.office, permit.role) == (asked.cast.top, "head")


def test_an_officer_of_an_all_pakistan_service_asks_the_province_under_federal_rules(asked: Asked) -> None:
    cast = asked.cast
    division = Office.objects.create(code="FED", name="Federal Division", kind="division", pack="pk-federal")
    Office.objects.filter(pk=cast.top.pk).update(parent=division)
    for office in (cast.top, cast.own):
        office.refresh_from_db()
        office.save()
    Person.objects.filter(pk=cast["officer@own"].pk).update(service="pas")
    permit = asked.sent(clauses=("pkom24-permission",))
    assert (permit.pack, permit.rule) == ("pk-federal", "provincial-government")
    assert (permit.office, permit.role) == (cast.top, "authority")


def test_whom_other_rules_reach_is_asked_by_their_own_office_only_where_it_names_them(db: None) -> None:
    book = engine.shipped()
    assert {one.pack for one in law.asking(book, "pk-federal", "pk-punjab", "pas", today())} == {"pk-federal"}
    punjab = book.packs["pk-punjab"]
    named = replace(punjab.clauses["pbps23-harms"], exceptions=("permit",))
    more = Rulebook([book.packs["pk-federal"], replace(punjab, clauses={**punjab.clauses, named.id: named})])
    offered = law.asking(more, "pk-federal", "pk-punjab", "pas", today())
    assert [one.id for one in offered if one.pack == "pk-punjab"] == ["pbps23-harms"]


@pytest.mark.parametrize(("kind", "expected"), [("directorate", "own"), ("district", "top")])
def test_publicity_in_khyber_pakhtunkhwa(asked: Asked, kind: str, expected: str) -> None:
    cast = asked.cast
    Office.objects.filter(pk=cast.top.pk).update(pack="pk-kp")
    Office.objects.filter(pk=cast.own.pk).update(kind=kind)
    permit = asked.sent(act="publicity", clauses=("kpcr87-publicity-with-approval",))
    assert permit.rests_on == "kpcr87-publicity-with-approval"
    assert (permit.office, permit.role) == (getattr(cast, expected), "head")


def test_the_head_of_department_in_bangladesh(asked: Asked) -> None:
    permit = asked.sent("officer@foreign", clauses=("bdcr79-press",))
    assert (permit.office, permit.role, permit.rests_on) == (asked.cast.foreign, "head", "bdcr79-press")


def test_in_doubt_the_state_government_in_chhattisgarh(asked: Asked) -> None:
    Office.objects.filter(pk=asked.cast.top.pk).update(pack="in-cg")
    permit = asked.question(clauses=("cg17-ask-in-doubt",))
    assert (permit.rule, permit.rests_on) == ("in-doubt", "cg17-ask-in-doubt")
    assert (permit.office, permit.role) == (asked.cast.top, "authority")


def test_where_no_pack_says_the_nearest_decides(asked: Asked) -> None:
    Office.objects.filter(pk=asked.cast.top.pk).update(pack="")
    permit = asked.sent(clauses=())
    assert (permit.office, permit.role, permit.rule, permit.pack) == (asked.cast.own, "authority", "", "")


def test_the_only_one_who_could_decide_is_told_whom_to_ask(asked: Asked) -> None:
    cast = asked.cast
    Appointment.objects.filter(office=cast.top).exclude(person=cast["authority@top"]).delete()
    permit = asked.draft("authority@top")
    with pytest.raises(Refused, match="steward"):
        asking.submit(permit, by=cast["authority@top"])
    assert asked.fetch(permit).state == "draft"


def test_a_post_that_ended_or_a_person_who_left_decides_nothing(cast: Cast) -> None:
    Appointment.objects.filter(office=cast.top, role="authority").update(ends_on=today() - timedelta(days=1))
    Person.objects.filter(pk=cast["head@top"].pk).update(is_active=False)
    (own, top) = authority.chain_of(cast.own, today())
    assert set(own.holders) == {"authority", "head"}
    assert top.holders == {}
    assert (own.pack, top.pack) == ("pk-punjab", "pk-punjab")
