"""The switch of languages, which remembers what a person chose."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.views.i18n import set_language

from amanat.desk.lib.views import person_of
from amanat.desk.registry.actions import logins


def speak(request: HttpRequest) -> HttpResponse:
    """Switch, by Django's own view; of somebody signed in, keep it for the next time they sign in."""
    response: HttpResponse = set_language(request)
    chosen = request.POST.get("language", "")
    if request.user.is_authenticated and request.method == "POST" and chosen in dict(settings.LANGUAGES):
        person = person_of(request)
        if person.language != chosen:
            logins.speak(person, chosen, by=person)
    return response
