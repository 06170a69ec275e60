"""Plans an import of channels. A channel that is proved official keeps what was proved of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import Q
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext as _

from amanat.desk.lib.choices import Platform
from amanat.desk.lib.numerals import in_ascii
from amanat.desk.registry import law
from amanat.desk.registry.imports.cells import Row
from amanat.desk.registry.imports.columns import folded, in_all_languages
from amanat.desk.registry.imports.plan import Plan, Reach, in_batches
from amanat.desk.registry.models import Channel, Office, Person
from amanat.desk.registry.models.channels import Purpose
from amanat.desk.registry.workflow import CHANNEL_STATES

Key = tuple[str, str]
PROVED = ("office", "address")
"""What the proof of a channel speaks of."""


@dataclass(slots=True)
class ChannelWork:
    """What is written: channels to make, and channels to change."""

    new: list[Channel] = field(default_factory=list)
    changed: list[Channel] = field(default_factory=list)
    fields: set[str] = field(default_factory=set)


def plan_channels(rows: list[Row], plan: Plan, reach: Reach) -> None:
    """Fill `plan` with what `rows` do to the channels within `reach`."""
    planner = _Planner(rows, plan, reach)
    for row in rows:
        planner.take(row)
    plan.work = planner.work


class _Planner:
    def __init__(self, rows: list[Row], plan: Plan, reach: Reach) -> None:
        self.plan, self.reach, self.work = plan, reach, ChannelWork()
        self.in_use: dict[Key, Channel] = {}
        self.closed: set[Key] = set()
        for batch in in_batches(str(row.raw("handle")).lower() for row in rows):
            found = Channel.objects.alias(folded_handle=Lower("handle")).filter(
                Q(folded_handle__in=batch) | Q(handle__in=batch)
            )
            for channel in found.select_related("office", "recovery_person"):
                key = (channel.platform, channel.handle.lower())
                if channel.state == "closed":
                    self.closed.add(key)
                else:
                    self.in_use[key] = channel
        self.offices = offices_of({str(row.raw("office")) for row in rows}, reach)
        self.people = self._people({str(row.raw("recovery_person")) for row in rows})
        self.seen: dict[Key, int] = {}
        self.due: dict[int, date] = {}
        self.shut = {folded(word) for word in {"closed", *in_all_languages(dict(CHANNEL_STATES)["closed"])}}

    def _people(self, names: set[str]) -> dict[str, Person]:
        """The visible people who are named, by number and by e-mail."""
        found: dict[str, Person] = {}
        for batch in in_batches(names | set(map(in_ascii, names)) - {""}):
            people = Person.objects.visible_to(self.reach.by).serving().alias(folded_email=Lower("email"))
            for person in people.filter(Q(number__in=batch) | Q(folded_email__in=[name.lower() for name in batch])):
                found |= {name: person for name in (person.number, (person.email or "").lower()) if name}
        return found

    def take(self, row: Row) -> None:
        """Plan what one row does."""
        platform = row.choice("platform", Platform, is_needed=True)
        handle = row.text("handle", 120, is_needed=True)
        if row.has_fault:
            self._given(row, None)  # for the faults in it
            return
        key = (platform, handle.lower())
        if folded(row.raw("state")) in self.shut and (key in self.closed or key in self.in_use):
            self.plan.note(row.number, f"{platform} {handle}", {}, is_new=False)
            return
        if self.seen.setdefault(key, row.number) != row.number:
            row.fault("handle", _("stands in row {row} too").format(row=self.seen[key]), _("Keep one of the rows."))
        channel = self.in_use.get(key)
        if channel and not self.reach.covers(channel.office.path):
            row.fault("handle", _("is a channel of an office that is not at or below yours"), _("Leave the row out."))
            return
        given = self._given(row, channel)
        if channel:
            self._change(row, channel, given)
        elif not row.has_fault:
            self._make(row, platform, handle, given)

    def _given(self, row: Row, channel: Channel | None) -> dict[str, Any]:
        """What the columns that are there say."""
        readers: dict[str, Any] = {
            "office": lambda: self._office(row, channel),
            "address": lambda: row.address("address", 300),
            "purpose": lambda: row.choice("purpose", Purpose),
            "languages": lambda: row.languages("languages", 40),
            "recovery_person": lambda: self._recovery(row, channel),
            "recovery_note": lambda: row.text("recovery_note", 120),
            "inspection_due_on": lambda: row.day("inspection_due_on"),
        }
        given = {name: read() for name, read in readers.items() if row.has(name)}
        for name in ("purpose", "languages"):
            if not given.get(name):
                given.pop(name, None)
        return given

    def _office(self, row: Row, channel: Channel | None) -> Office | None:
        office = office_at(row, self.offices)
        if office and office.state == "closed" and not (channel and channel.office_id == office.pk):
            row.fault("office", _("is a closed office: {code}").format(code=office.code), _("Choose an open one."))
        return office

    def _recovery(self, row: Row, channel: Channel | None) -> Person | None:
        name = row.key("recovery_person", 254)
        if not name:
            return None
        now = channel.recovery_person if channel else None
        if now and name in (now.number, now.email):
            return now
        person = self.people.get(name) or self.people.get(in_ascii(name)) or self.people.get(name.lower())
        if person is None:
            row.fault(
                "recovery_person", _("is nobody at your offices: {text}").format(text=name[:40]), _("Enter them first.")
            )
        return person

    def _due(self, office: Office) -> date:
        """When a channel that begins today is first to be inspected; asked once an office."""
        if office.pk not in self.due:
            self.due[office.pk] = law.inspection_due(office, timezone.localdate())
        return self.due[office.pk]

    def _change(self, row: Row, channel: Channel, given: dict[str, Any]) -> None:
        fields = {
            name: (told(getattr(channel, name)), told(new))
            for name, new in given.items()
            if _plain(name, getattr(channel, name)) != _plain(name, new)
        }
        if channel.state == "verified" and not row.has_fault:
            for name in fields.keys() & set(PROVED):
                row.fault(
                    name, _("would change what is proved of the channel"), _("Withdraw the proof on its page first.")
                )
        if row.has_fault:
            return
        for name in fields:
            setattr(channel, name, given[name])
        if fields:
            self.work.changed.append(channel)
            self.work.fields |= fields.keys()
        self.plan.note(row.number, f"{channel.platform} {channel.handle}", fields, is_new=False)

    def _make(self, row: Row, platform: str, handle: str, given: dict[str, Any]) -> None:
        if not given.get("inspection_due_on"):
            given["inspection_due_on"] = self._due(given["office"])
        self.work.new.append(Channel(platform=platform, handle=handle, **given))
        fields = {name: ("", told(value)) for name, value in given.items() if value}
        self.plan.note(row.number, f"{platform} {handle}", fields, is_new=True)


def offices_of(codes: set[str], reach: Reach) -> dict[str, Office]:
    """The offices within `reach` that `codes` name."""
    found: dict[str, Office] = {}
    for batch in in_batches(codes | set(map(in_ascii, codes))):
        offices = Office.objects.filter(code__in=batch).only("pk", "code", "path", "state", "name", "local_name")
        found |= {office.code: office for office in offices if reach.covers(office.path)}
    return found


def office_at(row: Row, offices: dict[str, Office]) -> Office | None:
    """The office that a row names."""
    code = row.key("office", 40, is_needed=True)
    office = offices.get(code) or offices.get(in_ascii(code))
    if code and office is None:
        row.fault("office", _("is no office at or below yours: {code}").format(code=code), _("Correct the code."))
    return office


def told(value: Any) -> str:
    """A value as a spreadsheet of ours shows it, the same in every language."""
    if isinstance(value, Office):
        return value.code
    if isinstance(value, Person):
        return value.number or value.email or ""
    return "" if value is None else str(value)


def _plain(name: str, value: Any) -> Any:
    return [part.strip() for part in value.split(",")] if name == "languages" and value else value
