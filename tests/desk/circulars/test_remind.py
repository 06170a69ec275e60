from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from amanat.desk.audit.models import Event
from amanat.desk.circulars import timed
from amanat.desk.circulars.actions import acknowledgements, reminders, rounds, withdrawals
from amanat.desk.circulars.models import Addressee, Circular, Copy, Reminder, Rhythm
from amanat.desk.circulars.models.rhythms import Beat, beat_of
from amanat.desk.lib.refusals import Overtaken, Refused
from amanat.desk.lib.workdays import Workdays
from amanat.desk.registry.actions import notices
from amanat.desk.registry.models import Notice, Office
from tests.cast import assemble
from tests.desk.circulars.conftest import Letters
from tests.desk.circulars.test_racing import race

SignedIn = Callable[[str], Client]
MONDAY = date(2026, 6, 1)
WEEK = Workdays(frozenset({5, 6}))


def at(day: date) -> datetime:
    return datetime.combine(day, time(9), timezone.get_current_timezone())


def lying(letters: Letters, due: date) -> Circular:
    """A circular sent twenty days before its day."""
    circular = letters.sent(days=5)
    Circular.objects.filter(pk=circular.pk).update(due_on=due, dispatched_at=at(due - timedelta(days=20)))
    circular.refresh_from_db()
    return circular


def told(circular: Circular, occasion: str) -> Counter[str]:
    rows = Notice.objects.filter(key__startswith=f"circular:{circular.pk}:{occasion}")
    return Counter(str(number) for number in rows.values_list("person__number", flat=True))


@pytest.mark.parametrize(
    ("day", "occasions"),
    [
        (-5, []),
        (-4, ["before"]),  # Thursday before a Monday: two working days
        (-3, ["before"]),
        (0, ["due"]),
        (1, ["due", "head"]),
        (2, ["due", "head", "above-1"]),
        (3, ["after-1", "head", "above-1", "above-2"]),
        (8, ["after-2", "head", *(f"above-{n}" for n in range(1, 6))]),
        (28, ["after-3", "head", *(f"above-{n}" for n in range(1, 12))]),
    ],
)
def test_what_is_due_on_which_day(day: int, occasions: list[str]) -> None:
    circular = Circular(due_on=MONDAY, dispatched_at=at(MONDAY - timedelta(days=20)))
    found = reminders.due(circular, WEEK, Beat(), MONDAY + timedelta(days=day))
    assert [occasion for occasion, _level in found] == occasions


def test_nobody_is_reminded_on_the_day_it_came() -> None:
    circular = Circular(due_on=MONDAY + timedelta(days=1), dispatched_at=at(MONDAY))
    assert list(reminders.due(circular, WEEK, Beat(), MONDAY)) == []
    assert list(reminders.due(Circular(dispatched_at=at(MONDAY)), WEEK, Beat(), MONDAY)) == []


def test_on_the_day_those_who_have_not_are_told_once(letters: Letters) -> None:
    circular = lying(letters, MONDAY)
    acknowledgements.acknowledge(circular, by=letters.cast["officer@own"], version=1, language="en")
    for hour in range(3):
        timed.run(at(MONDAY) + timedelta(hours=hour))
    row = Reminder.objects.get(circular=circular)
    assert (row.occasion, row.people, row.offices, row.by) == ("due", 11, 2, None)
    assert row.done_at is not None
    people = told(circular, "due")
    assert "officer@own" not in people
    assert len(people) == 11
    assert people["head@own"] == 2  # as a reader, and as who acknowledges for the office
    assert Event.objects.filter(verb="remind").count() == 1


def test_on_a_holiday_nobody_is_told(letters: Letters) -> None:
    circular = lying(letters, MONDAY - timedelta(days=1))
    timed.run(at(MONDAY - timedelta(days=1)))
    assert not Reminder.objects.filter(circular=circular).exists()
    timed.run(at(MONDAY))
    assert Reminder.objects.filter(circular=circular).exists()


