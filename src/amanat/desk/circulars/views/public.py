"""Circulars that are open to everyone: the list, the page of each, its enclosures. The same for whoever asks."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.core.paginator import Paginator
from django.db.models import Exists, OuterRef, Q
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.cache import patch_cache_control
from django.views.decorators.http import require_safe

from amanat.desk.circulars.actions.withdrawals import withdrawal_of
from amanat.desk.circulars.models import Circular, Enclosure, Text
from amanat.desk.lib import files
from amanat.desk.registry.law import rulebook
from amanat.desk.registry.models import Office

PER_PAGE = 20
MINUTES = 5


@require_safe
def circulars(request: HttpRequest) -> HttpResponse:
    """The public circulars, newest first, by words, office and year."""
    rows = Circular.objects.public().select_related("office")
    words = request.GET.get("q", "").strip()[:100]
    for word in words.split()[:8]:
        said = Text.objects.filter(Q(subject__icontains=word) | Q(body__icontains=word), circular=OuterRef("pk"))
        rows = rows.filter(Q(number__icontains=word) | Exists(said))
    offices = Office.objects.filter(pk__in=Circular.objects.public().order_by().values("office")).order_by("path")
    office, year = request.GET.get("office", ""), request.GET.get("year", "")
    if office.isdecimal() and len(office) < 18:
        rows = rows.filter(office=int(office))
    years = [day.year for day in Circular.objects.public().order_by().dates("dated_on", "year", "DESC")]
    if year.isdecimal() and int(year[:5]) in years:
        rows = rows.filter(dated_on__year=int(year))
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    return _open(request, "circulars/public_list.html", _spoken(request, settings.LANGUAGES), {
        "page": page, "words": words, "offices": list(offices), "office": office, "years": years, "year": year,
        "asked": {"q": words, "office": office, "year": year},
    })  # fmt: skip


@require_safe
def circular(request: HttpRequest, slug: str) -> HttpResponse:
    """One circular, in one of its languages: what it says, whether it is in force, how it came to be as it is."""
    rows = Circular.objects.public().select_related("office", "supersedes")
    row = get_object_or_404(rows, slug=slug)
    texts = list(row.texts.all())
    asked = request.GET.get("version", "")
    version = int(asked) if asked.isdecimal() and len(asked) < 5 else row.version
    shown = {text.language: text for text in texts if text.version == version}
    if not shown:
        raise Http404
    language = _spoken(request, [(code, name) for code, name in settings.LANGUAGES if code in shown], row.office)
    successors = row.successors.public() if row.state == "superseded" else Circular.objects.none()
    return _open(request, "circulars/public.html", language, {
        "circular": row,
        "text": shown[language],
        "version": version,
        "versions": {text.version: text.made_at for text in texts},
        "tongues": [(code, name) for code, name in settings.LANGUAGES if code in shown],
        "enclosures": [
            one for one in row.enclosures_of(version) if one.is_open and one.language in ("", language)
        ],
        "successor": successors.first(),
        "before": row.supersedes if row.supersedes and row.supersedes.is_public and row.supersedes.slug else None,
        "withdrawal": withdrawal_of(row),
    })  # fmt: skip


@require_safe
def enclosure(request: HttpRequest, slug: str, pk: int) -> FileResponse:  # noqa: ARG001
    """A file that goes with a public circular, where it was found clean."""
    row = get_object_or_404(Enclosure.objects.out(), pk=pk, circular__in=Circular.objects.public().filter(slug=slug))
    if not row.is_open:
        raise Http404
    try:
        file = files.path_of(row.sha256).open("rb")
    except FileNotFoundError:
        raise Http404 from None
    return FileResponse(file, as_attachment=True, filename=row.name, content_type=row.kind)


def _spoken(request: HttpRequest, languages: Iterable[tuple[str, str]], office: Office | None = None) -> str:
    """The language that the address names, else the office's own where it is among them, else the first."""
    codes = [code for code, _name in languages]
    if (asked := request.GET.get("lang", "")) in codes:
        return asked
    pack = rulebook().packs.get(office.rules()) if office else None
    return next((code for code in (pack.official if pack else ()) if code in codes), codes[0])


def _open(request: HttpRequest, template: str, language: str, page: dict[str, Any]) -> HttpResponse:
    """A page that depends on its address alone, not on who asks nor on their language: anybody may keep a copy."""
    query = {key: value for key, value in request.GET.items() if key in ("q", "office", "year", "page", "version")}
    with translation.override(language):
        links = [(code, name, f"?{urlencode({**query, 'lang': code})}") for code, name in settings.LANGUAGES]
        known = {code for code, _name in page.get("tongues", settings.LANGUAGES)}
        shown = {**page, "language": language, "links": [link for link in links if link[0] in known]}
        response = HttpResponse(render_to_string(template, shown))
    response.headers["Content-Language"] = language
    patch_cache_control(response, public=True, max_age=MINUTES * 60)
    return response
