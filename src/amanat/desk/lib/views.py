"""What views share: who may come in, and how lists are cut into pages."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from django.contrib.auth.decorators import login_required
from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.http import HttpRequest

if TYPE_CHECKING:
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
