"""Answers become guidance: proposed without names, agreed by another, shown on the pages of their clauses."""

from __future__ import annotations

import pytest
from django.test import Client

from amanat.desk.audit.models import Event
from amanat.desk.lib.refusals import Overtaken, Refused
from amanat.desk.permits.actions import guidance as acts
from amanat.desk.permits.models import Guidance, Permit
from amanat.desk.registry.models import Appointment, Notice, Person
from tests.desk.permits.conftest import CLAUSE, Asked, SignedIn

PAGE = f"/rules/pk-punjab/{CLAUSE}/"
TOLD = {"question": "May a school be named in a post?", "answer": "Yes, once it stands in the gazette."}


@pytest.fixture
def second(asked: Asked) -> str:
    """Another competent authority at `top`."""
    Appointment.objects.create(person=asked.cast["head@top"], office=asked.cast.top, role="authority")
    return "head@top"


def proposed(asked: Asked) -> Guidance:
    return acts.propose(asked.answered(), by=asked.cast["authority@top"], **TOLD)


def test_two_people_make_guidance_and_everybody_reads_it(asked: Asked, signed_in: SignedIn, second: str) -> None:
    permit = asked.answered()
    client = signed_in("authority@top")
    assert client.get(f"{permit.get_absolute_url()}propose/").status_code == 200
    assert client.post(f"{permit.get_absolute_url()}propose/", TOLD).status_code == 302
    row = Guidance.objects.get()
    assert row.state == "proposed"
    assert TOLD["question"] not in Client().get(PAGE).text
    assert Notice.objects.filter(key=f"guidance-{row.pk}").get().person == asked.cast[second]
    assert client.post(f"/permits/guidance/{row.pk}/publish/").status_code == 403
    assert signed_in(second).post(f"/permits/guidance/{row.pk}/publish/").status_code == 302
    page = Client().get(PAGE).text
    assert TOLD["question"] in page
    assert TOLD["answer"] in page
    assert "Officer At Own" not in page
    assert "Authority At Top" not in page
    assert TOLD["answer"] in signed_in("officer@sister").get("/permits/guidance/").text
    assert Event.objects.filter(verb="publish").count() == 1
    assert signed_in(second).post(f"/permits/guidance/{row.pk}/publish/").status_code == 409


def test_taken_off_the_page(asked: Asked, signed_in: SignedIn, second: str) -> None:
    row = proposed(asked)
    acts.publish(row, by=asked.cast[second])
    assert signed_in("authority@top").post(f"/permits/guidance/{row.pk}/undo/").status_code == 403  # no reason
    reason = {"reason": "The rule has changed."}
    assert signed_in("authority@top").post(f"/permits/guidance/{row.pk}/undo/", reason).status_code == 302
    assert TOLD["question"] not in Client().get(PAGE).text
    assert TOLD["question"] not in signed_in("officer@sister").get("/permits/guidance/").text


def test_not_published_it_can_be_proposed_anew(asked: Asked, second: str) -> None:
    row = proposed(asked)
    with pytest.raises(Overtaken):
        acts.propose(row.permit, by=asked.cast["authority@top"], **TOLD)
    with pytest.raises(Refused, match="reason"):
        acts.drop(row, by=asked.cast[second], reason="")
    row.refresh_from_db()
    acts.drop(row, by=asked.cast[second], reason="A person could be known from it.")
    acts.propose(row.permit, by=asked.cast["authority@top"], **TOLD)
    assert list(Guidance.objects.values_list("state", flat=True)) == ["proposed", "dropped"]


@pytest.mark.parametrize("who", ["officer@own", "authority@own", "steward@top", "head@sister"])
def test_others_do_neither(asked: Asked, signed_in: SignedIn, who: str) -> None:
    row = proposed(asked)
    assert signed_in(who).post(f"/permits/guidance/{row.pk}/publish/").status_code in (403, 404)
    assert signed_in(who).get(f"{row.permit.get_absolute_url()}propose/").status_code in (403, 404)
    with pytest.raises(Refused):
        acts.undo(row, by=asked.cast[who], reason="x")
    assert Guidance.objects.get().state == "proposed"


def test_no_name_goes_along(asked: Asked, signed_in: SignedIn) -> None:
    permit = asked.answered()
    for text in ("As the OFFICER asked", "officer.own@example.org", "In Directorate Lahore", "At its Own."):
        page = signed_in("authority@top").post(f"{permit.get_absolute_url()}propose/", TOLD | {"question": text})
        assert page.status_code == 403
        assert "published without names" in page.text
    assert not Guidance.objects.exists()


def test_a_name_within_another_word_is_none(asked: Asked) -> None:
    permit, by = asked.answered(), asked.cast["authority@top"]
    Person.objects.filter(pk=permit.person_id).update(name="Ali Rao Xu", local_name="राव")
    told = {"question": "Is the reality of rao's kind, or xu, राव, named?", "answer": "Yes."}
    with pytest.raises(Refused, match="without names"):
        acts.propose(asked.fetch(permit), by=by, **told)
    told["question"] = "May the realities of xu and officers of the Directorate be named, and रावण?"
    assert acts.propose(asked.fetch(permit), by=by, **told)


def test_only_an_answer_on_a_clause(asked: Asked) -> None:
    by = asked.cast["authority@top"]
    with pytest.raises(Refused, match="answered"):
        acts.propose(asked.question(), by=by, **TOLD)
    with pytest.raises(Refused, match="clause"):
        acts.propose(asked.answered(clauses=()), by=by, **TOLD)


def test_the_page_of_the_answer_tells_where_it_stands(asked: Asked, signed_in: SignedIn) -> None:
    row = proposed(asked)
    assert "Propose it as guidance" not in signed_in("authority@top").get(row.permit.get_absolute_url()).text
    assert "It is not published." in signed_in("officer@own").get(asked.answered().get_absolute_url()).text
    assert "Waits for a second person." in signed_in("authority@top").get("/permits/guidance/").text
    assert Permit.objects.count() == 2
