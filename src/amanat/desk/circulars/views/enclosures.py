"""Enclosures: put one in, take it out, download it."""

from __future__ import annotations

from django.conf import settings
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from amanat.desk.circulars.actions import enclosures as acts
from amanat.desk.circulars.forms.drafts import EncloseForm
from amanat.desk.circulars.models import Circular, Enclosure
from amanat.desk.circulars.views.drafts import correctable, draft_of, editing
from amanat.desk.lib import files
from amanat.desk.lib.views import form_page, person_of, signed_in


class Revised:
    """Where files for the next version of a circular are gathered."""

    def __init__(self, circular: Circular) -> None:
        self.circular = circular

    def __str__(self) -> str:
        return str(self.circular)

    def get_absolute_url(self) -> str:
        """The page on which that version is issued."""
        return reverse("circulars:correct-enclosures", args=[self.circular.pk])


@editing
@signed_in
def enclose(request: HttpRequest, pk: int) -> HttpResponse:
    """Put a file in: into a draft, or for the version that corrects a circular in force."""
    sent = Circular.objects.in_force().filter(pk=pk).exists()
    row = correctable(request, pk) if sent else draft_of(request, pk)
    back = Revised(row) if sent else row
    form = EncloseForm(request.POST or None, request.FILES or None)
    lead = (
        _("The file is looked at for viruses before anybody can open it.")
        if settings.SCAN
        else _("No virus scanner is set up here: files are not looked at. Their readers are told so.")
    )

    def act(typed: dict[str, object]) -> object:
        acts.enclose(row, by=person_of(request), **typed)  # type: ignore[arg-type]
        return back

    return form_page(
        request, form, act, title=_("Enclose a file"), submit=_("Enclose"), back=back, lead=lead,
    )  # fmt: skip


@require_safe
@signed_in
def enclosure(request: HttpRequest, pk: int) -> HttpResponseBase:
    """A file, to keep: never shown inside the desk, and only once it may be opened."""
    return file_of(get_object_or_404(Enclosure.objects.visible_to(person_of(request)), pk=pk))


def file_of(row: Enclosure) -> FileResponse:
    """The file as a download. Raises Http404 where it is not open, or not there."""
    if not row.is_open:
        raise Http404
    try:
        content = files.path_of(row.sha256).open("rb")
    except FileNotFoundError:
        raise Http404 from None
    response = FileResponse(content, as_attachment=True, filename=row.name, content_type=row.kind)
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response


@signed_in
@require_POST
def take_out(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a file out of a draft, or of what is prepared for the next version."""
    seen = Enclosure.objects.visible_to(person_of(request)).select_related("circular__office")
    row = get_object_or_404(seen, pk=pk)
    acts.take_out(row, by=person_of(request))
    return redirect(row.circular if row.circular.state == "draft" else Revised(row.circular))
