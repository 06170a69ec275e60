"""What whoever decides does: grant, refuse, return, answer, revoke; and that others cannot."""

from __future__ import annotations

import pytest
from django.utils import timezone

from amanat.desk.audit.models import Event
from amanat.desk.lib.refusals import Overtaken, Refused
from amanat.desk.permits.actions import deciding
from amanat.desk.permits.models import Letter, Permit
from amanat.desk.registry.models import Appointment, Notice
from tests.desk.permits.conftest import CLAUSE, Asked, SignedIn, in_days, today

AFTER = {"grant": "granted", "refuse": "refused", "give-back": "returned", "revoke": "revoked", "answer": "answered"}


def form_of(verb: str) -> dict[str, str]:
    """What is filled in, for the day on which it is asked: a run may pass midnight."""
    forms = {
        "grant": {
            "starts_on": str(today()),
            "ends_on": str(in_days(20)),
            "conditions": "No figures that are not public.",
            "clauses": CLAUSE,
        },
        "refuse": {"reason": "Too early.", "ground": CLAUSE},
        "give-back": {"reason": "Which station?"},
        "revoke": {"reason": "The programme changed.", "on": str(today())},
        "answer": {"text": "Yes."},
    }
    return forms[verb]


def ready(asked: Asked, verb: str) -> Permit:
    return asked.granted() if verb == "revoke" else asked.question() if verb == "answer" else asked.sent()


@pytest.mark.parametrize("verb", AFTER)
def test_it_works_and_leaves_one_event(asked: Asked, signed_in: SignedIn, verb: str) -> None:
    permit = ready(asked, verb)
    client, address = signed_in("authority@top"), f"{permit.get_absolute_url()}{verb}/"
    Notice.objects.all().delete()
    assert client.get(address).status_code == 200
    assert client.post(address, form_of(verb)).status_code == 302
    assert asked.fetch(permit).state == AFTER[verb]
    assert Event.objects.filter(verb=verb).count() == 1
    assert Notice.objects.filter(person=permit.person, what__contains=": ").count() == 1
    again = client.post(address, form_of(verb))
    assert again.status_code == 409
    assert Event.objects.filter(verb=verb).count() == 1
    assert client.get(address).status_code == 403


@pytest.mark.parametrize("verb", AFTER)
def test_for_others_it_is_not_there_or_refused(asked: Asked, signed_in: SignedIn, verb: str) -> None:
    permit = ready(asked, verb)
    address = f"{permit.get_absolute_url()}{verb}/"
    for who, status in (("officer@own", 403), ("auditor@top", 403), ("head@own", 404), ("steward@top", 404)):
        client = signed_in(who)
        assert client.get(address).status_code == status, who
        assert client.post(address, form_of(verb)).status_code == status, who
    assert asked.fetch(permit).state == permit.state


@pytest.mark.parametrize("verb", AFTER)
def test_rubbish_stays_on_the_form(asked: Asked, signed_in: SignedIn, verb: str) -> None:
    permit = ready(asked, verb)
    client, address = signed_in("authority@top"), f"{permit.get_absolute_url()}{verb}/"
    rubbish = {"ends_on": "never", "on": "never", "text": "", "ground": "no-such-clause"}
    for wrong in ({"other": "x"}, dict.fromkeys(form_of(verb), ""), form_of(verb) | rubbish):
        if verb == "give-back" and wrong.get("reason"):
            continue
        page = client.post(address, wrong)
        assert page.status_code == 200
        assert "errorlist" in page.text
    assert asked.fetch(permit).state == permit.state


def test_a_grant_has_number_code_days_conditions_and_who(asked: Asked) -> None:
    permit, other = asked.granted(), asked.granted()
    year = timezone.localdate().year
    assert (permit.number, other.number) == (f"PK-{year}-000001", f"PK-{year}-000002")
    assert permit.code
    assert len(permit.code) == 12
    assert set(permit.code) <= set(deciding.ALPHABET)
    assert permit.code != other.code
    assert (permit.starts_on, permit.ends_on, permit.conditions) == (today(), in_days(30), "Figures only.")
    assert (permit.decided_by, permit.decided_on, permit.took) == (asked.cast["authority@top"], today(), 0)
    assert permit.is_in_force
    event = Event.objects.filter(verb="grant").latest("pk")
    assert (event.clause, event.before, event.after) == ("pbsm23-leave-for-media", "submitted", "granted")


