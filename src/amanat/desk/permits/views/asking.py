"""Pages of whoever asks: a new request, its page with where it goes and why, changing, sending, withdrawing."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from amanat.desk.audit.models import Event
from amanat.desk.lib.refusals import Overtaken, Refused
from amanat.desk.lib.views import person_of, signed_in
from amanat.desk.permits import authority, law
from amanat.desk.permits.actions import asking as acts
from amanat.desk.permits.forms.asking import AskForm
from amanat.desk.permits.models import Kind, Permit
from amanat.desk.permits.views.common import may, permit_of, role_at
from amanat.desk.registry.models import Person
from amanat.desk.rules import engine
from amanat.rulebook import Rulebook

_PRESSED = frozenset({"submit"})
"""Steps without a form of their own."""


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def ask(request: HttpRequest) -> HttpResponse:
    """A new request; a check's finding leads here with its clauses, never with the text."""
    person = person_of(request)
    if not person.posts:
        raise Refused(_("You hold no post today. Whoever holds none asks nobody for permission here."))
    kind = Kind.ADVICE if request.GET.get("kind") == Kind.ADVICE else Kind.PERMISSION
    initial = {"clauses": request.GET.getlist("clause")}
    form = AskForm(request.POST or None, person=person, kind=kind, initial=initial)
    title = _("Ask for advice") if kind == Kind.ADVICE else _("Ask for permission")
    if request.method == "POST" and form.is_valid():
        permit = acts.draft(by=person, **form.cleaned_data)
        return redirect(permit)
    page = {"form": form, "title": title, "is_advice": kind == Kind.ADVICE, "is_from_check": bool(initial["clauses"])}
    return render(request, "permits/ask.html", page)


@require_safe
@signed_in
def permit(request: HttpRequest, pk: int) -> HttpResponse:
    """One request: what is asked, who decides and why, by when, what was decided, what can be done."""
    person, row = person_of(request), permit_of(request, pk)
    book, today = engine.rulebook(), timezone.localdate()
    asked = row.clauses()
    steps = authority.steps_of(row, person)
    is_mine = row.person_id == person.pk
    shown = {
        "permit": row,
        "is_mine": is_mine,
        "clauses": law.clauses(book, asked),
        "pack": book.packs.get(row.pack),
        "silence": law.silence(book, row.pack, row.act, row.submitted_on or today),
        "due_clause": next(iter(law.clauses(book, [row.due_by])), None),
        "ground": next(iter(law.clauses(book, [row.ground])), None),
        "pressed": [step for step in steps if step.verb in _PRESSED],
        "others": [step for step in steps if step.verb not in _PRESSED],
        "may_change": is_mine and row.state in ("draft", "returned"),
        "letters": _letters(row),
        "guidance": row.guidance.exclude(state__in=["dropped", "undone"]).first() if row.answer else None,
        "may_propose": row.state == "answered" and asked and authority.hat_for(row, person) is not None,
        "events": _events(row, person),
    }
    return render(request, "permits/permit.html", shown | _way(row, asked, book, is_mine=is_mine))


def _letters(row: Permit) -> list[Any]:
    return list(row.letters.all()) if row.decided_on else []


def _events(row: Permit, person: Person) -> list[Event]:
    seen = Event.objects.visible_to(person).filter(kind=row._meta.label_lower, thing=row.pk)
    return list(seen.select_related("actor")[:8])


def _way(row: Permit, asked: list[str], book: Rulebook, *, is_mine: bool) -> dict[str, Any]:
    """Where it goes, or went, and why: for a draft what would follow today, else what was found when it was sent."""
    if is_mine and row.state in ("draft", "returned"):
        found = authority.way(row, asked, timezone.localdate())
        if found is None:
            return {"way": None, "nobody": acts.nobody()}
        rule, office, role, passed = found.rule, found.office, found.role, found.passed
    elif row.office is None:
        return {"way": None, "nobody": ""}
    else:
        rule, office, role, passed = law.named(row.pack, row.rule), row.office, row.role, ()
    clause = next(iter(law.clauses(book, [rule.clause])), None) if rule else None
    return {
        "way": {
            "office": office,
            "role": role_at(role, office),
            "rule": rule,
            "clause": clause,
            "instrument": book.pack(clause.pack).instruments[clause.instrument] if clause else None,
            "passed": passed,
            "is_climbed": row.is_climbed if not passed else True,
        }
    }


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def change(request: HttpRequest, pk: int) -> HttpResponse:
    """Write a draft, or what was returned, anew."""
    person, row = person_of(request), permit_of(request, pk)
    if row.person_id != person.pk:
        raise Refused(_("Only whoever asks may do this."))
    if row.state not in ("draft", "returned"):
        raise Overtaken(_("This is sent, or decided, already."))
    now = {name: getattr(row, name) for name in acts.OWN}
    now |= {"asked_from": row.asked_from_id, "clauses": row.clauses(), "keep_text": bool(row.text)}
    form = AskForm(request.POST or None, person=person, kind=row.kind, permit=row, initial=now)
    if request.method == "POST" and form.is_valid():
        acts.change(row, by=person, **form.cleaned_data)
        messages.success(request, _("Changed. Read it once more, then send it."))
        return redirect(row)
    page = {"form": form, "title": _("Change what you ask"), "is_advice": row.kind == Kind.ADVICE, "permit": row}
    return render(request, "permits/ask.html", page)


@require_POST
@signed_in
def submit(request: HttpRequest, pk: int) -> HttpResponse:
    """Send it."""
    person, row = person_of(request), permit_of(request, pk)
    acts.submit(row, by=person)
    messages.success(request, _("Sent. You are told when it is decided."))
    return redirect(row)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask once, then take it back."""
    person, row = person_of(request), permit_of(request, pk)
    if request.method == "POST":
        acts.withdraw(row, by=person)
        messages.success(request, _("Withdrawn. Nobody decides on it any more."))
        return redirect(row)
    may(row, person, "withdraw", _("Only whoever asks may do this, and only before it is decided."))
    return render(request, "permits/withdraw.html", {"permit": row})
