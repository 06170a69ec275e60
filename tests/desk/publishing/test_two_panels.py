"""One who sits on two of the panels of a draft, and leaves one of them, or both: where the vote still counts."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from amanat.desk.audit.models import Event
from amanat.desk.lib.refusals import Refused
from amanat.desk.publishing.actions import votes
from amanat.desk.publishing.models import Ballot, Draft, Round
from amanat.desk.publishing.timed import run
from amanat.desk.registry.actions import panels
from amanat.desk.registry.models import Appointment, Channel, PanelSeat, Person
from tests.cast import SINCE
from tests.desk.publishing.conftest import Press, juror

SignedIn = Callable[[str], Client]


@pytest.fixture
def both(press: Press) -> Press:
    """On the page sit Juror One, Two and Three; on the wall Juror One, Four and Five."""
    more = [juror(press.cast.own, f"Juror {name}") for name in ("Four", "Five")]
    panels.seat(press.wall, by=press.cast["head@own"], people=[press.jurors[0], *more])
    return press


def named(name: str) -> Person:
    return Person.objects.get(name=f"Juror {name}")


def leaves(name: str, channel: Channel) -> None:
    PanelSeat.objects.filter(person=named(name), channel=channel).update(ends_on=timezone.localdate())


def agree(draft: Draft, *names: str) -> str:
    """These vote for it; the state of the draft then."""
    for name in names:
        votes.cast(draft, by=named(name), vote="for")
    draft.refresh_from_db()
    return draft.state


def elsewhere(row: Round) -> Any:
    """A moment whose minute is not the one in which the round is looked at whatever happens."""
    return timezone.now().replace(minute=(row.pk + 1) % 60)


def test_whoever_stays_decides_for_both(both: Press) -> None:
    draft = both.hand_in(channels=[both.page, both.wall])
    assert agree(draft, "One", "Two") == "in-review"
    assert agree(draft, "Four") == "scheduled"


@pytest.mark.parametrize("is_seen", [True, False])
def test_left_before_voting_the_vote_counts_on_the_other_panel_alone(both: Press, *, is_seen: bool) -> None:
    draft = both.hand_in(channels=[both.page, both.wall])
    leaves("One", both.wall)
    if is_seen:
        run(elsewhere(Round.objects.get()))
        assert Ballot.objects.get(member=named("One")).left == [both.wall.pk]
    assert agree(draft, "One", "Two", "Four") == "in-review"  # two are left there, and both have to agree
    one = Ballot.objects.get(member=named("One"))
    assert (one.left, one.is_lapsed) == ([both.wall.pk], False)
    assert agree(draft, "Five") == "scheduled"
    assert Event.objects.get(verb="approve").facts == {"round": 1, "for": 4, "against": 0, "recused": 0}


@pytest.mark.parametrize("is_seen", [True, False])
def test_left_after_voting_the_vote_stands_on_both(both: Press, *, is_seen: bool) -> None:
    draft = both.hand_in(channels=[both.page, both.wall])
    agree(draft, "One", "Two")
    leaves("One", both.wall)
    if is_seen:
        run(elsewhere(Round.objects.get()))
        assert Ballot.objects.get(member=named("One")).left == []
    assert agree(draft, "Four") == "scheduled"  # the second vote for the wall


def test_once_it_is_decided_leaving_changes_nothing(both: Press) -> None:
    draft = both.hand_in(channels=[both.page, both.wall])
    assert agree(draft, "One", "Two", "Four") == "scheduled"
    leaves("One", both.wall)
    run(timezone.now())
    assert Ballot.objects.get(member=named("One")).left == []
    assert Round.objects.get().outcome == "approved"


def test_nobody_undoes_a_vote_against_by_taking_the_seat_away(both: Press) -> None:
    draft = both.hand_in(channels=[both.page, both.wall])
    votes.cast(draft, by=named("One"), vote="against", reason="The hours are wrong.")
    agree(draft, "Two", "Three", "Four")
    leaves("One", both.wall)
    run(elsewhere(Round.objects.get()))
    draft.refresh_from_db()
    assert draft.state == "in-review"
    votes.cast(draft, by=named("Five"), vote="against", reason="They are.")
    draft.refresh_from_db()
    assert draft.state == "returned"


def test_leaving_both_before_voting_one_decides_nowhere(both: Press) -> None:
    draft = both.hand_in(channels=[both.page, both.wall])
    agree(draft, "Two")
    leaves("One", both.wall)
    leaves("One", both.page)
    run(elsewhere(Round.objects.get()))
    one = Ballot.objects.get(member=named("One"))
    assert (sorted(one.left), one.is_lapsed) == (sorted([both.page.pk, both.wall.pk]), True)
    assert agree(draft, "Four", "Five") == "in-review"  # the page lacks one
    with pytest.raises(Refused, match="not among"):
        votes.cast(draft, by=named("One"), vote="for")
    assert agree(draft, "Three") == "scheduled"


def test_without_a_post_there_is_no_seat_on_either(both: Press) -> None:
    draft = both.hand_in(channels=[both.page, both.wall])
    Appointment.objects.filter(person=named("One")).update(ends_on=SINCE)
    run(elsewhere(Round.objects.get()))
    assert Ballot.objects.get(member=named("One")).is_lapsed
    assert agree(draft, "Two", "Four", "Five") == "in-review"
    assert agree(draft, "Three") == "scheduled"


def test_standing_aside_is_standing_aside_on_both(both: Press) -> None:
    draft = both.hand_in(channels=[both.page, both.wall])
    votes.cast(draft, by=named("One"), vote="recused", reason="My brother runs that counter.")
    assert agree(draft, "Two", "Three", "Four") == "in-review"
    assert agree(draft, "Five") == "scheduled"


def test_who_comes_back_does_not_decide_there_in_this_round(both: Press) -> None:
    draft = both.hand_in(channels=[both.page, both.wall])
    leaves("One", both.wall)
    run(elsewhere(Round.objects.get()))
    PanelSeat.objects.create(channel=both.wall, person=named("One"))
    assert agree(draft, "One", "Two", "Four") == "in-review"
    assert agree(draft, "Five") == "scheduled"


def test_where_too_few_are_left_somebody_stands_in_on_that_panel_alone(both: Press) -> None:
    draft = both.hand_in(channels=[both.page, both.wall])
    agree(draft, "Two")
    leaves("One", both.wall)
    leaves("Four", both.wall)
    run(elsewhere(Round.objects.get()))
    head = Ballot.objects.get(member=both.cast["head@own"])
    assert (head.panels, head.added_to) == ([both.wall.pk], [both.wall.pk])
    assert agree(draft, "Five") == "in-review"
    votes.cast(draft, by=both.cast["head@own"], vote="for")
    assert agree(draft, "Three") == "scheduled"


def test_the_head_who_left_the_panel_does_not_stand_in_on_it(both: Press) -> None:
    head = both.cast["head@own"]
    panels.seat(both.wall, by=head, people=[head, named("One"), named("Four")])
    draft = both.hand_in(channels=[both.page, both.wall])
    PanelSeat.objects.filter(channel=both.wall).exclude(person=named("One")).update(ends_on=timezone.localdate())
    run(elsewhere(Round.objects.get()))
    assert Ballot.objects.get(member=head).is_lapsed
    assert Ballot.objects.get(added_to=[both.wall.pk]).member == both.cast["authority@own"]
    assert draft.state == "in-review"


@pytest.mark.parametrize("kind", ["left", "both"])
def test_the_page_says_where_a_vote_is_not_counted(both: Press, signed_in: SignedIn, kind: str) -> None:
    draft = both.hand_in(channels=[both.page, both.wall])
    channels = [both.wall] if kind == "left" else [both.page, both.wall]
    told = f"has left, and is not counted for: {', '.join(map(str, channels))}"
    for channel in channels:
        leaves("One", channel)
    page = signed_in("officer@own").get(draft.get_absolute_url()).text
    assert "is not counted for" not in page
    run(elsewhere(Round.objects.get()))
    page = signed_in("officer@own").get(draft.get_absolute_url()).text
    assert told in page
    assert ("has left</span>" in page) is (kind == "both")
    agree(draft, "Two", "Three", "Four", "Five")
    page = signed_in("officer@own").get(f"{draft.get_absolute_url()}history/").text
    assert told in page


def test_in_an_emergency_a_seat_on_one_panel_is_enough(both: Press) -> None:
    draft = both.hand_in(channels=[both.page, both.wall], emergency_reason="The bridge is closed.")
    leaves("One", both.wall)
    assert agree(draft, "One", "Two") == "scheduled"


def test_a_round_is_looked_at_while_somebody_is_gone_and_nothing_is_written_twice(
    both: Press, monkeypatch: pytest.MonkeyPatch
) -> None:
    draft = both.hand_in(channels=[both.page, both.wall])
    agree(draft, "One")
    row = Round.objects.get()
    leaves("One", both.wall)
    run(elsewhere(row))
    events = Event.objects.count()
    run(elsewhere(row) + timedelta(seconds=1))
    assert Event.objects.count() == events
    assert Ballot.objects.filter(round=row).count() == 5
