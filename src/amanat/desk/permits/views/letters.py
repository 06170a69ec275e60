"""Letters on decisions as pages and as PDF; and, for everybody, whether a letter is genuine."""

from __future__ import annotations

from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_safe

from amanat.desk.lib import files
from amanat.desk.lib.letters import grouped
from amanat.desk.lib.views import person_of, signed_in
from amanat.desk.permits import paper
from amanat.desk.permits.forms.register import CodeForm
from amanat.desk.permits.models import Letter, Permit


@require_safe
@signed_in
def letter(request: HttpRequest, pk: int, letter: int) -> HttpResponse:
    """A letter as a page, with its PDF once that is made."""
    row = _letter(request, pk, letter)
    return render(request, "permits/letter.html", {"letter": row, "sheet": paper.sheet(row)})


@require_safe
@signed_in
def pdf(request: HttpRequest, pk: int, letter: int) -> HttpResponseBase:
    """The PDF, to keep. Before it is made there is none."""
    row = _letter(request, pk, letter)
    if not row.sha256:
        raise Http404
    try:
        content = files.path_of(row.sha256).open("rb")
    except FileNotFoundError:
        raise Http404 from None
    name = f"{row.permit.number or row.permit_id}-{row.kind}-{row.language}.pdf"
    response = FileResponse(content, as_attachment=True, filename=name, content_type=files.PDF)
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response


@require_safe
def check(request: HttpRequest) -> HttpResponse:
    """Type in the code of a letter. Open to everybody."""
    form = CodeForm(request.GET or None)
    if form.is_valid():
        return redirect("permits:verify", form.cleaned_data["code"])
    return render(request, "permits/check.html", {"form": form})


@require_safe
def verify(request: HttpRequest, code: str) -> HttpResponse:
    """Whether a letter is genuine, and whether what it grants holds today. Open to whoever has its code.

    Told are number, kind, days and office, and the initials of whoever holds it: so much that a letter in another's
    name is found out, and no more.
    """
    form, row = CodeForm({"code": code}), None
    if form.is_valid():
        row = Permit.objects.filter(code=form.cleaned_data["code"]).select_related("office", "person").first()
    shown = {
        "permit": row, "code": grouped(code), "initials": _initials(row.person.name) if row else "",
        "form": CodeForm(),
    }  # fmt: skip
    return render(request, "permits/verify.html", shown, status=200 if row else 404)


def _initials(name: str) -> str:
    return " ".join(f"{word[0]}." for word in name.split() if word[0].isalnum())


def _letter(request: HttpRequest, pk: int, letter: int) -> Letter:
    seen = Letter.objects.visible_to(person_of(request)).select_related(
        "permit__office", "permit__person", "permit__asked_from", "permit__decided_by", "permit__on_behalf_of"
    )
    return get_object_or_404(seen, pk=letter, permit=pk)
