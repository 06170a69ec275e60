"""How panels vote. One vote each, hidden until one's own is cast; of two who decide, one vote does."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from contextlib import suppress

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from amanat.desk.audit.door import recorded, step
from amanat.desk.lib.refusals import Overtaken, Refused
from amanat.desk.publishing import panels
from amanat.desk.publishing.actions import releases
from amanat.desk.publishing.models import Ballot, Draft, Round
from amanat.desk.publishing.readiness import channels_of
from amanat.desk.publishing.workflow import DECIDERS
from amanat.desk.registry.actions.notices import tell
from amanat.desk.registry.calendars import workdays
from amanat.desk.registry.models import Person

VOTES = ("for", "against", "recused")
_VERBS = {"approved": "approve", "returned": "return"}


def open_round(draft: Draft, *, by: Person, kind: str = "") -> Round:
    """Put a draft to the vote as it stands; within the step that does so. Members are told."""
    kind = kind or ("emergency" if draft.is_emergency else "ordinary")
    places = panels.places(draft, panels.members(channels_of(draft)), is_emergency=kind == "emergency")
    last = draft.rounds.order_by("-number").values_list("number", flat=True).first() or 0
    due = workdays(draft.office).later(timezone.localdate(), 1) if kind == "review" else None
    row = Round.objects.create(
        draft=draft, number=last + 1, kind=kind, hash=draft.hash(), reason=draft.emergency_reason, opened_by=by,
        due_on=due,
    )  # fmt: skip
    _seat(row, places)
    return row


def cast(draft: Draft, *, by: Person, vote: str, reason: str = "") -> None:
    """Vote. Whoever votes against, or stands aside, says why. The vote that decides moves the draft."""
    if vote not in VOTES:
        raise Refused(_("Vote for or against, or stand aside."))
    if vote != "for" and not reason.strip():
        raise Refused(_("Say why: a vote against and a step aside are kept with their reason."))
    with transaction.atomic():
        row, ballots = _open(draft)
        ballots = _without_gone(row, ballots)
        mine = next((one for one in ballots if one.member_id == by.pk and not one.is_lapsed), None)
        if mine is None:
            raise Refused(_("You are not among those who decide on this draft."))
        if mine.vote:
            raise Overtaken(_("You have voted already."))
        mine.vote, mine.reason, mine.cast_at = vote, reason.strip(), timezone.now()
        if vote == "recused":
            ballots = [*ballots, *_fill(row, ballots)]
        _settle(row, ballots, by=by, mine=mine)


def complete(row: Round) -> None:
    """By the clock: whoever left a panel is not counted there any more; who stands in for them is asked."""
    with transaction.atomic():
        try:
            row, ballots = _open(row.draft)
        except Refused:
            return
        _settle(row, _without_gone(row, ballots), by=None)


def may_vote(ballots: Iterable[Ballot], by: Person) -> bool:
    """Whether `by` still has a vote among these ballots of an open round."""
    return any(one.member_id == by.pk and not one.vote and not one.is_lapsed for one in ballots)


def _open(draft: Draft) -> tuple[Round, list[Ballot]]:
    """The open round with its ballots; nobody else votes or changes the draft until the transaction ends."""
    Draft.objects.select_for_update().filter(pk=draft.pk).first()
    draft.refresh_from_db()
    row = Round.objects.select_for_update(of=("self",)).filter(draft=draft, outcome="").first()
    if row is None:
        raise Overtaken(_("This is decided already, or the draft was taken back. Look at it again."))
    if row.kind != "review":
        if draft.state != "in-review" or draft.hash() != row.hash:
            raise Overtaken(_("The draft was changed. Look at it again."))
        if draft.wanted_at is None or draft.wanted_at <= timezone.now():
            raise Refused(_("Its time is over: it can no longer be approved. A copy can, at the next free time."))
    row.draft = draft
    return row, list(row.ballots.select_related("member"))


def _settle(row: Round, ballots: list[Ballot], *, by: Person | None, mine: Ballot | None = None) -> None:
    """Keep the vote `mine`, and what all votes now come to."""
    draft, result = row.draft, panels.outcome(row.kind, ballots)
    facts = {"round": row.number}
    if result:
        facts |= {vote: sum(one.vote == vote for one in ballots) for vote in VOTES}
    if result and row.kind != "review":
        if result == "approved":  # before the step: the database knows no approval that is bound to nothing
            draft.approved_hash, draft.approved_at = row.hash, timezone.now()
            Draft.objects.filter(pk=draft.pk).update(approved_hash=draft.approved_hash)
        with step(draft, _VERBS[result], by=by, facts=facts):
            _keep(row, mine, result)
        _after(row, result)
        return
    if by is None and not result:
        return
    with recorded("review" if result else "vote", by=by, office=draft.office, roles=DECIDERS) as record:
        _keep(row, mine, result)
        record.on(draft, **facts)
    if result:
        _tell_outcome(row, result)


def _keep(row: Round, mine: Ballot | None, result: str) -> None:
    if mine is not None:
        cast = {"vote": mine.vote, "reason": mine.reason, "cast_at": mine.cast_at}
        if not Ballot.objects.filter(pk=mine.pk, vote="").update(**cast):
            raise Overtaken(_("You have voted already."))
    if result:
        Round.objects.filter(pk=row.pk).update(outcome=result, closed_at=timezone.now())


def _after(row: Round, result: str) -> None:
    """What follows a decision: the release is planned, and what was approved in an emergency is looked at again."""
    draft = row.draft
    if result == "approved":
        releases.schedule(draft)
        if row.kind == "emergency":
            open_round(draft, by=row.opened_by, kind="review")
    _tell_outcome(row, result)


def _fill(row: Round, ballots: list[Ballot]) -> list[Ballot]:
    """Ballots of those who have to stand in now; kept. Raises Refused where nobody is free."""
    channels = channels_of(row.draft)
    begun = Counter(pk for one in ballots for pk in one.panels if pk not in one.added_to)
    sizes = {pk: max(len(found), begun[pk]) for pk, found in panels.members(channels).items()}
    wrote = set(row.draft.writers.values_list("pk", flat=True))
    counting = [one for one in ballots if one.counts]
    added: dict[int, panels.Place] = {}
    for channel in channels if row.kind != "emergency" else channels[:1]:
        fewest = panels.fewest(sizes[channel.pk]) if row.kind != "emergency" else panels.EMERGENCY
        left = [one.member for one in counting if row.kind == "emergency" or one.decides_for(channel.pk)]
        without = wrote | {one.member_id for one in ballots if not one.counts or channel.pk in one.left}
        for person in panels.stand_ins(row.draft.office, fewest, left, without):
            place = added.setdefault(person.pk, panels.Place(person, [], []))
            place.panels.append(channel.pk)
            place.added_to.append(channel.pk)
    return _seat(row, _new(ballots, added.values()))


def _new(ballots: list[Ballot], places: Iterable[panels.Place]) -> list[panels.Place]:
    """Those of `places` who have no ballot yet; who has one gets the panels on which to stand in beside their own."""
    fresh, known = [], {one.member_id: one for one in ballots}
    for place in places:
        if (ballot := known.get(place.person.pk)) is None:
            fresh.append(place)
            continue
        ballot.panels = [*ballot.panels, *place.panels]
        ballot.added_to = [*ballot.added_to, *place.added_to]
        Ballot.objects.filter(pk=ballot.pk).update(panels=ballot.panels, added_to=ballot.added_to)
    return fresh


def _seat(row: Round, places: Iterable[panels.Place]) -> list[Ballot]:
    made = [Ballot(round=row, member=p.person, panels=p.panels, added_to=p.added_to) for p in places]
    made = Ballot.objects.bulk_create(made)
    draft = row.draft
    tell([one.member for one in made], f"ballot-{row.pk}", lambda: _asked(row, draft), draft.get_absolute_url())
    return made


def _without_gone(row: Round, ballots: list[Ballot]) -> list[Ballot]:
    """The ballots, once it is kept who left which panel since; with those of people who stand in for them now."""
    gone = _gone(row, ballots)
    if not gone:
        return ballots
    added: list[Ballot] = []
    with suppress(Refused):  # nobody can stand in: those left decide; a panel with none returns it
        added = _fill(row, ballots)
    Ballot.objects.bulk_update(gone, ["left", "is_lapsed"])
    return [*ballots, *added]


def _gone(row: Round, ballots: list[Ballot]) -> list[Ballot]:
    """Those without a vote who left a panel they decide for since that was looked at last; they now say so.

    A vote that was cast stands: nobody undoes it by taking a seat away.
    """
    sitting = {pk: {one.pk for one in found} for pk, found in panels.members(channels_of(row.draft)).items()}

    def has_left(one: Ballot, pk: int) -> bool:
        is_there = pk in one.added_to or one.member_id in sitting.get(pk, ())
        return pk in one.left or not is_there or DECIDERS.isdisjoint(one.member.roles_at(row.draft.office))

    found = []
    for one in ballots:
        if one.vote or one.is_lapsed:
            continue
        left = [pk for pk in one.panels if has_left(one, pk)]
        if left != one.left:
            one.left, one.is_lapsed = left, len(left) == len(one.panels)
            found.append(one)
    return found


def _asked(row: Round, draft: Draft) -> tuple[str, str]:
    if row.kind == "review":
        return draft.title, _("Two members approved this in an emergency. Look at it as the full panel does.")
    if row.kind == "emergency":
        return draft.title, _("This is urgent: two members decide. Your vote is wanted.")
    return draft.title, _("This draft was handed to the panel. Your vote is wanted.")


def _tell_outcome(row: Round, result: str) -> None:
    draft = row.draft
    writers = [one for one in draft.writers.all() if one.is_active]
    tell(writers, f"decided-{row.pk}", lambda: _decided(row, draft, result), draft.get_absolute_url())


def _decided(row: Round, draft: Draft, result: str) -> tuple[str, str]:
    if result == "returned" and not row.ballots.filter(vote="against").exists():  # no vote returned it
        if row.kind == "review":
            return draft.title, _("Too few are left on the panel to look at what was approved in the emergency.")
        return draft.title, _("Too few are left on its panels to decide. Choose who sits there, then hand it in again.")
    if row.kind == "review":
        good = _("The full panel agrees with what was approved in the emergency.")
        bad = _("The full panel does not agree with what was approved in the emergency. Correct or withdraw it.")
        return draft.title, good if result == "approved" else bad
    if result == "approved":
        return draft.title, _("The panel approved it. It is scheduled.")
    return draft.title, _("The panel returned it, with reasons. Read them, change it, and hand it in again.")
