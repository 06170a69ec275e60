"""Channels: claimed, changed, doubted, closed, inspected; and their panels."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import translation

from amanat.desk.audit.models import Event
from amanat.desk.lib.refusals import Overtaken, Refused
from amanat.desk.registry import law
from amanat.desk.registry.actions import channels, panels
from amanat.desk.registry.models import Channel, Inspection, PanelSeat
from tests.cast import Cast
from tests.desk.registry.conftest import TODAY, Rooms

SignedIn = Callable[[str], Client]
TICKS = {"second_factor_on": True, "access_list_checked": True, "recovery_tested": True}


def sitting(channel: Channel) -> set[str]:
    return {seat.person.name for seat in channel.seats.current()}


def test_a_channel_is_claimed_and_not_yet_official(cast: Cast) -> None:
    channel = channels.enter(cast.own, by=cast["moderator@own"], platform="x", handle="lahore")
    assert channel.state == "claimed"
    assert channel.inspection_due_on == law.months_later(TODAY(), 3)
    assert Event.objects.get().verb == "enter"
    with pytest.raises(Refused):
        channels.enter(cast.own, by=cast["officer@own"], platform="x", handle="other")


def test_a_handle_is_claimed_once_in_whatever_case(rooms: Rooms, signed_in: SignedIn) -> None:
    cast = rooms.cast
    with pytest.raises(Refused, match="already"):
        channels.enter(cast.sister, by=cast["head@sister"], platform="facebook", handle="directoratelahore")
    address = reverse("registry:enter-channel", args=[cast.sister.pk])
    sent = {
        "platform": "facebook", "handle": "DIRECTORATELAHORE", "purpose": "awareness", "languages": ["ur", "en"],
        "address": "javascript:alert(1)",
    }  # fmt: skip
    page = signed_in("moderator@sister").post(address, sent).text
    assert "of this name is in the registry already" in page
    assert page.count('aria-invalid="true"') == 2
    channels.close(rooms.channel, by=cast["head@own"], reason="given up")
    assert signed_in("moderator@sister").post(address, sent | {"address": ""}).status_code == 302
    assert Channel.objects.get(office=cast.sister).languages == "ur,en"


def test_what_was_proved_does_not_change_while_the_proof_stands(rooms: Rooms) -> None:
    moderator = rooms.cast["moderator@own"]
    channels.change(rooms.channel, by=moderator, handle="Lahore2")
    Channel.objects.filter(pk=rooms.channel.pk).update(state="verified")
    with pytest.raises(Refused, match="proof"):
        channels.change(rooms.channel, by=moderator, handle="Lahore3")
    channels.change(rooms.channel, by=moderator, handle="Lahore2", purpose="service")
    channels.doubt(Channel.objects.get(pk=rooms.channel.pk), by=rooms.cast["head@own"], reason="renamed")
    channels.change(rooms.channel, by=moderator, handle="Lahore3")
    assert [e.verb for e in Event.objects.order_by("pk")][-4:] == ["change", "change", "doubt", "change"]


def test_recovery_is_changed_by_those_who_lead(rooms: Rooms, signed_in: SignedIn) -> None:
    cast = rooms.cast
    with pytest.raises(Refused):
        channels.change(rooms.channel, by=cast["moderator@own"], recovery_person=None)
    address = reverse("registry:change-channel", args=[rooms.channel.pk])
    assert 'name="recovery_person"' not in signed_in("moderator@own").get(address).text
    page = signed_in("head@own").get(address).text
    assert 'name="recovery_person"' in page
    assert "Officer At Own" in page
    assert "Officer At Sister" not in page
    channels.change(rooms.channel, by=cast["head@own"], recovery_person=cast["officer@own"])


def test_a_closed_channel_is_left_alone(rooms: Rooms) -> None:
    head = rooms.cast["head@own"]
    channels.close(rooms.channel, by=head, reason="given up")
    assert sitting(rooms.channel) == set()
    before = Event.objects.count()
    for attempt in (
        lambda: channels.change(rooms.channel, by=head, purpose="service"),
        lambda: panels.seat(rooms.channel, by=head, people=[head]),
        lambda: channels.inspect(rooms.channel, by=head, on=TODAY(), months=3, note="", **TICKS),
        lambda: channels.close(rooms.channel, by=head, reason="again"),
    ):
        with pytest.raises(Refused):
            attempt()
    assert Event.objects.count() == before


def test_a_proof_is_never_just_said(rooms: Rooms, signed_in: SignedIn) -> None:
    page = signed_in("head@own").get(rooms.channel.get_absolute_url()).text
    assert f"{rooms.channel.get_absolute_url()}verify/" not in page
    assert f"{rooms.channel.get_absolute_url()}close/" in page


@pytest.mark.parametrize(("number", "fits"), [(1, True), (2, False), (3, True)])
def test_sizes_of_a_panel_come_from_the_pack(rooms: Rooms, number: int, fits: bool) -> None:
    cast = rooms.cast
    people = [cast[f"{role}@foreign"] for role in ("moderator", "head", "officer")][:number]
    if fits:
        panels.seat(rooms.abroad, by=cast["head@foreign"], people=people)
        assert len(sitting(rooms.abroad)) == number
    else:
        with pytest.raises(Refused) as refusal:
            panels.seat(rooms.abroad, by=cast["head@foreign"], people=people)
        assert refusal.value.clause == "bdg16-panel"
        assert "three to five" in refusal.value.reason
        assert sitting(rooms.abroad) == set()


def test_two_are_refused_on_the_page_with_the_clause_in_the_readers_language(rooms: Rooms, signed_in: SignedIn) -> None:
    cast, client = rooms.cast, signed_in("head@foreign")
    address = reverse("registry:seat", args=[rooms.abroad.pk])
    two = {"people": [cast["head@foreign"].pk, cast["officer@foreign"].pk]}
    client.cookies["language"] = "bn"
    page = client.post(address, two)
    assert page.status_code == 403
    assert reverse("rules:cited", args=["bdg16-panel"]) in page.text
    clause = law.rulebook().clause("bdg16-panel")
    assert clause.gist["bn"] in page.text
    assert page.text.count("checked") == 2
    translation.activate("en")


def test_where_no_clause_speaks_any_size_fits(rooms: Rooms) -> None:
    cast = rooms.cast
    assert law.panel_breach(cast.own, 2) is None
    panels.seat(rooms.channel, by=cast["head@own"], people=[cast["head@own"], cast["officer@own"]])
    cast.own.pack = "no such pack"
    assert law.panel_breach(cast.own, 2) is None
    assert law.panel_clause(cast.own) is None
    assert law.for_administrators(cast.own) == ()


def test_an_unverified_clause_forbids_no_panel(rooms: Rooms, monkeypatch: pytest.MonkeyPatch) -> None:
    from dataclasses import replace

    from amanat.rulebook import Rulebook

    bd = law.rulebook().pack("bd")
    weak = {c.id: replace(c, grade="unverified") for c in bd.clauses.values()}
    monkeypatch.setattr(law, "rulebook", lambda: Rulebook([replace(bd, clauses=weak)]))
    assert law.panel_breach(rooms.cast.foreign, 2) is None


def test_the_days_of_a_panel_are_kept(rooms: Rooms) -> None:
    cast = rooms.cast
    before = Event.objects.count()
    panels.seat(rooms.channel, by=cast["head@own"], people=[cast["officer@own"]])
    assert sitting(rooms.channel) == {"Officer At Own"}
    old = PanelSeat.objects.get(person=cast["moderator@own"])
    assert (old.starts_on, old.ends_on) == (TODAY(), TODAY())
    event = Event.objects.first()
    assert event is not None
    assert (Event.objects.count(), event.verb) == (before + 1, "seat")
    assert event.facts == {"members": [cast["officer@own"].pk], "left": [cast["moderator@own"].pk]}
    panels.seat(rooms.channel, by=cast["head@own"], people=[cast["moderator@own"]])  # back on the same day
    with pytest.raises(Refused, match="already"):
        panels.seat(rooms.channel, by=cast["head@own"], people=[cast["moderator@own"]])


@pytest.mark.parametrize("who", ["officer@sister", "auditor@own", "steward@own", "authority@own"])
def test_on_a_panel_sit_people_with_a_post_there(rooms: Rooms, who: str) -> None:
    with pytest.raises(Refused, match="post at this office"):
        panels.seat(rooms.channel, by=rooms.cast["head@own"], people=[rooms.cast[who]])


def test_an_empty_or_made_up_panel(rooms: Rooms, signed_in: SignedIn) -> None:
    address = reverse("registry:seat", args=[rooms.channel.pk])
    client = signed_in("head@own")
    assert client.post(address, {}).status_code == 200
    assert client.post(address, {"people": [rooms.cast["officer@sister"].pk, "x"]}).status_code == 200
    assert sitting(rooms.channel) == {"Moderator At Own"}
    with pytest.raises(Refused, match="at least one"):
        panels.seat(rooms.channel, by=rooms.cast["head@own"], people=[])


def test_an_inspection_sets_when_the_next_is_due(rooms: Rooms) -> None:
    moderator = rooms.cast["moderator@own"]
    found = channels.inspect(rooms.channel, by=moderator, on=date(2026, 1, 31), months=1, note="", **TICKS)
    rooms.channel.refresh_from_db()
    assert rooms.channel.inspection_due_on == date(2026, 2, 28)
    assert found.is_passed
    event = Event.objects.first()
    assert event is not None
    assert (event.verb, event.facts) == ("inspect", {"passed": True, "on": "2026-01-31"})
    with pytest.raises(Overtaken):
        channels.inspect(rooms.channel, by=moderator, on=date(2026, 1, 31), months=1, note="", **TICKS)
    channels.inspect(rooms.channel, by=moderator, on=date(2025, 1, 1), months=3, note="found in a file", **TICKS)
    rooms.channel.refresh_from_db()
    assert rooms.channel.inspection_due_on == date(2026, 2, 28)  # an older inspection, entered late, changes nothing


def test_what_is_not_ticked_is_shown_to_mend(rooms: Rooms, signed_in: SignedIn) -> None:
    address = reverse("registry:inspect", args=[rooms.channel.pk])
    client = signed_in("moderator@own")
    assert 'value="3"' in client.get(address).text
    sent = {"on": TODAY().isoformat(), "access_list_checked": "on", "months": "2"}
    assert client.post(address, sent).status_code == 302
    page = client.get(rooms.channel.get_absolute_url()).text
    assert "Turn the second factor on" in page
    assert "Go through everyone" not in page
    sent |= {"second_factor_on": "on", "recovery_tested": "on"}
    client.post(address, sent)
    assert "Still to mend" not in client.get(rooms.channel.get_absolute_url()).text
    assert Inspection.objects.count() == 2


def test_rubbish_about_an_inspection(rooms: Rooms, signed_in: SignedIn) -> None:
    address = reverse("registry:inspect", args=[rooms.channel.pk])
    tomorrow = (TODAY() + timedelta(days=1)).isoformat()
    for sent in ({"on": tomorrow, "months": "3"}, {"on": "x", "months": "3"}, {"on": "2026-01-01", "months": "0"}):
        page = signed_in("moderator@own").post(address, sent)
        assert 'aria-invalid="true"' in page.text
    assert not Inspection.objects.exists()


def test_an_interval_that_a_clause_fixes_is_kept(rooms: Rooms, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(law, "inspection_months", lambda office: 2)
    with pytest.raises(Refused, match="sooner"):
        channels.inspect(rooms.channel, by=rooms.cast["head@own"], on=TODAY(), months=3, note="", **TICKS)
    monkeypatch.undo()
    assert law.inspection_months(rooms.cast.own) is None


def test_the_list_is_filtered(rooms: Rooms, signed_in: SignedIn) -> None:
    client = signed_in("steward@top")

    def found(query: str) -> list[str]:
        return [str(c) for c in client.get(f"/channels/?{query}").context["page"].object_list]

    whole = ["Facebook DirectorateLahore"]
    assert found("") == found("platform=facebook&state=claimed") == found("words=ED-LHR") == whole
    assert found("late=on") == found("platform=x") == found("state=verified") == found("words=multan") == []
    assert found("state=rubbish") == whole
    Channel.objects.update(inspection_due_on=TODAY())
    assert found("late=on") == whole
    assert "late" in client.get(rooms.cast.own.get_absolute_url()).text


@pytest.mark.parametrize(
    ("day", "months", "later"),
    [
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2027, 11, 30), 3, date(2028, 2, 29)),
        (date(2026, 12, 15), 12, date(2027, 12, 15)),
        (date(2026, 3, 5), 3, date(2026, 6, 5)),
    ],
)
def test_months_later(day: date, months: int, later: date) -> None:
    assert law.months_later(day, months) == later


def test_the_log_of_a_channel_is_for_those_who_oversee(rooms: Rooms, signed_in: SignedIn) -> None:
    def shown(who: str) -> Any:
        return "What happened" in signed_in(who).get(rooms.channel.get_absolute_url()).text

    assert shown("auditor@top")
    assert not shown("officer@own")
