"""What the clock does: ends, revokes, presumes, tells of what is late; twice, at once, and cut short."""

from __future__ import annotations

from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import OperationalError
from django.utils import timezone

from amanat.desk.audit.models import Event
from amanat.desk.lib.refusals import Overtaken
from amanat.desk.permits import timed
from amanat.desk.permits.actions import asking, clock, deciding, telling
from amanat.desk.permits.models import Letter, Permit
from amanat.desk.registry.models import Appointment, Notice
from tests.desk.permits.conftest import Asked, in_days, today
from tests.desk.permits.test_asking import federal, raised


def run() -> None:
    timed.run(timezone.now())


def aged(permit: Permit, days: int, **more: Any) -> None:
    """As if it had been sent so many days earlier."""
    assert permit.submitted_on
    assert permit.due_on
    gone = timedelta(days=days)
    Permit.objects.filter(pk=permit.pk).update(
        submitted_on=permit.submitted_on - gone, due_on=permit.due_on - gone, **more
    )


def test_what_has_run_out_expires_once(asked: Asked) -> None:
    over, last = asked.granted(), asked.granted(until=0)
    Permit.objects.filter(pk=over.pk).update(starts_on=in_days(-9), ends_on=in_days(-1))
    run()
    run()
    assert (asked.fetch(over).state, asked.fetch(last).state) == ("expired", "granted")
    (event,) = Event.objects.filter(verb="expire")
    assert event.actor is None
    assert [one.key for one in Notice.objects.all() if f"-{over.pk}-expired" in one.key] == [
        Notice.objects.latest("pk").key
    ]


def test_a_notice_takes_effect_on_its_day(asked: Asked) -> None:
    permit = asked.granted()
    deciding.revoke(permit, by=asked.cast["authority@top"], reason="The programme ends.", on=in_days(3))
    run()
    assert asked.fetch(permit).state == "granted"
    clock.revoke(in_days(3))
    clock.revoke(in_days(3))
    assert asked.fetch(permit).state == "revoked"
    (event,) = Event.objects.filter(verb="revoke")
    assert (event.actor, event.reason) == (None, "")
    assert asked.fetch(permit).reason == "The programme ends."


def test_silence_gives_nothing_where_the_wording_was_not_seen(asked: Asked) -> None:
    federal(asked)
    permit = asked.sent(act="work", text="my poem", wanted_until=in_days(400))
    for grade in ("unverified", "report"):
        if grade == "report":
            raised(asked, grade)
        aged(asked.fetch(permit), 200)
        run()
        assert asked.fetch(permit).state == "submitted", grade


def test_silence_gives_permission_where_the_wording_was_seen(asked: Asked) -> None:
    federal(asked)
    raised(asked, "text")
    ready, young, bare, other, over = (
        asked.sent(act="work", text="my poem", wanted_until=in_days(400)),
        asked.sent(act="work", text="my poem", wanted_until=in_days(400)),
        asked.sent(act="work", wanted_until=in_days(400)),
        asked.sent(act="media", text="my talk", wanted_until=in_days(400)),
        asked.sent(act="work", text="my poem", wanted_until=in_days(1)),
    )
    for permit in (ready, bare, other, over):
        aged(permit, 93)
    Permit.objects.filter(pk=over.pk).update(wanted_until=in_days(-1))
    aged(young, 85)
    run()
    run()
    found = asked.fetch(ready)
    assert (found.state, found.decided_by, found.decided_on) == ("granted", None, today())
    assert (found.starts_on, found.ends_on, found.due_by) == (today(), in_days(400), "pkcr64-silence-is-sanction")
    assert found.number
    assert {asked.fetch(one).state for one in (young, bare, other, over)} == {"submitted"}
    (event,) = Event.objects.filter(verb="presume")
    assert (event.actor, event.clause) == (None, "pkcr64-silence-is-sanction")
    assert Letter.objects.filter(permit=ready).count() == 2


def test_what_is_late_rises_once_and_the_office_above_hears(asked: Asked) -> None:
    cast = asked.cast
    cast.own.kind = "department"
    cast.own.save()
    permit, young = asked.sent("officer@field"), asked.sent("officer@field")
    assert permit.office == cast.own
    aged(permit, 30)
    run()
    run()
    assert asked.fetch(permit).escalated_on == today()
    assert asked.fetch(young).escalated_on is None
    told = set(Notice.objects.filter(key__startswith=f"permit-{permit.pk}-late").values_list("person__number", "url"))
    assert told == {
        ("authority@own", permit.get_absolute_url()),
        ("authority@top", "/permits/statistics/"),
        ("head@top", "/permits/statistics/"),
    }
    assert Event.objects.filter(verb="escalate").count() == 1


def test_sent_again_its_clock_begins_anew(asked: Asked) -> None:
    permit, cast = asked.sent(), asked.cast
    aged(permit, 30)
    run()
    permit = asked.fetch(permit)
    deciding.give_back(permit, by=cast["authority@top"], reason="more")
    asking.submit(permit, by=cast["officer@own"])
    permit = asked.fetch(permit)
    assert (permit.escalated_on, permit.submitted_on, permit.is_overdue) == (None, today(), False)


def test_what_nobody_can_decide_any_more_is_passed_on(asked: Asked) -> None:
    cast = asked.cast
    cast.own.kind = "department"
    cast.own.save()
    permit = asked.sent("officer@field")
    assert (permit.office, permit.role) == (cast.own, "authority")
    Appointment.objects.filter(office=cast.own, role__in=["authority", "head"]).update(ends_on=in_days(-1))
    aged(permit, 30)
    run()
    found = asked.fetch(permit)
    assert (found.office, found.role, found.is_climbed) == (cast.top, "authority", True)
    told = Notice.objects.filter(key=f"permit-{permit.pk}-passed-{cast.top.pk}")
    assert [notice.person for notice in told] == [cast["officer@field"]]


