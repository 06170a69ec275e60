"""Putting right what is out: the list, one correction, and asking for one."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, NamedTuple

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from amanat.desk.audit.door import Step, allow, open_steps
from amanat.desk.lib.commas import listed
from amanat.desk.lib.refusals import Overtaken, Refused
from amanat.desk.lib.views import form_page, page_of, person_of, signed_in
from amanat.desk.publishing import corrections as rules
from amanat.desk.publishing.actions import corrections as acts
from amanat.desk.publishing.actions import mending
from amanat.desk.publishing.forms.corrections import ConfirmForm, CorrectForm, CorrectionFilter, WithdrawForm
from amanat.desk.publishing.models import Correction, Draft, Mending, Release
from amanat.desk.publishing.quarters import per_quarter
from amanat.desk.publishing.workflow import RELEASERS
from amanat.desk.registry.models import Office, Person
from amanat.desk.registry.signin import fresh
from amanat.desk.registry.views.common import pressing

_YEAR = timedelta(days=365)
_MOST = 40


class Place(NamedTuple):
    """A page to go back to."""

    name: str
    address: str

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """Where it is."""
        return self.address


@signed_in
@require_safe
def corrections(request: HttpRequest) -> HttpResponse:
    """The corrections this person may see, and how fast their offices were in the last four quarters."""
    person = person_of(request)
    form = CorrectionFilter(request.GET)
    rows = form.narrow(Correction.objects.visible_to(person)).select_related("draft__office", "asked_by")
    offices = Office.objects.visible_to(person)
    quarters = per_quarter(offices, timezone.localdate() - _YEAR)
    context = {
        "page": page_of(request, rows, 25), "form": form, "quarters": quarters[:_MOST], "most": _MOST,
        "has_more": len(quarters) > _MOST,
    }  # fmt: skip
    return render(request, "publishing/corrections.html", context)


@signed_in
@require_safe
def correction(request: HttpRequest, pk: int) -> HttpResponse:
    """One correction: what was wrong, what is done about it on each channel, who has looked."""
    person = person_of(request)
    seen = Correction.objects.visible_to(person).select_related("draft__office", "asked_by", "lifted_by", "seen_by")
    row = get_object_or_404(seen, pk=pk)
    mendings = row.mendings.select_related("correction", "release__draft__office", "release__channel__credential")
    shown = [(one, rules.note(one.release.channel), _steps(one, person)) for one in mendings]
    steps = open_steps(row, person)
    context = {
        "correction": row, "mendings": shown, "may_look": rules.may_look(row, person),
        "steps": [one for one in steps if _is_open(row, one.verb, person)],
        "has_public_page": Correction.objects.told().filter(pk=row.pk).exists(),
    }  # fmt: skip
    return render(request, "publishing/correction.html", context)


@signed_in
@fresh
def correct(request: HttpRequest, pk: int) -> HttpResponse:
    """Put a post right."""
    (draft, rows), by = _out(request, pk), person_of(request)
    form = CorrectForm(request.POST or None, rows=rows)

    def act(typed: dict[str, Any]) -> Correction:
        return acts.correct(draft, by=by, **typed)

    return form_page(
        request, form, act, title=_("Put right: {post}").format(post=draft), submit=_("Put it right now"),
        back=_posts(draft), template="publishing/correct.html",
    )  # fmt: skip


@signed_in
@fresh
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a post down wherever it stands."""
    (draft, rows), by = _out(request, pk), person_of(request)
    names = listed(row.channel for row in rows)
    return form_page(
        request, WithdrawForm(request.POST or None), lambda typed: acts.withdraw(draft, by=by, **typed),
        title=_("Take down: {post}").format(post=draft), submit=_("Take it down now"), back=_posts(draft),
        lead=_("It is taken down on: {channels}. What is kept of it here stays.").format(channels=names),
    )  # fmt: skip


@signed_in
@fresh
def confirm(request: HttpRequest, pk: int) -> HttpResponse:
    """Say that it is done on a channel."""
    by = person_of(request)
    seen = Mending.objects.visible_to(by)
    row = get_object_or_404(
        seen.select_related("correction", "release__draft__office", "release__channel__credential"), pk=pk
    )
    allow(RELEASERS, by, row.office)
    if not _can_be_confirmed(row):
        raise Overtaken(_("Nothing is to be said of it now. Look at it again."))

    def act(typed: dict[str, Any]) -> Correction:
        mending.confirm(row, by=by, **typed)
        return row.correction

    return form_page(
        request, ConfirmForm(request.POST if request.method == "POST" else None, row=row), act,
        title=_("It is done: {release}").format(release=row), submit=_("It is done"), back=row.correction,
    )  # fmt: skip


def _out(request: HttpRequest, pk: int) -> tuple[Draft, list[Release]]:
    """A draft that the person may put right now, and what of it is out. Raises Refused."""
    by = person_of(request)
    draft = get_object_or_404(Draft.objects.visible_to(by).select_related("office"), pk=pk)
    if not rules.may_correct(draft, by):
        raise Refused(_("Its authors, the panels of its channels and the head put a post right."))
    if draft.corrections.filter(state__in=["held", "open"]).exists():
        raise Overtaken(_("Somebody puts this post right already. Look at what is under way."))
    rows = acts.out(draft)
    if not rows:
        raise Refused(_("Nothing of it stands in public."))
    return draft, rows


def _posts(draft: Draft) -> Place:
    return Place(_("Posts"), f"{reverse('publishing:posts')}?office={draft.office.code}")


def _steps(row: Mending, person: Person) -> list[Step]:
    steps = open_steps(row, person) if row.correction.state == "open" else []
    return [one for one in steps if one.verb != "confirm" or _can_be_confirmed(row)]


def _can_be_confirmed(row: Mending) -> bool:
    return row.correction.state == "open" and (row.is_by_hand or row.state in ("failed", "unknown"))


def _is_open(row: Correction, verb: str, person: Person) -> bool:
    if verb == "lift":
        return not rules.wrote(row, person)
    return rules.may_abandon(row, person)


lift = pressing(Correction, acts.lift)
abandon = pressing(Correction, acts.abandon)
look = pressing(Correction, acts.look, with_reason=False)
retry = pressing(Mending, mending.retry, with_reason=False)
resend = pressing(Mending, mending.resend, with_reason=False)
waive = pressing(Mending, mending.waive)
