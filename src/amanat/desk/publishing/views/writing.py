"""Writing: beginning a draft, its texts, its plan, its pictures."""

from __future__ import annotations

from typing import Any

from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from amanat.desk.audit.door import allow
from amanat.desk.lib import files
from amanat.desk.lib.views import form_page, person_of, signed_in
from amanat.desk.publishing import slots
from amanat.desk.publishing.actions import editing, pictures
from amanat.desk.publishing.forms.drafts import AltForm, BeginForm, PictureForm, PlanForm, TextsForm
from amanat.desk.publishing.models import Draft, Picture
from amanat.desk.publishing.views.common import draft_of
from amanat.desk.publishing.workflow import WRITERS
from amanat.desk.registry.forms.fields import PlainForm
from amanat.desk.registry.models import Channel
from amanat.desk.registry.views.common import office_of

_BOUND = ("in-review", "approved", "scheduled")


@signed_in
def begin(request: HttpRequest, pk: int) -> HttpResponse:
    """Begin a draft for an office."""
    office, by = office_of(request, pk), person_of(request)
    allow(WRITERS, by, office)
    form = BeginForm(request.POST or None, office=office)
    return form_page(
        request, form, lambda typed: editing.begin(office, by=by, **typed),
        title=_("Begin a draft for {office}").format(office=office), submit=_("Save the draft"), back=office,
        lead=_("Write it in one language first. Others, pictures and the moment of release come next."),
    )  # fmt: skip


@signed_in
def texts(request: HttpRequest, pk: int) -> HttpResponse:
    """Write the texts."""
    row = _writing(request, pk)
    form = TextsForm(request.POST or None, draft=row)

    def act(_typed: dict[str, Any]) -> Draft:
        editing.write(row, by=person_of(request), texts=form.texts())
        return row

    return form_page(
        request, form, act, title=_("Write {draft}").format(draft=row), submit=_("Save the texts"), back=row,
        lead=_warning(row),
    )  # fmt: skip


@signed_in
def plan(request: HttpRequest, pk: int) -> HttpResponse:
    """When and where."""
    row = _writing(request, pk)
    channels = list(Channel.objects.in_use().filter(office=row.office))
    suggested = {} if row.wanted_at else {"wanted_at": slots.of_draft(row)}
    form = PlanForm(request.POST or None, draft=row, channels=channels, initial=suggested)

    def act(_typed: dict[str, Any]) -> Draft:
        editing.plan(row, by=person_of(request), **form.plan())
        return row

    return form_page(
        request, form, act, title=_("When and where: {draft}").format(draft=row), submit=_("Save the plan"), back=row,
        lead=_warning(row),
    )  # fmt: skip


@signed_in
def add_picture(request: HttpRequest, pk: int) -> HttpResponse:
    """Add a picture."""
    row = _writing(request, pk)
    form = PictureForm(request.POST or None, request.FILES or None, languages=_spoken(row))

    def act(typed: dict[str, Any]) -> Draft:
        pictures.add(row, typed["picture"], by=person_of(request), alts=form.alts())
        return row

    return form_page(
        request, form, act, title=_("Add a picture to {draft}").format(draft=row), submit=_("Add the picture"),
        back=row, lead=_warning(row),
    )  # fmt: skip


@signed_in
def describe(request: HttpRequest, pk: int, picture: int) -> HttpResponse:
    """Say what a picture shows."""
    row = _writing(request, pk)
    one = _picture(row, picture)
    form = AltForm(request.POST or None, languages=_spoken(row), alts=one.alts)

    def act(_typed: dict[str, Any]) -> Draft:
        pictures.describe(one, by=person_of(request), alts=form.alts())
        return row

    return form_page(
        request, form, act, title=_("What the picture shows: {draft}").format(draft=row), submit=_("Save"), back=row,
        template="publishing/describe.html", picture=one, lead=_warning(row),
    )  # fmt: skip


@signed_in
def remove(request: HttpRequest, pk: int, picture: int) -> HttpResponse:
    """Take a picture out: asked once."""
    row = _writing(request, pk)
    one = _picture(row, picture)

    def act(_typed: dict[str, Any]) -> Draft:
        pictures.remove(one, by=person_of(request))
        return row

    return form_page(
        request, PlainForm(request.POST if request.method == "POST" else None), act,
        title=_("Take this picture out of {draft}?").format(draft=row), submit=_("Take the picture out"), back=row,
        template="publishing/describe.html", picture=one, lead=_warning(row),
    )  # fmt: skip


@signed_in
@require_safe
def picture(request: HttpRequest, pk: int) -> FileResponse:
    """A picture as it will be released, for those who may see the draft."""
    return _file(request, pk, "sha256")


@signed_in
@require_safe
def small(request: HttpRequest, pk: int) -> FileResponse:
    """A small form of a picture, for those who may see the draft."""
    return _file(request, pk, "small")


def _file(request: HttpRequest, pk: int, which: str) -> FileResponse:
    one = get_object_or_404(Picture.objects.visible_to(person_of(request)), pk=pk)
    path = files.path_of(getattr(one, which))
    if not path.is_file():
        raise Http404
    kind = one.kind if which == "sha256" else files.JPEG
    response = FileResponse(path.open("rb"), content_type=kind)
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, max-age=86400, immutable"
    return response


def _writing(request: HttpRequest, pk: int) -> Draft:
    """The draft, for somebody who may write in it now."""
    row = draft_of(request, pk)
    allow(WRITERS, person_of(request), row.office)
    editing.check_planned(row)
    return row


def _picture(row: Draft, pk: int) -> Picture:
    one = get_object_or_404(Picture, pk=pk, draft=row)
    one.draft = row
    return one


def _spoken(row: Draft) -> list[str]:
    found = [target.language for target in row.targets.all()] + [version.language for version in row.versions.all()]
    return list(dict.fromkeys(found))


def _warning(row: Draft) -> str:
    """What a change would undo."""
    if row.state in _BOUND:
        return _("The panel has this draft, or has approved it. With a change that is void, and it decides anew.")
    return ""
