"""The registry in the admin: to look at."""

from django.contrib import admin

from amanat.desk.lib.admin import ReadOnly
from amanat.desk.registry.models import Appointment, Channel, Group, Office, Person


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
