"""Looking at enclosures for what does harm, by whatever command this installation names (AMANAT_SCAN)."""

from __future__ import annotations

from django.conf import settings

from amanat.desk.audit.door import step
from amanat.desk.circulars.models import Enclosure
from amanat.desk.lib import files, scans
from amanat.desk.lib.refusals import Overtaken


def look(pk: int) -> None:
    """Look at an enclosure that waits for it. Where the command fails, it goes on waiting (timed). Raises Unseen."""
    row = Enclosure.objects.select_related("circular__office").filter(pk=pk, state="waiting").first()
    if row is None:
        return
    is_clean = scans.is_clean(files.path_of(row.sha256), settings.SCAN)
    try:
        with step(row, "pass" if is_clean else "reject", by=None):
            pass
    except Overtaken:
        return
