"""The file of a dry run, kept for the person who loaded it until it is written, or for a day."""

from __future__ import annotations

import hashlib
import json
import re
import shutil
import time
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.files import File

from amanat.desk.lib import files, sheets
from amanat.desk.registry.imports.cells import Row, read
from amanat.desk.registry.imports.channels import plan_channels
from amanat.desk.registry.imports.columns import KINDS
from amanat.desk.registry.imports.offices import plan_offices
from amanat.desk.registry.imports.people import plan_people
from amanat.desk.registry.imports.plan import Fault, Plan, Reach
from amanat.desk.registry.models import Person

DAY = 24 * 3600
_PLANNERS = {"offices": plan_offices, "people": plan_people, "channels": plan_channels}


@dataclass(frozen=True, slots=True)
class Kept:
    """A kept file with the outcome of its dry run; nobody but `person` finds it."""

    person: int
    kind: str
    sha256: str

    @property
    def folder(self) -> Path:
        """Where it lies. Raises ValueError for what is no hash."""
        if not re.fullmatch(r"[0-9a-f]{64}", self.sha256) or self.kind not in KINDS:
            raise ValueError("not a kept import")
        return _root() / str(self.person) / f"{self.kind}-{self.sha256}"

    def is_there(self) -> bool:
        """Whether it is kept still."""
        return (self.folder / "summary.json").is_file()

    def summary(self) -> dict[str, Any]:
        """The name of the file, the counts, the number of faults, the heads not read, and the fingerprint."""
        found: dict[str, Any] = json.loads((self.folder / "summary.json").read_text(encoding="utf-8"))
        return found

    def lines(self, of: str, start: int = 0, most: int | None = None) -> Iterator[Any]:
        """Lines of the dry run: `of` is new, changed, same or faults."""
        with (self.folder / of).open(encoding="utf-8") as file:
            for line in islice(file, start, None if most is None else start + most):
                yield json.loads(line)

    def read(self) -> tuple[Plan, list[Row]]:
        """The rows of the file, and a plan that knows only the faults of its head."""
        plan = Plan(self.kind)
        try:
            return plan, read(self.folder / "file", KINDS[self.kind], plan)
        except sheets.Unreadable as error:
            plan.faults.append(Fault(0, "", str(error), ""))
            return plan, []

    def is_whole(self) -> bool:
        """Whether the file is still the one that was loaded."""
        with (self.folder / "file").open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest() == self.sha256

    def complete(self, plan: Plan, rows: list[Row], by: Person) -> Plan:
        """The plan for `rows` as things stand now. Raises Refused where `by` may not import."""
        reach = Reach(by)
        if not plan.faults:
            _PLANNERS[self.kind](rows, plan, reach)
        return plan.finish()

    def write_down(self, plan: Plan, name: str) -> None:
        """Keep the outcome of a dry run beside the file."""
        for of in ("new", "changed", "same"):
            with (self.folder / of).open("w", encoding="utf-8") as file:
                file.writelines(f"{_json(change)}\n" for change in plan.changes if change.status == of)
        with (self.folder / "faults").open("w", encoding="utf-8") as file:
            file.writelines(f"{_json(fault)}\n" for fault in plan.faults)
        summary = {
            "name": name, "counts": plan.counts(), "faults": len(plan.faults), "unread": plan.unread[:40],
            "fingerprint": plan.fingerprint(),
        }  # fmt: skip
        (self.folder / "summary.json").write_text(_json(summary), encoding="utf-8")

    def remove(self) -> None:
        """Remove it."""
        shutil.rmtree(self.folder, ignore_errors=True)


def keep(upload: File[bytes], kind: str, by: Person) -> Kept:
    """Keep `upload`, make its dry run, and sweep away what is older than a day."""
    _sweep()
    sha256, written = files.write_down(upload, _root() / str(by.pk))
    kept = Kept(by.pk, kind, sha256)
    kept.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    written.replace(kept.folder / "file")
    try:
        kept.write_down(kept.complete(*kept.read(), by), files.plain_name(upload.name or ""))
    except BaseException:
        kept.remove()
        raise
    return kept


def _sweep() -> None:
    old = time.time() - DAY
    for folder in _root().glob("*/*"):
        if folder.stat().st_mtime < old and folder.is_dir():
            shutil.rmtree(folder, ignore_errors=True)
        elif folder.stat().st_mtime < old:
            folder.unlink(missing_ok=True)


def _root() -> Path:
    return Path(settings.MEDIA_ROOT) / "imports"


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)
