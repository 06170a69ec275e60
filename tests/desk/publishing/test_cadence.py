"""The cadence, the slots and the calendar."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, datetime, time, timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from amanat.desk.audit.models import Event
from amanat.desk.lib.refusals import Refused
from amanat.desk.publishing import cadence
from amanat.desk.publishing.actions import plans
from amanat.desk.publishing.models import Draft, Slot, Target
from amanat.desk.publishing.today import waiting
from amanat.desk.registry.models import Channel
from tests.cast import items_of
from tests.desk.publishing.conftest import Press

SignedIn = Callable[[str], Client]
TODAY = timezone.localdate


def noon(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time(12)))


def post(channel: Channel, at: datetime, state: str = "released", title: str = "Notice") -> Draft:
    """Something that went out."""
    author = channel.office.appointments.filter(role="officer")[0].person
    draft = Draft.objects.create(
        office=channel.office, author=author, title=title, wanted_at=at, state=state, approved_hash="x"
    )
    Target.objects.create(draft=draft, channel=channel, language="en")
    return draft


@pytest.mark.parametrize(("state", "counts"), [("released", 1), ("corrected", 1), ("scheduled", 1), ("draft", 0),
                                               ("in-review", 0), ("expired", 0), ("withdrawn", 0)])  # fmt: skip
def test_what_is_out_or_scheduled_fills_the_week(press: Press, state: str, counts: int) -> None:
    monday = cadence.monday_of(TODAY())
    post(press.abroad, noon(monday), state)
    (week,) = cadence.weeks([press.abroad], [monday])
    assert week.wanted is not None
    assert (week.posts, week.missing, week.wanted.posts) == (counts, 2 - counts, 2)
    assert week.wanted.clause is not None
    assert (week.wanted.clause.id, week.wanted.clause.grade) == ("bdg16-cadence", "report")


def test_a_week_begins_on_monday_here(press: Press) -> None:
    monday = cadence.monday_of(TODAY())
    post(press.abroad, noon(monday) - timedelta(hours=12, minutes=1))
    post(press.abroad, noon(monday) - timedelta(hours=12))
    before, this = cadence.weeks([press.abroad], [monday - timedelta(days=7), monday])
    assert (before.posts, this.posts) == (1, 1)


def test_where_no_clause_says_it_the_office_may(press: Press, signed_in: SignedIn) -> None:
    monday = cadence.monday_of(TODAY())
    assert cadence.weeks([press.page], [monday])[0].wanted is None
    address = reverse("publishing:practice", args=[press.cast.own.pk])
    sent = {"weekly_posts": 3, "inspection_days": 14, "handover_days": 0}
    assert signed_in("head@own").post(address, sent).status_code == 302
    (week,) = cadence.weeks([Channel.objects.get(pk=press.page.pk)], [monday])
    assert week.wanted == cadence.Wanted(3, None)
    page = signed_in("head@own").get(reverse("publishing:cadence")).text
    assert "the office&#x27;s own" in page or "the office's own" in page
    assert Event.objects.get(verb="practise").facts["weekly_posts"] == 3
    plans.practise(
        press.cast.foreign, by=press.cast["head@foreign"], weekly_posts=9, inspection_days=1, handover_days=0
    )
    (week,) = cadence.weeks([Channel.objects.get(pk=press.abroad.pk)], [monday])
    assert week.wanted is not None
    assert week.wanted.posts == 2  # the clause counts


def test_a_gap_is_shown_with_its_clause_and_told_to_the_moderator(press: Press, signed_in: SignedIn) -> None:
    page = signed_in("moderator@foreign").get(reverse("publishing:cadence")).text
    assert "2 missing" in page
    assert reverse("rules:cited", args=["bdg16-cadence"]) in page
    assert 'role="img"' in page
    items = [item for item in items_of(waiting, press.cast["moderator@foreign"]) if item.what == str(press.abroad)]
    assert len(items) == 1
    for n in (0, 1):
        post(press.abroad, noon(cadence.monday_of(TODAY())) + timedelta(hours=n))
    assert not [item for item in items_of(waiting, press.cast["moderator@foreign"]) if item.what == str(press.abroad)]
    assert not [item for item in items_of(waiting, press.cast["officer@foreign"]) if item.what == str(press.abroad)]


def test_slots_on_the_page(press: Press, signed_in: SignedIn) -> None:
    client, address = signed_in("moderator@own"), reverse("publishing:set-slots", args=[press.page.pk])
    assert client.post(address, {"day-0": "10:00, ۱۶:۳۰", "day-4": "9:15"}).status_code == 302
    assert set(Slot.objects.values_list("weekday", "at")) == {(0, time(10)), (0, time(16, 30)), (4, time(9, 15))}
    assert "10:00, 16:30" in client.get(address).text
    client.post(address, {"day-0": "10:00"})
    assert list(Slot.objects.values_list("weekday", "at")) == [(0, time(10))]
    assert Event.objects.filter(verb="plan").count() == 2


@pytest.mark.parametrize(
    "typed",
    ["25:00", "noon", "10.30", "10:00:30", ",".join(f"{h:02}:{m:02}" for h in range(3) for m in range(0, 50, 10))],
)
def test_what_is_no_time_is_a_fault_beside_the_field(press: Press, signed_in: SignedIn, typed: str) -> None:
    page = signed_in("head@own").post(reverse("publishing:set-slots", args=[press.page.pk]), {"day-3": typed})
    assert page.status_code == 200
    assert "Write times as 09:30" in page.text
    assert not Slot.objects.exists()


@pytest.mark.parametrize("who", ["officer@own", "auditor@own", "head@sister"])
def test_nobody_else_sets_slots(press: Press, who: str) -> None:
    with pytest.raises(Refused):
        plans.set_slots(press.page, by=press.cast[who], slots=[(0, time(10))])


def test_the_week_shows_every_channel_with_its_drafts_and_free_slots(press: Press, signed_in: SignedIn) -> None:
    monday = cadence.monday_of(TODAY()) + timedelta(days=7)
    plans.set_slots(press.page, by=press.cast["head@own"], slots=[(0, time(12)), (1, time(9))])
    draft = post(press.page, noon(monday), "scheduled", title="Flood drill")
    for n in range(8):
        post(press.wall, noon(monday) + timedelta(minutes=n), title=f"Wall {n}")
    html = signed_in("officer@own").get(reverse("publishing:week"), {"on": monday.isoformat()}).text
    assert draft.get_absolute_url() in html
    assert html.count(" free") == 2  # Tuesday's slot, and the word in the caption
    assert "5 more" in html
    one = (
        signed_in("officer@own")
        .get(reverse("publishing:week"), {"on": monday.isoformat(), "channel": str(press.page.pk)})
        .text
    )
    assert "Flood drill" in one
    assert "Wall" not in one


def test_the_month_is_drawn_and_told(press: Press, signed_in: SignedIn) -> None:
    day = date(2026, 3, 10)
    for state in ("released", "scheduled", "expired"):
        post(press.page, noon(day), state)
    post(press.abroad, noon(day), "released")
    client = signed_in("officer@own")
    html = client.get(reverse("publishing:month"), {"on": "2026-03-02"}).text
    assert html.count("<circle") == 3
    assert 'role="img"' in html
    row = re.search(r"on=2026-03-10.*?</tr>", html, re.DOTALL)
    assert row is not None
    assert re.findall(r'class="number">(\d+)', row[0]) == ["1", "1", "1"]
    client.cookies["language"] = "ur"
    rtl = client.get(reverse("publishing:month"), {"on": "2026-03-02"}).text
    assert 'dir="rtl"' in rtl
    assert rtl.index("translate(600 ") < rtl.index("translate(0 ")


@pytest.mark.parametrize("on", ["9999-12-31", "0001-01-01", "nonsense", "2026-02-30"])
@pytest.mark.parametrize("name", ["month", "week", "drafts"])
def test_a_day_that_is_none_shows_today(press: Press, signed_in: SignedIn, name: str, on: str) -> None:
    assert signed_in("officer@own").get(reverse(f"publishing:{name}"), {"on": on, "channel": "x"}).status_code == 200


def test_a_stranger_sees_nothing_of_it(press: Press, signed_in: SignedIn) -> None:
    post(press.page, noon(TODAY()), title="Secret matter")
    for name in ("month", "week", "cadence", "slots", "drafts"):
        html = signed_in("head@foreign").get(reverse(f"publishing:{name}")).text
        assert "Secret matter" not in html
        assert str(press.page) not in html
