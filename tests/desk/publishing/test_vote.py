"""The panel: who decides, how, and that it happens once."""

from __future__ import annotations

import pytest
from django.utils import timezone

from amanat.desk.audit.models import Event
from amanat.desk.lib.refusals import Overtaken, Refused
from amanat.desk.publishing.actions import drafts, editing, plans, votes
from amanat.desk.publishing.models import Ballot, Draft, Round
from amanat.desk.publishing.timed import run
from amanat.desk.registry.actions import panels
from amanat.desk.registry.models import Appointment, Notice, PanelSeat
from tests.cast import SINCE
from tests.desk.publishing.conftest import Press, juror


def members(draft: Draft) -> set[str]:
    return {one.member.name for one in Ballot.objects.filter(round__draft=draft, round__outcome="")}


def verbs(draft: Draft) -> list[str]:
    rows = Event.objects.filter(kind="publishing.draft", thing=draft.pk).order_by("pk")
    return list(rows.values_list("verb", flat=True))


def test_a_majority_of_all_members_approves(press: Press) -> None:
    draft = press.hand_in()
    assert members(draft) == {"Juror One", "Juror Two", "Juror Three"}
    votes.cast(draft, by=press.jurors[0], vote="for")
    draft.refresh_from_db()
    assert draft.state == "in-review"
    votes.cast(draft, by=press.jurors[1], vote="for")
    draft.refresh_from_db()
    assert draft.state == "scheduled"
    assert draft.approved_hash == draft.hash() == Round.objects.get(draft=draft).hash
    assert verbs(draft) == ["write", "write", "submit", "vote", "approve", "schedule"]
    assert Event.objects.get(verb="approve").facts == {"round": 1, "for": 2, "against": 0, "recused": 0}


def test_a_majority_against_returns_it_and_dissent_is_kept(press: Press) -> None:
    draft = press.hand_in()
    votes.cast(draft, by=press.jurors[0], vote="for")
    votes.cast(draft, by=press.jurors[1], vote="against", reason="The hours are wrong.")
    votes.cast(draft, by=press.jurors[2], vote="against", reason="It closes at two.")
    draft.refresh_from_db()
    assert (draft.state, draft.approved_hash) == ("returned", "")
    kept = Ballot.objects.filter(round__draft=draft, vote="against").values_list("reason", flat=True)
    assert set(kept) == {"The hours are wrong.", "It closes at two."}
    told = Notice.objects.filter(person=draft.author, key__startswith="decided-")
    assert told.count() == 1


@pytest.mark.parametrize("vote", ["against", "recused"])
def test_a_vote_that_is_not_for_needs_a_reason(press: Press, vote: str) -> None:
    draft = press.hand_in()
    with pytest.raises(Refused):
        votes.cast(draft, by=press.jurors[0], vote=vote, reason="  ")
    assert not Ballot.objects.exclude(vote="").exists()


def test_rubbish_is_no_vote(press: Press) -> None:
    with pytest.raises(Refused):
        votes.cast(press.hand_in(), by=press.jurors[0], vote="yes, please", reason="x")


def test_one_votes_once(press: Press) -> None:
    draft = press.hand_in()
    votes.cast(draft, by=press.jurors[0], vote="for")
    with pytest.raises(Overtaken):
        votes.cast(draft, by=press.jurors[0], vote="against", reason="changed my mind")
    assert verbs(draft).count("vote") == 1


@pytest.mark.parametrize("who", ["officer@own", "head@own", "moderator@own", "steward@top", "authority@top"])
def test_nobody_else_decides_not_even_from_above(press: Press, who: str) -> None:
    draft = press.hand_in()
    with pytest.raises(Refused):
        votes.cast(draft, by=press.cast[who], vote="for")
    draft.refresh_from_db()
    assert draft.state == "in-review"


def test_the_author_does_not_decide_and_the_head_stands_in_for_a_panel_of_one(press: Press) -> None:
    draft = press.hand_in("moderator@own", [press.wall])
    assert members(draft) == {"Head At Own"}
    assert Ballot.objects.get().added_to == [press.wall.pk]
    with pytest.raises(Refused):
        votes.cast(draft, by=press.cast["moderator@own"], vote="for")
    votes.cast(draft, by=press.cast["head@own"], vote="for")
    draft.refresh_from_db()
    assert draft.state == "scheduled"


