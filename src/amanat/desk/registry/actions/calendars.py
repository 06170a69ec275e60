"""What is done with working calendars: the weekend, single holidays, those of a file."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from amanat.desk.audit.door import recorded
from amanat.desk.lib.refusals import Overtaken, Refused
from amanat.desk.registry.actions import changes
from amanat.desk.registry.imports.ics import Day
from amanat.desk.registry.models import Calendar, Holiday, Office, Person
from amanat.desk.registry.workflow import LEADERS


@dataclass(frozen=True)
class Plan:
    """What a file would do to the holidays of an office itself, in the years it speaks of.

    `by_hand`: days entered by hand that the file names too; they stay as they are.
    """

    new: tuple[Day, ...]
    changed: tuple[tuple[Holiday, Day], ...]
    gone: tuple[Holiday, ...]
    same: int
    by_hand: int

    @property
    def does_anything(self) -> bool:
        """Whether writing it would change anything."""
        return bool(self.new or self.changed or self.gone)

    @property
    def fingerprint(self) -> str:
        """What tells this plan from any other."""
        rows = (self.new, [(row.pk, _told(row), day) for row, day in self.changed], [row.pk for row in self.gone])
        return hashlib.sha256(repr(rows).encode()).hexdigest()


def rest(office: Office, days: frozenset[int], *, by: Person) -> None:
    """Set the weekend of an office, and of those below that have none of their own."""
    with recorded("weekend", by=by, office=office, roles=LEADERS) as record:
        if len(days) > 6:
            raise Refused(_("One day of the week at least is worked."))
        bits = sum(1 << day for day in days)
        row, is_new = Calendar.objects.select_for_update().get_or_create(office=office, defaults={"weekend": bits})
        if not is_new and row.weekend == bits:
            raise Refused(_("Nothing is different from what is kept already."))
        before = None if is_new else sorted(row.days)
        row.weekend = bits
        row.save()
        record.on(office, before=before, days=sorted(days))


def inherit(office: Office, *, by: Person) -> None:
    """Give up the weekend of its own."""
    with recorded("weekend", by=by, office=office, roles=LEADERS) as record:
        if not Calendar.objects.filter(office=office).delete()[0]:
            raise Overtaken(_("This office has no weekend of its own."))
        record.on(office, days=None)


def observe(office: Office, *, by: Person, on: date, **facts: Any) -> Holiday:
    """Add a holiday by hand."""
    with recorded("observe", by=by, office=office, roles=LEADERS) as record:
        if Holiday.objects.filter(office=office, on=on).exists():
            raise Refused(_("This office has a holiday on that day already. Take it away first."))
        with changes.once():
            holiday = Holiday.objects.create(office=office, on=on, **facts)
        record.on(office, day=on.isoformat(), name=holiday.name)
    return holiday


def strike(holiday: Holiday, *, by: Person) -> None:
    """Take a holiday away: the day is worked again."""
    with recorded("strike", by=by, office=holiday.office, roles=LEADERS) as record:
        if not Holiday.objects.filter(pk=holiday.pk).delete()[0]:
            raise Overtaken(_("Somebody else was faster, or this is no longer possible. Look at it again."))
        record.on(holiday.office, day=holiday.on.isoformat(), name=holiday.name)


def plan(office: Office, days: dict[date, Day]) -> Plan:
    """What those days of a file would do."""
    years = {day.year for day in days}
    own = {row.on: row for row in Holiday.objects.filter(office=office) if row.on.year in years}
    meets = [(own[on], day) for on, day in days.items() if on in own]
    loaded = [(row, day) for row, day in meets if row.source]
    return Plan(
        new=tuple(day for on, day in days.items() if on not in own),
        changed=tuple((row, day) for row, day in loaded if _told(row) != _told(day)),
        gone=tuple(row for on, row in sorted(own.items()) if on not in days and row.source),
        same=sum(_told(row) == _told(day) for row, day in loaded),
        by_hand=len(meets) - len(loaded),
    )


def load(
    office: Office, days: dict[date, Day], *, fingerprint: str, source: str, sha256: str, by: Person
) -> Plan:  # fmt: skip
    """Write what a file would do, if that is still what was shown."""
    with recorded("import", by=by, office=office, roles=LEADERS) as record:
        Office.objects.select_for_update().get(pk=office.pk)  # one at a time
        now = plan(office, days)
        if now.fingerprint != fingerprint:
            raise Overtaken(_("The holidays were changed meanwhile. Look again at what the file would do."))
        Holiday.objects.filter(pk__in=[row.pk for row in now.gone]).delete()
        for row, day in now.changed:
            row.name, row.local_name, row.is_tentative, row.source = *_told(day), source
        fields = ["name", "local_name", "is_tentative", "source"]
        Holiday.objects.bulk_update([row for row, _day in now.changed], fields, batch_size=100)
        Holiday.objects.bulk_create(
            [
                Holiday(
                    office=office, on=day.on, name=day.name, local_name=day.local_name,
                    is_tentative=day.is_tentative, source=source,
                )
                for day in now.new
            ],
            batch_size=500,
        )  # fmt: skip
        facts = {"new": len(now.new), "changed": len(now.changed), "gone": len(now.gone)}
        record.on(office, what="holidays", file=source, sha256=sha256, **facts)
    return now


def _told(day: Day | Holiday) -> tuple[str, str, bool]:
    return day.name, day.local_name, day.is_tentative
