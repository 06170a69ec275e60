"""The one door: who may, once, with one line in the log that nobody alters."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from django.db import DatabaseError, transaction
from django.test import Client

from amanat.desk.audit.door import Workflow, open_steps, recorded, step
from amanat.desk.audit.models import Event
from amanat.desk.lib.refusals import Overtaken, Refused
from tests.cast import Cast


def close(cast: Cast, who: str, reason: str = "merged") -> None:
    with step(cast.field, "close", by=cast[who], reason=reason):
        pass


def test_a_step_moves_the_thing_and_leaves_one_line(cast: Cast) -> None:
    close(cast, "steward@top")
    cast.field.refresh_from_db()
    assert cast.field.state == "closed"
    event = Event.objects.get()
    assert (event.verb, event.before, event.after, event.reason) == ("close", "open", "closed", "merged")
    assert (event.actor, event.office, event.thing) == (cast["steward@top"], cast.field.pk, cast.field.pk)


@pytest.mark.parametrize("who", ["officer@own", "head@field", "auditor@top", "steward@sister", "steward@foreign"])
def test_others_are_refused_and_nothing_is_written(cast: Cast, who: str) -> None:
    with pytest.raises(Refused, match="steward"):
        close(cast, who)
    cast.field.refresh_from_db()
    assert cast.field.state == "open"
    assert not Event.objects.exists()


def test_a_reason_is_asked_for(cast: Cast) -> None:
    with pytest.raises(Refused, match="reason"):
        close(cast, "steward@top", reason="  ")


def test_the_second_of_two_is_told(cast: Cast) -> None:
    close(cast, "steward@top")
    with pytest.raises(Overtaken):
        close(cast, "steward@own")
    assert Event.objects.count() == 1


def test_a_fault_in_the_body_undoes_the_step(cast: Cast) -> None:
    with pytest.raises(ValueError, match="no"), step(cast.field, "close", by=cast["steward@top"], reason="x"):
        raise ValueError("no")
    cast.field.refresh_from_db()
    assert cast.field.state == "open"
    assert not Event.objects.exists()


def test_buttons_are_what_would_not_be_refused(cast: Cast) -> None:
    assert [one.verb for one in open_steps(cast.field, cast["steward@top"])] == ["close"]
    assert open_steps(cast.field, cast["head@field"]) == []


def test_a_write_without_a_state_is_recorded(cast: Cast) -> None:
    with recorded("change", by=cast["head@own"], office=cast.own, roles=frozenset({"head"})) as record:
        record.on(cast.own, website="new")
    assert Event.objects.get().facts == {"website": "new"}


def test_the_database_itself_guards_the_log(cast: Cast) -> None:
    close(cast, "steward@top")
    for attack in (lambda: Event.objects.update(reason="other"), lambda: Event.objects.all().delete()):
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            attack()
    assert Event.objects.get().reason == "merged"


def test_the_log_shows_what_one_oversees(cast: Cast, signed_in: Callable[[str], Client]) -> None:
    close(cast, "steward@top")
    assert "merged" in signed_in("auditor@own").get("/log/").text
    for name in ("auditor@foreign", "officer@own", "head@sister"):
        assert "merged" not in signed_in(name).get("/log/").text
    assert "merged" not in signed_in("auditor@own").get("/log/?words=nothing+like+it").text
    assert "merged" in signed_in("auditor@own").get("/log/?since=rubbish").text
    assert Client().get("/log/").status_code == 302


def test_the_clock_takes_only_steps_marked_for_it(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(Refused, match="not the clock"), step(cast.field, "close", by=None, reason="time is over"):
        pass
    assert not Event.objects.exists()
    timed = Workflow(replace(cast.field.workflow["close"], by_clock=True))
    monkeypatch.setattr(type(cast.field), "workflow", timed)
    with step(cast.field, "close", by=None, reason="time is over"):
        pass
    assert Event.objects.get().actor is None
