"""The tables of the registry, by noun."""

from amanat.desk.registry.models.channels import Channel, Inspection, PanelSeat, Verification
from amanat.desk.registry.models.groups import Administrator, Group
from amanat.desk.registry.models.handovers import SEATED, Handover, HandoverItem, holding
from amanat.desk.registry.models.notices import Notice
from amanat.desk.registry.models.numbering import Sequence
from amanat.desk.registry.models.offices import Office
from amanat.desk.registry.models.people import Appointment, Invitation, Person, Role

__all__ = [
    "SEATED",
    "Administrator",
    "Appointment",
    "Channel",
    "Group",
    "Handover",
    "HandoverItem",
    "Inspection",
    "Invitation",
    "Notice",
    "Office",
    "PanelSeat",
    "Person",
    "Role",
    "Sequence",
    "Verification",
    "holding",
]
