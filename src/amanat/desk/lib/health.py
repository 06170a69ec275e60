"""Two addresses for whoever watches the server: is it alive, and can it work?"""

from __future__ import annotations

from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe


@require_safe
def health(request: HttpRequest) -> HttpResponse:  # noqa: ARG001 (Django's signature)
    """200 while the process answers. Touches nothing."""
    return HttpResponse("ok\n", content_type="text/plain")


@require_safe
def ready(request: HttpRequest) -> HttpResponse:  # noqa: ARG001
    """200 where the database answers and is migrated; else 503 with what is missing."""
    try:
        executor = MigrationExecutor(connection)
        is_behind = bool(executor.migration_plan(executor.loader.graph.leaf_nodes()))
    except DatabaseError:
        return HttpResponse("the database does not answer\n", content_type="text/plain", status=503)
    if is_behind:
        return HttpResponse("migrations are missing: run `amanat serve` or manage.py migrate\n", "text/plain", 503)
    return HttpResponse("ready\n", content_type="text/plain")