def test_a_head_who_wrote_it_does_not_approve_it_the_authority_above_does(press: Press) -> None:
    panels.seat(press.wall, by=press.cast["head@own"], people=[press.cast["head@own"]])
    draft = press.hand_in("head@own", [press.wall])
    assert members(draft) == {"Authority At Own"}
    with pytest.raises(Refused):
        votes.cast(draft, by=press.cast["head@own"], vote="for")


def test_whoever_edited_is_excluded_too(press: Press) -> None:
    draft = press.write()
    editing.write(draft, by=press.jurors[0], texts={("en", ""): "The counter opens at ten."})
    drafts.submit(draft, by=draft.author)
    assert members(draft) == {"Juror Two", "Juror Three"}


def test_two_of_three_left_both_have_to_agree(press: Press) -> None:
    draft = press.hand_in(draft_by := "officer@own")
    assert draft_by
    votes.cast(draft, by=press.jurors[0], vote="recused", reason="My brother runs that counter.")
    votes.cast(draft, by=press.jurors[1], vote="for")
    draft.refresh_from_db()
    assert draft.state == "in-review"
    votes.cast(draft, by=press.jurors[2], vote="for")
    draft.refresh_from_db()
    assert draft.state == "scheduled"


def test_where_too_few_are_left_the_head_stands_in(press: Press) -> None:
    draft = press.hand_in()
    votes.cast(draft, by=press.jurors[0], vote="recused", reason="I am related.")
    votes.cast(draft, by=press.jurors[1], vote="recused", reason="So am I.")
    assert "Head At Own" in members(draft)
    votes.cast(draft, by=press.jurors[2], vote="for")
    draft.refresh_from_db()
    assert draft.state == "in-review"
    votes.cast(draft, by=press.cast["head@own"], vote="for")
    draft.refresh_from_db()
    assert draft.state == "scheduled"


def test_every_panel_has_to_agree(press: Press) -> None:
    draft = press.hand_in(channels=[press.page, press.wall])
    for one in press.jurors[:2]:
        votes.cast(draft, by=one, vote="for")
    draft.refresh_from_db()
    assert draft.state == "in-review"
    votes.cast(draft, by=press.cast["moderator@own"], vote="against", reason="Not for this wall.")
    draft.refresh_from_db()
    assert draft.state == "returned"


def test_votes_are_hidden_until_ones_own_is_cast(press: Press) -> None:
    draft = press.hand_in()
    votes.cast(draft, by=press.jurors[0], vote="against", reason="Wrong hours.")
    seen = Ballot.objects.exclude(vote="")
    assert not seen.visible_to(press.jurors[1]).exists()
    assert not seen.visible_to(press.cast["auditor@top"]).exists()
    assert seen.visible_to(press.jurors[0]).count() == 1
    votes.cast(draft, by=press.jurors[1], vote="for")
    assert seen.visible_to(press.jurors[1]).count() == 2
    assert not Event.objects.filter(verb="vote").exclude(reason="").exists()
    votes.cast(draft, by=press.jurors[2], vote="for")
    assert seen.visible_to(press.cast["auditor@top"]).count() == 3
    assert not seen.visible_to(press.cast["auditor@foreign"]).exists()


def test_an_edit_voids_the_round_and_keeps_its_votes(press: Press) -> None:
    draft = press.hand_in()
    votes.cast(draft, by=press.jurors[0], vote="for")
    editing.write(draft, by=draft.author, texts={("en", ""): "The counter opens at eight."})
    draft.refresh_from_db()
    assert draft.state == "draft"
    assert Round.objects.get().outcome == "void"
    assert Ballot.objects.filter(vote="for").count() == 1
    with pytest.raises(Overtaken):
        votes.cast(draft, by=press.jurors[1], vote="for")
    drafts.submit(draft, by=draft.author)
    assert set(Round.objects.values_list("number", "outcome")) == {(1, "void"), (2, "")}


def test_a_member_who_left_is_not_counted_and_somebody_stands_in(press: Press) -> None:
    draft = press.hand_in()
    PanelSeat.objects.filter(person__in=press.jurors[:2]).update(ends_on=timezone.localdate())
    run(timezone.now())
    assert Ballot.objects.filter(is_lapsed=True).count() == 2
    with pytest.raises(Refused):
        votes.cast(draft, by=press.jurors[0], vote="for")
    votes.cast(draft, by=press.jurors[2], vote="for")
    votes.cast(draft, by=press.cast["head@own"], vote="for")
    draft.refresh_from_db()
    assert draft.state == "scheduled"


