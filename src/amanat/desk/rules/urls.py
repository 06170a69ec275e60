"""Addresses of the check and of the rules."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

from django.urls import URLPattern, path

from amanat.desk.registry.models import Person
from amanat.desk.rules.views import check, clauses, grades, interface
from amanat.ruling import Permit

app_name = "rules"


def addresses(
    permits_of: Callable[[Person, date], tuple[Permit, ...]] = lambda _person, _day: (),
    guidance_on: Callable[[str], Sequence[Any]] = lambda _clause: (),
) -> list[URLPattern]:
    """The addresses, with what rooms above know of a person's permits and of guidance on a clause."""
    return [
        path("", check.check, {"permits_of": permits_of}, name="check"),
        path("api/docs", interface.docs, name="docs"),
        path("rules/", clauses.packs, name="packs"),
        path("rules/search/", clauses.search, name="search"),
        path("rules/grades/", grades.grades, name="grades"),
        path("rules/grades/<int:pk>/<slug:verb>/", grades.decide, name="decide"),
        path("rules/documents/<int:pk>/", grades.document, name="document"),
        path("rules/cited/<slug:clause>/", clauses.cited, name="cited"),
        path("rules/<slug:pack>/", clauses.pack, name="pack"),
        path("rules/<slug:pack>/instruments/<slug:instrument>/", clauses.instrument, name="instrument"),
        path("rules/<slug:pack>/instruments/<slug:instrument>/attach/", grades.attach, name="attach"),
        path("rules/<slug:pack>/<slug:clause>/", clauses.clause, {"guidance_on": guidance_on}, name="clause"),
        path("rules/<slug:pack>/<slug:clause>/propose/", grades.propose, name="propose"),
    ]
