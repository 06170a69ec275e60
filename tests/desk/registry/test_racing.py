"""Twelve press at once: exactly one wins, on SQLite and PostgreSQL alike."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from django.db import connection

from amanat.desk.audit.models import Event
from amanat.desk.lib.refusals import Overtaken, Refused
from amanat.desk.registry.actions import channels, offices, panels
from amanat.desk.registry.models import Channel, Office
from tests.cast import assemble

TWELVE = 12


def race(act: Callable[[int], Any], many: int = TWELVE) -> Counter[str]:
    """What came of `many` who do `act` at the same moment."""
    barrier = Barrier(many)

    def run(number: int) -> str:
        try:
            barrier.wait(timeout=30)
            act(number)
        except Overtaken:
            return "overtaken"
        except Refused:
            return "refused"
        finally:
            connection.close()
        return "done"

    with ThreadPoolExecutor(many) as pool:
        return Counter(pool.map(run, range(many)))


@pytest.mark.usefixtures("racing")
def test_one_of_twelve_closes_a_channel() -> None:
    cast = assemble()
    channel = channels.enter(cast.own, by=cast["head@own"], platform="x", handle="lahore")
    panels.seat(channel, by=cast["head@own"], people=[cast["head@own"]])
    closers = [cast[f"{role}@own"] for role in ("head", "authority", "steward")] * 4
    copies = [Channel.objects.select_related("office").get(pk=channel.pk) for _ in closers]
    came = race(lambda n: channels.close(copies[n], by=closers[n], reason=f"by {n}"))
    assert came == {"done": 1, "overtaken": TWELVE - 1}
    assert Event.objects.filter(verb="close").count() == 1
    channel.refresh_from_db()
    assert channel.state == "closed"


@pytest.mark.usefixtures("racing")
def test_one_of_twelve_claims_a_handle() -> None:
    cast = assemble()
    head = cast["head@own"]
    came = race(lambda n: channels.enter(cast.own, by=head, platform="x", handle="lahore"))
    assert came == {"done": 1, "refused": TWELVE - 1}
    assert Channel.objects.count() == Event.objects.count() == 1


@pytest.mark.usefixtures("racing")
def test_moves_at_once_tie_no_ring() -> None:
    cast = assemble()
    steward = cast["steward@top"]
    moves = [(cast.own, cast.sister), (cast.sister, cast.own)] * 3
    race(lambda n: offices.move(moves[n][0], to=moves[n][1], by=steward), len(moves))
    rows = {row.pk: row for row in Office.objects.all()}
    for row in rows.values():
        above = rows[row.parent_id].path if row.parent_id else "/"
        assert row.path == f"{above}{row.pk}/"