def test_a_channel_whose_whole_panel_has_left_is_not_passed_over(press: Press) -> None:
    draft = press.hand_in(channels=[press.page, press.wall])
    PanelSeat.objects.filter(channel=press.wall).update(ends_on=timezone.localdate())
    Appointment.objects.filter(role__in=["head", "authority"]).update(ends_on=SINCE)
    run(timezone.now())
    draft.refresh_from_db()
    assert draft.state == "returned"
    told = Notice.objects.get(person=draft.author, key__startswith="decided-")
    assert "Choose who sits there" in told.why


def test_whoever_left_does_not_vote_before_the_clock_has_seen_it(press: Press) -> None:
    draft = press.hand_in()
    PanelSeat.objects.filter(person=press.jurors[0]).update(ends_on=timezone.localdate())
    with pytest.raises(Refused, match="not among"):
        votes.cast(draft, by=press.jurors[0], vote="for")
    assert not Ballot.objects.exclude(vote="").exists()


def test_the_clock_counts_what_is_a_majority_once_somebody_has_left(press: Press) -> None:
    four = [*press.jurors, juror(press.cast.own, "Juror Four")]
    panels.seat(press.page, by=press.cast["head@own"], people=four)
    draft = press.hand_in()
    for one in four[:2]:
        votes.cast(draft, by=one, vote="for")
    PanelSeat.objects.filter(person=four[3]).update(ends_on=timezone.localdate())
    run(timezone.now())
    run(timezone.now())
    draft.refresh_from_db()
    assert draft.state == "scheduled"
    assert Event.objects.get(verb="approve").actor is None


def test_the_clock_leaves_alone_where_nobody_has_gone_and_looks_at_each_once_an_hour(
    press: Press, monkeypatch: pytest.MonkeyPatch
) -> None:
    press.hand_in(channels=[press.page, press.wall])
    row, counted, now = Round.objects.get(), [], timezone.now()
    monkeypatch.setattr(votes, "complete", lambda one: counted.append(one.pk))
    turn = now.replace(minute=row.pk % 60)
    for minute in range(60):
        run(now.replace(minute=minute))
    assert counted == [row.pk]
    other = turn.replace(minute=(row.pk + 1) % 60)
    for gone in (
        PanelSeat.objects.filter(person=press.jurors[0]),
        Appointment.objects.filter(person=press.jurors[0]),
    ):
        before = gone.values_list("pk", "ends_on")
        (kept,) = before
        gone.update(ends_on=SINCE)
        run(other)
        gone.model.objects.filter(pk=kept[0]).update(ends_on=kept[1])
    run(other)
    assert counted == [row.pk] * 3


def test_a_vote_after_its_time_decides_nothing(press: Press) -> None:
    draft = press.hand_in()
    Draft.objects.filter(pk=draft.pk).update(wanted_at=timezone.now())
    Round.objects.update(hash=Draft.objects.get(pk=draft.pk).hash())
    with pytest.raises(Refused):
        votes.cast(draft, by=press.jurors[0], vote="for")


def test_a_panel_of_two_is_refused_with_its_clause(press: Press) -> None:
    other = juror(press.cast.foreign, "Second")
    PanelSeat.objects.create(channel=press.abroad, person=other)
    draft = press.write("officer@foreign", [press.abroad])
    with pytest.raises(Refused) as refused:
        drafts.submit(draft, by=draft.author)
    assert refused.value.clause.startswith("bdg16-")
    draft.refresh_from_db()
    assert draft.state == "draft"


def test_an_empty_panel_gets_nothing(press: Press) -> None:
    PanelSeat.objects.filter(channel=press.wall).update(ends_on=timezone.localdate())
    with pytest.raises(Refused):
        press.hand_in(channels=[press.wall])


def test_gates_have_no_part_in_the_vote(press: Press) -> None:
    """Approval and the channel's inspection are two questions; the second is asked when it goes out."""
    plans.practise(press.cast.own, by=press.cast["head@own"], weekly_posts=None, inspection_days=0, handover_days=0)
    press.page.inspection_due_on = timezone.localdate().replace(year=2020)
    press.page.save()
    assert press.approve().state == "scheduled"
