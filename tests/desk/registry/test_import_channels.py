"""Importing channels: what is proved stays proved, what is closed stays closed."""

from __future__ import annotations

from datetime import date

import pytest

from amanat.desk.audit.models import Event
from amanat.desk.registry.models import Channel
from tests.cast import Cast
from tests.desk.registry.sheets import changes_of, faults_of, load, write

HEAD = "platform,handle,office,address,purpose,languages,recovery contact,recovery note,next inspection,state"


@pytest.fixture
def channel(cast: Cast) -> Channel:
    return Channel.objects.create(
        office=cast.own, platform="x", handle="Lahore", address="https://x.com/Lahore", languages="en, ur"
    )


def faults(cast: Cast, *lines: str, who: str = "steward@top") -> list[str]:
    return faults_of(load(cast[who], "channels", "\n".join([HEAD, *lines])))


def test_a_new_channel(cast: Cast) -> None:
    line = 'Facebook,\'@lahore,ED-LHR,https://example.org/lahore,giving a service,"UR, en",head@own,box 7,2026-12-01,'
    kept = load(cast["steward@top"], "channels", f"{HEAD}\n{line}\n")
    assert faults_of(kept) == []
    write(kept, cast["steward@top"])
    found = Channel.objects.get()
    assert (found.platform, found.handle, found.office, found.purpose, found.languages, found.state) == (
        "facebook", "@lahore", cast.own, "service", "ur,en", "claimed",
    )  # fmt: skip
    assert (found.recovery_person, found.inspection_due_on) == (cast["head@own"], date(2026, 12, 1))
    assert Event.objects.get().verb == "import"


def test_a_channel_is_found_by_platform_and_handle(cast: Cast, channel: Channel) -> None:
    line = 'X,lahore,ED-MUX,https://x.com/Lahore,,"en,ur",,,,'
    kept = load(cast["steward@top"], "channels", f"{HEAD}\n{line}\n")
    assert changes_of(kept, "changed") == [{"office": ["ED-LHR", "ED-MUX"]}]
    write(kept, cast["steward@top"])
    channel.refresh_from_db()
    assert (channel.office, channel.handle, channel.purpose) == (cast.sister, "Lahore", "awareness")


def test_what_is_proved_is_not_changed(cast: Cast, channel: Channel) -> None:
    Channel.objects.update(state="verified")
    assert faults(cast, "x,Lahore,ED-MUX,https://x.com/else,,,,,,") == [
        "2 address: would change what is proved of the channel",
        "2 office code: would change what is proved of the channel",
    ]
    assert faults(cast, "x,Lahore,ED-LHR,https://x.com/Lahore,service,,,,,") == []


def test_closed_channels(cast: Cast, channel: Channel) -> None:
    Channel.objects.update(state="closed")
    kept = load(cast["steward@top"], "channels", f"{HEAD}\nx,Lahore,ED-LHR,https://x.com/Lahore,,,,,,closed\n")
    assert (faults_of(kept), kept.summary()["counts"]["same"]) == ([], 1)
    kept = load(cast["steward@top"], "channels", f"{HEAD}\nx,Lahore,ED-LHR,https://x.com/Lahore,,,,,,\n")
    assert kept.summary()["counts"]["new"] == 1


@pytest.mark.parametrize(
    ("line", "fault"),
    [
        ("orkut,x,ED,,,,,,,", "2 platform: is not known: orkut"),
        (",x,ED,,,,,,,", "2 platform: is empty"),
        ("x,,ED,,,,,,,", "2 handle or name: is empty"),
        ("x,other,,,,,,,,", "2 office code: is empty"),
        ("x,other,DPE,,,,,,,", "2 office code: is no office at or below yours: DPE"),
        ("x,other,ED,ftp://x.org,,,,,,", "2 address: is no address: ftp://x.org"),
        ("x,other,ED,,fun,,,,,", "2 purpose: is not known: fun"),
        ("x,other,ED,,,fr,,,,", "2 languages: is not known: fr"),
        ("x,other,ED,,,,head@foreign,,,", "2 recovery contact: is nobody at your offices: head@foreign"),
        ("x,other,ED,,,,,,soon,", "2 next security inspection: is no day of the calendar: soon"),
    ],
)
def test_faults(cast: Cast, channel: Channel, line: str, fault: str) -> None:
    assert faults(cast, line) == [fault]


def test_doubles_and_the_channels_of_others(cast: Cast, channel: Channel) -> None:
    assert faults(cast, "x,new,ED,,,,,,,", "x,NEW,ED-LHR,,,,,,,") == ["3 handle or name: stands in row 2 too"]
    assert faults(cast, "x,lahore,ED-MUX,,,,,,,", who="steward@sister") == [
        "2 handle or name: is a channel of an office that is not at or below yours"
    ]
