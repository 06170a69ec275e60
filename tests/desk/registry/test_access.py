"""Who may open what: every page for every role at one's own, a sister and a foreign office; and who may press what."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse

from amanat.desk.registry.actions import offices
from amanat.desk.registry.models import Calendar, Channel, Holiday
from tests.cast import ROLES, Cast
from tests.desk.registry.conftest import TODAY, Rooms

OWN = {f"{role}@own" for role in ROLES}
ABOVE = {f"{role}@top" for role in ("head", "authority", "steward", "auditor")}
"""Those who see what is below their office."""
SEES = OWN | ABOVE
STEWARDS = {"steward@own", "steward@top"}
AUTHORITIES = STEWARDS | {"authority@own", "authority@top"}
LEADS = AUTHORITIES | {"head@own"}
WORKS = LEADS | {"moderator@own"}
PEOPLE = [f"{role}@{place}" for role in ROLES for place in ("own", "top", "sister", "foreign")]

# Everything here stands at the office `own`. A page: who gets it. Whoever sees the thing and is not named is refused
# (403); for whoever does not see it there is nothing (404).
PAGES: dict[str, tuple[str, set[str]]] = {
    "office": ("own", SEES),
    "enter-office": ("own", STEWARDS),
    "change-office": ("own", LEADS),
    "move-office": ("own", STEWARDS),
    "enter-person": ("own", LEADS),
    "enter-channel": ("own", WORKS),
    "enter-group": ("own", WORKS),
    "person": ("officer@own", SEES),
    "change-person": ("officer@own", LEADS | {"officer@own"}),
    "appoint": ("officer@own", LEADS | {"head@top"}),  # the head above leads an office: which one is asked on the form
    "end-post": ("post", LEADS),
    "begin-handover": ("post", LEADS | {"officer@own"}),
    "calendar": ("own", SEES),
    "weekend": ("own", LEADS),
    "observe": ("own", LEADS),
    "load-holidays": ("own", LEADS),
    "channel": ("channel", SEES),
    "change-channel": ("channel", WORKS),
    "seat": ("channel", LEADS),
    "inspect": ("channel", WORKS),
    "group": ("group", SEES),
    "change-group": ("group", WORKS),
    "administer": ("group", LEADS),
    "handover": ("handover", SEES),
    "change-handover": ("handover", LEADS),
    "add-item": ("handover", LEADS),
    "tick-item": ("item", LEADS | {"officer@own"}),
}
LISTS = ["offices", "people", "channels", "groups", "handovers"]
# A verb: on what, and who may.
VERBS: dict[str, tuple[str, set[str]]] = {
    "close-office": ("field", STEWARDS | {"steward@field"}),
    "reopen-office": ("shut", STEWARDS),
    "doubt-channel": ("proved", LEADS),
    "close-channel": ("channel", LEADS),
    "close-group": ("group", LEADS),
    "finish-handover": ("done", LEADS),
    "drop-handover": ("handover", LEADS),
    "inherit": ("weekend", LEADS),
    "strike": ("holiday", LEADS),
}


def number_of(rooms: Rooms, what: str) -> list[int]:
    """The numbers in the address of a thing of that name."""
    cast = rooms.cast
    if what in cast.people:
        return [cast.people[what].pk]
    if what in ("handover", "item", "done"):
        handover = rooms.begin()
        if what == "done":
            rooms.tick_all(handover)
        item = handover.items.last()
        return [handover.pk, item.pk] if what == "item" and item else [handover.pk]
    if what == "shut":
        new = offices.enter(cast.own, by=cast["steward@own"], code="ED-LHR-9", name="Field office Okara", kind="field")
        offices.close(new, by=cast["steward@own"], reason="merged")
        return [new.pk]
    if what == "field":
        cast.field.appointments.update(ends_on="2025-06-30")
        return [cast.field.pk]
    if what == "proved":
        Channel.objects.filter(pk=rooms.channel.pk).update(state="verified")
        return [rooms.channel.pk]
    if what == "weekend":
        Calendar.objects.create(office=cast.own, weekend=64)
        return [cast.own.pk]
    if what == "holiday":
        return [Holiday.objects.create(office=cast.own, on=TODAY(), name="A day").pk]
    found = {"own": cast.own, "channel": rooms.channel, "group": rooms.group, "post": rooms.post("officer@own")}
    return [found[what].pk]


def answer(client: Client, address: str, *, post: bool = False) -> int:
    """The status of the answer; what it did is undone."""
    with transaction.atomic():
        sent = client.post(address, {"reason": "because"}) if post else client.get(address)
        transaction.set_rollback(True)
    return sent.status_code


@pytest.mark.parametrize("name", PAGES)
def test_a_page_is_open_to_these_and_to_nobody_else(
    rooms: Rooms, signed_in: Callable[[str], Client], name: str
) -> None:
    what, may = PAGES[name]
    address = reverse(f"registry:{name}", args=number_of(rooms, what))
    expected = {who: 200 if who in may else 403 if who in SEES else 404 for who in PEOPLE}
    assert {who: answer(signed_in(who), address) for who in PEOPLE} == expected
    assert Client().get(address).status_code == 302


@pytest.mark.parametrize("name", LISTS)
def test_a_list_is_open_to_whoever_is_signed_in(rooms: Rooms, signed_in: Callable[[str], Client], name: str) -> None:
    address = reverse(f"registry:{name}")
    assert {who: answer(signed_in(who), address) for who in PEOPLE} == dict.fromkeys(PEOPLE, 200)
    assert Client().get(address).status_code == 302


@pytest.mark.parametrize("name", VERBS)
def test_a_verb_is_open_to_these_and_to_nobody_else(
    rooms: Rooms, signed_in: Callable[[str], Client], name: str
) -> None:
    what, may = VERBS[name]
    address = reverse(f"registry:{name}", args=number_of(rooms, what))
    sees = ABOVE | {"head@own", "authority@own", "steward@own", "auditor@own"} if what in ("field", "shut") else SEES
    expected = {who: 302 if who in may else 403 if who in sees else 404 for who in PEOPLE}
    assert {who: answer(signed_in(who), address, post=True) for who in PEOPLE} == expected
    assert Client().post(address).status_code == 302
    assert signed_in("steward@top").get(address).status_code == 405


def test_somebody_without_a_post_is_told_whom_to_ask(
    rooms: Rooms, cast: Cast, signed_in: Callable[[str], Client]
) -> None:
    rooms.post("officer@sister").delete()
    client = signed_in("officer@sister")
    for address in (*(reverse(f"registry:{name}") for name in LISTS), cast.own.get_absolute_url()):
        page = client.get(address)
        assert page.status_code == 403
        assert "Lahore" not in page.text


def test_a_post_that_ended_opens_nothing(rooms: Rooms, signed_in: Callable[[str], Client]) -> None:
    post = rooms.post("head@own")
    post.ends_on = TODAY().replace(year=TODAY().year - 1)
    post.save()
    assert signed_in("head@own").get(rooms.channel.get_absolute_url()).status_code == 403