def test_where_there_is_nobody_at_all_it_stays_and_is_told_of(asked: Asked) -> None:
    permit = asked.sent("officer@foreign", clauses=())
    Appointment.objects.filter(role__in=["authority", "head"]).update(ends_on=in_days(-1))
    aged(permit, 30)
    run()
    assert asked.fetch(permit).office == asked.cast.foreign


def test_cut_short_it_goes_on_and_does_nothing_twice(asked: Asked, monkeypatch: pytest.MonkeyPatch) -> None:
    permits = [asked.granted() for _ in range(3)]
    Permit.objects.update(starts_on=in_days(-9), ends_on=in_days(-1))
    Notice.objects.all().delete()
    tell = telling.decided

    def killed(permit: Permit) -> None:
        tell(permit)
        if permit.pk == permits[2].pk:
            raise KeyboardInterrupt

    monkeypatch.setattr(telling, "decided", killed)
    with pytest.raises(KeyboardInterrupt):
        run()
    assert Event.objects.filter(verb="expire").count() == 2
    monkeypatch.undo()
    run()
    assert {asked.fetch(one).state for one in permits} == {"expired"}
    assert Event.objects.filter(verb="expire").count() == 3
    assert Notice.objects.count() == 3


def test_what_another_worker_took_meanwhile_is_passed_over(asked: Asked, monkeypatch: pytest.MonkeyPatch) -> None:
    first, second = asked.granted(), asked.granted()
    Permit.objects.update(starts_on=in_days(-9), ends_on=in_days(-1))
    expire = clock._expire

    def overtaken(permit: Permit) -> None:
        if permit.pk == first.pk:
            Permit.objects.filter(pk=first.pk).update(state="revoked")
        expire(permit)

    monkeypatch.setattr(clock, "_expire", overtaken)
    clock.expire(today())
    assert (asked.fetch(first).state, asked.fetch(second).state) == ("revoked", "expired")


def test_late_is_noted_once_by_many(asked: Asked) -> None:
    permit = asked.sent()
    aged(permit, 30)
    stale = asked.fetch(permit)
    clock.escalate(today())
    with pytest.raises(Overtaken):
        clock._escalate(stale, today=today())
    assert Event.objects.filter(verb="escalate").count() == 1


def test_a_letter_that_was_never_made_is_asked_for_anew(asked: Asked, monkeypatch: pytest.MonkeyPatch) -> None:
    asked.granted()
    wanted: list[int] = []
    monkeypatch.setattr(clock, "make_letter", SimpleNamespace(enqueue=wanted.append))
    run()
    assert wanted == []
    Letter.objects.update(wanted_at=timezone.now() - timedelta(hours=2))
    run()
    run()
    assert wanted == list(Letter.objects.values_list("pk", flat=True))


def test_a_letter_that_cannot_be_made_is_let_be(asked: Asked, monkeypatch: pytest.MonkeyPatch) -> None:
    permit = asked.granted()
    wanted: list[int] = []
    monkeypatch.setattr(clock, "make_letter", SimpleNamespace(enqueue=wanted.append))
    Letter.objects.update(wanted_at=timezone.now() - timedelta(hours=2))
    Permit.objects.filter(pk=permit.pk).update(decided_on=in_days(-4))
    run()
    assert wanted == []


def test_whose_decider_left_after_it_was_late_is_passed_on_too(asked: Asked) -> None:
    cast = asked.cast
    cast.own.kind = "department"
    cast.own.save()
    permit = asked.sent("officer@field")
    aged(permit, 30)
    run()
    assert (asked.fetch(permit).office, asked.fetch(permit).escalated_on) == (cast.own, today())
    assert not Event.objects.filter(verb="pass-on").exists()
    Appointment.objects.filter(office=cast.own, role__in=["authority", "head"]).update(ends_on=in_days(-1))
    run()
    run()
    found = asked.fetch(permit)
    assert (found.office, found.role, found.is_climbed) == (cast.top, "authority", True)
    (event,) = Event.objects.filter(verb="pass-on")
    assert (event.actor, event.office, event.facts) == (None, cast.own.pk, {"to": cast.top.pk})
    stale = permit
    with pytest.raises(Overtaken):
        clock._pass_on(stale, today=today())


def test_one_that_fails_does_not_stop_the_others(
    asked: Asked, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    bad, good, late = asked.granted(), asked.granted(), asked.sent()
    Permit.objects.filter(state="granted").update(starts_on=in_days(-9), ends_on=in_days(-1))
    aged(late, 30)
    expire = clock._expire

    def faulty(permit: Permit) -> None:
        if permit.pk == bad.pk:
            raise ValueError("somebody's words")
        expire(permit)

    monkeypatch.setattr(clock, "_expire", faulty)
    run()
    assert (asked.fetch(bad).state, asked.fetch(good).state) == ("granted", "expired")
    assert asked.fetch(late).escalated_on == today()
    assert f"permit {bad.pk}: ValueError" in caplog.text
    assert "clock.py:" in caplog.text
    assert "somebody's words" not in caplog.text


def test_a_database_that_is_away_ends_the_round(asked: Asked, monkeypatch: pytest.MonkeyPatch) -> None:
    asked.granted()
    Permit.objects.update(starts_on=in_days(-9), ends_on=in_days(-1))

    def away(permit: Permit) -> None:
        raise OperationalError

    monkeypatch.setattr(clock, "_expire", away)
    with pytest.raises(OperationalError):
        run()
