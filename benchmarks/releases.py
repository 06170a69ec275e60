"""How fast releases that are due at once drain: two workers, PostgreSQL, Bluesky's own server.

`./bench releases`

Needs Node with tests/desk/publishing/servers/node_modules (.ci/tools installs it) and PostgreSQL (.ci/postgres).
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).parents[1]


def main() -> int:
    """Plan `many` releases, let the workers drain them, count what stands on the server."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--many", type=int, default=1000)
    parser.add_argument("--workers", type=int, default=2)
    given = parser.parse_args()
    sys.path[:0] = [str(ROOT)]
    os.environ["DJANGO_SETTINGS_MODULE"] = "tests.desk_settings"
    import django

    django.setup()
    from django.conf import settings
    from django.core.management import call_command
    from django.db import connection
    from tests.cast import assemble
    from tests.desk.publishing.releases import conftest, making, workers
    from tests.desk.publishing.servers import bluesky

    from amanat.desk.publishing.actions import sending
    from amanat.desk.publishing.models import Release

    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    with tempfile.TemporaryDirectory() as folder:
        settings.MEDIA_ROOT = Path(folder) / "files"
        call_command("migrate", verbosity=0)
        (Path(folder) / "pds").mkdir()
        server = bluesky.Server(Path(folder) / "pds")
        try:
            settings.VERIFICATION_ALLOWED_HOSTS = [server.host]
            sky = conftest.sky_of(assemble(), server)
            making.plan(sky.channel, sky.credential.given_by, given.many)
            sending.send(Release.objects.earliest("pk").pk)
            begun = time.monotonic()
            pids = [workers.forked(lambda: workers.drain(given.many)) for _worker in range(given.workers)]
            codes = [workers.ended(pid) for pid in pids]
            seconds = time.monotonic() - begun
            out = Counter(sky.texts())
            states = Counter(Release.objects.values_list("state", flat=True))
        finally:
            server.stop()
    double = sum(times - 1 for times in out.values())
    print(f"database {connection.vendor}, {given.workers} workers: {given.many} releases in {seconds:.1f} s")
    print(f"states {dict(states)}; on the server {len(out)} different, {double} double; workers ended with {codes}")
    return 0 if states == {"released": given.many} and len(out) == given.many and not double else 1


if __name__ == "__main__":
    raise SystemExit(main())
