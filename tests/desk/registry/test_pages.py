"""Every page stays within its queries, however much there is, and has what every page must have."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from amanat.desk.registry.actions import channels, groups, handovers, panels, people
from amanat.desk.registry.models import Verification
from tests.desk.registry.conftest import TODAY, Rooms
from tests.desk.registry.test_access import LISTS, PAGES, number_of

SignedIn = Callable[[str], Client]


@pytest.fixture
def crowd(rooms: Rooms) -> Rooms:
    """Many people, channels, groups and handovers at `own`."""
    cast, head = rooms.cast, rooms.cast["head@own"]
    hands = [people.enter(cast.own, by=head, role="officer", name=f"Hand {n}") for n in range(12)]
    panels.seat(rooms.channel, by=head, people=hands)
    groups.administer(rooms.group, by=head, people=hands)
    for n, hand in enumerate(hands):
        channel = channels.enter(cast.own, by=head, platform="x", handle=f"lahore{n}", recovery_person=hand)
        channels.inspect(channel, by=head, on=TODAY(), months=1, note="all well")
        panels.seat(channel, by=head, people=[head, hand])
        groups.enter(cast.own, by=head, platform="telegram", name=f"Room {n}")
        post = hand.appointments.get()
        handovers.begin(post, by=head, cause="transfer", leaves_on=TODAY(), successor=head)
    for n in range(5):
        Verification.objects.create(channel=rooms.channel, method="link", found=f"nothing {n}", by=hands[n])
        channels.inspect(rooms.channel, by=hands[n] if n > 20 else head, on=TODAY(), months=n + 1, note=f"note {n}")
    return rooms


@pytest.mark.parametrize("name", [*LISTS, *PAGES])
def test_a_page_asks_at_most_twelve_times(
    crowd: Rooms, signed_in: SignedIn, name: str, django_assert_max_num_queries: Any
) -> None:
    what = PAGES.get(name, ("", set()))[0]
    address = reverse(f"registry:{name}", args=number_of(crowd, what) if what else [])
    client = signed_in("steward@own")
    with django_assert_max_num_queries(12):
        page = client.get(address)
    assert page.status_code == 200
    html = page.text
    assert html.count("<h1") == 1
    assert re.search(r"<title>\S.* · Amanat</title>", html)
    assert " style=" not in html
    assert "<script" not in html
    labelled = set(re.findall(r'<label[^>]* for="([^"]+)"', html))
    asked = set(re.findall(r'<(?:input|select|textarea)(?! type="hidden")[^>]* id="([^"]+)"', html))
    assert asked <= labelled


@pytest.mark.parametrize("lang", ["ur", "hi", "bn"])
@pytest.mark.parametrize("name", ["offices", "office", "person", "channel", "group", "handover"])
def test_a_page_opens_in_every_language(crowd: Rooms, signed_in: SignedIn, name: str, lang: str) -> None:
    what = PAGES.get(name, ("", set()))[0]
    client = signed_in("head@own")
    client.cookies["language"] = lang
    html = client.get(reverse(f"registry:{name}", args=number_of(crowd, what) if what else [])).text
    assert f'<html lang="{lang}"' in html
    if lang != "hi" and name == "office":
        assert "نظامت لاہور" in html


@pytest.mark.parametrize(
    "model", ["office", "person", "appointment", "channel", "group", "panelseat", "verification", "inspection",
              "administrator", "handover", "handoveritem"],
)  # fmt: skip
def test_the_tables_show_and_change_nothing(crowd: Rooms, signed_in: SignedIn, model: str) -> None:
    crowd.cast["auditor@own"]
    page = signed_in("auditor@own").get(f"/tables/registry/{model}/")
    assert page.status_code == 200
    assert page.context["cl"].queryset.exists()
    assert signed_in("auditor@own").get(f"/tables/registry/{model}/add/").status_code == 403
    row = page.context["cl"].queryset.first()
    assert signed_in("auditor@own").get(f"/tables/registry/{model}/{row.pk}/change/").status_code == 200
    assert not signed_in("auditor@foreign").get(f"/tables/registry/{model}/").context["cl"].queryset.filter(pk=row.pk)
