"""Channels and groups of the demo: panels, proofs and inspections, some of them late."""

from __future__ import annotations

from datetime import date, timedelta

from amanat.desk.audit.door import step
from amanat.desk.demo import book
from amanat.desk.demo.people import Staff
from amanat.desk.registry.actions import channels as actions
from amanat.desk.registry.models import Administrator, Channel, Group, Office, PanelSeat, Person, Verification

MONTHS = 3
"""How long after an inspection the next is due."""


def enter(offices: dict[str, Office], staff: Staff, today: date) -> list[Channel]:
    """Enter the channels with their panels. The first of a panel is the recovery contact."""
    channels, seats = [], []
    for row in book.rows_at("channels", set(offices)):
        office = offices[row["office"]]
        panel = _panel(staff, office.code, int(row["panel"] or 1))
        is_closed = row["state"] == "closed"
        channel = Channel(
            office=office, platform=row["platform"], handle=row["handle"], purpose=row["purpose"],
            address=f"https://{row['platform']}.example/{row['handle'].replace(' ', '-').lower()}",
            languages=row["languages"], recovery_person=panel[0], recovery_note=f"social@{office.code.lower()}.example",
            inspection_due_on=None if is_closed else today + timedelta(days=14),
            state="closed" if is_closed else "claimed",
        )  # fmt: skip
        channels.append(channel)
        begun = today - timedelta(days=200)
        seats += [PanelSeat(channel=channel, person=one, starts_on=begun) for one in panel if not is_closed]
    Channel.objects.bulk_create(channels)
    PanelSeat.objects.bulk_create(seats)
    return channels


def enter_groups(offices: dict[str, Office], staff: Staff, today: date) -> int:
    """Enter the groups with their administrators; how many groups."""
    groups, administrators = [], []
    for row in book.rows_at("groups", set(offices)):
        group = Group(
            office=offices[row["office"]], platform=row["platform"], name=row["name"], purpose=row["purpose"],
            members=int(row["members"]),
        )  # fmt: skip
        groups.append(group)
        administrators += [
            Administrator(group=group, person=one, starts_on=today - timedelta(days=150))
            for one in _panel(staff, row["office"], int(row["administrators"]))
        ]
    Group.objects.bulk_create(groups)
    Administrator.objects.bulk_create(administrators)
    return len(groups)


def prove(channels: list[Channel], staff: Staff, today: date) -> None:
    """Prove and inspect the channels that the book says were: each through the door, by a person of its office."""
    done = {(row["office"], row["platform"], row["handle"]): row for row in book.rows("channels")}
    for channel in channels:
        row = done[channel.office.code, channel.platform, channel.handle]
        by = _panel(staff, channel.office.code, 1)[0]
        if row["state"] == "verified":
            with step(channel, "verify", by=by):
                Verification.objects.create(
                    channel=channel,
                    method="link",
                    address=channel.office.website,
                    found="linked",
                    is_proved=True,
                    by=by,
                )
        if row["inspected"]:
            actions.inspect(
                channel, by=by, on=today - timedelta(days=int(row["inspected"])), months=MONTHS, second_factor_on=True,
                access_list_checked=True, recovery_tested=int(row["inspected"]) % 3 != 0,
            )  # fmt: skip


def _panel(staff: Staff, office: str, size: int) -> list[Person]:
    """The moderators of an office, then its head, as many as are wanted."""
    return [*staff.holders(office, "moderator"), *staff.holders(office, "head")][:size]
