"""The demo's data: as many as promised, lawful, made up, the same every time, with work waiting."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta
from random import Random
from typing import Any

import pytest
from django.contrib.auth import authenticate
from django.db import transaction
from django.test import Client
from django.utils import timezone

from amanat.desk.audit.models import Event
from amanat.desk.circulars.models import Circular, Dispatch, Question, Reminder
from amanat.desk.circulars.tally import tally_of
from amanat.desk.demo import book
from amanat.desk.demo.build import build
from amanat.desk.permits.models import Deputy, Guidance, Letter, Permit
from amanat.desk.permits.workflow import PERMIT_STATES
from amanat.desk.publishing.models import Ballot, Draft, Round, Version
from amanat.desk.registry.models import (
    Appointment,
    Channel,
    Group,
    Handover,
    HandoverItem,
    Inspection,
    Office,
    Person,
    Verification,
)  # fmt: skip
from amanat.desk.rules.models import Grade
from amanat.rulebook import load_rulebook
from amanat.ruling import Context, breaches

PASSWORD = "made-for-one-test"


@pytest.fixture(scope="module")
def built(django_db_setup: None, django_db_blocker: Any) -> Iterator[list[dict[str, str]]]:
    """The demo, made once for all tests here and undone after the last."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield build(PASSWORD, timezone.localdate())
        transaction.set_rollback(True)


@pytest.fixture
def cast(built: list[dict[str, str]], db: None) -> list[dict[str, str]]:
    return built


def test_it_is_as_large_as_promised(cast: list[dict[str, str]]) -> None:
    found = [model.objects.count() for model in (Office, Person, Channel)]
    assert found == [40, 300, 60]
    assert Group.objects.count() >= 20
    assert Counter(Office.objects.exclude(pack="").values_list("pack", flat=True)) == Counter(
        ["pk-federal", "pk-punjab", "bd", "in-cg"]
    )
    assert Office.objects.filter(parent=None).count() == 3


def test_every_role_signs_in_somewhere(cast: list[dict[str, str]]) -> None:
    assert len(cast) == 10
    assert {one["role"] for one in cast} == {
        "officer", "moderator", "head of office", "competent authority", "steward", "auditor",
    }  # fmt: skip
    assert len({one["government"] for one in cast}) == 3
    for one in cast:
        assert authenticate(None, email=one["mail"], password=PASSWORD), one
    assert sum(person.has_usable_password() for person in Person.objects.all()) == len(cast)


def test_somebody_of_the_cast_opens_the_front_pages(cast: list[dict[str, str]]) -> None:
    client = Client()
    client.force_login(Person.objects.get(email=cast[0]["mail"]))
    assert client.get("/today/").status_code == 200
    assert client.get("/log/").status_code == 200


def test_everybody_has_a_name_in_the_local_script_and_a_post_of_today(cast: list[dict[str, str]]) -> None:
    assert not Office.objects.filter(local_name="").exists()
    for person in Person.objects.all():
        assert not person.local_name.isascii()
    assert Appointment.objects.current().values("person").distinct().count() == 300
    assert not Office.objects.exclude(appointments__role="head").exists()


def test_nothing_leads_to_a_real_place(cast: list[dict[str, str]]) -> None:
    addresses = [*Channel.objects.values_list("address", flat=True), *Office.objects.values_list("website", flat=True)]
    assert all(address.split("/")[2].endswith(".example") for address in addresses)
    assert not Person.objects.exclude(email=None).exclude(email__endswith=".example").exists()


def test_panels_break_no_rule(cast: list[dict[str, str]]) -> None:
    rulebook, sizes = load_rulebook(), set()
    for channel in Channel.objects.exclude(state="closed").select_related("office"):
        seats = channel.seats.filter(ends_on=None)
        context = Context(channel.office.rules(), date.today(), account="official")
        assert breaches({"panel_members": seats.count()}, context, rulebook) == (), channel
        here = Appointment.objects.current().filter(office=channel.office).values("person")
        assert seats.count() == seats.filter(person__in=here).count() >= 1
        sizes.add((context.pack, seats.count()))
    assert {("bd", 1), ("bd", 3), ("bd", 4), ("bd", 5)} <= sizes


def test_work_waits(cast: list[dict[str, str]]) -> None:
    late = Channel.objects.inspection_due()
    assert 5 <= late.count() <= 20
    assert Verification.objects.count() == Channel.objects.filter(state="verified").count() >= 40
    assert Inspection.objects.filter(recovery_tested=False).exists()
    assert Handover.objects.under_way().count() == 7
    done = HandoverItem.objects.exclude(done_at=None)
    assert 3 <= done.count() < HandoverItem.objects.count()
    assert set(HandoverItem.objects.values_list("kind", flat=True)) == {"panel", "access", "recovery", "group"}
    today = timezone.localdate()
    assert not Handover.objects.exclude(leaves_on__range=(today, today + timedelta(days=30))).exists()


