"""Many at once: one correction, one reply."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from amanat.desk.lib.refusals import Refused
from amanat.desk.publishing.actions import mending
from amanat.desk.publishing.models import Correction, Mending
from tests.cast import assemble
from tests.desk.publishing.corrections.conftest import Desk, Platform

MANY = 6


@pytest.mark.usefixtures("racing")
def test_six_workers_send_one_reply_and_six_people_ask_once(platform: Platform) -> None:
    desk = Desk(assemble(), platform)
    draft = desk.out(desk.channel("x"))
    desk.correct(draft, "reply")  # the first reading makes the engine
    desk.work()
    other = desk.out(desk.channel())
    platform.calls.clear()

    def ask(_number: int) -> bool:
        try:
            desk.correct(other, "reply", by="head@own")
        except Refused:
            return False
        finally:
            connection.close()
        return True

    def work(pk: int) -> None:
        try:
            mending.mend(pk)
        finally:
            connection.close()

    with ThreadPoolExecutor(MANY) as pool:
        asked = list(pool.map(ask, range(MANY)))
        assert asked.count(True) == 1
        pk = Mending.objects.latest("pk").pk
        list(pool.map(work, [pk] * MANY))
    assert Correction.objects.filter(draft=other).count() == 1
    assert platform.calls == ["publish"]
    assert Mending.objects.get(pk=pk).state == "done"
