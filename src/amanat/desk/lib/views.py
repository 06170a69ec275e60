"""What views share: who may come in, and how lists are cut into pages."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from amanat.desk.lib.refusals import Overtaken, Refused

if TYPE_CHECKING:
    from django import forms

    from amanat.desk.registry.models import Person

signed_in = login_required
"""Only for those signed in; anybody else is asked to, whether the thing asked for exists or not."""
PER_PAGE = 50


def person_of(request: HttpRequest) -> Person:
    """Who is signed in; for views behind `signed_in`."""
    return cast("Person", request.user)


def page_of(request: HttpRequest, rows: QuerySet[Any], per_page: int = PER_PAGE) -> Page[Any]:
    """The page of `rows` that the address asks for; the nearest there is for a number out of range."""
    return Paginator(rows, per_page).get_page(request.GET.get("page"))


def form_page(
    request: HttpRequest, form: forms.BaseForm, act: Callable[[dict[str, Any]], Any], *, title: str, submit: str,
    back: Any, template: str = "form.html", **more: Any,
) -> HttpResponse:  # fmt: skip
    """A form on a page of its own. Sent and right: `act`, then the page of what it returns (or `back`).

    What is refused stands on the form, and what was typed stays in it.
    """
    refusal = None
    if request.method == "POST" and form.is_valid():
        try:
            thing = act(form.cleaned_data)
        except Refused as error:
            refusal = error
        else:
            messages.success(request, _("Done, and noted in the log."))
            return redirect(thing or back)
    page = {"form": form, "title": title, "submit": submit, "back": back, "refusal": refusal}
    status = 200 if refusal is None else 409 if isinstance(refusal, Overtaken) else 403
    return render(request, template, page | more, status=status)
