"""Today: everything that waits for me, in one list. Search: everything I may see."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from amanat.desk.circulars.search import find as find_in_circulars
from amanat.desk.circulars.today import waiting as circulars_wait
from amanat.desk.home.forms import SearchForm
from amanat.desk.lib.views import person_of, signed_in
from amanat.desk.lib.waiting import gathered
from amanat.desk.permits.search import find as find_in_permits
from amanat.desk.permits.today import waiting as permits_wait
from amanat.desk.publishing.search import find as find_in_publishing
from amanat.desk.publishing.today import waiting as publishing_waits
from amanat.desk.registry.models import Person
from amanat.desk.registry.search import find as find_in_registry
from amanat.desk.registry.today import waiting as registry_waits
from amanat.desk.rules.search import find as find_in_rules
from amanat.desk.rules.today import waiting as rules_wait

WAITING = (rules_wait, registry_waits, permits_wait, circulars_wait, publishing_waits)
"""Every room that has something waiting: (person) → sources. A new room adds its function here, and nothing else."""
FINDING = (find_in_registry, find_in_permits, find_in_circulars, find_in_publishing, find_in_rules)
"""Every room that can be searched: (person, words) → hits."""


@require_safe
@signed_in
def today(request: HttpRequest) -> HttpResponse:
    """What waits for me: the most harmful first, then what has waited longest."""
    person = person_of(request)
    sources = [source for waiting in WAITING for source in waiting(person)] if person.is_active else []
    items = gathered(Person.objects.filter(pk=person.pk), sources)
    items.sort(key=lambda item: (-item.weight, item.day))
    return render(request, "home/today.html", {"items": items, "posts": person.posts})


@require_safe
@signed_in
def search(request: HttpRequest) -> HttpResponse:
    """Everything I may see that holds the words."""
    form = SearchForm(request.GET)
    words = form.cleaned_data["q"] if form.is_valid() else ""
    hits = [hit for find in FINDING for hit in find(person_of(request), words)] if words.strip() else []
    return render(request, "home/search.html", {"form": form, "hits": hits, "words": words})
