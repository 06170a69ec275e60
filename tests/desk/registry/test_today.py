"""What the registry tells Today."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from amanat.desk.lib.waiting import DUE, LATE
from amanat.desk.registry.models import Appointment, Channel, Handover, Person
from amanat.desk.registry.today import waiting
from tests.cast import Cast, items_of
from tests.desk.registry.conftest import SOON, TODAY, Rooms


def verbs(cast: Cast, who: str) -> list[str]:
    return [item.verb for item in items_of(waiting, cast[who])]


def test_channels_wait_for_those_who_work_at_their_office(rooms: Rooms) -> None:
    cast = rooms.cast
    assert verbs(cast, "moderator@own") == verbs(cast, "head@own") == ["Prove it official"]
    Channel.objects.update(inspection_due_on=TODAY() - SOON)
    first, second = items_of(waiting, cast["moderator@own"])
    assert (first.verb, first.weight, first.since) == ("Inspect", LATE, TODAY() - SOON)
    assert first.url == f"/channels/{rooms.channel.pk}/inspect/"
    assert second.url == rooms.channel.get_absolute_url()
    Channel.objects.update(inspection_due_on=TODAY(), state="verified")
    assert [item.weight for item in items_of(waiting, cast["head@own"])] == [DUE]
    for who in ("officer@own", "auditor@own", "steward@top", "head@sister"):
        assert verbs(cast, who) == []
    Channel.objects.update(state="closed")
    assert verbs(cast, "head@own") == []


def test_handovers_wait_for_those_who_can_go_on_with_them(rooms: Rooms) -> None:
    Channel.objects.update(state="verified")
    cast, handover = rooms.cast, rooms.begin(on=TODAY() + SOON)
    for who, told in {
        "officer@own": ["Tick off"], "head@own": ["Tick off"], "moderator@own": [], "authority@top": [],
        "auditor@own": [], "officer@sister": [],
    }.items():  # fmt: skip
        assert verbs(cast, who) == told, who
    rooms.tick_all(handover)
    assert verbs(cast, "head@own") == ["Finish"]
    assert verbs(cast, "officer@own") == []
    Handover.objects.update(leaves_on=TODAY() - SOON)
    late = items_of(waiting, cast["authority@top"])
    assert [(item.verb, item.weight) for item in late] == [("Finish", LATE)]


def test_posts_that_end_soon_ask_for_a_handover(rooms: Rooms) -> None:
    Channel.objects.update(state="verified")
    cast = rooms.cast
    Appointment.objects.filter(person__name__in=["Moderator At Own", "Officer At Own"]).update(ends_on=TODAY() + SOON)
    (item,) = items_of(waiting, cast["head@own"])
    assert (item.verb, item.since) == ("Begin the handover", TODAY() + SOON)
    assert item.url == f"/posts/{rooms.post('moderator@own').pk}/handover/"
    assert verbs(cast, "moderator@own") == []
    Appointment.objects.filter(person__name="Moderator At Own").update(ends_on=TODAY() + timedelta(days=31))
    assert verbs(cast, "head@own") == []
    Appointment.objects.filter(person__name="Moderator At Own").update(ends_on=TODAY() + SOON)
    rooms.begin(on=TODAY() + SOON)
    assert verbs(cast, "head@own") == ["Tick off"]


def test_few_queries_and_nothing_for_who_has_left(rooms: Rooms, django_assert_max_num_queries: Any) -> None:
    head = rooms.cast["head@own"]
    with django_assert_max_num_queries(6):
        items_of(waiting, head)
    Person.objects.filter(pk=head.pk).update(is_active=False)
    assert items_of(waiting, rooms.cast["head@own"]) == []
