"""The registry in the admin: to look at."""

from django.contrib import admin

from amanat.desk.lib.admin import ReadOnly
from amanat.desk.registry.models import (
    Administrator,
    Appointment,
    Channel,
    Group,
    Handover,
    HandoverItem,
    Holiday,
    Inspection,
    Office,
    PanelSeat,
    Person,
    Verification,
)


@admin.register(Office)
class OfficeAdmin(ReadOnly):
    """Offices."""

    list_display = ["code", "name", "kind", "parent", "state"]
    list_select_related = ["parent"]


@admin.register(Person)
class PersonAdmin(ReadOnly):
    """People. Passwords are not shown, not even their hashes."""

    list_display = ["name", "number", "service", "is_active"]
    exclude = ["password"]


@admin.register(Appointment)
class AppointmentAdmin(ReadOnly):
    """Posts."""

    list_display = ["person", "role", "office", "starts_on", "ends_on"]
    list_select_related = ["person", "office"]


@admin.register(Channel)
class ChannelAdmin(ReadOnly):
    """Channels."""

    list_display = ["platform", "handle", "office", "state"]
    list_select_related = ["office"]


@admin.register(Group)
class GroupAdmin(ReadOnly):
    """Groups."""

    list_display = ["name", "platform", "office", "state"]
    list_select_related = ["office"]


@admin.register(PanelSeat)
class SeatAdmin(ReadOnly):
    """Seats on panels."""

    list_display = ["channel", "person", "starts_on", "ends_on"]
    list_select_related = ["channel", "person"]


@admin.register(Verification)
class VerificationAdmin(ReadOnly):
    """Proofs that were tried."""

    list_display = ["channel", "method", "is_proved", "by", "at"]
    list_select_related = ["channel", "by"]


@admin.register(Inspection)
class InspectionAdmin(ReadOnly):
    """Security inspections."""

    list_display = ["channel", "on", "by", "is_passed"]
    list_select_related = ["channel", "by"]


@admin.register(Administrator)
class AdministratorAdmin(ReadOnly):
    """Administrators of groups."""

    list_display = ["group", "person", "starts_on", "ends_on"]
    list_select_related = ["group", "person"]


@admin.register(Handover)
class HandoverAdmin(ReadOnly):
    """Handovers."""

    list_display = ["appointment", "cause", "leaves_on", "state"]
    list_select_related = ["appointment__person", "appointment__office"]


@admin.register(HandoverItem)
class ItemAdmin(ReadOnly):
    """Items of handovers."""

    list_display = ["handover", "kind", "channel", "group", "done_at"]
    list_select_related = ["handover__appointment__person", "handover__appointment__office", "channel", "group"]


@admin.register(Holiday)
class HolidayAdmin(ReadOnly):
    """Holidays."""

    list_display = ["on", "name", "office", "is_tentative", "source"]
    list_select_related = ["office"]
