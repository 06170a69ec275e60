"""The tables of circulars in the admin: to look at."""

from django.contrib import admin

from amanat.desk.circulars.models import (
    Acknowledgement,
    Addressee,
    Circular,
    Copy,
    Dispatch,
    DistributionList,
    Enclosure,
    NumberFormat,
    Question,
    Reminder,
    Rhythm,
    Sheet,
    Text,
)
from amanat.desk.lib.admin import ReadOnly


@admin.register(Circular)
class CircularAdmin(ReadOnly):
    """Circulars, without whom a draft is meant for: a public one is seen by everybody."""

    exclude = ["audience", "lists"]
    list_display = ["number", "office", "dated_on", "state"]
    list_select_related = ["office"]
    list_filter = ["state"]


@admin.register(Text, Question, Enclosure, Reminder)
class OfCircularAdmin(ReadOnly):
    """What belongs to a circular."""

    list_display = ["pk", "circular"]
    list_select_related = ["circular"]


@admin.register(Dispatch)
class DispatchAdmin(ReadOnly):
    """What was sent."""

    list_display = ["number", "circular", "office", "dated_on", "offices", "people"]
    list_select_related = ["circular", "office"]


@admin.register(Copy)
class CopyAdmin(ReadOnly):
    """Copies."""

    list_display = ["circular", "office", "seen"]
    list_select_related = ["circular", "office"]
    show_full_result_count = False


@admin.register(Addressee)
class AddresseeAdmin(ReadOnly):
    """Addressees."""

    list_display = ["circular", "person", "office", "seen"]
    list_select_related = ["circular", "person", "office"]
    show_full_result_count = False


@admin.register(Acknowledgement)
class AcknowledgementAdmin(ReadOnly):
    """Acknowledgements."""

    list_display = ["addressee", "version", "language", "at"]
    list_select_related = ["addressee__person"]
    show_full_result_count = False


@admin.register(DistributionList, NumberFormat, Rhythm)
class OfOfficeAdmin(ReadOnly):
    """What an office keeps for its letters."""

    list_display = ["pk", "office"]
    list_select_related = ["office"]


@admin.register(Sheet)
class SheetAdmin(ReadOnly):
    """Signed sheets."""

    list_display = ["name", "circular", "office", "signed_on"]
    list_select_related = ["circular", "office"]
