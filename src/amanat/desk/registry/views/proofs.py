"""How a channel is proved official: the part of its page that says how, and what its forms lead to."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from amanat.desk.lib import files
from amanat.desk.lib.refusals import Overtaken, Refused
from amanat.desk.lib.views import person_of, signed_in
from amanat.desk.registry import verification
from amanat.desk.registry.actions import proofs as actions
from amanat.desk.registry.forms.proofs import LetterForm, ProofForm
from amanat.desk.registry.models import Channel, Person, Verification

TRIES_SHOWN = 20


def proofs_context(channel: Channel, person: Person) -> dict[str, Any]:
    """What registry/parts/proofs.html needs beside `channel`."""
    tries = list(channel.verifications.select_related("by", "decided_by")[:TRIES_SHOWN])
    for row in tries:
        row.channel = channel
    is_open = actions.may_try(channel, person)
    return {
        "may_try": is_open,
        "proof_form": ProofForm(initial={"address": verification.page_suggested(channel)}) if is_open else None,
        "letter_form": LetterForm() if is_open else None,
        "proof_line": verification.line_for(channel) if channel.address else "",
        "proof_domain": verification.domain_of(channel),
        "tries": [(row, verification.told(row.found), actions.may_decide(row, person)) for row in tries],
    }


@signed_in
def proof(request: HttpRequest, pk: int) -> HttpResponse:
    """The page of its own for the proofs of a channel; here a try by link lands."""
    channel = _channel(request, pk)
    context = proofs_context(channel, person_of(request))
    if request.method == "POST":
        context["proof_form"] = form = ProofForm(request.POST)
        if form.is_valid():
            try:
                row = actions.try_link(channel, form.cleaned_data["address"], by=person_of(request))
            except Refused as refusal:
                _blame(form, "address", refusal, is_here=context["may_try"])
            else:
                return _outcome(request, row)
    return _page(request, channel, context)


@require_POST
@signed_in
def domain(request: HttpRequest, pk: int) -> HttpResponse:
    """Try the channel's handle as a domain."""
    return _outcome(request, actions.try_domain(_channel(request, pk), by=person_of(request)))


@require_POST
@signed_in
def letter(request: HttpRequest, pk: int) -> HttpResponse:
    """Hand in a signed letter."""
    channel = _channel(request, pk)
    context = proofs_context(channel, person_of(request))
    context["letter_form"] = form = LetterForm(request.POST, request.FILES)
    if form.is_valid():
        try:
            row = actions.hand_in(channel, form.cleaned_data["letter"], by=person_of(request))
        except Refused as refusal:
            _blame(form, "letter", refusal, is_here=context["may_try"])
        else:
            return _outcome(request, row)
    return _page(request, channel, context)


@require_safe
@signed_in
def letter_file(request: HttpRequest, pk: int) -> FileResponse:
    """The letter itself, to read; never shown within a page of ours."""
    row = _letter(request, pk)
    path = files.path_of(row.letter)
    if not path.is_file():
        raise Http404
    with path.open("rb") as file:
        kind = files.kind_of(file.read(16))
    return FileResponse(path.open("rb"), as_attachment=True, filename=row.letter_name, content_type=kind or None)


@require_POST
@signed_in
def decide(request: HttpRequest, pk: int, verb: str) -> HttpResponse:
    """Accept or refuse a letter."""
    row = _letter(request, pk)
    if verb == "accept":
        actions.accept(row, by=person_of(request))
        messages.success(request, _("The letter is accepted. The channel is proved official."))
    else:
        actions.refuse(row, by=person_of(request), reason=request.POST.get("reason", ""))
        messages.success(request, _("The letter is refused."))
    return redirect(row.channel)


def _channel(request: HttpRequest, pk: int) -> Channel:
    return get_object_or_404(Channel.objects.visible_to(person_of(request)).select_related("office"), pk=pk)


def _letter(request: HttpRequest, pk: int) -> Verification:
    rows = Verification.objects.visible_to(person_of(request)).filter(method=Verification.Method.LETTER)
    letter: Verification = get_object_or_404(rows.select_related("channel__office", "by"), pk=pk)
    return letter


def _page(request: HttpRequest, channel: Channel, context: dict[str, Any]) -> HttpResponse:
    return render(request, "registry/proof.html", {"channel": channel, **context})


def _blame(form: forms.Form, field: str, refusal: Refused, *, is_here: bool) -> None:
    """Show a refusal beside its field, unless the form is not for this person or the channel has moved on."""
    if isinstance(refusal, Overtaken) or not is_here:
        raise refusal
    form.add_error(field, refusal.reason)


def _outcome(request: HttpRequest, row: Verification) -> HttpResponse:
    if row.is_proved:
        messages.success(request, _("The channel is proved official."))
    elif row.is_waiting:
        messages.success(request, verification.told(row.found))
    else:
        messages.warning(request, verification.told(row.found))
    return redirect(row.channel)
