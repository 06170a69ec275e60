"""Official documents and the grades they ground: what stewards do, and the files for everyone."""

from __future__ import annotations

from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from amanat.desk.audit.door import Step, open_steps
from amanat.desk.audit.models import Event
from amanat.desk.lib import files
from amanat.desk.lib.refusals import Refused
from amanat.desk.lib.views import page_of, person_of, signed_in
from amanat.desk.registry.models import Person
from amanat.desk.registry.signin import fresh
from amanat.desk.rules import actions, engine
from amanat.desk.rules.forms import AttachForm, ProposeForm
from amanat.desk.rules.models import Document, Grade
from amanat.desk.rules.views.clauses import address, clause_or_404, instrument_or_404
from amanat.rulebook import Clause, Instrument

PER_PAGE = 25


@require_safe
def document(request: HttpRequest, pk: int) -> HttpResponseBase:  # noqa: ARG001 (Django's signature)
    """An official document, to keep: never shown inside the desk."""
    found = get_object_or_404(Document, pk=pk)
    try:
        content = files.path_of(found.sha256).open("rb")
    except FileNotFoundError:
        raise Http404 from None
    response = FileResponse(content, as_attachment=True, filename=found.name, content_type=found.kind)
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
@fresh
def attach(request: HttpRequest, pack: str, instrument: str) -> HttpResponse:
    """Attach the official text of an instrument."""
    person, (found, one) = person_of(request), instrument_or_404(pack, instrument)
    actions.stewarded(person)
    form = AttachForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid() and _attached(form, one, person):
        messages.success(request, _("The document is kept. Now a clause's grade may be raised on its strength."))
        return redirect("rules:instrument", found.id, one.id)
    return render(request, "rules/attach.html", {"form": form, "pack": found, "instrument": one})


def _attached(form: AttachForm, instrument: Instrument, person: Person) -> bool:
    given = form.cleaned_data
    try:
        actions.attach(instrument, upload=given["upload"], note=given["note"], by=person)
    except Refused as refusal:
        form.add_error("upload", refusal.reason)
        return False
    return True


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
@fresh
def propose(request: HttpRequest, pack: str, clause: str) -> HttpResponse:
    """Propose a firmer grade for a clause."""
    person, (found, one) = person_of(request), clause_or_404(pack, clause)
    actions.stewarded(person)
    form = ProposeForm(one, request.POST or None)
    if request.method == "POST" and form.is_valid() and _proposed(form, one, person):
        messages.success(request, _("Proposed. Another steward compares the wording, then it holds."))
        return redirect(address(one))
    shown = {"form": form, "pack": found, "clause": one, "instrument": found.instruments[one.instrument]}
    return render(request, "rules/propose.html", shown)


def _proposed(form: ProposeForm, clause: Clause, person: Person) -> bool:
    try:
        actions.propose(clause, by=person, **form.cleaned_data)
    except Refused as refusal:
        form.add_error(None, refusal.reason)
        return False
    return True


@require_safe
@signed_in
def grades(request: HttpRequest) -> HttpResponse:
    """Grades that wait for a second steward, the longest waiting first; then what was decided."""
    person = person_of(request)
    seen = Grade.objects.visible_to(person).select_related("document", "office", "proposed_by", "decided_by")
    waiting = page_of(request, seen.waiting().order_by("proposed_at"), PER_PAGE)
    decided = list(seen.exclude(state="proposed").order_by("-decided_at")[:PER_PAGE])
    reasons = dict(
        Event.objects.filter(kind="rules.grade", thing__in=[grade.pk for grade in decided])
        .exclude(reason="").order_by("pk").values_list("thing", "reason")
    )  # fmt: skip
    known = {name: clause for pack in engine.rulebook().packs.values() for name, clause in pack.clauses.items()}
    shown = {
        "page": waiting,
        "waiting": [(grade, known.get(grade.clause), _steps(grade, person)) for grade in waiting.object_list],
        "decided": [(grade, reasons.get(grade.pk, ""), _steps(grade, person)) for grade in decided],
    }
    return render(request, "rules/grades.html", shown)


@require_POST
@signed_in
@fresh
def decide(request: HttpRequest, pk: int, verb: str) -> HttpResponse:
    """Agree, refuse or undo."""
    person = person_of(request)
    grade = get_object_or_404(Grade.objects.visible_to(person), pk=pk)
    reason = request.POST.get("reason", "")
    if verb == "agree":
        actions.agree(grade, by=person)
    elif verb == "refuse":
        actions.refuse(grade, by=person, reason=reason)
    elif verb == "undo":
        actions.undo(grade, by=person, reason=reason)
    else:
        raise Http404
    messages.success(request, _("Done. What you decided holds everywhere from now on."))
    return redirect("rules:cited", grade.clause)


def _steps(grade: Grade, person: Person) -> list[Step]:
    """The steps this person may take; deciding on one's own proposal is none of them."""
    is_own = grade.proposed_by_id == person.pk
    return [step for step in open_steps(grade, person) if step.verb == "undo" or not is_own]
