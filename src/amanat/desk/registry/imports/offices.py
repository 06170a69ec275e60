"""Plans an import of offices: the tree after it must be a tree, and every change must lie at or below one's own."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from django.utils.translation import gettext as _

from amanat.desk.lib.commas import listed
from amanat.desk.lib.numerals import in_ascii
from amanat.desk.registry.imports.cells import Row
from amanat.desk.registry.imports.plan import Plan, Reach, in_batches
from amanat.desk.registry.models import Office
from amanat.desk.registry.models.offices import Kind
from amanat.rulebook.load import pack_names

DEEPEST = 12
FIELDS = ("name", "local_name", "kind", "parent", "pack", "website")


@dataclass(slots=True)
class OfficeWork:
    """What is written: offices to make by the code of the one above, and offices to change, with the fields."""

    new: list[tuple[Office, str]] = field(default_factory=list)
    changed: list[Office] = field(default_factory=list)
    above: dict[str, str] = field(default_factory=dict)
    fields: set[str] = field(default_factory=set)


def plan_offices(rows: list[Row], plan: Plan, reach: Reach) -> None:
    """Fill `plan` with what `rows` do to the offices within `reach`."""
    planner = _Planner(rows, plan, reach)
    for row in rows:
        planner.take(row)
    planner.check_tree()
    plan.work = planner.work


class _Planner:
    def __init__(self, rows: list[Row], plan: Plan, reach: Reach) -> None:
        self.plan, self.reach, self.work = plan, reach, OfficeWork()
        codes = {code for row in rows for code in (str(row.raw("code")), str(row.raw("parent"))) if code}
        self.known: dict[str, Office] = {}
        for batch in in_batches(codes | set(map(in_ascii, codes))):
            self.known |= {
                office.code: office for office in Office.objects.filter(code__in=batch).select_related("parent")
            }
        self.rows = {self.code_of(str(row.raw("code"))): row for row in reversed(rows)}
        self.above: dict[str, str] = {}
        self.cased = {code.casefold(): code for code in self.known}

    def code_of(self, written: str) -> str:
        """The code meant: as it is written, or with its digits as 0 to 9."""
        return written if written in self.known else in_ascii(written)

    def take(self, row: Row) -> None:
        """Plan what one row does."""
        code = self.code_of(row.key("code", 40, is_needed=True))
        if row.has_fault:
            self._given(row)  # for the faults in it
            return
        if self.rows[code] is not row:
            row.fault(
                "code", _("stands in row {row} too").format(row=self.rows[code].number), _("Keep one of the rows.")
            )
        office = self.known.get(code)
        if office and not self.reach.covers(office.path):
            row.fault("code", _("belongs to an office that is not at or below yours"), _("Leave the row out."))
            return
        given = self._given(row)
        if office:
            self._change(row, office, given)
        else:
            self._make(row, code, given)

    def _given(self, row: Row) -> dict[str, str]:
        """What the columns that are there say."""
        readers: dict[str, Callable[[], str]] = {
            "name": lambda: row.text("name", 200, is_needed=True),
            "local_name": lambda: row.text("local_name", 200),
            "kind": lambda: row.choice("kind", Kind),
            "parent": lambda: self.code_of(row.key("parent", 40)),
            "pack": lambda: self._pack(row),
            "website": lambda: row.address("website", 200),
        }
        return {name: read() for name, read in readers.items() if row.has(name)}

    def _pack(self, row: Row) -> str:
        pack = row.text("pack", 30).lower()
        if pack and pack not in _packs():
            what = _("is not known: {text}").format(text=pack)
            row.fault("pack", what, _("Write one of: {known}.").format(known=listed(_packs())))
        return pack

    def _change(self, row: Row, office: Office, given: dict[str, str]) -> None:
        if not given.get("kind"):
            given.pop("kind", None)
        old = {name: getattr(office, name) for name in FIELDS} | {"parent": office.parent.code if office.parent else ""}
        fields = {name: (old[name], new) for name, new in given.items() if new != old[name]}
        if fields and office.state == "closed":
            row.fault("", _("The office is closed."), _("Open it again first, or leave the row out."))
        if "parent" in fields:
            self._check_parent(row, given["parent"])
            self.above[office.code] = given["parent"]
        if row.has_fault:
            return
        for name in fields.keys() - {"parent"}:
            setattr(office, name, given[name])
        if fields:
            self.work.changed.append(office)
            self.work.fields |= fields.keys()
        self.plan.note(row.number, f"{office.code} {office.name}", fields, is_new=False)

    def _make(self, row: Row, code: str, given: dict[str, str]) -> None:
        other = self.cased.setdefault(code.casefold(), code)
        if other != code:
            row.fault(
                "code",
                _("differs from {code} only in small and capital letters").format(code=other),
                _("Write it alike."),
            )
        self._check_parent(row, given.get("parent", ""))
        self.above[code] = given.get("parent", "")
        if row.has_fault:
            return
        values: dict[str, Any] = {name: value for name, value in given.items() if name != "parent" and value}
        self.work.new.append((Office(code=code, **values), self.above[code]))
        fields = {name: ("", value) for name, value in given.items() if value}
        self.plan.note(row.number, f"{code} {values.get('name', '')}", fields, is_new=True)

    def _check_parent(self, row: Row, code: str) -> None:
        """The office above must be at or below one's own, open, or made by the same file."""
        above = self.known.get(code)
        if not code:
            row.fault(
                "parent", _("is empty, but only an office below yours can be entered or moved"), _("Write a code.")
            )
        elif (above is None and code not in self.rows) or (above and not self.reach.covers(above.path)):
            row.fault("parent", _("is no office at or below yours: {code}").format(code=code), _("Correct the code."))
        elif above and above.state == "closed":
            row.fault("parent", _("is a closed office: {code}").format(code=code), _("Choose an open one."))

    def check_tree(self) -> None:
        """No office may come to stand below itself, nor too deep."""
        tree = (
            dict(Office.objects.filter(parent__isnull=False).values_list("code", "parent__code")) if self.above else {}
        )
        tree |= self.above
        for code in self.above:
            seen, at = {code}, tree.get(code)
            while at and at not in seen and len(seen) <= DEEPEST:
                seen.add(at)
                at = tree.get(at)
            if at:
                is_circle = at in seen
                what = (
                    _("would put the office below itself")
                    if is_circle
                    else _("would put the office too deep in the tree")
                )
                self.rows[code].fault("parent", what, _("Correct the code of the office above."))
        self.work.above = self.above


@cache
def _packs() -> list[str]:
    return list(pack_names())
