"""Many at once: exactly one vote decides, a draft is handed in once, and no vote is lost."""

from __future__ import annotations

import threading

import pytest
from django.db import connection, transaction
from django.utils import timezone

from amanat.desk.audit.models import Event
from amanat.desk.lib.refusals import Refused
from amanat.desk.publishing.actions import drafts, editing, leases, votes
from amanat.desk.publishing.models import Ballot, Credential, Draft, Release, Round
from amanat.desk.publishing.timed import run
from amanat.desk.registry.actions import panels
from tests.cast import assemble
from tests.desk.publishing.conftest import Press, juror, setting
from tests.desk.registry.test_racing import race


@pytest.fixture
def press(racing: None) -> Press:
    return setting(assemble())


def copies(draft: Draft, number: int) -> list[Draft]:
    return [Draft.objects.select_related("office").get(pk=draft.pk) for _ in range(number)]


def test_of_five_who_vote_at_once_exactly_one_decides(press: Press) -> None:
    five = [*press.jurors, *(juror(press.cast.own, f"Juror {n}") for n in ("Four", "Five"))]
    panels.seat(press.page, by=press.cast["head@own"], people=five)
    draft = press.hand_in()
    each = copies(draft, 5)
    came = race(lambda n: votes.cast(each[n], by=five[n], vote="for"), 5)
    assert came == {"done": 3, "overtaken": 2}
    assert Event.objects.filter(verb="approve").count() == 1
    assert Event.objects.filter(verb="vote").count() == 2
    assert Draft.objects.get().state == "scheduled"
    assert Ballot.objects.filter(vote="for").count() == 3


def test_one_who_presses_twelve_times_votes_once(press: Press) -> None:
    draft = press.hand_in()
    each = copies(draft, 12)
    came = race(lambda n: votes.cast(each[n], by=press.jurors[0], vote="for"))
    assert came == {"done": 1, "overtaken": 11}
    assert Event.objects.filter(verb="vote").count() == 1


def test_it_is_handed_in_once(press: Press) -> None:
    each = copies(press.write(), 12)
    by = press.cast["officer@own"]
    came = race(lambda n: drafts.submit(each[n], by=by))
    assert came == {"done": 1, "overtaken": 11}
    assert Round.objects.count() == 1


def test_a_change_and_the_deciding_vote_do_not_both_hold(press: Press) -> None:
    draft = press.hand_in()
    votes.cast(draft, by=press.jurors[0], vote="for")
    each = copies(draft, 2)
    acts = [
        lambda: votes.cast(each[0], by=press.jurors[1], vote="for"),
        lambda: editing.write(each[1], by=press.cast["officer@own"], texts={("en", ""): "Shut."}),
    ]
    race(lambda n: acts[n](), 2)
    fresh = Draft.objects.get()
    assert fresh.state == "draft"  # whichever came first, the change voids it
    assert fresh.approved_hash == ""
    assert not Round.objects.filter(outcome="").exists()


def test_two_workers_let_it_expire_once(press: Press) -> None:
    draft = press.hand_in()
    moment = draft.wanted_at
    assert moment is not None
    race(lambda n: run(moment), 4)
    assert Event.objects.filter(verb="expire").count() == 1
    assert Draft.objects.get().state == "expired"


def test_a_copy_is_made_once(press: Press) -> None:
    draft = press.write()
    Draft.objects.update(state="expired")
    each = copies(draft, 6)
    by = press.cast["officer@own"]
    came = race(lambda n: drafts.copy(each[n], by=by), 6)
    assert came == {"done": 1, "overtaken": 5}


def test_what_a_worker_takes_up_is_never_forgotten(press: Press) -> None:
    """The recall comes while the step that takes the release up is not committed yet."""
    if not connection.features.has_select_for_update_skip_locked:
        pytest.skip("only where rows are locked one by one")
    draft = press.approve()
    row = draft.releases.get()
    Credential.objects.create(
        channel=press.page, server="https://bsky.example", sealed=b"x", given_by=press.cast["head@own"],
        given_at=timezone.now(),
    )  # fmt: skip
    taken, gone = threading.Event(), threading.Event()

    def send() -> None:
        try:
            with transaction.atomic():
                assert leases.take(row, press.page, "send", timezone.now())
                taken.set()
                gone.wait(5)
        finally:
            connection.close()

    worker = threading.Thread(target=send)
    worker.start()
    assert taken.wait(5)
    with pytest.raises(Refused):
        editing.recall(Draft.objects.select_related("office").get(), by=press.cast["officer@own"])
    gone.set()
    worker.join()
    assert Release.objects.get().state == "sending"
    assert Draft.objects.get().state == "scheduled"
