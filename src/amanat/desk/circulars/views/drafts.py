"""Writing a circular: its text per language, what it says of itself, whom it goes to."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from amanat.desk.audit.door import allow
from amanat.desk.circulars.actions import drafts as acts
from amanat.desk.circulars.audience import Audience
from amanat.desk.circulars.forms.audiences import AddressForm
from amanat.desk.circulars.forms.drafts import BeginForm, SettleForm, WriteForm
from amanat.desk.circulars.models import Circular
from amanat.desk.circulars.models.circulars import LANGUAGES
from amanat.desk.circulars.workflow import SENDERS, WRITERS
from amanat.desk.lib.refusals import Refused
from amanat.desk.lib.views import form_page, person_of, signed_in
from amanat.desk.registry.views.common import pressing

editing = require_http_methods(["GET", "HEAD", "POST"])


class Room:
    """Where a form goes back to that is about no thing yet: the list of all."""

    def __str__(self) -> str:
        return _("Circulars")

    def get_absolute_url(self) -> str:
        """The list."""
        return reverse("circulars:circulars")


def draft_of(request: HttpRequest, pk: int) -> Circular:
    """The draft of that number, for those who write at its office. Raises Refused."""
    person = person_of(request)
    row = get_object_or_404(Circular.objects.visible_to(person).select_related("office"), pk=pk)
    allow(WRITERS, person, row.office)
    if row.state != "draft":
        raise Refused(_("This circular is no draft any more: what was sent stays as it was."))
    return row


def correctable(request: HttpRequest, pk: int) -> Circular:
    """The circular in force of that number, for those who correct it. Raises Refused."""
    person = person_of(request)
    row = get_object_or_404(Circular.objects.visible_to(person).select_related("office"), pk=pk)
    allow(SENDERS, person, row.office)
    if row.state != "dispatched":
        raise Refused(_("Only a circular in force is corrected."))
    return row


@editing
@signed_in
def begin(request: HttpRequest) -> HttpResponse:
    """Begin a circular."""
    by = person_of(request)
    allow(WRITERS, by, None)
    form = BeginForm(request.POST or None, by=by)

    return form_page(
        request, form, lambda typed: acts.begin(by=by, **typed),
        title=_("Write a circular"), submit=_("Keep this draft"), back=Room(),
        lead=_("It stays a draft until somebody who leads the office dispatches it."),
    )  # fmt: skip


@editing
@signed_in
def write(request: HttpRequest, pk: int, language: str) -> HttpResponse:
    """Write the text in one language."""
    row, names = draft_of(request, pk), dict(LANGUAGES)
    if language not in names:
        raise Http404
    kept = row.texts.filter(version=1, language=language).first()
    form = WriteForm(request.POST or None, initial={"subject": kept.subject, "body": kept.body} if kept else {})
    for field in form.fields.values():
        field.widget.attrs["lang"] = language

    def act(typed: dict[str, Any]) -> Circular:
        acts.write(row, by=person_of(request), language=language, **typed)
        return row

    return form_page(
        request, form, act, title=_("The text in {language}").format(language=names[language]),
        submit=_("Keep this text"), back=row, template="circulars/write.html", circular=row, languages=LANGUAGES,
        language=language, written=set(row.subject),
    )  # fmt: skip


@editing
@signed_in
def settle(request: HttpRequest, pk: int) -> HttpResponse:
    """Set what the circular says of itself."""
    row = draft_of(request, pk)
    form = SettleForm(request.POST or None, instance=Circular.objects.select_related("office").get(pk=pk))

    def act(typed: dict[str, Any]) -> Circular:
        acts.settle(row, by=person_of(request), **typed)
        return row

    return form_page(request, form, act, title=_("Days, number and who may read it"), submit=_("Save"), back=row)


@editing
@signed_in
def address(request: HttpRequest, pk: int) -> HttpResponse:
    """Choose whom it goes to; what that means in offices and people is shown before it is sent."""
    row, by = draft_of(request, pk), person_of(request)
    form = AddressForm(
        request.POST or None, by=by, office=row.office, kept=Audience.of(row.audience),
        initial={"lists": row.lists.all()},
    )  # fmt: skip

    def act(typed: dict[str, Any]) -> Circular:
        acts.address(row, by=by, lists=typed.get("lists", ()), audience=form.audience())
        return row

    return form_page(
        request, form, act, title=_("Whom does it go to?"), submit=_("Save"), back=row,
        template="circulars/address.html",
        lead=_("Saved lists and what you choose here go together. How many that are is shown before it is sent."),
    )  # fmt: skip


drop = pressing(Circular, acts.drop, with_reason=False)
