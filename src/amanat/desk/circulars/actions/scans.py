"""Looking at enclosures for what does harm, by whatever command this installation names (AMANAT_SCAN)."""

from __future__ import annotations

from contextlib import suppress
from functools import partial

from django.conf import settings
from django.utils.translation import gettext as _

from amanat.desk.audit.door import step
from amanat.desk.circulars.models import Enclosure
from amanat.desk.lib import files, scans
from amanat.desk.lib.refusals import Overtaken
from amanat.desk.registry.actions import notices


def look(pk: int) -> None:
    """Look at an enclosure that waits for it. Where the command fails, it goes on waiting (timed). Raises Unseen."""
    row = Enclosure.objects.select_related("circular__office", "by").filter(pk=pk, state="waiting").first()
    if row is None:
        return
    is_clean = scans.is_clean(files.path_of(row.sha256), settings.SCAN)
    with suppress(Overtaken), step(row, "pass" if is_clean else "reject", by=None):
        row.refresh_from_db()  # a correction may have moved it to a later version meanwhile
        if not is_clean:
            where = row.circular.get_absolute_url()
            notices.tell([row.by], f"enclosure:{row.pk}", partial(_words, row), where)


def _words(row: Enclosure) -> tuple[str, str]:
    return str(row), _("Something harmful was found in an enclosure. Take it out first.")
