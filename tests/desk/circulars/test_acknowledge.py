from __future__ import annotations

import pytest

from amanat.desk.audit.models import Event
from amanat.desk.circulars.actions import acknowledgements
from amanat.desk.circulars.models import Acknowledgement, Addressee, Answer, Circular, Question
from amanat.desk.lib.refusals import Refused
from amanat.desk.registry.models import Appointment
from tests.desk.circulars.conftest import Letters


def acknowledge(letters: Letters, circular: Circular, who: str, language: str = "ur", version: int = 1) -> bool:
    return acknowledgements.acknowledge(circular, by=letters.cast[who], version=version, language=language)


def test_a_person_acknowledges_a_version_in_a_language_once(letters: Letters) -> None:
    circular = letters.sent()
    assert acknowledge(letters, circular, "officer@own")
    assert not acknowledge(letters, circular, "officer@own")
    assert not acknowledge(letters, circular, "officer@own", "en")
    row = Addressee.objects.get(person=letters.cast["officer@own"])
    kept = Acknowledgement.objects.get(addressee=row)
    assert (row.seen, kept.version, kept.language) == (1, 1, "ur")
    assert row.acknowledged_at is not None
    assert Event.objects.filter(verb="acknowledge").count() == 1
    assert Addressee.objects.missing(circular).count() == 11


def test_whoever_did_not_get_it_acknowledges_nothing(letters: Letters) -> None:
    circular = letters.sent()
    with pytest.raises(Refused, match="did not come to you"):
        acknowledge(letters, circular, "officer@sister")
    assert not Event.objects.filter(verb="acknowledge").exists()


@pytest.mark.parametrize(("language", "version", "why"), [("bn", 1, "no text in this"), ("en", 2, "corrected")])
def test_only_what_was_there_to_read(letters: Letters, language: str, version: int, why: str) -> None:
    with pytest.raises(Refused, match=why):
        acknowledge(letters, letters.sent(), "officer@own", language, version)
    assert not Acknowledgement.objects.exists()


@pytest.mark.parametrize("state", ["superseded", "withdrawn"])
def test_not_what_is_out_of_force(letters: Letters, state: str) -> None:
    circular = letters.sent()
    Circular.objects.filter(pk=circular.pk).update(state=state)
    circular.refresh_from_db()
    with pytest.raises(Refused, match="not in force"):
        acknowledge(letters, circular, "officer@own")


def test_the_questions_come_first(letters: Letters) -> None:
    circular = letters.sent()
    Question.objects.create(circular=circular, place=1, words={"en": {"asks": "?", "options": ["a", "b"]}}, right=0)
    with pytest.raises(Refused, match="questions"):
        acknowledge(letters, circular, "officer@own")
    row = Addressee.objects.get(person=letters.cast["officer@own"])
    Answer.objects.create(addressee=row, tries=1, passed_at=circular.dispatched_at)
    assert acknowledge(letters, circular, "officer@own")


def test_the_head_acknowledges_for_the_office_once(letters: Letters) -> None:
    copy = letters.copy(letters.sent(), "own")
    assert acknowledgements.for_office(copy, by=letters.cast["head@own"], version=1)
    copy.refresh_from_db()
    assert not acknowledgements.for_office(copy, by=letters.cast["authority@own"], version=1)
    assert copy.acknowledged_by == letters.cast["head@own"]
    assert Event.objects.filter(verb="receive").count() == 1


@pytest.mark.parametrize("who", ["officer@own", "auditor@own", "authority@top", "head@top", "head@field"])
def test_nobody_else_acknowledges_for_an_office_that_is_led(letters: Letters, who: str) -> None:
    copy = letters.copy(letters.sent(), "own")
    with pytest.raises(Refused, match="head of office"):
        acknowledgements.for_office(copy, by=letters.cast[who], version=1)
    copy.refresh_from_db()
    assert copy.seen == 0


def test_while_nobody_leads_whoever_works_there_acknowledges(letters: Letters) -> None:
    copy = letters.copy(letters.sent(), "own")
    Appointment.objects.filter(office=letters.cast.own, role__in=("head", "authority", "steward")).update(
        ends_on="2025-06-30"
    )
    assert acknowledgements.for_office(copy, by=letters.cast["officer@own"], version=1)
