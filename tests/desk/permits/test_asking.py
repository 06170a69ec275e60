"""What whoever asks does: draft, change, send, withdraw."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from amanat.desk.audit.models import Event
from amanat.desk.lib.refusals import Overtaken, Refused
from amanat.desk.permits.actions import asking, deciding
from amanat.desk.permits.actions.periods import days_of, set_period
from amanat.desk.permits.models import Period, Permit
from amanat.desk.registry.calendars import workdays
from amanat.desk.registry.models import Appointment, Notice, Person
from amanat.desk.rules.models import Grade
from tests.desk.permits.conftest import CLAUSE, Asked, SignedIn, in_days, today

FORM: dict[str, Any] = {
    "act": "media", "subject": "A talk", "purpose": "To explain the helpline.", "clauses": [CLAUSE],
    "wanted_from": "2030-01-01", "wanted_until": "2030-02-01", "place": "Radio", "text": "My secret draft zqx",
}  # fmt: skip


def made(client: Any, **facts: Any) -> Permit:
    response = client.post("/permits/new/", FORM | facts)
    assert response.status_code == 302, response.text
    return Permit.objects.latest("pk")


def test_a_draft_is_written_and_only_its_writer_sees_it(asked: Asked, signed_in: SignedIn) -> None:
    permit = made(signed_in("officer@own"), asked_from=asked.cast.own.pk)
    assert (permit.state, permit.office, permit.person) == ("draft", None, asked.cast["officer@own"])
    assert permit.clauses() == [CLAUSE]
    (event,) = Event.objects.filter(kind="permits.permit")
    assert (event.verb, event.office) == ("draft", None)
    for who in ("authority@top", "auditor@top", "steward@top", "head@own", "officer@sister"):
        assert not Permit.objects.visible_to(asked.cast[who]).exists(), who
        assert signed_in(who).get(permit.get_absolute_url()).status_code == 404


def test_a_text_is_kept_only_where_it_is_ticked(asked: Asked, signed_in: SignedIn) -> None:
    client = signed_in("officer@own")
    assert made(client, asked_from=asked.cast.own.pk).text == ""
    kept = made(client, asked_from=asked.cast.own.pk, keep_text="on")
    assert kept.text == FORM["text"]
    assert not Event.objects.filter(facts__icontains="zqx").exists()
    client.post(f"{kept.get_absolute_url()}change/", FORM | {"asked_from": asked.cast.own.pk})
    assert asked.fetch(kept).text == ""


def test_the_page_says_where_it_goes_and_why_before_it_is_sent(asked: Asked, signed_in: SignedIn) -> None:
    permit = asked.draft()
    page = signed_in("officer@own").get(permit.get_absolute_url())
    assert "This goes to Education Department: competent authority." in page.text
    assert "the Government of the Punjab, through your administrative department" in page.text
    assert "known from orders or reports" in page.text
    assert "No draft text is kept with it." in page.text


def test_the_page_says_that_it_climbs(asked: Asked, signed_in: SignedIn) -> None:
    from amanat.desk.registry.models import Appointment

    asked.cast.own.kind = "department"
    asked.cast.own.save()
    Appointment.objects.filter(office=asked.cast.own, role__in=["authority", "head"]).delete()
    page = signed_in("officer@own").get(asked.draft().get_absolute_url())
    assert "Nobody else than you can decide today at:" in page.text
    assert "Therefore it climbs to the office above." in page.text


@pytest.mark.parametrize(
    "wrong",
    [
        {"subject": ""}, {"purpose": " "}, {"wanted_from": ""}, {"wanted_until": "2029-01-01"},
        {"wanted_from": "rubbish"},
        {"act": "advice"}, {"act": "dance"}, {"asked_from": "999999"}, {"clauses": ["no-such-clause"]},
        {"subject": "x" * 151}, {"asked_from": "foreign"},
    ],
    ids=str,
)  # fmt: skip
def test_rubbish_stands_beside_its_field_and_nothing_typed_is_lost(
    asked: Asked, signed_in: SignedIn, wrong: dict[str, Any]
) -> None:
    if wrong.get("asked_from") == "foreign":
        wrong = {"asked_from": asked.cast.foreign.pk}
    page = signed_in("officer@own").post("/permits/new/", FORM | {"asked_from": asked.cast.own.pk} | wrong)
    assert page.status_code == 200
    assert "errorlist" in page.text
    if "purpose" not in wrong:
        assert "To explain the helpline." in page.text
    assert not Permit.objects.exists()


def test_clauses_of_a_finding_are_ticked_and_no_text_comes_along(asked: Asked, signed_in: SignedIn) -> None:
    page = signed_in("officer@own").get(f"/permits/new/?clause={CLAUSE}")
    assert f'value="{CLAUSE}" ' in page.text
    assert "Your text did not come along" in page.text
    (ticked,) = list(page.context["form"].is_chosen)
    assert ticked.data["value"] == CLAUSE


def test_sent_once_and_told_to_those_who_decide(asked: Asked) -> None:
    permit = asked.draft()
    asking.submit(permit, by=asked.cast["officer@own"])
    permit = asked.fetch(permit)
    assert (permit.state, permit.submitted_on, permit.due_by) == ("submitted", today(), "")
    assert permit.due_on == workdays(asked.cast.top).later(today(), Period.USUAL)
    assert [notice.person for notice in Notice.objects.all()] == [asked.cast["authority@top"]]
    assert "radio" not in Notice.objects.get().what
    assert Event.objects.filter(verb="submit").count() == 1
    with pytest.raises(Overtaken):
        asking.submit(permit, by=asked.cast["officer@own"])
    assert Event.objects.filter(verb="submit").count() == 1


def test_the_office_sets_its_own_time_to_answer(asked: Asked, signed_in: SignedIn) -> None:
    cast = asked.cast
    response = signed_in("authority@top").post(f"/permits/offices/{cast.top.pk}/", {"days": "3"})
    assert response.status_code == 302
    assert (days_of(cast.top), days_of(cast.field)) == (3, 3)
    set_period(cast.own, by=cast["head@own"], days=5)
    assert (days_of(cast.sister), days_of(cast.field)) == (3, 5)
    permit = asked.sent()
    assert permit.due_on == workdays(cast.top).later(today(), 3)
    page = signed_in("officer@own").get(permit.get_absolute_url())
    assert "The office's own aim: no rule that was read fixes a period." in page.text
    with pytest.raises(Refused):
        set_period(cast.own, by=cast["officer@own"], days=5)
    assert signed_in("head@own").post(f"/permits/offices/{cast.own.pk}/", {"days": "0"}).status_code == 200
    assert signed_in("head@sister").get(f"/permits/offices/{cast.own.pk}/").status_code == 404


def federal(asked: Asked) -> None:
    asked.cast.top.pack = "pk-federal"
    asked.cast.top.save()


def test_a_period_of_the_rules_counts_from_grade_report_on(asked: Asked) -> None:
    federal(asked)
    assert asked.sent(act="work").due_by == ""
    raised(asked, "report")
    permit = asked.sent(act="work")
    assert permit.due_by == "pkcr64-silence-is-sanction"
    assert permit.due_on
    assert timedelta(days=88) < permit.due_on - today() < timedelta(days=93)


def raised(asked: Asked, grade: str) -> None:
    """The rule on silence with a firmer grade, as two stewards would have raised it."""
    from amanat.desk.rules.models import Document

    paper = Document.objects.create(
        office=asked.cast.top, pack="pk-federal", instrument="pkcr64", sha256=grade.ljust(64, "0"), name="a", kind="b",
        size=1, note="n", by=asked.cast["steward@top"],
    )  # fmt: skip
    Grade.objects.create(
        office=asked.cast.top, clause="pkcr64-silence-is-sanction", before="unverified", after=grade, document=paper,
        place="p", proposed_by=asked.cast["steward@top"], state="agreed",
    )  # fmt: skip


def test_silence_is_shown_with_its_grade_and_not_applied(asked: Asked, signed_in: SignedIn) -> None:
    federal(asked)
    permit = asked.draft(act="work")
    page = signed_in("officer@own").get(permit.get_absolute_url()).text
    assert "It is shown, not applied" in page
    raised(asked, "text")
    assert "This runs here" in signed_in("officer@own").get(permit.get_absolute_url()).text


def test_what_is_not_whole_is_not_sent(asked: Asked, signed_in: SignedIn) -> None:
    permit = asked.draft(wanted_from=None, wanted_until=None)
    page = signed_in("officer@own").post(f"{permit.get_absolute_url()}submit/")
    assert page.status_code == 403
    assert "from which day until which day" in page.text
    past = asked.draft(wanted_from=date(2020, 1, 1), wanted_until=date(2020, 2, 1))
    with pytest.raises(Refused, match="over"):
        asking.submit(past, by=asked.cast["officer@own"])


def test_returned_changed_and_sent_again(asked: Asked, signed_in: SignedIn) -> None:
    permit = asked.sent()
    deciding.give_back(permit, by=asked.cast["authority@top"], reason="Which station?")
    client = signed_in("officer@own")
    assert "Which station?" in client.get(permit.get_absolute_url()).text
    form = FORM | {"asked_from": asked.cast.own.pk, "subject": "A talk on Radio Lahore"}
    assert client.post(f"{permit.get_absolute_url()}change/", form).status_code == 302
    assert client.post(f"{permit.get_absolute_url()}submit/").status_code == 302
    permit = asked.fetch(permit)
    assert (permit.state, permit.reason, permit.subject) == ("submitted", "", "A talk on Radio Lahore")
    assert client.get(f"{permit.get_absolute_url()}change/").status_code == 409
    with pytest.raises(Overtaken):
        asking.change(permit, by=asked.cast["officer@own"], subject="x", asked_from=asked.cast.own)


@pytest.mark.parametrize("state", ["draft", "sent", "granted"])
def test_withdrawn_while_nothing_is_decided(asked: Asked, signed_in: SignedIn, state: str) -> None:
    permit = getattr(asked, state)(text="my draft")
    client, address = signed_in("officer@own"), f"{permit.get_absolute_url()}withdraw/"
    expected = 403 if state == "granted" else 200
    assert client.get(address).status_code == expected
    assert client.post(address).status_code == (409 if state == "granted" else 302)
    found = asked.fetch(permit)
    assert (found.state, found.text) == (("granted", "my draft") if state == "granted" else ("withdrawn", ""))
    assert Event.objects.filter(verb="withdraw").count() == (state != "granted")


def test_only_whoever_asks_changes_sends_and_withdraws(asked: Asked, signed_in: SignedIn) -> None:
    permit, by = asked.draft(), asked.cast["authority@top"]
    with pytest.raises(Refused):
        asking.change(permit, by=by, subject="x", asked_from=asked.cast.top)
    with pytest.raises(Refused):
        asking.submit(permit, by=by)
    with pytest.raises(Refused):
        asking.withdraw(permit, by=by)
    sent = asked.sent()
    for verb in ("change", "withdraw"):
        assert signed_in("authority@top").get(f"{sent.get_absolute_url()}{verb}/").status_code == 403
    assert signed_in("authority@top").post(f"{sent.get_absolute_url()}submit/").status_code == 403


def test_asked_from_an_office_of_ones_own(asked: Asked) -> None:
    with pytest.raises(Refused, match="hold a post"):
        asked.draft(asked_from=asked.cast.sister)
    assert not Permit.objects.exists()


def test_whoever_holds_no_post_asks_nobody_here(asked: Asked, signed_in: SignedIn) -> None:
    client = signed_in("officer@own")
    asked.cast["officer@own"].appointments.update(ends_on=in_days(-1))
    assert client.get("/permits/new/").status_code == 403


def test_who_asks_from_several_offices_chooses(asked: Asked, signed_in: SignedIn) -> None:
    from amanat.desk.registry.models import Appointment

    Appointment.objects.create(person=asked.cast["officer@own"], office=asked.cast.foreign, role="officer")
    page = signed_in("officer@own").get("/permits/new/")
    assert '<select name="asked_from"' in page.text
    assert 'value="bdcr79-press"' in page.text
    assert f'value="{CLAUSE}"' in page.text


def test_a_question(asked: Asked, signed_in: SignedIn) -> None:
    client = signed_in("officer@own")
    page = client.get("/permits/new/?kind=advice")
    assert "wanted_from" not in page.text
    given = {"asked_from": asked.cast.own.pk, "subject": "May I?", "purpose": "Is the list public?"}
    assert client.post("/permits/new/?kind=advice", given).status_code == 302
    permit = Permit.objects.get()
    assert (permit.kind, permit.act, str(permit)) == ("advice", "advice", f"Question {permit.pk}")


def test_somebody_who_left_sees_nothing_of_permits(asked: Asked) -> None:
    asked.sent()
    Person.objects.filter(pk=asked.cast["officer@own"].pk).update(is_active=False)
    assert not Permit.objects.visible_to(asked.cast["officer@own"]).exists()


def test_whoever_left_the_office_sends_nothing_from_it(asked: Asked) -> None:
    permit, person = asked.draft(), asked.cast["officer@own"]
    Appointment.objects.filter(person=person).update(ends_on=in_days(-1))
    Appointment.objects.create(person=person, office=asked.cast.sister, role="officer")
    with pytest.raises(Refused, match="hold a post"):
        asking.submit(permit, by=Person.objects.get(pk=person.pk))
    assert asked.fetch(permit).state == "draft"


def test_what_was_changed_in_another_window_is_what_is_sent(asked: Asked) -> None:
    stale = asked.draft()
    asking.change(
        asked.fetch(stale), by=asked.cast["officer@own"], clauses=(CLAUSE,), subject="Written later",
        asked_from=asked.cast.own,
    )  # fmt: skip
    asking.submit(stale, by=asked.cast["officer@own"])
    found = asked.fetch(stale)
    assert (found.state, found.subject) == ("submitted", "Written later")


def test_the_page_of_a_question_says_who_reads_it(asked: Asked, signed_in: SignedIn) -> None:
    page = signed_in("officer@own").get("/permits/new/?kind=advice").text
    assert "Only those who may answer, their deputies and the auditors see the question." in page
