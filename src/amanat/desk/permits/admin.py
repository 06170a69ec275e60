"""Permits in the admin: to look at."""

from django.contrib import admin

from amanat.desk.lib.admin import ReadOnly
from amanat.desk.permits.models import Cited, Deputy, Guidance, Letter, Period, Permit


@admin.register(Permit)
class PermitAdmin(ReadOnly):
    """Permits."""

    list_display = ["__str__", "person", "office", "state", "due_on"]
    list_select_related = ["person", "office"]


@admin.register(Cited)
class CitedAdmin(ReadOnly):
    """Clauses asked about."""

    list_display = ["permit", "clause"]
    list_select_related = ["permit"]


@admin.register(Deputy)
class DeputyAdmin(ReadOnly):
    """Deputies."""

    list_display = ["person", "giver", "office", "role", "starts_on", "ends_on"]
    list_select_related = ["person", "giver", "office"]


@admin.register(Guidance)
class GuidanceAdmin(ReadOnly):
    """Guidance."""

    list_display = ["__str__", "state", "proposed_by"]
    list_select_related = ["proposed_by"]


@admin.register(Letter)
class LetterAdmin(ReadOnly):
    """Letters."""

    list_display = ["permit", "kind", "language", "made_at"]
    list_select_related = ["permit"]


@admin.register(Period)
class PeriodAdmin(ReadOnly):
    """Times to answer."""

    list_display = ["office", "days"]
    list_select_related = ["office"]
