"""What an import would do: every change, every fault, and a fingerprint that tells whether a later plan is the same."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from django.db.models import Q
from django.utils.translation import gettext as _

from amanat.desk.lib.refusals import Refused
from amanat.desk.registry.models import Office, Person


class Fault(NamedTuple):
    """What is wrong with a cell, or with a row where `column` is empty, and what to do."""

    row: int
    column: str
    what: str
    cure: str


class Change(NamedTuple):
    """What a row would do: `status` is new, changed or same; `fields` gives old and new by the name of a column."""

    row: int
    status: str
    title: str
    fields: dict[str, tuple[str, str]]


@dataclass(slots=True)
class Plan:
    """What the rows of one file would do. `work` is what the action writes; it is not shown."""

    kind: str
    changes: list[Change] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    unread: list[str] = field(default_factory=list)
    work: Any = None

    def note(self, row: int, title: str, fields: dict[str, tuple[str, str]], *, is_new: bool) -> None:
        """Note what a row does."""
        self.changes.append(Change(row, "new" if is_new else "changed" if fields else "same", title, fields))

    def finish(self) -> Plan:
        """Bring rows into the order of the file; rows at fault change nothing."""
        faulty = {fault.row for fault in self.faults}
        self.changes = sorted((one for one in self.changes if one.row not in faulty), key=lambda one: one.row)
        self.faults.sort()
        return self

    def counts(self) -> dict[str, int]:
        """How many rows are new, changed and the same."""
        found = Counter(change.status for change in self.changes)
        return {status: found[status] for status in ("new", "changed", "same")}

    def fingerprint(self) -> str:
        """A hash of all it would do, the same in every language."""
        digest = hashlib.sha256(self.kind.encode())
        for change in self.changes:
            digest.update(json.dumps([change.row, change.status, change.fields], ensure_ascii=False).encode())
        for fault in self.faults:
            digest.update(f"{fault.row} {fault.column};".encode())
        return digest.hexdigest()


class Reach:
    """The offices a steward may import for: those of their posts as steward, and all below."""

    def __init__(self, by: Person) -> None:
        self.by = by
        self.posts = [post for post in by.posts if post.role == "steward"] if by.is_active else []
        self.paths = tuple(post.path for post in self.posts)
        if not self.paths:
            raise Refused(_("Importing is for stewards. Ask the steward of your office to do it."))

    def covers(self, path: str) -> bool:
        """Whether an office with that path is one of them."""
        return path.startswith(self.paths)

    def lock(self) -> None:
        """Hold the offices within reach, so that until the transaction ends none is moved or closed by others."""
        within = Q()
        for path in self.paths:
            within |= Q(path__startswith=path)
        list(Office.objects.select_for_update().filter(within).order_by("pk").values_list("pk"))

    def office(self) -> Office:
        """The highest of the offices at which they are steward: where the log notes the import."""
        return Office.objects.get(pk=min(self.posts, key=lambda post: len(post.path)).office)


def in_batches(values: Iterable[Any], size: int = 5_000) -> Iterable[list[Any]]:
    """`values` in lists of at most `size`, in a steady order."""
    ordered = sorted(set(values))
    return (ordered[start : start + size] for start in range(0, len(ordered), size))
