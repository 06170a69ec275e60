"""Drafts: the list, the page of one, its history, and the steps by which it moves."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NamedTuple

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from amanat.desk.audit.door import allow, open_steps
from amanat.desk.audit.models import Event
from amanat.desk.lib.commas import listed
from amanat.desk.lib.views import form_page, page_of, person_of, signed_in
from amanat.desk.publishing import gates, screening, slots
from amanat.desk.publishing.actions import drafts as acts
from amanat.desk.publishing.actions import editing, votes
from amanat.desk.publishing.forms.drafts import DraftFilter, LiftForm, VoteForm
from amanat.desk.publishing.models import Ballot, Draft, Picture, Round, Version
from amanat.desk.publishing.readiness import Going, channels_of, faults, goings
from amanat.desk.publishing.views.common import bare_draft_of, draft_of, offices_to_write_for
from amanat.desk.publishing.views.releases import releases_context
from amanat.desk.publishing.workflow import OUT, STANDS_IN, WRITERS
from amanat.desk.registry.models import Channel, Person
from amanat.desk.registry.signin import fresh
from amanat.desk.registry.views.common import holds, pressing
from amanat.desk.rules import engine
from amanat.desk.rules.answers import Answer
from amanat.rulebook import Rulebook

_PRESSED = frozenset({"submit", "recall", "discard"})
"""Steps with a button of their own. The others are taken by a vote or by the clock."""
_SHOWN = ("draft", "returned")


class Text(NamedTuple):
    """A text of the draft as its page shows it: what the screening says, and where it goes."""

    version: Version
    answer: Answer
    goings: list[Going]


@signed_in
@require_safe
def drafts(request: HttpRequest) -> HttpResponse:
    """The drafts this person may see."""
    person = person_of(request)
    form = DraftFilter(request.GET, by=person)
    rows = form.narrow(Draft.objects.visible_to(person)).select_related("office", "author")
    page = page_of(request, rows.prefetch_related("targets__channel"))
    context = {"page": page, "form": form, "offices": offices_to_write_for(person)}
    return render(request, "publishing/drafts.html", context)


@signed_in
@require_safe
def draft(request: HttpRequest, pk: int) -> HttpResponse:
    """One draft: its texts with what the rules say, its pictures, its panel, what can be done."""
    person, row, book = person_of(request), draft_of(request, pk), engine.rulebook()
    is_open = row.state in _SHOWN
    missing = faults(row) if is_open and holds(person, row.office, WRITERS) else []
    may_write = row.is_planned and holds(person, row.office, WRITERS)
    context = {
        "draft": row,
        "texts": _texts(row, book),
        "pictures": _pictures(row, book),
        "missing": missing,
        "silences": _silences(row) if row.state in ("in-review", "approved", "scheduled") else [],
        "steps": [
            one for one in open_steps(row, person) if one.verb in _PRESSED and not (one.verb == "submit" and missing)
        ],
        "may_write": may_write,
        "may_lift": acts.may_lift(row, person),
        "may_copy": row.state in ("expired", "dropped", "withdrawn") and holds(person, row.office, WRITERS),
        **(_panel(row, person) if row.state != "expired" else {}),
        **(releases_context(row) if row.state in (*OUT, "scheduled", "withdrawn") else {}),
    }
    if context["may_copy"]:
        context["offer"] = slots.of_draft(row)
    return render(request, "publishing/draft.html", context)


def _texts(row: Draft, book: Rulebook) -> list[Text]:
    where = goings(row)
    return [
        Text(
            version,
            Answer(screening.screen_version(version, row, book).verdict, book),
            [one for one in where if one.version is not None and one.version.pk == version.pk],
        )
        for version in row.versions.all()
    ]


def _pictures(row: Draft, book: Rulebook) -> list[tuple[Picture, list[tuple[str, str, str]]]]:
    """Its pictures; with each what it shows, by language, and the verdict on these words."""
    found = []
    for one in row.pictures.all():
        answers = screening.screen_alts(one, row, book)
        found.append((one, [(code, one.alts[code], said.verdict.level) for code, said in answers.items()]))
    return found


def _silences(row: Draft) -> Iterable[Any]:
    channels = channels_of(row)
    targets: Any = row.targets.all()
    lifted = [target.channel_id for target in targets if target.is_lifted]
    found = gates.silences(channels, timezone.localdate(), lifted)
    return [(channel, found[channel.pk]) for channel in channels if channel.pk in found]


def _panel(row: Draft, person: Person) -> dict[str, Any]:
    """The last round, who decides in it, and how they voted, for those who may know."""
    ballots = list(Ballot.objects.filter(round__draft=row).select_related("round", "member"))
    if not ballots:
        return {}
    last = max((one.round for one in ballots), key=lambda one: one.number)
    here = [one for one in ballots if one.round_id == last.pk]
    may_vote = last.is_open and votes.may_vote(here, person) and (last.kind == "review" or row.state == "in-review")
    return {
        "round": last,
        "ballots": _with_left(here),
        "rounds": len({one.round_id for one in ballots}),
        "may_know": _may_know(last, here, person),
        "vote_form": VoteForm() if may_vote else None,
    }


def _with_left(ballots: list[Ballot]) -> list[tuple[Ballot, str]]:
    """Each ballot, with the channels whose panel its member left: it does not count there."""
    named = {pk for one in ballots for pk in one.left}
    names = Channel.objects.in_bulk(named) if named else {}
    return [(one, listed(names[pk] for pk in one.left if pk in names)) for one in ballots]


def _may_know(last: Round, ballots: Iterable[Ballot], person: Person) -> bool:
    return not last.is_open or any(one.member_id == person.pk and one.vote for one in ballots)


@signed_in
@require_safe
def history(request: HttpRequest, pk: int) -> HttpResponse:
    """All rounds with their votes, and what the log says."""
    person, row = person_of(request), bare_draft_of(request, pk)
    known = Ballot.objects.visible_to(person).filter(round__draft=row).select_related("member")
    rounds = list(row.rounds.select_related("opened_by"))
    told = _with_left(list(known))
    seen = Event.objects.visible_to(person).filter(kind=row._meta.label_lower, thing=row.pk)
    context = {
        "draft": row,
        "rounds": [(one, [pair for pair in told if pair[0].round_id == one.pk]) for one in rounds],
        "page": page_of(request, seen.select_related("actor")),
    }
    return render(request, "publishing/history.html", context)


@signed_in
@fresh
def vote(request: HttpRequest, pk: int) -> HttpResponse:
    """Vote on a draft."""
    row, by = bare_draft_of(request, pk), person_of(request)

    def act(typed: dict[str, Any]) -> Draft:
        votes.cast(row, by=by, **typed)
        return row

    mine = Ballot.objects.filter(round__draft=row, round__outcome="", member=by)
    if request.method == "GET" and not votes.may_vote(mine, by):
        return redirect(row)
    return form_page(
        request, VoteForm(request.POST or None), act, title=_("Vote on {draft}").format(draft=row),
        submit=_("Cast the vote"), back=row, lead=_("A vote is cast once. Others see it when they have cast theirs."),
    )  # fmt: skip


@signed_in
@fresh
def lift(request: HttpRequest, pk: int) -> HttpResponse:
    """Lift a stop."""
    row, by = draft_of(request, pk), person_of(request)
    allow(STANDS_IN, by, row.office)

    def act(typed: dict[str, Any]) -> Draft:
        acts.lift(row, by=by, **typed)
        return row

    return form_page(
        request, LiftForm(request.POST or None), act, title=_("Lift the stop on {draft}").format(draft=row),
        submit=_("Lift the stop"), back=row,
        lead=_("A rule speaks against this text. With your reason it may go to the panel all the same, which sees it."),
    )  # fmt: skip


@signed_in
@require_POST
def copy(request: HttpRequest, pk: int) -> HttpResponse:
    """A copy of what did not go out, at the next free slot."""
    seen = Draft.objects.visible_to(person_of(request)).select_related("office")
    new = acts.copy(get_object_or_404(seen, pk=pk), by=person_of(request))
    messages.success(request, _("This is the copy. Look at it once more, and hand it to the panel."))
    return redirect(new)


submit = pressing(Draft, acts.submit, with_reason=False)
recall = pressing(Draft, editing.recall, with_reason=False)
discard = pressing(Draft, acts.discard)
