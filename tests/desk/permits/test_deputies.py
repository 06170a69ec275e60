"""Standing in: for whom, on which days, with what right; and that it ends with the post."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import IntegrityError, transaction

from amanat.desk.audit.models import Event
from amanat.desk.lib.refusals import Overtaken, Refused
from amanat.desk.permits import authority
from amanat.desk.permits.actions import deciding, deputies
from amanat.desk.permits.models import Deputy, Permit
from amanat.desk.permits.models.deputies import deciding as deciding_rows
from amanat.desk.permits.models.deputies import rights_of
from amanat.desk.registry.models import Appointment, Notice
from tests.desk.permits.conftest import CLAUSE, Asked, SignedIn, in_days, today


def name(asked: Asked, who: str = "officer@top", first: int = 0, last: int = 7, giver: str = "authority@top") -> Deputy:
    cast = asked.cast
    return deputies.name(
        getattr(cast, giver.split("@")[1]), by=cast[giver], role=giver.split("@", maxsplit=1)[0], person=cast[who],
        starts_on=in_days(first), ends_on=in_days(last),
    )  # fmt: skip


def test_a_deputy_decides_on_behalf_and_the_page_says_so(asked: Asked, signed_in: SignedIn) -> None:
    permit, before = asked.sent(), asked.granted()
    name(asked)
    client = signed_in("officer@top")
    assert client.get(permit.get_absolute_url()).status_code == 200
    given = {"starts_on": str(today()), "ends_on": str(in_days(3)), "clauses": CLAUSE}
    assert client.post(f"{permit.get_absolute_url()}grant/", given).status_code == 302
    permit = asked.fetch(permit)
    assert (permit.decided_by, permit.on_behalf_of) == (asked.cast["officer@top"], asked.cast["authority@top"])
    page = signed_in("officer@own").get(permit.get_absolute_url()).text
    assert "Decided by Officer At Top on behalf of Authority At Top" in page
    assert Event.objects.filter(verb="grant").latest("pk").facts["in_place_of"] == asked.cast["authority@top"].pk
    assert before.on_behalf_of is None
    assert Notice.objects.filter(person=asked.cast["officer@top"], key__startswith="deputy-").count() == 1


@pytest.mark.parametrize(("first", "last"), [(1, 5), (-9, -1)])
def test_only_on_the_days_named(asked: Asked, first: int, last: int) -> None:
    permit = asked.sent()
    Deputy.objects.create(
        giver=asked.cast["authority@top"], office=asked.cast.top, role="authority", person=asked.cast["officer@top"],
        starts_on=in_days(first), ends_on=in_days(last),
    )  # fmt: skip
    assert authority.hat_for(permit, asked.cast["officer@top"]) is None
    assert not Permit.objects.visible_to(asked.cast["officer@top"]).exists()


def test_it_ends_with_the_post_of_the_giver(asked: Asked) -> None:
    permit = asked.sent()
    name(asked)
    assert authority.hat_for(permit, asked.cast["officer@top"])
    Appointment.objects.filter(person=asked.cast["authority@top"]).update(ends_on=in_days(-1))
    assert authority.hat_for(permit, asked.cast["officer@top"]) is None


def test_whoever_is_on_leave_still_may_and_a_deputy_never_on_their_own(asked: Asked) -> None:
    permit, own = asked.sent(), asked.sent("officer@top")
    name(asked)
    deciding.refuse(permit, by=asked.cast["authority@top"], reason="no")
    assert asked.fetch(permit).on_behalf_of is None
    with pytest.raises(Refused, match="own request"):
        deciding.refuse(own, by=asked.cast["officer@top"], reason="no")


def test_an_authority_s_deputy_reaches_as_far_as_the_authority(asked: Asked) -> None:
    cast = asked.cast
    cast.own.kind = "department"
    cast.own.save()
    permit = asked.sent("officer@field")
    name(asked)
    assert permit.office == cast.own
    hat = authority.hat_for(permit, cast["officer@top"])
    assert hat
    assert hat.giver == cast["authority@top"].pk


def test_requests_are_told_to_the_deputy_too(asked: Asked) -> None:
    name(asked)
    permit = asked.sent()
    assert set(authority.deciders(permit, today())) == {asked.cast["officer@top"], asked.cast["authority@top"]}


@pytest.mark.parametrize(
    ("who", "first", "last", "giver"),
    [
        ("authority@top", 0, 7, "authority@top"),
        ("officer@own", 0, 7, "authority@top"),
        ("officer@top", 3, 2, "authority@top"),
        ("officer@top", -9, -2, "authority@top"),
        ("officer@top", 0, 366, "authority@top"),
        ("officer@top", 0, 7, "steward@top"),
        ("officer@top", 0, 7, "officer@top"),
    ],
)
def test_what_makes_no_sense_is_refused(asked: Asked, who: str, first: int, last: int, giver: str) -> None:
    with pytest.raises(Refused):
        name(asked, who, first, last, giver)
    assert not Deputy.objects.exists()


def test_nobody_names_a_deputy_for_a_post_of_another_office(asked: Asked) -> None:
    cast = asked.cast
    given: Any = {"role": "authority", "person": cast["officer@own"], "starts_on": today(), "ends_on": in_days(3)}
    with pytest.raises(Refused, match="hold yourself"):
        deputies.name(cast.own, by=cast["authority@top"], **given)  # reaches there, holds nothing there
    with pytest.raises(Refused):
        deputies.name(cast.sister, by=cast["authority@own"], **given)


def test_named_twice_for_the_same_days(asked: Asked) -> None:
    name(asked)
    with pytest.raises(Refused, match="already"):
        name(asked, first=3, last=9)
    name(asked, first=8, last=9)
    assert Deputy.objects.count() == 2


def test_ended_at_once(asked: Asked, signed_in: SignedIn) -> None:
    permit, deputy = asked.sent(), name(asked, first=0)
    Deputy.objects.filter(pk=deputy.pk).update(starts_on=in_days(-2))
    assert signed_in("officer@top").post(f"/permits/deputies/{deputy.pk}/end/").status_code == 403
    assert signed_in("officer@sister").post(f"/permits/deputies/{deputy.pk}/end/").status_code == 404
    client = signed_in("authority@top")
    assert client.post(f"/permits/deputies/{deputy.pk}/end/").status_code == 302
    assert authority.hat_for(permit, asked.cast["officer@top"]) is None
    assert client.post(f"/permits/deputies/{deputy.pk}/end/").status_code == 409
    assert Event.objects.filter(verb="end-deputy").count() == 1


def test_ended_before_it_began_it_is_gone(asked: Asked) -> None:
    deputy = name(asked, first=3)
    deputies.end(deputy, by=asked.cast["authority@top"])
    assert not Deputy.objects.exists()
    deputy.pk = 12345
    with pytest.raises(Overtaken):
        deputies.end(deputy, by=asked.cast["authority@top"])


def test_the_pages(asked: Asked, signed_in: SignedIn) -> None:
    client = signed_in("authority@top")
    post = f"authority-{asked.cast.top.pk}"
    given = {
        "post": post,
        "person": asked.cast["officer@top"].pk,
        "starts_on": str(today()),
        "ends_on": str(in_days(3)),
    }
    assert client.get("/permits/deputies/name/").status_code == 200
    page = client.post("/permits/deputies/name/", given | {"ends_on": str(in_days(-3))})
    assert page.status_code == 403
    assert "Nothing was changed." in page.text
    for wrong in (
        {"post": "authority-999"},
        {"person": asked.cast["officer@own"].pk},
        {"starts_on": "x"},
        {"post": ""},
    ):
        assert client.post("/permits/deputies/name/", given | wrong).status_code == 200
    assert not Deputy.objects.exists()
    assert client.post("/permits/deputies/name/", given).status_code == 302
    assert "Officer At Top" in client.get("/permits/deputies/").text
    assert "End it" in client.get("/permits/deputies/").text
    assert "End it" not in signed_in("officer@top").get("/permits/deputies/").text
    assert signed_in("officer@top").get("/permits/deputies/name/").status_code == 403
    assert "10 working days" in signed_in("head@own").get("/permits/deputies/").text


def test_whoever_asks_is_not_decided_for_in_their_own_place(asked: Asked, signed_in: SignedIn) -> None:
    cast = asked.cast
    Appointment.objects.create(person=cast["head@sister"], office=cast.top, role="authority")
    name(asked)
    permit, deputy = asked.sent("authority@top"), cast["officer@top"]
    assert permit.role == "authority"
    assert authority.hat_for(permit, deputy) is None
    assert authority.deciders(permit, today()) == [cast["head@sister"]]
    for right in (deciding_rows(deputy), rights_of(deputy)):
        assert not Permit.objects.filter(right).exists()
    assert signed_in("officer@top").get(permit.get_absolute_url()).status_code == 404
    with pytest.raises(Refused):
        deciding.refuse(permit, by=deputy, reason="no")
    with pytest.raises(IntegrityError), transaction.atomic():
        Permit.objects.filter(pk=permit.pk).update(on_behalf_of=cast["authority@top"])
    other = asked.sent()
    assert authority.hat_for(other, deputy)
    for right in (deciding_rows(deputy), rights_of(deputy)):
        assert list(Permit.objects.filter(right)) == [other]


def test_it_ends_with_the_deputy_s_own_post(asked: Asked) -> None:
    permit, deputy = asked.sent(), asked.cast["officer@top"]
    name(asked)
    assert authority.hat_for(permit, deputy)
    Appointment.objects.filter(person=deputy).update(ends_on=in_days(-1))
    Appointment.objects.create(person=deputy, office=asked.cast.sister, role="officer")
    assert authority.hat_for(permit, deputy) is None
    assert not Permit.objects.filter(rights_of(deputy)).exists()
    assert authority.deciders(permit, today()) == [asked.cast["authority@top"]]


def test_a_year_is_the_longest(asked: Asked) -> None:
    assert name(asked, last=365).ends_on == in_days(365)
