"""The page of the worker, and what stewards do with tasks that failed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from amanat.desk.audit.models import Event
from amanat.desk.registry.actions import queue, workers
from amanat.desk.registry.models import Mailing, Worker
from amanat.desk.registry.today import waiting
from tests.cast import Cast, items_of
from tests.desk.home import work

SignedIn = Callable[[str], Client]


def failed() -> DBTaskResult[..., Any]:
    return work.queued(
        work.fail, "word", status="FAILED", worker_ids=["a"] * 5, exception_class_path="builtins.ValueError",
        traceback="work.py:1", started_at=timezone.now(), finished_at=timezone.now(),
    )  # fmt: skip


def told(cast: Cast, who: str) -> list[str]:
    return [item.what for item in items_of(waiting, cast[who]) if item.url == "/worker/"]


def test_the_page_tells_what_failed_and_nothing_that_was_typed(cast: Cast, signed_in: SignedIn) -> None:
    failed()
    workers.begin("host-1", now=timezone.now())
    workers.begin("host-2", now=timezone.now() - timedelta(hours=1))
    workers.tell_round("host-1", now=timezone.now(), faults=["permits.timed.run: ValueError"])
    page = signed_in("steward@top").get("/worker/").text
    for word in ("tests.desk.home.work.fail", "builtins.ValueError", "Try again", "host-1", "permits.timed.run"):
        assert word in page
    assert "silent" in page
    assert "word<" not in page
    assert "work.py:1" not in page


def test_an_empty_page_teaches(signed_in: SignedIn) -> None:
    page = signed_in("steward@top").get("/worker/").text
    assert "No worker was heard of" in page
    assert "Nothing failed" in page


def test_a_failed_task_is_tried_again_or_dropped_once(cast: Cast, signed_in: SignedIn) -> None:
    client, one, other = signed_in("steward@top"), failed(), failed()
    for address, expected in (
        (f"/worker/{one.pk}/rerun/", 302), (f"/worker/{one.pk}/rerun/", 409), (f"/worker/{one.pk}/discard/", 409),
        (f"/worker/{other.pk}/discard/", 302), (f"/worker/{other.pk}/discard/", 409),
    ):  # fmt: skip
        assert client.post(address).status_code == expected, address
    one.refresh_from_db()
    assert (one.status, one.worker_ids) == ("READY", [])
    assert DBTaskResult.objects.count() == 1
    assert list(Event.objects.order_by("pk").values_list("verb", flat=True)) == ["rerun", "discard"]
    assert queue.run_next("w")


@pytest.mark.parametrize("who", ["head@own", "auditor@top", "officer@own", "authority@top"])
def test_only_stewards_press(signed_in: SignedIn, cast: Cast, who: str) -> None:
    row = failed()
    for verb in ("rerun", "discard"):
        assert signed_in(who).post(f"/worker/{row.pk}/{verb}/").status_code == 403
        assert signed_in("steward@own").get(f"/worker/{row.pk}/{verb}/").status_code == 405
        assert Client().post(f"/worker/{row.pk}/{verb}/").status_code == 302
    assert (DBTaskResult.objects.get().status, Event.objects.count()) == ("FAILED", 0)


def test_stewards_hear_of_a_worker_that_stands_still_while_something_is_due(cast: Cast) -> None:
    now = timezone.now()
    assert told(cast, "steward@own") == []
    work.queued(work.note, "a")
    assert told(cast, "steward@own") == []  # it has just come
    DBTaskResult.objects.update(enqueued_at=now - timedelta(hours=1))
    assert told(cast, "steward@own") == ["The worker stands still"]
    assert told(cast, "head@own") == []
    workers.begin("w", now=now)
    workers.tell_round("w", now=now, faults=[])
    assert told(cast, "steward@own") == []
    Worker.objects.update(round_at=now - timedelta(minutes=16))
    DBTaskResult.objects.all().delete()
    assert told(cast, "steward@own") == ["The worker stands still"]
    failed()
    assert told(cast, "steward@own") == ["The worker stands still", "Tasks that failed"]


def test_mails_that_wait_long_are_something_due(cast: Cast) -> None:
    Mailing.objects.create(person=cast["head@own"], next_try_at=timezone.now() - timedelta(hours=1))
    assert told(cast, "steward@own") == ["The worker stands still"]


def test_leaders_hear_of_an_address_that_was_refused(cast: Cast) -> None:
    officer = cast["officer@own"]
    Mailing.objects.create(person=officer, address=officer.email or "", fault="refused", next_try_at=timezone.now())

    def hear(who: str) -> bool:
        return officer.get_absolute_url() in [item.url for item in items_of(waiting, cast[who])]

    assert [hear(who) for who in ("head@own", "steward@own", "moderator@own", "head@top")] == [
        True, True, False, False,
    ]  # fmt: skip
    officer.email = "new@example.org"
    officer.save()
    assert not hear("head@own")


def test_few_queries(cast: Cast, signed_in: SignedIn, django_assert_max_num_queries: Callable[[int], Any]) -> None:
    for number in range(30):
        failed()
        workers.begin(f"w{number}", now=timezone.now())
    client = signed_in("steward@top")
    for address in ("/worker/", "/today/"):
        with django_assert_max_num_queries(12):
            assert client.get(address).status_code == 200
