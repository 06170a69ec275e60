"""Handovers: begun with all that is held, ticked off by somebody else, blocked until done."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from amanat.desk.audit.models import Event
from amanat.desk.lib.refusals import Overtaken, Refused
from amanat.desk.registry.actions import channels, groups, handovers, panels, people
from amanat.desk.registry.models import Handover, HandoverItem
from tests.cast import Cast
from tests.desk.registry.conftest import SOON, TODAY, Rooms

SignedIn = Callable[[str], Client]


def item(handover: Handover, kind: str) -> HandoverItem:
    return HandoverItem.objects.select_related("channel__office", "group__office").get(handover=handover, kind=kind)


def tick(rooms: Rooms, handover: Handover, kind: str, by: str = "head@own") -> None:
    one = item(handover, kind)
    one.handover = Handover.objects.get(pk=handover.pk)
    handovers.tick(one, by=rooms.cast[by], proof="seen")


def test_its_items_are_what_the_person_holds(rooms: Rooms) -> None:
    before = Event.objects.count()
    handover = rooms.begin()
    assert [(i.kind, str(i.channel or i.group or i.text)) for i in handover.items.all()] == [
        ("panel", "Facebook DirectorateLahore"),
        ("access", "Facebook DirectorateLahore"),
        ("recovery", "Facebook DirectorateLahore"),
        ("group", "Lahore schools"),
        ("other", "The office telephone"),
    ]
    assert Event.objects.count() == before + 1


def test_what_is_held_elsewhere_or_no_more_is_no_item(rooms: Rooms) -> None:
    cast = rooms.cast
    people.appoint(cast["moderator@own"], cast.sister, by=cast["steward@sister"], role="moderator")
    other = channels.enter(cast.sister, by=cast["head@sister"], platform="x", handle="multan")
    panels.seat(other, by=cast["head@sister"], people=[cast["moderator@own"]])
    groups.close(rooms.group, by=cast["head@own"], reason="over")
    assert {i.kind for i in rooms.begin().items.all()} == {"panel", "access", "recovery", "other"}
    assert {i.channel for i in HandoverItem.objects.exclude(kind="other")} == {rooms.channel}


def test_the_person_may_ask_for_it_and_nobody_below(rooms: Rooms, signed_in: SignedIn) -> None:
    address = reverse("registry:begin-handover", args=[rooms.post("moderator@own").pk])
    sent = {"cause": "transfer", "leaves_on": TODAY().isoformat(), "successor": "", "others": "keys\n\n seal \n"}
    assert signed_in("officer@own").post(address, sent).status_code == 403
    done = signed_in("moderator@own").post(address, sent)
    handover = Handover.objects.get()
    assert done["Location"] == handover.get_absolute_url()
    assert list(handover.items.filter(kind="other").values_list("text", flat=True)) == ["keys", "seal"]
    assert signed_in("moderator@own").get(address)["Location"] == handover.get_absolute_url()
    assert signed_in("moderator@own").post(address, sent).status_code == 409


def test_nobody_hands_over_a_post_they_could_not_give(rooms: Rooms) -> None:
    with pytest.raises(Refused):
        handovers.begin(rooms.post("steward@own"), by=rooms.cast["head@own"], cause="transfer", leaves_on=TODAY())


def test_rubbish_at_the_beginning(rooms: Rooms, signed_in: SignedIn) -> None:
    address = reverse("registry:begin-handover", args=[rooms.post("moderator@own").pk])
    sent = {
        "cause": "whim", "leaves_on": "soon", "successor": rooms.cast["moderator@own"].pk, "others": "x" * 201,
    }  # fmt: skip
    page = signed_in("head@own").post(address, sent).text
    assert page.count('aria-invalid="true"') == 4
    early = {"cause": "transfer", "leaves_on": "2024-01-01"}
    assert "began later" in signed_in("head@own").post(address, early).text
    post = rooms.post("moderator@own")
    with pytest.raises(Refused, match="themselves"):
        handovers.begin(
            post, by=rooms.cast["head@own"], cause="transfer", leaves_on=TODAY(), successor=rooms.cast["moderator@own"]
        )
    post.ends_on = TODAY() - timedelta(days=1)
    with pytest.raises(Refused, match="ended"):
        handovers.begin(post, by=rooms.cast["head@own"], cause="transfer", leaves_on=TODAY())
    assert not Handover.objects.exists()


def test_ticking_passes_everything_to_the_successor(rooms: Rooms) -> None:
    handover, cast = rooms.begin(), rooms.cast
    before = Event.objects.count()
    rooms.tick_all(handover)
    rooms.channel.refresh_from_db()
    assert rooms.channel.recovery_person == cast["officer@own"]
    assert [seat.person for seat in rooms.channel.seats.current()] == [cast["officer@own"]]
    assert [row.person for row in rooms.group.administrators.current()] == [cast["officer@own"]]
    assert Event.objects.count() == before + 5
    assert Event.objects.filter(verb="tick").count() == 5


def test_the_person_who_leaves_ticks_nothing(rooms: Rooms, signed_in: SignedIn) -> None:
    handover = rooms.begin()
    for who in ("moderator@own", "auditor@own"):
        with pytest.raises(Refused):
            tick(rooms, handover, "access", by=who)
    assert "Tick off" not in signed_in("moderator@own").get(handover.get_absolute_url()).text
    tick(rooms, handover, "access", by="officer@own")  # the successor
    with pytest.raises(Overtaken):
        tick(rooms, handover, "access")
    done = item(handover, "access")
    assert (done.proof, done.done_by) == ("seen", rooms.cast["officer@own"])


def test_a_tick_needs_its_proof(rooms: Rooms, signed_in: SignedIn) -> None:
    handover = rooms.begin()
    address = reverse("registry:tick-item", args=[handover.pk, item(handover, "panel").pk])
    assert "Officer At Own" in signed_in("head@own").get(address).text
    assert signed_in("head@own").post(address, {"proof": "  "}).status_code == 200
    assert item(handover, "panel").done_at is None
    assert signed_in("head@own").post(address, {"proof": "signed in, was turned away"}).status_code == 302
    other = reverse("registry:tick-item", args=[handover.pk, 10**6])
    assert signed_in("head@own").get(other).status_code == 404


def test_without_a_successor_nothing_is_left_to_nobody(rooms: Rooms) -> None:
    handover, cast = rooms.begin(successor=None), rooms.cast
    for kind in ("panel", "recovery", "group"):
        with pytest.raises(Refused):
            tick(rooms, handover, kind)
        assert item(handover, kind).done_at is None
    panels.seat(rooms.channel, by=cast["head@own"], people=[cast["moderator@own"], cast["head@own"]])
    groups.administer(rooms.group, by=cast["head@own"], people=[cast["moderator@own"], cast["head@own"]])
    channels.change(rooms.channel, by=cast["head@own"], recovery_person=cast["head@own"])
    for kind in ("panel", "recovery", "group"):
        tick(rooms, handover, kind)
    assert [seat.person for seat in rooms.channel.seats.current()] == [cast["head@own"]]
    assert [row.person for row in rooms.group.administrators.current()] == [cast["head@own"]]


def test_the_size_of_the_panel_is_kept_in_a_handover_too(rooms: Rooms) -> None:
    cast, head = rooms.cast, rooms.cast["head@foreign"]
    three = [cast[f"{role}@foreign"] for role in ("moderator", "head", "officer")]
    panels.seat(rooms.abroad, by=head, people=three)
    handover = handovers.begin(rooms.post("moderator@foreign"), by=head, cause="transfer", leaves_on=TODAY())
    one = item(handover, "panel")
    with pytest.raises(Refused) as refusal:
        handovers.tick(one, by=head, proof="seen")
    assert refusal.value.clause == "bdg16-panel"
    assert item(handover, "panel").done_at is None
    assert rooms.abroad.seats.current().count() == 3


def test_what_was_taken_back_before_is_only_ticked(rooms: Rooms) -> None:
    handover, cast = rooms.begin(), rooms.cast
    panels.seat(rooms.channel, by=cast["head@own"], people=[cast["head@own"]])
    groups.administer(rooms.group, by=cast["head@own"], people=[cast["head@own"]])
    channels.change(rooms.channel, by=cast["head@own"], recovery_person=cast["head@own"])
    rooms.tick_all(handover)
    assert [seat.person for seat in rooms.channel.seats.current()] == [cast["head@own"]]
    rooms.channel.refresh_from_db()
    assert rooms.channel.recovery_person == cast["head@own"]


def test_a_successor_without_a_post_today_gets_nothing(rooms: Rooms) -> None:
    handover = rooms.begin()
    post = rooms.post("officer@own")
    post.starts_on = TODAY() + SOON
    post.save()
    for kind in ("panel", "recovery", "group"):
        with pytest.raises(Refused, match="today"):
            tick(rooms, handover, kind)


def test_it_is_not_finished_while_something_is_open(rooms: Rooms, signed_in: SignedIn) -> None:
    handover = rooms.begin()
    tick(rooms, handover, "panel")
    with pytest.raises(Refused, match=r"access to the account removed: Facebook DirectorateLahore .*telephone"):
        handovers.finish(handover, by=rooms.cast["head@own"])
    assert Handover.objects.get().state == "open"
    assert rooms.post("moderator@own").ends_on is None
    page = signed_in("head@own").get(handover.get_absolute_url()).text
    assert f"{handover.get_absolute_url()}finish/" not in page
    assert "1 of 5" in page


def test_finishing_ends_the_post_on_its_last_day(rooms: Rooms, signed_in: SignedIn) -> None:
    handover = rooms.begin(on=TODAY() + SOON)
    rooms.tick_all(handover)
    address = f"{handover.get_absolute_url()}finish/"
    assert address in signed_in("head@own").get(handover.get_absolute_url()).text
    before = Event.objects.count()
    assert signed_in("head@own").post(address).status_code == 302
    assert signed_in("head@own").post(address).status_code == 409
    assert Event.objects.count() == before + 1
    post = rooms.post("moderator@own")
    assert post.ends_on == TODAY() + SOON
    person = rooms.cast["moderator@own"]
    assert person.is_active
    assert person.left_on is None


def test_with_a_finished_handover_the_post_may_end_earlier(rooms: Rooms) -> None:
    handover = rooms.begin(on=TODAY() + SOON)
    rooms.tick_all(handover)
    handovers.finish(handover, by=rooms.cast["head@own"])
    people.end(rooms.post("moderator@own"), by=rooms.cast["head@own"], on=TODAY())


def test_on_retirement_the_service_ends(rooms: Rooms) -> None:
    handover = rooms.begin(cause="retirement")
    rooms.tick_all(handover)
    handovers.finish(Handover.objects.get(pk=handover.pk), by=rooms.cast["head@own"])
    person = rooms.cast["moderator@own"]
    assert (person.left_on, person.is_active) == (TODAY(), False)


def test_retirement_to_come_ends_the_service_only_then(rooms: Rooms) -> None:
    handover = rooms.begin(cause="retirement", on=TODAY() + SOON)
    rooms.tick_all(handover)
    handovers.finish(Handover.objects.get(pk=handover.pk), by=rooms.cast["head@own"])
    assert rooms.cast["moderator@own"].is_active
    assert people.leave(on=TODAY()) == 0
    assert people.leave(on=TODAY() + SOON) == 1
    assert not rooms.cast["moderator@own"].is_active


def test_another_post_keeps_the_person_in_service(rooms: Rooms) -> None:
    cast = rooms.cast
    people.appoint(cast["moderator@own"], cast.sister, by=cast["steward@sister"], role="officer")
    handover = rooms.begin(cause="retirement")
    rooms.tick_all(handover)
    handovers.finish(handover, by=cast["head@own"])
    assert cast["moderator@own"].is_active
    assert cast["moderator@own"].left_on is None


def test_what_came_to_be_held_meanwhile_blocks_too(rooms: Rooms) -> None:
    handover, cast = rooms.begin(), rooms.cast
    rooms.tick_all(handover)
    panels.seat(rooms.channel, by=cast["head@own"], people=[cast["moderator@own"]])
    with pytest.raises(Refused, match="since"):
        handovers.finish(handover, by=cast["head@own"])


def test_only_who_could_give_the_post_finishes_drops_or_changes(rooms: Rooms, signed_in: SignedIn) -> None:
    cast = rooms.cast
    handover = handovers.begin(rooms.post("head@own"), by=cast["head@own"], cause="transfer", leaves_on=TODAY())
    for who in ("head@own", "moderator@own", "auditor@own"):
        with pytest.raises(Refused):
            handovers.finish(handover, by=cast[who])
        with pytest.raises(Refused):
            handovers.drop(handover, by=cast[who], reason="no")
        with pytest.raises(Refused):
            handovers.add(handover, by=cast[who], text="keys")
        page = signed_in(who).get(handover.get_absolute_url()).text
        assert "What you can do" not in page
    handovers.add(handover, by=cast["authority@top"], text="keys")
    handovers.change(handover, by=cast["authority@own"], leaves_on=TODAY() + SOON, successor=cast["officer@own"])
    handovers.drop(handover, by=cast["authority@own"], reason="stays")
    with pytest.raises(Overtaken):
        handovers.add(handover, by=cast["authority@own"], text="seal")
    with pytest.raises(Overtaken):
        handovers.drop(handover, by=cast["authority@own"], reason="stays")
    assert rooms.post("head@own").ends_on is None


def test_a_dropped_handover_may_be_begun_again(rooms: Rooms) -> None:
    handovers.drop(rooms.begin(), by=rooms.cast["head@own"], reason="stays")
    with pytest.raises(Refused):
        people.end(rooms.post("moderator@own"), by=rooms.cast["head@own"], on=TODAY())
    assert rooms.begin().state == "open"


def test_the_plan_is_changed_on_the_page(rooms: Rooms, signed_in: SignedIn) -> None:
    handover = rooms.begin(successor=None)
    address = f"{handover.get_absolute_url()}change/"
    client = signed_in("head@own")
    assert TODAY().isoformat() in client.get(address).text
    sent = {"leaves_on": "2024-01-01", "successor": rooms.cast["officer@own"].pk}
    assert client.post(address, sent).status_code == 403
    assert client.post(address, sent | {"leaves_on": TODAY().isoformat()}).status_code == 302
    handover.refresh_from_db()
    assert handover.successor == rooms.cast["officer@own"]
    sent = {"text": "the seal"}
    assert client.post(f"{handover.get_absolute_url()}add/", sent).status_code == 302
    assert "the seal" in client.get(handover.get_absolute_url()).text


def test_the_list_is_filtered(rooms: Rooms, signed_in: SignedIn) -> None:
    handover = rooms.begin()

    def found(query: str) -> int:
        return len(signed_in("head@own").get(f"/handovers/?{query}").context["page"].object_list)

    assert found("") == found("state=open") == found("state=x") == 1
    assert found("state=done") == found("late=on") == 0
    Handover.objects.update(leaves_on=TODAY() - SOON)
    assert found("late=on") == 1
    assert "late" in signed_in("head@own").get(handover.get_absolute_url()).text


def test_a_stranger_who_succeeds_sees_it(rooms: Rooms, cast: Cast, signed_in: SignedIn) -> None:
    handover = rooms.begin()
    Handover.objects.filter(pk=handover.pk).update(successor=cast["officer@sister"])
    assert signed_in("officer@sister").get(handover.get_absolute_url()).status_code == 200
    assert signed_in("moderator@sister").get(handover.get_absolute_url()).status_code == 404
