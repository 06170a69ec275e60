"""Circulars: what is in force for me, all I may see, and the page of one."""

from __future__ import annotations

from typing import Any

from django.db.models import OuterRef, Q, Subquery
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from amanat.desk.audit.door import open_steps
from amanat.desk.audit.models import Event
from amanat.desk.circulars.forms.numbers import CircularFilter
from amanat.desk.circulars.models import Addressee, Circular, Text
from amanat.desk.circulars.models.circulars import LANGUAGES
from amanat.desk.circulars.views.chains import chain_of, copies_at
from amanat.desk.circulars.views.follow import following_of, must_answer
from amanat.desk.circulars.workflow import SENDERS, SENT, WRITERS
from amanat.desk.lib.views import page_of, person_of, signed_in
from amanat.desk.registry.models import Person
from amanat.desk.registry.views.common import holds


@signed_in
@require_safe
def mine(request: HttpRequest) -> HttpResponse:
    """Every circular in force for me, those still to acknowledge first."""
    person = person_of(request)
    seen = Addressee.objects.filter(person=person, circular=OuterRef("pk")).values("seen")[:1]
    rows = Circular.objects.in_force().for_person(person).select_related("office").annotate(seen=Subquery(seen))
    waits = Q(seen__lt=Subquery(Circular.objects.filter(pk=OuterRef("pk")).values("asked")[:1]))
    rows = rows.annotate(waits=waits).order_by("-waits", "-dated_on", "-pk")
    return render(request, "circulars/mine.html", {"page": page_of(request, rows), "may_write": may_write(person)})


@signed_in
@require_safe
def circulars(request: HttpRequest) -> HttpResponse:
    """Every circular I may see: drafts of my offices, what they issued, what came to them."""
    person = person_of(request)
    form = CircularFilter(request.GET)
    rows = form.narrow(Circular.objects.visible_to(person), [post.office for post in person.posts])
    page = page_of(request, rows.select_related("office").order_by("-dated_on", "-pk"))
    return render(request, "circulars/circulars.html", {"page": page, "form": form, "may_write": may_write(person)})


@signed_in
@require_safe
def circular(request: HttpRequest, pk: int) -> HttpResponse:
    """One circular: to read in one's language, with its way here, and what there is to do."""
    person = person_of(request)
    row = get_object_or_404(Circular.objects.visible_to(person).select_related("office", "supersedes"), pk=pk)
    writes = holds(person, row.office, WRITERS)
    copies, text = copies_at(row, person), reading(request, row)
    context = {
        "circular": row, **text, **mine_of(row, person),
        **following_of(row, person),
        "enclosures": row.enclosures_of(text["version"]),
        "steps": [one for one in open_steps(row, person) if one.verb == "drop"],
        "may_edit": row.state == "draft" and writes,
        "may_send": row.state == "draft" and holds(person, row.office, SENDERS),
        "may_correct": row.state == "dispatched" and holds(person, row.office, SENDERS),
        "copies": copies,
        "chain": chain_of(row, copies[0].copy) if copies else [],
        "successor": row.successors.filter(state__in=SENT).first() if row.state == "superseded" else None,
        "events": _events(row, person) if writes or copies else [],
    }  # fmt: skip
    return render(request, "circulars/circular.html", context)


def reading(request: HttpRequest, row: Circular) -> dict[str, Any]:
    """The text shown: of the version and in the language asked for, or the reader's, or whatever there is."""
    texts = list(row.texts.all())
    versions = sorted({one.version for one in texts})
    asked = request.GET.get("version", "")
    version = int(asked) if asked.isdecimal() and len(asked) < 5 and int(asked) in versions else row.version
    there = {one.language: one for one in texts if one.version == version}
    wanted = (request.GET.get("language", ""), get_language() or "", "en", *there)
    text: Text | None = next((there[code] for code in wanted if code in there), None)
    tongues = [(code, name) for code, name in LANGUAGES if code in there]
    missing = [(code, name) for code, name in LANGUAGES if code not in there]
    return {
        "text": text, "version": version, "versions": versions, "tongues": tongues, "missing": missing,
        "corrections": _corrections(row) if len(versions) > 1 else [],
    }  # fmt: skip


def mine_of(row: Circular, person: Person) -> dict[str, Any]:
    """How the circular stands with this person."""
    me = Addressee.objects.filter(circular=row, person=person).first() if row.state in SENT else None
    waits = me is not None and row.state == "dispatched" and me.seen < row.asked
    kept = me.acknowledgements.first() if me and me.seen else None
    return {"me": me, "is_waiting": waits, "must_answer": waits and must_answer(me), "kept": kept}


def may_write(person: Person) -> bool:
    """Whether this person writes circulars anywhere."""
    return person.has_role(*WRITERS)


def _corrections(row: Circular) -> list[Event]:
    """What was wrong, correction by correction: open to whoever may read the circular."""
    return list(Event.objects.filter(kind=row._meta.label_lower, thing=row.pk, verb="correct").order_by("pk"))


def _events(row: Circular, person: Person) -> list[Event]:
    seen = Event.objects.visible_to(person).filter(kind=row._meta.label_lower, thing=row.pk)
    return list(seen.select_related("actor")[:8])
