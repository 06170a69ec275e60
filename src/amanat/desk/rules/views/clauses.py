"""Pages of packs, instruments and clauses, and the search in them. Open to everyone."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from amanat.desk.rules import engine
from amanat.desk.rules.forms import OnForm, SearchForm, firmer
from amanat.desk.rules.models import Document, Grade
from amanat.desk.rules.search import search as clauses_with
from amanat.desk.rules.wording import limit_words, lineage
from amanat.errors import UnknownName
from amanat.rulebook import COMMON, Clause, Instrument, Pack

PER_PAGE = 20


def pack_or_404(pack: str) -> Pack:
    """The pack of that name with the agreed grades."""
    try:
        return engine.rulebook().pack(pack)
    except UnknownName:
        raise Http404 from None


def clause_or_404(pack: str, clause: str) -> tuple[Pack, Clause]:
    """The clause of that id in that pack."""
    found = pack_or_404(pack)
    if clause not in found.clauses:
        raise Http404
    return found, found.clauses[clause]


def instrument_or_404(pack: str, instrument: str) -> tuple[Pack, Instrument]:
    """The instrument of that id in that pack."""
    found = pack_or_404(pack)
    if instrument not in found.instruments:
        raise Http404
    return found, found.instruments[instrument]


@require_safe
def packs(request: HttpRequest) -> HttpResponse:
    """The packs, with whom each is for."""
    shown = sorted(engine.rulebook().packs.values(), key=lambda pack: (pack.id == COMMON, pack.id))
    page = {"packs": shown, "form": SearchForm(), "is_steward": _is_steward(request)}
    return render(request, "rules/packs.html", page)


@require_safe
def pack(request: HttpRequest, pack: str) -> HttpResponse:
    """The instruments of a pack with their clauses, as of a day."""
    found, form = pack_or_404(pack), OnForm(request.GET or None, initial={"on": timezone.localdate()})
    day = form.day()
    rows = [
        (instrument, [c for c in found.clauses.values() if c.instrument == instrument.id and c.in_force(day)])
        for instrument in found.instruments.values()
    ]
    shown = {"pack": found, "form": form, "day": day, "rows": [row for row in rows if row[1]]}
    return render(request, "rules/pack.html", shown)


@require_safe
def instrument(request: HttpRequest, pack: str, instrument: str) -> HttpResponse:
    """An instrument with its clauses of all days and its official documents."""
    found, one = instrument_or_404(pack, instrument)
    shown = {
        "pack": found,
        "instrument": one,
        "sources": [found.sources[source] for source in one.sources],
        "clauses": [clause for clause in found.clauses.values() if clause.instrument == one.id],
        "documents": _documents(found, one.id),
        "is_steward": _is_steward(request),
        "today": timezone.localdate(),
    }
    return render(request, "rules/instrument.html", shown)


@require_safe
def clause(request: HttpRequest, pack: str, clause: str, guidance_on: Callable[[str], Sequence[Any]]) -> HttpResponse:
    """A clause with all there is to know of it. Its address stays as it is."""
    found, one = clause_or_404(pack, clause)
    today, lang = timezone.localdate(), get_language() or "en"
    documents, grades = _documents(found, one.instrument), list(_grades(one))
    is_steward = _is_steward(request)
    is_waiting = any(grade.state == "proposed" for grade in grades)
    shown = {
        "pack": found,
        "clause": one,
        "instrument": found.instruments[one.instrument],
        "gists": sorted(one.gist.items(), key=lambda gist: gist[0] != lang),
        "is_in_force": one.in_force(today),
        "levels": [(account, one.level_for(account)) for account in one.accounts] if one.topics else [],
        "limits": [(limit.fact.replace("_", " "), limit_words(limit)) for limit in one.limits],
        "sources": [found.sources[source] for source in one.sources],
        "spans": lineage(one, found, today),
        "examples": [example for example in engine.examples(pack) if example.clause == one.id],
        "documents": documents,
        "grades": grades,
        "guidance": guidance_on(one.id),
        "is_steward": is_steward,
        "may_propose": bool(is_steward and documents and firmer(one) and not is_waiting),
    }
    return render(request, "rules/clause.html", shown)


@require_safe
def cited(request: HttpRequest, clause: str) -> HttpResponse:  # noqa: ARG001 (Django's signature)
    """From a clause's id alone to its page."""
    try:
        found = engine.shipped().clause(clause)
    except UnknownName:
        raise Http404 from None
    return redirect(address(found))


def address(clause: Clause) -> str:
    """The address of a clause's page."""
    return reverse("rules:clause", args=[clause.pack, clause.id])


@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """Clauses by words."""
    form = SearchForm(request.GET or None)
    book = engine.rulebook()
    words = form.cleaned_data["q"] if form.is_valid() else ""
    page = Paginator(clauses_with(words), PER_PAGE).get_page(request.GET.get("page"))
    rows = [(book.pack(one.pack), book.clause(one.id)) for one in page.object_list]
    return render(request, "rules/search.html", {"form": form, "words": words, "page": page, "rows": rows})


def _documents(pack: Pack, instrument: str) -> list[Document]:
    return list(Document.objects.filter(pack=pack.id, instrument=instrument).select_related("office"))


def _grades(clause: Clause) -> list[Grade]:
    """What was ever proposed for a clause, newest first."""
    return list(Grade.objects.filter(clause=clause.id).select_related("document", "office"))


def _is_steward(request: HttpRequest) -> bool:
    return request.user.is_authenticated and request.user.has_role("steward")
