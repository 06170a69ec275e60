"""Two addresses for whoever watches the server: is it alive, and can it work?"""

from __future__ import annotations

from collections.abc import Callable

from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

_PLAIN = "text/plain; charset=utf-8"
_seen_migrated = False


@require_safe
def health(request: HttpRequest) -> HttpResponse:  # noqa: ARG001 (Django's signature)
    """200 while the process answers. Touches nothing."""
    return HttpResponse("ok\n", _PLAIN)


@require_safe
def ready(request: HttpRequest) -> HttpResponse:  # noqa: ARG001
    """200 where the database answers and is migrated; else 503 with what is missing."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        behind = is_behind()
    except DatabaseError:
        return HttpResponse("the database does not answer\n", _PLAIN, 503)
    if behind:
        return HttpResponse("migrations are missing: run `amanat serve` or manage.py migrate\n", _PLAIN, 503)
    return HttpResponse("ready\n", _PLAIN)


def is_behind() -> bool:
    """Whether a migration is missing; what was once seen complete is not looked for again by this process."""
    global _seen_migrated
    if not _seen_migrated:
        executor = MigrationExecutor(connection)
        _seen_migrated = not executor.migration_plan(executor.loader.graph.leaf_nodes())
    return not _seen_migrated


_PROBES = {"/-/health": health, "/-/ready": ready}


class ProbeMiddleware:
    """Answers probes before hosts are checked: a watcher asks by number, without a name and without HTTPS."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:  # noqa: D102 (Django's protocol)
        return _PROBES.get(request.path_info, self.get_response)(request)
