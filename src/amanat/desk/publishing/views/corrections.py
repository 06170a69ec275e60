"""Putting right and taking down what is out; and the pages on which the public reads of it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from amanat.desk.audit.door import allow
from amanat.desk.lib.refusals import Overtaken
from amanat.desk.lib.views import form_page, page_of, person_of, signed_in
from amanat.desk.publishing.actions import corrections as acts
from amanat.desk.publishing.connectors.opening import KINDS, cannot
from amanat.desk.publishing.content import texts_now
from amanat.desk.publishing.forms.corrections import CorrectForm, ReasonForm
from amanat.desk.publishing.models import Amendment, Correction, Draft
from amanat.desk.publishing.views.common import draft_of
from amanat.desk.publishing.workflow import OUT, RELEASERS


@signed_in
def correct(request: HttpRequest, pk: int) -> HttpResponse:
    """Put right what a draft says."""
    draft = _out(request, pk)
    platforms = {target.channel.platform for target in draft.targets.all()}
    asks_way = any(platform in KINDS and "edit" in cannot(platform) for platform in platforms)
    form = CorrectForm(request.POST or None, draft=draft, texts=texts_now(draft), asks_way=asks_way)
    return form_page(
        request, form, lambda typed: _made(acts.correct(draft, by=person_of(request), **typed)),
        title=_("Correct {draft}").format(draft=draft), submit=_("Correct it now"), back=draft,
        lead=_("It goes out at once, without the panel. The public reads what was wrong, and how long it stood."),
    )  # fmt: skip


@signed_in
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a draft down everywhere."""
    draft = _out(request, pk)
    return form_page(
        request, ReasonForm(request.POST or None),
        lambda typed: _made(acts.withdraw(draft, by=person_of(request), **typed)),
        title=_("Withdraw {draft}").format(draft=draft), submit=_("Take it down everywhere"), back=draft,
        lead=_("The post is deleted on every channel. What others copied stays out. The record stays here."),
    )  # fmt: skip


@require_POST
@signed_in
def settle(request: HttpRequest, pk: int, verb: str) -> HttpResponse:
    """Say of one channel that it is done, or have it tried again."""
    rows = Amendment.objects.visible_to(person_of(request)).select_related("correction__draft__office", "release")
    row = get_object_or_404(rows, pk=pk)
    act = acts.did if verb in ("post", "find") else acts.again
    act(row, by=person_of(request), verb=verb)
    messages.success(request, _("Done, and noted in the log."))
    return redirect(row.draft)


@require_safe
def corrections(request: HttpRequest) -> HttpResponse:
    """What was put right and taken down, for everybody; the newest first."""
    return render(request, "publishing/corrections.html", {"page": page_of(request, _public(), 20)})


@require_safe
def correction(request: HttpRequest, pk: int) -> HttpResponse:
    """One of them."""
    return render(request, "publishing/correction.html", {"correction": get_object_or_404(_public(), pk=pk)})


def _public() -> Any:
    rows = Amendment.objects.select_related("release__channel", "correction").order_by("pk")
    return Correction.objects.select_related("draft__office").prefetch_related(Prefetch("amendments", rows))


def _out(request: HttpRequest, pk: int) -> Draft:
    draft = draft_of(request, pk)
    allow(RELEASERS, person_of(request), draft.office)
    if draft.state not in OUT:
        raise Overtaken(_("It is not out, so there is nothing to put right in public."))
    return draft


def _made(made: Correction) -> Draft:
    return made.draft
