"""Sending a circular, after a look at whom it reaches; and correcting one that is out."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from amanat.desk.audit.door import allow
from amanat.desk.circulars.actions import corrections, dispatches
from amanat.desk.circulars.forms.drafts import CorrectForm, ReviseForm
from amanat.desk.circulars.models import Circular
from amanat.desk.circulars.models.circulars import LANGUAGES
from amanat.desk.circulars.numbers import form_of
from amanat.desk.circulars.views.copies import version_of
from amanat.desk.circulars.views.drafts import correctable, draft_of, editing
from amanat.desk.circulars.workflow import SENDERS
from amanat.desk.lib.refusals import Overtaken, Refused
from amanat.desk.lib.views import form_page, person_of, signed_in
from amanat.desk.registry.calendars import workdays
from amanat.desk.registry.models import Sequence
from amanat.desk.registry.signin import fresh

SHOWN = 30


@editing
@signed_in
@fresh
def dispatch(request: HttpRequest, pk: int) -> HttpResponse:
    """Show how far the draft reaches and which number it gets; sent on POST."""
    row, by = draft_of(request, pk), person_of(request)
    allow(SENDERS, by, row.office)
    refusal = None
    if request.method == "POST":
        try:
            dispatches.dispatch(row, by=by)
        except Refused as error:
            refusal = error
        else:
            return redirect(row)
    reach = dispatches.reach_of(row)
    offices, people = reach.count()
    today = timezone.localdate()
    status = 200 if refusal is None else 409 if isinstance(refusal, Overtaken) else 403
    context = {
        "circular": row, "offices": offices, "people": people, "strangers": len(reach.strangers()),
        "shown": list(reach.offices()[:SHOWN]), "more": max(offices - SHOWN, 0),
        "number": row.number if row.elsewhere else _next(row), "refusal": refusal,
        "due": workdays(row.office).later(today, row.days) if row.days else None,
    }  # fmt: skip
    return render(request, "circulars/dispatch.html", context, status=status)


@editing
@signed_in
def correct(request: HttpRequest, pk: int, language: str) -> HttpResponse:
    """Write a language anew, as a new version."""
    names = dict(LANGUAGES)
    row = correctable(request, pk)
    if language not in names:
        raise Http404
    kept = next((one for one in row.texts_of() if one.language == language), None)
    text = {"subject": kept.subject, "body": kept.body} if kept else {}
    form = CorrectForm(request.POST or None, initial=text, circular=row)

    def act(typed: dict[str, Any]) -> Circular:
        corrections.correct(row, by=person_of(request), language=language, version=version_of(request), **typed)
        return row

    return form_page(
        request, form, act, title=_("Correct the text in {language}").format(language=names[language]),
        submit=_("Issue the corrected version"), back=row, template="circulars/write.html", circular=row,
        languages=LANGUAGES, language=language, written=set(row.subject), is_correction=True,
        lead=_("What was sent stays readable as it was. The corrected text is a new version beside it."),
    )  # fmt: skip


@editing
@signed_in
def correct_enclosures(request: HttpRequest, pk: int) -> HttpResponse:
    """Enclose other files, as a new version."""
    row = correctable(request, pk)
    form = ReviseForm(request.POST or None, circular=row)

    def act(typed: dict[str, Any]) -> Circular:
        corrections.correct(row, by=person_of(request), version=version_of(request), **typed)
        return row

    return form_page(
        request, form, act, title=_("Change the enclosures"), submit=_("Issue the corrected version"), back=row,
        template="circulars/correct_enclosures.html", circular=row,
        prepared=row.enclosures.filter(version__gt=row.version),
    )  # fmt: skip


def _next(row: Circular) -> str:
    """The number the draft would get now."""
    today = timezone.localdate()
    counted = Sequence.objects.filter(office=row.office_id, kind=dispatches.LETTER, year=today.year).first()
    return form_of(row.office).fill((counted.last if counted else 0) + 1, today, row.office.code)
