"""For everybody: what an office put right or took down. No names of persons; no sign-in, no cookie; kept by caches."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import translation
from django.utils.cache import patch_cache_control, patch_vary_headers
from django.views.decorators.http import require_safe

from amanat.desk.lib import files
from amanat.desk.lib.views import page_of
from amanat.desk.publishing.models import Correction, Mending
from amanat.desk.registry.models import Office

SECONDS = 300
_PER_PAGE = 15
_MENDINGS = Prefetch("mendings", Mending.objects.told().select_related("release__channel"), to_attr="done")


def open_to_all(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """A page that is the same for everybody who reads its language: asked for by `?lang=`, else as the browser says."""

    @wraps(view)
    def shown(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        asked = request.GET.get("lang", "")
        language = asked if asked in dict(settings.LANGUAGES) else translation.get_language_from_request(request)
        with translation.override(language):
            response = view(request, *args, **kwargs)
        patch_cache_control(response, public=True, max_age=SECONDS)
        patch_vary_headers(response, ["Accept-Language", "Cookie"])
        return response

    return require_safe(shown)


@open_to_all
def public(request: HttpRequest, code: str) -> HttpResponse:
    """The corrections and withdrawals of an office, the newest first."""
    office = get_object_or_404(Office, code=code)
    rows = (
        Correction.objects.told().filter(draft__office=office).prefetch_related(_MENDINGS).order_by("-done_at", "-pk")
    )
    return render(request, "publishing/public.html", {"office": office, "page": page_of(request, rows, _PER_PAGE)})


@open_to_all
def put_right(request: HttpRequest, code: str, pk: int) -> HttpResponse:
    """One of them: where it stood and since when, what was wrong, what is right now, how long it stood."""
    rows = Correction.objects.told().filter(draft__office__code=code).select_related("draft__office")
    row: Any = get_object_or_404(rows.prefetch_related(_MENDINGS), pk=pk)
    shown = [(one, _before(one) if row.shows_before else "") for one in row.done]
    return render(request, "publishing/put_right.html", {"correction": row, "office": row.office, "mendings": shown})


def _before(one: Mending) -> str:
    """The text that stood; "" where what is kept of it is gone."""
    try:
        return files.path_of(one.before).read_text(encoding="utf-8")
    except OSError:
        return ""
