"""Writes what a dry run showed: all of it or nothing, in one transaction, with one line in the log."""

from __future__ import annotations

import secrets
from typing import Any

from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX, UNUSABLE_PASSWORD_SUFFIX_LENGTH
from django.db import IntegrityError
from django.utils.translation import gettext as _

from amanat.desk.audit.door import recorded
from amanat.desk.lib.refusals import Overtaken, Refused
from amanat.desk.registry.imports.channels import ChannelWork
from amanat.desk.registry.imports.kept import Kept
from amanat.desk.registry.imports.offices import OfficeWork
from amanat.desk.registry.imports.people import PeopleWork
from amanat.desk.registry.imports.plan import Reach
from amanat.desk.registry.models import Appointment, Channel, Office, Person
from amanat.desk.registry.workflow import STEWARD

BATCH = 500


def write(kept: Kept, fingerprint: str, *, by: Person) -> dict[str, int]:
    """Write a kept file whose dry run had `fingerprint`; returns the counts.

    Raises Refused where there are faults, Overtaken where the file or the registry is not what the dry run saw.
    """
    reach = Reach(by)
    office = reach.office()
    try:
        loaded = kept.read()  # outside the transaction: reading is slow, and others want to write meanwhile
        with recorded("import", by=by, office=office, roles=STEWARD) as record:
            reach.lock()
            plan = kept.complete(*loaded, by)
            if plan.fingerprint() != fingerprint or not kept.is_whole():
                raise Overtaken(_("Since the dry run, the file or the registry has changed. Load the file again."))
            if plan.faults:
                raise Refused(_("Some rows are at fault. Nothing is written until every row is right."))
            _WRITERS[kept.kind](plan.work)
            counts = plan.counts()
            record.on(office, what=kept.kind, sha256=kept.sha256, file=kept.summary()["name"], **counts)
    except IntegrityError:
        raise Overtaken(_("Somebody entered some of this at the same moment. Load the file again.")) from None
    except FileNotFoundError:
        raise Overtaken(_("This file is written already, or was kept for a day and removed.")) from None
    kept.remove()
    return counts


def _write_offices(work: OfficeWork) -> None:
    """Make offices level by level, for the one above must have its number; then bring all paths up to date."""
    waiting = list(work.new)
    while waiting:
        codes = {office.code for office, _above in waiting}
        level = [(office, above) for office, above in waiting if above not in codes]
        known = Office.objects.in_bulk({above for _office, above in level}, field_name="code")
        for office, above in level:
            office.parent = known[above]
        _make(Office, [office for office, _above in level])
        waiting = [(office, above) for office, above in waiting if above in codes]
    if "parent" in work.fields:
        known = Office.objects.in_bulk(set(work.above.values()), field_name="code")
        for office in work.changed:
            if office.code in work.above:
                office.parent = known[work.above[office.code]]
    _change(Office, work.changed, work.fields)
    if work.above:
        _place_again()


def _place_again() -> None:
    """Write the path of every office whose place in the tree is not what its path says."""
    tree = {pk: (parent, path) for pk, parent, path in Office.objects.values_list("pk", "parent", "path")}
    paths: dict[int, str] = {}

    def path_of(pk: int) -> str:
        if pk not in paths:
            parent = tree[pk][0]
            paths[pk] = f"{path_of(parent) if parent else '/'}{pk}/"
        return paths[pk]

    moved = [Office(pk=pk, path=path_of(pk)) for pk, (_parent, path) in tree.items() if path_of(pk) != path]
    Office.objects.bulk_update(moved, ["path"], batch_size=BATCH)


def _write_people(work: PeopleWork) -> None:
    """Posts that end come before posts that begin: nobody holds the same post twice at once."""
    _change(Person, work.changed, work.fields)
    _change(Appointment, work.changed_posts, {"title", "starts_on", "ends_on"})
    for person in work.new:
        # what set_unusable_password sets, at a tenth of its time
        person.password = f"{UNUSABLE_PASSWORD_PREFIX}{secrets.token_hex(UNUSABLE_PASSWORD_SUFFIX_LENGTH // 2)}"
    _make(Person, work.new)
    _make(Appointment, work.new_posts)


def _write_channels(work: ChannelWork) -> None:
    _change(Channel, work.changed, work.fields)
    _make(Channel, work.new)


def _make(model: Any, rows: list[Any]) -> None:
    model._default_manager.bulk_create(rows, batch_size=BATCH)


def _change(model: Any, rows: list[Any], fields: set[str]) -> None:
    """Change `fields` of rows that are there: an insert that meets its own row, four times as fast as bulk_update."""
    if rows and fields:
        model._default_manager.bulk_create(
            rows, batch_size=BATCH, update_conflicts=True, unique_fields=["pk"], update_fields=sorted(fields)
        )


_WRITERS: dict[str, Any] = {"offices": _write_offices, "people": _write_people, "channels": _write_channels}