def test_a_raised_grade_waits_for_another_steward_of_the_cast(cast: list[dict[str, str]]) -> None:
    rulebook = load_rulebook()
    for grade in Grade.objects.waiting():
        clause = rulebook.pack(grade.document.pack).clauses[grade.clause]
        assert (clause.grade, clause.instrument) == (grade.before, grade.document.instrument)
        assert grade.before != grade.after
    assert Grade.objects.waiting().count() == 4
    deciders = Person.objects.filter(email__in=[one["mail"] for one in cast], appointments__role="steward")
    assert deciders.exclude(pk__in=Grade.objects.values("proposed_by")).count() == 2


def test_requests_stand_in_every_state(cast: list[dict[str, str]]) -> None:
    states = Counter(Permit.objects.values_list("state", flat=True))
    assert set(states) == {name for name, _label in PERMIT_STATES}
    assert sum(states.values()) == 38
    assert Permit.objects.overdue().count() >= 4
    assert Permit.objects.filter(state="granted", revoked_from__isnull=False).count() == 1
    assert Counter(Guidance.objects.values_list("state", flat=True)) == {"published": 2, "proposed": 1}
    assert Deputy.objects.count() == 3
    assert Letter.objects.count() == 2 * Permit.objects.exclude(code=None).count()
    decided = Permit.objects.exclude(decided_by=None).values_list("office__code", flat=True)
    assert {"CSD", "CSP", "DRA", "DCA"} <= set(decided)
    deciders = Person.objects.filter(pk__in=Permit.objects.values("decided_by"))
    assert deciders.filter(email__in=[one["mail"] for one in cast]).count() >= 3


def test_it_is_made_through_the_door(cast: list[dict[str, str]]) -> None:
    by_machine = Event.objects.filter(actor=None, kind="registry.office")
    assert [event.verb for event in by_machine] == ["import"] * 3
    assert sum(event.facts["people"] for event in by_machine) == 300
    verbs = Counter(Event.objects.exclude(actor=None).values_list("verb", flat=True))
    assert verbs["verify"] == Channel.objects.filter(state="verified").count()
    assert verbs["inspect"] == Inspection.objects.count()
    assert (verbs["begin"], verbs["attach"], verbs["propose"]) == (7, 4, 4)


def test_its_circulars_say_what_is_known_and_no_more(cast: list[dict[str, str]]) -> None:
    circulars = Circular.objects.in_force().order_by("pk")
    assert [one.number for one in circulars] == ["", "SO(G) Circular/S&GAD/2023", "", "", "एफ 7-42/2017/एक-6"]
    shipped = [instrument for pack in load_rulebook().packs.values() for instrument in pack.instruments.values()]
    for one in circulars:
        assert one.elsewhere
        assert one.is_public
        (instrument,) = (found for found in shipped if found.title["en"] == one.subject["en"])
        assert (one.number, one.dated_on) == (instrument.number, instrument.starts)
        assert {text.language for text in one.texts_of()} >= {"en", *one.subject}
        assert len(one.subject) == 2


def test_circulars_are_followed(cast: list[dict[str, str]]) -> None:
    for one in Circular.objects.all():
        counted = tally_of(one).total
        assert counted.people >= 5
        assert counted.read > 0
    assert Dispatch.objects.filter(is_endorsement=True).count() == 8
    assert sorted(Reminder.objects.values_list("occasion", flat=True)) == ["before", "due", "head"]
    assert Question.objects.values("circular").distinct().count() == 1
    for question in Question.objects.all():
        assert {len(said["options"]) for said in question.words.values()} == {3}


def test_it_is_the_same_every_time() -> None:
    one, two = (book.names("bd", {"Laila Das"}, Random(3)) for _ in range(2))
    assert one == two
    assert "Laila Das" not in dict(one)


def test_drafts_stand_in_every_state_before_release(cast: list[dict[str, str]]) -> None:
    states = Counter(Draft.objects.values_list("state", flat=True))
    assert set(states) >= {"draft", "in-review", "returned", "scheduled", "released", "expired"}
    assert set(Version.objects.values_list("language", flat=True)) == {"en", "ur", "hi", "bn"}
    assert Round.objects.filter(kind="review", outcome="").count() == 1
    assert Draft.objects.filter(level="stop").count() == 1
    for draft in Draft.objects.filter(state__in=["scheduled", "released"]):
        assert draft.hash() == draft.approved_hash
    votes = Ballot.objects.filter(vote="", round__outcome="", member__email__in=[one["mail"] for one in cast])
    assert votes.exists()  # somebody who can sign in has a vote to cast