def test_numbers_of_two_countries_and_two_trees_do_not_meet(asked: Asked) -> None:
    permit = asked.sent("officer@foreign", clauses=())
    deciding.grant(permit, by=asked.cast["head@foreign"], starts_on=today(), ends_on=in_days(1))
    assert asked.granted().number != permit.number
    assert permit.number == f"BD-{today().year}-000001"


def test_an_undone_grant_leaves_no_hole_in_the_numbers(asked: Asked) -> None:
    permit, late = asked.sent(), asked.sent()
    deciding.refuse(asked.fetch(permit), by=asked.cast["authority@top"], reason="no")
    with pytest.raises(Overtaken):
        deciding.grant(permit, by=asked.cast["authority@top"], starts_on=today(), ends_on=in_days(1))
    deciding.grant(late, by=asked.cast["authority@top"], starts_on=today(), ends_on=in_days(1))
    assert str(late.number).endswith("000001")


@pytest.mark.parametrize(("first", "last"), [(5, 4), (-9, -2), (-1, 5)])
def test_days_that_make_no_sense(asked: Asked, signed_in: SignedIn, first: int, last: int) -> None:
    permit = asked.sent()
    given = {
        "starts_on": str(in_days(first)),
        "ends_on": str(in_days(last)),
        "conditions": "kept words",
        "clauses": CLAUSE,
    }
    page = signed_in("authority@top").post(f"{permit.get_absolute_url()}grant/", given)
    assert page.status_code == 403
    assert "kept words" in page.text
    assert asked.fetch(permit).number is None


def test_nobody_decides_on_their_own_request(asked: Asked) -> None:
    cast = asked.cast
    Appointment.objects.create(person=cast["head@sister"], office=cast.top, role="authority")
    permit = asked.sent("authority@top")
    assert permit.office == cast.top
    with pytest.raises(Refused, match="own request"):
        deciding.grant(permit, by=cast["authority@top"], starts_on=today(), ends_on=in_days(1))
    deciding.grant(permit, by=cast["head@sister"], starts_on=today(), ends_on=in_days(1))
    assert asked.fetch(permit).decided_by == cast["head@sister"]


def test_a_role_at_another_office_does_not_help(asked: Asked) -> None:
    permit = asked.sent()
    for who in ("authority@own", "head@top", "authority@foreign", "steward@top"):
        with pytest.raises(Refused, match="competent authority, Education Department"):
            deciding.refuse(permit, by=asked.cast[who], reason="no")


def test_a_refusal_names_reason_and_clause(asked: Asked, signed_in: SignedIn) -> None:
    permit = asked.refused()
    assert (permit.reason, permit.ground, permit.number) == ("Too early.", CLAUSE, None)
    page = signed_in("officer@own").get(permit.get_absolute_url()).text
    assert "Too early." in page
    assert f"/rules/pk-punjab/{CLAUSE}/" in page
    event = Event.objects.get(verb="refuse")
    assert (event.reason, event.clause) == ("", "")
    with pytest.raises(Refused, match="reason"):
        deciding.refuse(asked.sent(), by=asked.cast["authority@top"], reason="  ")


def test_a_question_is_answered_and_nothing_else(asked: Asked) -> None:
    question, permit, by = asked.question(), asked.sent(), asked.cast["authority@top"]
    with pytest.raises(Refused):
        deciding.grant(question, by=by, starts_on=today(), ends_on=in_days(1))
    with pytest.raises(Refused):
        deciding.refuse(question, by=by, reason="no")
    with pytest.raises(Refused):
        deciding.answer(permit, by=by, text="yes")
    deciding.answer(question, by=by, text="Yes, it is public.")
    assert asked.fetch(question).answer == "Yes, it is public."
    assert not Letter.objects.exists()


def test_revoked_by_notice_holds_until_its_day(asked: Asked) -> None:
    permit, by = asked.granted(), asked.cast["authority@top"]
    Notice.objects.all().delete()
    deciding.revoke(permit, by=by, reason="The programme ends.", on=in_days(7))
    permit = asked.fetch(permit)
    assert (permit.state, permit.revoked_from, permit.last_day) == ("granted", in_days(7), in_days(6))
    assert permit.is_in_force
    assert Notice.objects.filter(person=permit.person).count() == 1
    assert permit.reason == "The programme ends."
    assert list(Event.objects.filter(verb="give-notice").values_list("reason", flat=True)) == [""]
    with pytest.raises(Overtaken):
        deciding.revoke(permit, by=by, reason="again", on=in_days(8))


