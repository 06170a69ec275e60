"""Pages of whoever decides. Each asks who is there where they have not said so of late."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from amanat.desk.lib.views import form_page, person_of, signed_in
from amanat.desk.permits.actions import deciding as acts
from amanat.desk.permits.forms.deciding import AnswerForm, GrantForm, ReasonForm, RefuseForm, RevokeForm
from amanat.desk.permits.models import Permit
from amanat.desk.permits.views.common import may, permit_of
from amanat.desk.registry.signin import fresh

_METHODS = ["GET", "HEAD", "POST"]


def _not_yours() -> str:
    return _("This is not yours to decide, or no longer open. Its page says who decides.")


@require_http_methods(_METHODS)
@signed_in
@fresh
def grant(request: HttpRequest, pk: int) -> HttpResponse:
    """Grant a permission."""
    row, by = permit_of(request, pk), person_of(request)
    _look(request, row, "grant")
    return form_page(
        request, GrantForm(request.POST or None, permit=row), lambda typed: acts.grant(row, by=by, **typed),
        title=_("Grant {request}").format(request=row), submit=_("Grant it"), back=row,
        lead=_("It gets a number and a letter. The check knows it from its first day on."),
    )  # fmt: skip


@require_http_methods(_METHODS)
@signed_in
@fresh
def refuse(request: HttpRequest, pk: int) -> HttpResponse:
    """Refuse a permission."""
    row, by = permit_of(request, pk), person_of(request)
    _look(request, row, "refuse")
    return form_page(
        request, RefuseForm(request.POST or None, permit=row), lambda typed: acts.refuse(row, by=by, **typed),
        title=_("Refuse {request}").format(request=row), submit=_("Refuse it"), back=row,
        lead=_("Whoever asked reads your reason. A letter is made of it."),
    )  # fmt: skip


@require_http_methods(_METHODS)
@signed_in
@fresh
def give_back(request: HttpRequest, pk: int) -> HttpResponse:
    """Return it for more information."""
    row, by = permit_of(request, pk), person_of(request)
    _look(request, row, "give-back")
    return form_page(
        request, ReasonForm(request.POST or None), lambda typed: acts.give_back(row, by=by, **typed),
        title=_("Return {request}").format(request=row), submit=_("Return it"), back=row,
        lead=_("The clock stops. Once it is sent again, it begins anew."),
    )  # fmt: skip


@require_http_methods(_METHODS)
@signed_in
@fresh
def answer(request: HttpRequest, pk: int) -> HttpResponse:
    """Answer a question."""
    row, by = permit_of(request, pk), person_of(request)
    _look(request, row, "answer")
    return form_page(
        request, AnswerForm(request.POST or None), lambda typed: acts.answer(row, by=by, **typed),
        title=_("Answer {request}").format(request=row), submit=_("Answer"), back=row, lead=row.purpose,
    )  # fmt: skip


@require_http_methods(_METHODS)
@signed_in
@fresh
def revoke(request: HttpRequest, pk: int) -> HttpResponse:
    """Revoke a permission, at once or by notice."""
    row, by = permit_of(request, pk), person_of(request)
    _look(request, row, "revoke")
    return form_page(
        request, RevokeForm(request.POST or None), lambda typed: acts.revoke(row, by=by, **typed),
        title=_("Revoke {request}").format(request=row), submit=_("Revoke it"), back=row,
        lead=_("Whoever holds it is told at once, with the day and your reason."),
    )  # fmt: skip


def _look(request: HttpRequest, row: Permit, verb: str) -> None:
    """The form is there for those who may; what is sent is judged by the action itself."""
    if request.method != "POST":
        may(row, person_of(request), verb, _not_yours())