def test_it_climbs_the_tree_step_by_step(letters: Letters) -> None:
    circular = lying(letters, MONDAY)
    timed.run(at(MONDAY + timedelta(days=1)))
    heads = told(circular, "head")
    assert set(heads) == {f"{role}@{place}" for role in ("head", "authority", "steward") for place in ("own", "field")}
    assert (
        "6 people" in Notice.objects.get(key__endswith=f"head:{letters.cast.field.pk}", person__number="head@field").why
    )
    timed.run(at(MONDAY + timedelta(days=2)))
    assert {who.partition("@")[2] for who in told(circular, "above-1")} == {"own", "top"}
    why = Notice.objects.filter(key=f"circular:{circular.pk}:above-1:{letters.cast.top.pk}").values_list(
        "why", flat=True
    )
    assert set(why) == {"12 people have not acknowledged it at your office and the offices below."}
    timed.run(at(MONDAY + timedelta(days=3)))
    assert {who.partition("@")[2] for who in told(circular, "above-2")} == {"top"}
    timed.run(at(MONDAY + timedelta(days=4)))
    assert not Reminder.objects.filter(occasion="above-3").exists()  # nobody stands higher


def test_where_all_is_done_nobody_is_told(letters: Letters) -> None:
    circular = lying(letters, MONDAY)
    Addressee.objects.update(seen=1)
    Copy.objects.update(seen=1)
    timed.run(at(MONDAY + timedelta(days=9)))
    assert not Reminder.objects.filter(circular=circular).exists()


def test_a_round_that_was_cut_off_goes_on(letters: Letters, monkeypatch: pytest.MonkeyPatch) -> None:
    circular = lying(letters, MONDAY)
    monkeypatch.setattr(rounds, "CHUNK", 5)
    real, calls = notices.tell, []

    def failing(*args: Any) -> None:
        calls.append(args)
        if len(calls) == 2:
            raise ConnectionError
        real(*args)

    monkeypatch.setattr(notices, "tell", failing)
    timed.run(at(MONDAY))
    row = Reminder.objects.get(circular=circular)
    assert (row.people, row.done_at) == (5, None)
    monkeypatch.setattr(notices, "tell", real)
    timed.run(at(MONDAY))
    row.refresh_from_db()
    assert (row.people, row.offices) == (12, 2)
    assert len(told(circular, "due")) == 12


def test_a_circular_that_fails_keeps_no_other_waiting(letters: Letters, monkeypatch: pytest.MonkeyPatch) -> None:
    one, other = lying(letters, MONDAY), lying(letters, MONDAY)
    real = beat_of
    with monkeypatch.context() as patch:
        failing = iter([True])  # whichever comes first

        def beat(office: Office) -> Beat:
            if next(failing, False):
                raise ConnectionError
            return real(office)

        patch.setattr(reminders, "beat_of", beat)
        timed.run(at(MONDAY))
    assert Reminder.objects.filter(occasion="due").count() == 1
    assert Circular.objects.filter(reminded_on=MONDAY).count() == 1
    timed.run(at(MONDAY))
    assert {row.circular_id for row in Reminder.objects.filter(occasion="due")} == {one.pk, other.pk}


def test_one_broken_round_is_not_carried_by_two(letters: Letters) -> None:
    circular = letters.sent()
    row = reminders.begin(circular, "due", day=MONDAY)
    Reminder.objects.filter(pk=row.pk).update(upto=99)
    with pytest.raises(Overtaken):
        rounds._advance(row, 100)


def test_a_leader_reminds_once_a_day(
    letters: Letters, signed_in: SignedIn, django_capture_on_commit_callbacks: Any
) -> None:
    circular = letters.sent()
    client, address = signed_in("head@top"), reverse("circulars:remind", args=[circular.pk])
    assert client.get(address).status_code == 405
    with django_capture_on_commit_callbacks(execute=True):
        assert client.post(address).status_code == 302
    assert client.post(address).status_code == 409
    row = Reminder.objects.get(circular=circular)
    assert (row.people, row.offices, row.by) == (12, 2, letters.cast["head@top"])
    assert Event.objects.filter(verb="remind").count() == 1
    text = client.get(reverse("circulars:missing", args=[circular.pk])).content.decode()
    assert "a reminder by the button" in text


@pytest.mark.parametrize("who", ["officer@top", "auditor@top", "head@own", "steward@own", "head@foreign"])
def test_others_do_not_remind(letters: Letters, signed_in: SignedIn, who: str) -> None:
    circular = letters.sent()
    with pytest.raises(Refused):
        reminders.remind(circular, by=letters.cast[who])
    assert signed_in(who).post(reverse("circulars:remind", args=[circular.pk])).status_code in (403, 404)
    assert not Reminder.objects.exists()


