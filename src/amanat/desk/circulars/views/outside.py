"""A circular for one address outside, by the link of its mail: read it, and say that it was received."""

from __future__ import annotations

from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from amanat.desk.circulars import links
from amanat.desk.circulars.actions import acknowledgements
from amanat.desk.circulars.actions.withdrawals import withdrawal_of
from amanat.desk.circulars.models import Addressee, Circular, Enclosure
from amanat.desk.circulars.views.circulars import reading
from amanat.desk.circulars.views.copies import version_of
from amanat.desk.circulars.views.drafts import editing
from amanat.desk.circulars.views.enclosures import file_of


@editing
@never_cache
def letter(request: HttpRequest, pk: int, mark: str) -> HttpResponse:
    """The letter as it holds now, with what was noted. Sent, it is noted as received: a look alone notes nothing."""
    row = _row(pk, mark)
    circular = row.circular
    if request.method == "POST":
        language = request.POST.get("language", "")[:2]
        acknowledgements.from_outside(row, version=version_of(request), language=language)
        return redirect(request.path)
    text = reading(request, circular)
    successors = circular.successors.public() if circular.state == "superseded" else Circular.objects.none()
    return render(request, "circulars/outside.html", {
        **text, "circular": circular, "row": row, "mark": mark,
        "enclosures": [one for one in circular.enclosures_of(text["version"]) if one.is_open],
        "kept": row.acknowledgements.first(),
        "is_waiting": circular.state == "dispatched" and row.seen < circular.asked,
        "successor": successors.first(),
        "withdrawal": withdrawal_of(circular),
    })  # fmt: skip


@require_safe
@never_cache
def enclosure(request: HttpRequest, pk: int, mark: str, file: int) -> FileResponse:  # noqa: ARG001
    """A file that went with the letter: the mail only names those that are too heavy for it."""
    row = _row(pk, mark)
    return file_of(get_object_or_404(Enclosure.objects.out(), pk=file, circular=row.circular))


def _row(pk: int, mark: str) -> Addressee:
    row = links.row_at(pk, mark)
    if row is None:
        raise Http404
    return row
