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
    desk.correct(desk.out(desk.channel("x")), "reply")  # the first reading makes the engine
    desk.work()
    pk = Mending.objects.get().pk
    Correction.objects.update(state="open", done_at=None)
    Mending.objects.update(state="pending", sending_at=None, done_at=None)
    platform.calls.clear()
    other = desk.out(desk.channel("youtube", has_key=False))  # by hand, so that it stays open

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
        list(pool.map(work, [pk] * MANY))
    assert Correction.objects.filter(draft=other).count() == 1
    assert platform.calls == ["publish"]
    assert Mending.objects.get(pk=pk).state == "done"
