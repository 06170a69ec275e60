"""The private check, front door of the desk. Nothing of the text is kept: no row, no cookie, no log line."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils import timezone, translation
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from amanat.desk.lib.views import person_of
from amanat.desk.registry.models import Office, Person
from amanat.desk.rules import engine
from amanat.desk.rules.answers import Answer
from amanat.desk.rules.forms import DRAFT, CheckForm, too_large
from amanat.desk.rules.private import NoFiles, fenced
from amanat.ruling import Context, Permit, rule, triage

_PAGE = "rules/check.html"
PermitsOf = Callable[[Person, date], tuple[Permit, ...]]
"""A person's permits that cover a day: a room above knows them."""


@csrf_exempt  # it changes nothing; and a page left open for days still answers
@require_http_methods(["GET", "HEAD", "POST"])
@fenced
def check(request: HttpRequest, permits_of: PermitsOf) -> HttpResponse:
    """Ask for a text; after it was sent, answer in the same response."""
    if request.method != "POST":
        return render(request, _PAGE, {"form": CheckForm(initial=_defaults(request))})
    request.upload_handlers = [NoFiles(request)]
    try:
        given = request.POST
    except RequestDataTooBig:
        return _too_large(request)
    wanted = given.get("language", "")
    if wanted not in dict(settings.LANGUAGES):
        return _answered(request, given, permits_of)
    with translation.override(wanted):
        response = _answered(request, given, permits_of, is_switching=True)
    response["Content-Language"] = wanted
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME, wanted, max_age=settings.LANGUAGE_COOKIE_AGE,
        path=settings.LANGUAGE_COOKIE_PATH, domain=settings.LANGUAGE_COOKIE_DOMAIN,
        secure=settings.LANGUAGE_COOKIE_SECURE, httponly=settings.LANGUAGE_COOKIE_HTTPONLY,
        samesite=settings.LANGUAGE_COOKIE_SAMESITE,  # type: ignore[arg-type]
    )  # fmt: skip
    return response


def _answered(
    request: HttpRequest, given: QueryDict, permits_of: PermitsOf, *, is_switching: bool = False
) -> HttpResponse:
    """The page with the answer, or with the faults; who only switches the language has made no fault yet."""
    form = CheckForm(given)
    answer = None
    if is_switching and not given.get("text", "").strip():
        form = CheckForm(initial=given.dict())
    elif form.is_valid():
        text, book = form.cleaned_data["text"], engine.rulebook()
        reading = engine.read(text)
        context = None if form.is_comment() else _covered(form.context(), request, permits_of)
        found = rule(reading, context, book) if context else triage(reading, book)
        answer = Answer(found, book)
    return _unkept(render(request, _PAGE, {"form": form, "answer": answer}))


def _covered(context: Context, request: HttpRequest, permits_of: PermitsOf) -> Context:
    """The context with the permits that cover the day, for somebody who is signed in."""
    if not request.user.is_authenticated:
        return context
    return replace(context, permits=permits_of(person_of(request), context.on))


def _too_large(request: HttpRequest) -> HttpResponse:
    form = CheckForm(QueryDict())
    form.is_valid()
    form.errors.clear()
    form.add_error("text", too_large())
    return _unkept(render(request, _PAGE, {"form": form}, status=413))


def _unkept(response: HttpResponse) -> HttpResponse:
    response["Cache-Control"] = "no-store"
    return response


def _defaults(request: HttpRequest) -> dict[str, Any]:
    """What the form begins with: one's own rules and service; signed out, what the language suggests."""
    book = engine.shipped()
    given = {"kind": DRAFT, "account": "personal", "date": timezone.localdate(), "pack": "", "service": ""}
    if (suggested := request.GET.get("pack", "")) in book.packs:
        given["pack"] = suggested
    elif request.user.is_authenticated:
        person = person_of(request)
        office = Office.objects.filter(pk__in=[post.office for post in person.posts[:1]]).first()
        given |= {"pack": office.rules() if office else "", "service": person.service}
    else:
        lang = translation.get_language()
        fitting = [pack.id for pack in book.packs.values() if pack.country and pack.official[0] == lang]
        given["pack"] = fitting[0] if len(fitting) == 1 else ""
    return given