@pytest.mark.parametrize(("on", "reason"), [(-1, "x"), (40, "x"), (3, " ")])
def test_a_revocation_that_makes_no_sense(asked: Asked, on: int, reason: str) -> None:
    permit = asked.granted()
    with pytest.raises(Refused):
        deciding.revoke(permit, by=asked.cast["authority@top"], reason=reason, on=in_days(on))
    assert asked.fetch(permit).revoked_from is None


def test_a_colleague_of_the_asker_sees_nothing_an_auditor_reads(asked: Asked, signed_in: SignedIn) -> None:
    permit = asked.granted()
    seen = {"officer@own", "authority@top", "auditor@top", "auditor@own"}
    for who in asked.cast.people:
        found = Permit.objects.visible_to(asked.cast[who]).filter(pk=permit.pk).exists()
        assert found == (who in seen), who
    page = signed_in("auditor@own").get(permit.get_absolute_url())
    assert page.status_code == 200
    assert page.context["pressed"] == page.context["others"] == []


def test_buttons_are_those_that_work(asked: Asked, signed_in: SignedIn) -> None:
    def verbs(who: str, permit: Permit) -> set[str]:
        context = signed_in(who).get(permit.get_absolute_url()).context
        return {step.verb for step in (*context["pressed"], *context["others"])}

    sent, granted, question = asked.sent(), asked.granted(), asked.question()
    assert verbs("authority@top", sent) == {"grant", "refuse", "give-back"}
    assert verbs("authority@top", question) == {"answer", "give-back"}
    assert verbs("authority@top", granted) == {"revoke"}
    assert verbs("officer@own", sent) == {"withdraw"}
    assert verbs("officer@own", asked.draft()) == {"submit", "withdraw"}
    assert verbs("officer@own", granted) == set()
    deciding.revoke(granted, by=asked.cast["authority@top"], reason="x", on=in_days(3))
    assert verbs("authority@top", granted) == set()


def test_the_log_holds_no_reason_and_the_permit_does(asked: Asked) -> None:
    by, secret = asked.cast["authority@top"], "Her illness is known."
    refused, returned, revoked = asked.sent(), asked.sent(), asked.granted()
    deciding.refuse(refused, by=by, reason=secret, ground=CLAUSE)
    deciding.give_back(returned, by=by, reason=secret)
    deciding.revoke(revoked, by=by, reason=secret, on=today())
    assert {asked.fetch(one).reason for one in (refused, returned, revoked)} == {secret}
    events = Event.objects.filter(verb__in=["refuse", "give-back", "revoke"])
    assert sorted(events.values_list("verb", "reason", "clause")) == [
        ("give-back", "", ""), ("refuse", "", ""), ("revoke", "", ""),
    ]  # fmt: skip
    assert secret not in str(list(events.values()))


def test_a_return_or_revocation_gives_its_reason(asked: Asked) -> None:
    permit, held, by = asked.sent(), asked.granted(), asked.cast["authority@top"]
    with pytest.raises(Refused, match="Give a reason"):
        deciding.give_back(permit, by=by, reason=" ")
    for on in (today(), in_days(3)):
        with pytest.raises(Refused, match="Give a reason"):
            deciding.revoke(held, by=by, reason=" ", on=on)
    assert (asked.fetch(permit).state, asked.fetch(held).state) == ("submitted", "granted")


def test_whoever_decides_may_permit_less(asked: Asked, signed_in: SignedIn) -> None:
    permit = asked.sent(clauses=(CLAUSE, "pbsm23-leave-for-media"))
    client, address = signed_in("authority@top"), f"{permit.get_absolute_url()}grant/"
    page = client.get(address)
    assert [box.data["selected"] for box in page.context["form"]["clauses"]] == [True, True]
    given = form_of("grant")
    assert client.post(address, given | {"clauses": "no-such-clause"}).status_code == 200
    assert client.post(address, given).status_code == 302
    assert asked.fetch(permit).clauses() == [CLAUSE]


def test_what_names_no_clause_has_none_to_choose(asked: Asked, signed_in: SignedIn) -> None:
    permit = asked.sent(clauses=())
    page = signed_in("authority@top").get(f"{permit.get_absolute_url()}grant/")
    assert "clauses" not in page.context["form"].fields
