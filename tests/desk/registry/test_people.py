"""People: entered with a post, changed, appointed, and their posts ended."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from amanat.desk.audit.models import Event
from amanat.desk.lib.refusals import Refused
from amanat.desk.registry.actions import people
from amanat.desk.registry.models import Appointment, Person
from tests.cast import ROLES, Cast
from tests.desk.registry.conftest import TODAY, Rooms

SignedIn = Callable[[str], Client]
GIVES = {
    "head": {"officer", "moderator"},
    "authority": {"officer", "moderator", "head"},
    "steward": set(ROLES),
    "officer": set(),
    "moderator": set(),
    "auditor": set(),
}


def enter(cast: Cast, by: str = "head@own", role: str = "officer", **facts: Any) -> Person:
    return people.enter(cast.own, by=cast[by], role=role, **{"name": "New Hand", "number": "N-1", **facts})


def test_a_person_is_entered_with_a_first_post(cast: Cast) -> None:
    new = enter(cast, email="New.Hand@Example.org", starts_on=date(2026, 1, 1))
    post = Appointment.objects.get(person=new)
    assert (post.role, post.office, post.starts_on) == ("officer", cast.own, date(2026, 1, 1))
    assert new.email == "new.hand@example.org"
    assert not new.has_usable_password()
    event = Event.objects.get()
    assert (event.verb, event.thing, event.facts) == ("enter", new.pk, {"role": "officer"})


@pytest.mark.parametrize("giver", GIVES)
@pytest.mark.parametrize("role", ROLES)
def test_who_may_give_which_role(cast: Cast, giver: str, role: str) -> None:
    if role in GIVES[giver]:
        enter(cast, f"{giver}@own", role)
        assert Event.objects.count() == 1
    else:
        with pytest.raises(Refused):
            enter(cast, f"{giver}@own", role)
        assert not Person.objects.filter(name="New Hand").exists()
        assert not Event.objects.exists()


def test_a_number_and_an_address_are_one_persons(cast: Cast, signed_in: SignedIn) -> None:
    with pytest.raises(Refused, match="already"):
        enter(cast, number="head@own")
    address = reverse("registry:enter-person", args=[cast.own.pk])
    sent = {
        "name": "نیا", "number": "head@own", "email": "HEAD.own@example.org", "role": "steward", "starts_on": "soon",
    }  # fmt: skip
    page = signed_in("head@own").post(address, sent).text
    assert page.count('aria-invalid="true"') == 4
    assert "نیا" in page
    sent |= {"number": "", "email": "", "role": "officer", "starts_on": "2026-01-01"}
    assert signed_in("head@own").post(address, sent).status_code == 302
    assert Person.objects.get(name="نیا").number is None


def test_no_address_is_no_address(cast: Cast) -> None:
    assert enter(cast, number=" ", email="").email is None
    assert enter(cast, number="", email=None, name="Another").number is None


def test_of_oneself_one_changes_names_and_language(cast: Cast, signed_in: SignedIn) -> None:
    me = cast["officer@own"]
    people.change(me, by=me, local_name="افسر", language="ur")
    assert Event.objects.get().facts == {"changed": ["language", "local_name"]}
    with pytest.raises(Refused):
        people.change(me, by=me, email="other@example.org")
    page = signed_in("officer@own").get(reverse("registry:change-person", args=[me.pk])).text
    assert 'name="language"' in page
    assert 'name="email"' not in page


def test_leaders_change_the_rest_and_the_log_keeps_no_address(cast: Cast, signed_in: SignedIn) -> None:
    address = reverse("registry:change-person", args=[cast["officer@own"].pk])
    sent = {"name": "Officer", "number": "77", "email": " Fresh@Example.org ", "service": "pas", "cadre": "BS-17"}
    assert signed_in("head@own").post(address, sent).status_code == 302
    officer = cast["officer@own"]
    assert (officer.email, officer.service) == ("fresh@example.org", "pas")
    assert "example.org" not in str(Event.objects.get().facts)
    again = signed_in("head@own").post(address, sent)
    assert again.status_code == 403
    assert Event.objects.count() == 1


@pytest.mark.parametrize("name", ["head@own", "authority@own", "steward@own", "auditor@own", "officer@sister"])
def test_nobody_changes_the_address_of_somebody_above_or_elsewhere(cast: Cast, name: str) -> None:
    with pytest.raises(Refused):
        people.change(cast[name], by=cast["head@own"], email="mine@example.org")


def test_a_higher_post_elsewhere_or_to_come_guards_too(cast: Cast) -> None:
    officer = cast["officer@own"]
    post = Appointment.objects.create(
        person=officer, office=cast.sister, role="officer", starts_on=TODAY() + timedelta(days=9)
    )
    with pytest.raises(Refused):
        people.change(officer, by=cast["head@own"], email="mine@example.org")
    post.delete()
    people.change(officer, by=cast["head@own"], email="mine@example.org")


def test_a_further_post(cast: Cast, signed_in: SignedIn) -> None:
    address = reverse("registry:appoint", args=[cast["officer@own"].pk])
    client = signed_in("head@own")
    assert 'value="ED-LHR"' in client.get(address).text
    sent = {"office": "ED-LHR", "role": "moderator", "title": "Press", "starts_on": TODAY().isoformat()}
    assert client.post(address, sent).status_code == 302
    assert client.post(address, sent).status_code == 409
    assert [e.verb for e in Event.objects.all()] == ["appoint"]
    assert "moderator" in cast["officer@own"].roles_at(cast.own)
    elsewhere = client.post(address, sent | {"office": "ED-MUX"})
    assert "No office with that code" in elsewhere.text


def test_nobody_gives_themselves_a_role(cast: Cast, signed_in: SignedIn) -> None:
    for name in ("steward@own", "authority@own", "head@own"):
        with pytest.raises(Refused, match="themselves"):
            people.appoint(cast[name], cast.own, by=cast[name], role="officer")
        assert signed_in(name).get(reverse("registry:appoint", args=[cast[name].pk])).status_code == 403


def test_who_has_left_is_not_appointed(cast: Cast) -> None:
    Person.objects.filter(name="Officer At Own").update(is_active=False)
    with pytest.raises(Refused, match="left"):
        people.appoint(cast["officer@own"], cast.own, by=cast["head@own"], role="moderator")


def test_a_post_ends_on_its_last_day(rooms: Rooms, signed_in: SignedIn) -> None:
    post, cast = rooms.post("officer@own"), rooms.cast
    before = Event.objects.count()
    address = reverse("registry:end-post", args=[post.pk])
    assert signed_in("head@own").post(address, {"on": TODAY().isoformat()}).status_code == 302
    assert signed_in("head@own").post(address, {"on": TODAY().isoformat()}).status_code == 409
    post.refresh_from_db()
    assert post.ends_on == TODAY()
    assert Event.objects.count() == before + 1
    with pytest.raises(Refused, match="later"):
        people.end(post, by=cast["head@own"], on=date(2024, 1, 1))
    assert "rubbish" in signed_in("head@own").post(address, {"on": "rubbish"}).text


@pytest.mark.parametrize(
    ("who", "by"),
    [
        ("head@own", "head@own"),
        ("steward@own", "head@own"),
        ("steward@top", "steward@top"),
        ("officer@own", "head@sister"),
    ],
)
def test_who_may_not_give_a_post_may_not_end_it(cast: Cast, who: str, by: str) -> None:
    post = Appointment.objects.select_related("office").get(person=cast[who])
    with pytest.raises(Refused):
        people.end(post, by=cast[by], on=TODAY())


def test_with_something_in_hand_the_page_leads_to_the_handover(rooms: Rooms, signed_in: SignedIn) -> None:
    post = rooms.post("moderator@own")
    address = reverse("registry:end-post", args=[post.pk])
    handover = reverse("registry:begin-handover", args=[post.pk])
    assert handover in signed_in("head@own").get(address).text
    sent = signed_in("head@own").post(address, {"on": "2026-03-04"})
    assert sent.status_code == 403
    assert handover in sent.text
    assert "2026-03-04" in sent.text
    post.refresh_from_db()
    assert post.ends_on is None


def test_who_keeps_another_post_there_keeps_what_they_hold(rooms: Rooms) -> None:
    cast = rooms.cast
    people.appoint(cast["moderator@own"], cast.own, by=cast["head@own"], role="officer")
    people.end(rooms.cast.people["moderator@own"].appointments.get(role="moderator"), by=cast["head@own"], on=TODAY())


def test_private_facts_are_for_those_who_oversee(cast: Cast, signed_in: SignedIn) -> None:
    page = cast["moderator@own"].get_absolute_url()
    shown = {
        name: "moderator.own@example.org" in signed_in(name).get(page).text for name in cast.people if "own" in name
    }
    assert shown == {
        "officer@own": False, "moderator@own": True, "head@own": True, "authority@own": True, "steward@own": True,
        "auditor@own": True,
    }  # fmt: skip


def test_the_list_is_filtered(cast: Cast, signed_in: SignedIn) -> None:
    client = signed_in("steward@top")

    def names(query: str) -> set[str]:
        page = client.get(f"/people/?{query}").context["page"]
        return {str(person) for person in page.object_list}

    assert len(names("")) == 24
    assert names("words=head+at+own") == {"Head At Own"}
    assert names("words=head@own") == {"Head At Own"}
    assert names("office=ED-LHR&role=head") == {"Head At Own"}
    assert names("office=kasur") == {f"{role.title()} At Field" for role in ROLES}
    assert names("serving=no") == set()
    assert names("service=pas") == set()
    assert len(names("role=rubbish")) == 24
    assert names("office=DPE") == set()


def test_who_left_the_service_is_signed_out_when_the_day_has_come(cast: Cast) -> None:
    last = date(2026, 5, 31)
    Person.objects.filter(name__in=["Officer At Own", "Head At Own"]).update(left_on=last)
    Appointment.objects.filter(person__name="Officer At Own").update(ends_on=last)
    assert people.leave(on=date(2026, 5, 30)) == 0
    assert people.leave(on=last) == 1
    assert people.leave(on=last) == 0
    assert not cast["officer@own"].is_active
    assert cast["head@own"].is_active  # another post remains
    assert Event.objects.get().verb == "leave"
