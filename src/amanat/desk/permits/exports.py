"""The register as rows of a sheet."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext as _

from amanat.desk.permits.models.permits import PermitQuerySet

_CHUNK = 2_000


def table(rows: PermitQuerySet) -> Iterator[list[Any]]:
    """Heads, then the cells of `rows`, fetched piece by piece. Neither the purpose nor a draft text goes out."""
    yield [
        _("number"), _("state"), _("what is asked for"), _("act"), _("who asks"), _("personnel number"),
        _("from office"), _("subject"), _("clauses"), _("office that decides"), _("role"), _("sent"), _("answer due"),
        _("decided"), _("decided by"), _("in place of"), _("working days"), _("from"), _("until"), _("conditions"),
        _("reason"), _("revoked from"),
    ]  # fmt: skip
    found = rows.select_related("person", "asked_from", "office", "decided_by", "on_behalf_of")
    for row in found.prefetch_related("cited").iterator(chunk_size=_CHUNK):
        yield [
            row.number or "", row.state, row.kind, row.act, row.person.name, row.person.number or "",
            row.asked_from.code, row.subject, ", ".join(one.clause for one in row.cited.all()),
            row.office.code if row.office else "", row.role, row.submitted_on, row.due_on, row.decided_on,
            row.decided_by.name if row.decided_by else "", row.on_behalf_of.name if row.on_behalf_of else "", row.took,
            row.starts_on, row.ends_on, row.conditions, row.reason, row.revoked_from,
        ]  # fmt: skip
