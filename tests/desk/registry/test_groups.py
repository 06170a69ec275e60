"""Groups: entered, changed, closed; their administrators and what the rules ask of them."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from amanat.desk.audit.models import Event
from amanat.desk.lib.refusals import Refused
from amanat.desk.registry import law
from amanat.desk.registry.actions import groups
from amanat.desk.registry.models import Administrator, Group
from tests.desk.registry.conftest import TODAY, Rooms

SignedIn = Callable[[str], Client]


def names(group: Group) -> set[str]:
    return {row.person.name for row in group.administrators.current()}


def test_a_group_is_entered_once_a_name(rooms: Rooms, signed_in: SignedIn) -> None:
    address = reverse("registry:enter-group", args=[rooms.cast.own.pk])
    sent = {"platform": "whatsapp", "name": "Lahore schools", "members": "many"}
    page = signed_in("moderator@own").post(address, sent).text
    assert page.count('aria-invalid="true"') == 2
    before = Event.objects.count()
    assert signed_in("moderator@own").post(address, sent | {"name": "Kasur", "members": "40"}).status_code == 302
    assert Event.objects.count() == before + 1
    with pytest.raises(Refused, match="already"):
        groups.enter(rooms.cast.own, by=rooms.cast["head@own"], platform="whatsapp", name="Kasur")


def test_administrators_are_set_with_their_days(rooms: Rooms) -> None:
    cast, group = rooms.cast, rooms.group
    groups.administer(group, by=cast["head@own"], people=[cast["auditor@own"], cast["officer@own"]])
    assert names(group) == {"Auditor At Own", "Officer At Own"}
    assert Administrator.objects.get(person=cast["moderator@own"]).ends_on == TODAY()
    event = Event.objects.first()
    assert event is not None
    assert (event.verb, event.facts["left"]) == ("administer", [cast["moderator@own"].pk])


def test_refused_administrators(rooms: Rooms) -> None:
    cast, group = rooms.cast, rooms.group
    before = Event.objects.count()
    for people, why in (
        ([], "at least one"),
        ([cast["moderator@own"]], "already"),
        ([cast["officer@sister"]], "post at its office"),
    ):
        with pytest.raises(Refused, match=why):
            groups.administer(group, by=cast["head@own"], people=people)
    with pytest.raises(Refused, match="head of office"):
        groups.administer(group, by=cast["moderator@own"], people=[cast["officer@own"]])
    assert names(group) == {"Moderator At Own"}
    assert Event.objects.count() == before


def test_changed_and_closed(rooms: Rooms, signed_in: SignedIn) -> None:
    group, cast = rooms.group, rooms.cast
    address = reverse("registry:change-group", args=[group.pk])
    sent = {"platform": "whatsapp", "name": "Lahore schools", "purpose": "notices"}
    assert signed_in("moderator@own").post(address, sent).status_code == 302
    close = reverse("registry:close-group", args=[group.pk])
    assert signed_in("head@own").post(close, {"reason": "not needed"}).status_code == 302
    assert signed_in("head@own").post(close, {"reason": "not needed"}).status_code == 409
    assert names(group) == set()
    with pytest.raises(Refused, match="closed"):
        groups.change(group, by=cast["head@own"], purpose="x")
    with pytest.raises(Refused, match="closed"):
        groups.administer(group, by=cast["head@own"], people=[cast["head@own"]])
    assert [e.verb for e in Event.objects.all()[:2]] == ["close", "change"]


def test_administrators_read_what_the_clause_asks_of_them(rooms: Rooms, signed_in: SignedIn) -> None:
    page = rooms.group.get_absolute_url()
    clause = law.rulebook().clause("pbsm25-groups")
    mine = signed_in("moderator@own").get(page).text
    assert "ask of you as administrator" in mine
    assert clause.gist["en"] in mine
    assert reverse("rules:cited", args=[clause.id]) in mine
    assert "ask of administrators" in signed_in("officer@own").get(page).text


def test_an_administrator_from_elsewhere_sees_the_group_and_no_more(rooms: Rooms, signed_in: SignedIn) -> None:
    Administrator.objects.create(group=rooms.group, person=rooms.cast["officer@sister"])
    client = signed_in("officer@sister")
    page = client.get(rooms.group.get_absolute_url())
    assert "ask of you as administrator" in page.text
    assert rooms.cast.own.get_absolute_url() not in page.text
    assert client.get(rooms.cast.own.get_absolute_url()).status_code == 404


def test_the_list_is_filtered(rooms: Rooms, signed_in: SignedIn) -> None:
    def found(query: str) -> int:
        return len(signed_in("head@top").get(f"/groups/?{query}").context["page"].object_list)

    assert found("") == found("words=lahore") == found("state=open") == found("state=x") == 1
    assert found("state=closed") == found("words=multan") == 0
