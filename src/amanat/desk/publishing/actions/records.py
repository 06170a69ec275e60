"""What is done with records: checked, and taken out. Both leave a line in the log."""

from __future__ import annotations

from collections import Counter
from typing import NamedTuple

from django.utils.translation import gettext as _

from amanat.desk.audit.door import recorded
from amanat.desk.lib.refusals import Refused
from amanat.desk.publishing import records
from amanat.desk.registry.models import Office, Person


class Checked(NamedTuple):
    """How many kept files were looked at, and the hashes of those that are not what they were."""

    number: int
    broken: list[str]
    missing: list[str]


def check(office: Office, *, by: Person) -> Checked:
    """Read every kept file of the posts of an office and of those below it, and compare it with its hash."""
    records.keep_closed(office, by)
    hashes = sorted(records.hashes(office))
    if len(hashes) > records.MOST_FILES:
        raise Refused(_("These are too many files to check at once. Check the offices below one by one."))
    states = {sha256: records.state_of(sha256) for sha256 in hashes}
    counted = Counter(states.values())
    with recorded("check", by=by, office=office, roles=None) as record:
        record.on(office, files=len(hashes), **{name: counted[name] for name in ("broken", "missing")})
    return Checked(len(hashes), *([key for key in hashes if states[key] == name] for name in ("broken", "missing")))


def note(office: Office, form: str, count: int, *, by: Person, manifest: str = "") -> None:
    """Note that `by` takes `count` posts of an office out."""
    records.keep_closed(office, by)
    with recorded("export", by=by, office=office, roles=None) as record:
        record.on(office, what="posts", form=form, rows=count, **({"manifest": manifest} if manifest else {}))
