"""What the measures of the desk share: a desk of its own that is thrown away, and how figures are told."""

from __future__ import annotations

import argparse
import json
import os
import tempfile
from collections.abc import Callable, Mapping


def run(doc: str, limits: Mapping[str, float], measure: Callable[..., dict[str, float]], **sizes: int) -> None:
    """Measure on an empty desk and print each figure with its limit. `sizes` are options, with their defaults."""
    options = argparse.ArgumentParser(description=doc)
    options.add_argument("--json", action="store_true")
    for name, size in sizes.items():
        options.add_argument(f"--{name}", type=int, default=size)
    chosen = vars(options.parse_args())
    as_json = chosen.pop("json")
    with tempfile.TemporaryDirectory() as folder:
        _set_up(folder)
        figures = measure(**chosen)
    if as_json:
        print(json.dumps(figures, indent=2))
        return
    for name, value in figures.items():
        limit = f"   limit {limits[name]:g}" if name in limits else ""
        print(f"{name:60} {value:10.1f}{limit}")


def _set_up(folder: str) -> None:
    """A desk in `folder`; with DATABASE_URL on an empty database there (`.ci/postgres`)."""
    os.environ |= {"AMANAT_DEBUG": "1", "AMANAT_DATA": folder, "DJANGO_SETTINGS_MODULE": "amanat.desk.settings"}
    import django
    from django.conf import settings
    from django.core.management import call_command

    django.setup()
    settings.STATIC_ROOT.mkdir()
    settings.ALLOWED_HOSTS = ["testserver"]
    settings.DEBUG = False
    settings.AMANAT_SECOND_FACTOR = "none"
    settings.STORAGES["staticfiles"]["BACKEND"] = "django.contrib.staticfiles.storage.StaticFilesStorage"
    call_command("migrate", verbosity=0)


def settle() -> None:
    """Let PostgreSQL look at its new rows, as autovacuum does within minutes of so many."""
    from django.db import connection

    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