@pytest.mark.parametrize("state", ["withdrawn", "superseded"])
def test_out_of_force_or_done_there_is_nobody_to_remind(letters: Letters, state: str) -> None:
    circular, head = letters.sent(), letters.cast["head@top"]
    circular.state = state
    with pytest.raises(Refused, match="not in force"):
        reminders.remind(circular, by=head)
    circular.state = "dispatched"
    Addressee.objects.update(seen=1)
    Copy.objects.update(seen=1)
    with pytest.raises(Refused, match="Everybody"):
        reminders.remind(circular, by=head)
    assert not Reminder.objects.exists()


def test_many_are_told_by_the_worker(letters: Letters, monkeypatch: pytest.MonkeyPatch) -> None:
    circular = letters.sent()
    monkeypatch.setattr(reminders, "AT_ONCE", 3)
    reminders.remind(circular, by=letters.cast["head@top"])
    timed.run(timezone.now())
    assert Reminder.objects.get(circular=circular).people == 12


def test_what_was_superseded_is_told_to_all(letters: Letters) -> None:
    old = letters.sent()
    letters.sent(supersedes=old)
    for _ in range(2):
        timed.run(timezone.now())
    row = Reminder.objects.get(circular=old, occasion="superseded")
    assert row.people == 12
    assert len(told(old, "superseded")) == 12


def test_a_circular_is_withdrawn_with_a_reason(
    letters: Letters, signed_in: SignedIn, django_capture_on_commit_callbacks: Any
) -> None:
    circular, head = letters.sent(), letters.cast["head@top"]
    with pytest.raises(Refused, match="reason"):
        withdrawals.withdraw(circular, by=head, reason=" ")
    with pytest.raises(Refused):
        withdrawals.withdraw(circular, by=letters.cast["officer@top"], reason="wrong")
    address = reverse("circulars:withdraw", args=[circular.pk])
    client = signed_in("head@top")
    with django_capture_on_commit_callbacks(execute=True):
        assert client.post(address, {"reason": "It named the wrong form."}).status_code == 302
    assert client.post(address, {"reason": "Again."}).status_code == 409
    circular.refresh_from_db()
    assert circular.state == "withdrawn"
    assert Event.objects.filter(verb="withdraw").count() == 1
    assert len(told(circular, "withdrawn")) == 12
    timed.run(timezone.now())
    assert Reminder.objects.filter(circular=circular).count() == 1


def test_an_office_chooses_its_rhythm(letters: Letters, signed_in: SignedIn) -> None:
    cast = letters.cast
    assert beat_of(cast.field) == Beat()
    client, address = signed_in("head@top"), reverse("circulars:rhythm", args=[cast.top.pk])
    assert "No rule known to us" in client.get(address).content.decode()
    values = {"before": 1, "every": 5, "most": 2, "climb": 4}
    assert client.post(address, values).status_code == 302
    assert client.post(address, values | {"every": 6}).status_code == 302
    assert beat_of(cast.field) == Beat(1, 6, 2, 4, cast.top)
    assert client.post(address, values | {"every": 0}).status_code == 200
    assert client.post(address, values | {"before": 99}).status_code == 200
    assert client.post(address, values | {"climb": "x"}).status_code == 200
    assert Rhythm.objects.get().every == 6
    assert Event.objects.filter(verb="pace").count() == 2
    assert signed_in("officer@top").get(address).status_code == 403
    assert signed_in("head@foreign").get(address).status_code == 404


@pytest.mark.usefixtures("racing")
def test_by_many_workers_at_once_each_is_told_once(monkeypatch: pytest.MonkeyPatch) -> None:
    letters = Letters(assemble())
    circular = lying(letters, MONDAY)
    monkeypatch.setattr(rounds, "CHUNK", 3)
    race(lambda _n: timed.run(at(MONDAY + timedelta(days=1))), 6)
    timed.run(at(MONDAY + timedelta(days=1)))
    rows = {row.occasion: row for row in Reminder.objects.filter(circular=circular)}
    assert set(rows) == {"due", "head"}
    assert (rows["due"].people, rows["due"].offices) == (12, 2)
    assert all(row.done_at for row in rows.values())
    assert Event.objects.filter(verb="remind").count() == 2
    assert Office.objects.count() == 5
