"""An emergency: two members decide, and the full panel looks at it the next working day."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from amanat.desk.audit.models import Event
from amanat.desk.lib.refusals import Refused
from amanat.desk.publishing.actions import editing, votes
from amanat.desk.publishing.models import Ballot, Draft, Round
from amanat.desk.publishing.today import waiting
from amanat.desk.registry.actions import panels
from amanat.desk.registry.calendars import workdays
from tests.cast import items_of
from tests.desk.publishing.conftest import Press, juror

WHY = "The bridge is closed since an hour."


@pytest.fixture
def five(press: Press) -> Press:
    """A panel of five."""
    more = [juror(press.cast.own, f"Juror {n}") for n in ("Four", "Five")]
    panels.seat(press.page, by=press.cast["head@own"], people=[*press.jurors, *more])
    press.jurors.extend(more)
    return press


def test_two_of_five_are_enough(five: Press) -> None:
    draft = five.hand_in(emergency_reason=WHY)
    assert Round.objects.get().kind == "emergency"
    assert Round.objects.get().reason == WHY
    for one in five.jurors[:2]:
        votes.cast(draft, by=one, vote="for")
    draft.refresh_from_db()
    assert draft.state == "scheduled"


def test_without_an_emergency_two_of_five_are_not(five: Press) -> None:
    assert five.approve().state == "in-review"


def test_the_full_panel_looks_at_it_the_next_working_day(five: Press) -> None:
    draft = five.approve(emergency_reason=WHY)
    review = Round.objects.get(kind="review")
    assert review.due_on == workdays(draft.office).later(timezone.localdate(), 1)
    assert review.ballots.count() == 5
    items = [item for item in items_of(waiting, five.jurors[4]) if item.url == draft.get_absolute_url()]
    assert len(items) == 1
    for one in five.jurors[:3]:
        votes.cast(draft, by=one, vote="for")
    assert Round.objects.get(kind="review").outcome == "approved"
    assert [item for item in items_of(waiting, five.jurors[4]) if item.url == draft.get_absolute_url()] == []
    assert Event.objects.filter(verb="review").count() == 1


def test_a_review_stays_on_today_until_it_is_done_and_rises_when_late(five: Press) -> None:
    draft = five.approve(emergency_reason=WHY)
    Round.objects.filter(kind="review").update(due_on=timezone.localdate() - timedelta(days=1))
    (item,) = [item for item in items_of(waiting, five.jurors[4]) if item.url == draft.get_absolute_url()]
    assert item.is_late


def test_a_review_that_does_not_agree_is_kept_and_told(five: Press) -> None:
    draft = five.approve(emergency_reason=WHY)
    Draft.objects.filter(pk=draft.pk).update(state="released")
    for one in five.jurors[:3]:
        votes.cast(draft, by=one, vote="against", reason="It was no emergency.")
    draft.refresh_from_db()
    assert (draft.state, Round.objects.get(kind="review").outcome) == ("released", "returned")


def test_one_against_of_three_does_not_stop_it_but_two_do(press: Press) -> None:
    draft = press.hand_in(emergency_reason=WHY)
    votes.cast(draft, by=press.jurors[0], vote="against", reason="No emergency.")
    draft.refresh_from_db()
    assert draft.state == "in-review"
    votes.cast(draft, by=press.jurors[1], vote="against", reason="No.")
    draft.refresh_from_db()
    assert draft.state == "returned"


def test_a_panel_of_one_gets_a_second_person(press: Press) -> None:
    press.hand_in(channels=[press.wall], emergency_reason=WHY)
    assert {one.member.name for one in Ballot.objects.all()} == {"Moderator At Own", "Head At Own"}


def test_never_the_author_and_one_alone_never(press: Press) -> None:
    draft = press.hand_in("moderator@own", [press.wall], emergency_reason=WHY)
    assert {one.member.name for one in Ballot.objects.all()} == {"Head At Own", "Authority At Own"}
    votes.cast(draft, by=press.cast["head@own"], vote="for")
    draft.refresh_from_db()
    assert draft.state == "in-review"
    with pytest.raises(Refused):
        votes.cast(draft, by=press.cast["moderator@own"], vote="for")


def test_whoever_stands_aside_is_replaced(press: Press) -> None:
    draft = press.hand_in(channels=[press.wall], emergency_reason=WHY)
    votes.cast(draft, by=press.cast["head@own"], vote="recused", reason="It concerns me.")
    assert Ballot.objects.filter(member=press.cast["authority@own"], vote="").exists()


def test_a_change_after_it_voids_the_review_too(press: Press) -> None:
    draft = press.approve(emergency_reason=WHY)
    editing.write(draft, by=draft.author, texts={("en", ""): "The bridge is open again."})
    assert set(Round.objects.values_list("kind", "outcome")) == {("emergency", "approved"), ("review", "void")}
