"""The tables of the registry, by noun."""

from amanat.desk.registry.models.calendars import Calendar, Holiday
from amanat.desk.registry.models.channels import Channel, Inspection, PanelSeat, Verification
from amanat.desk.registry.models.groups import Administrator, Group
from amanat.desk.registry.models.handovers import SEATED, Handover, HandoverItem, holding
from amanat.desk.registry.models.notices import Mailing, Notice
from amanat.desk.registry.models.numbering import Sequence
from amanat.desk.registry.models.offices import Office
from amanat.desk.registry.models.people import Appointment, Invitation, Mail, Person, Role
from amanat.desk.registry.models.workers import Worker

__all__ = [
    "SEATED",
    "Administrator",
    "Appointment",
    "Calendar",
    "Channel",
    "Group",
    "Handover",
    "HandoverItem",
    "Holiday",
    "Inspection",
    "Invitation",
    "Mail",
    "Mailing",
    "Notice",
    "Office",
    "PanelSeat",
    "Person",
    "Role",
    "Sequence",
    "Verification",
    "Worker",
    "holding",
]
