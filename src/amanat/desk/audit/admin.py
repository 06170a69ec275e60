"""The log in the admin: to look at."""

from django.contrib import admin

from amanat.desk.audit.models import Event
from amanat.desk.lib.admin import ReadOnly


@admin.register(Event)
class EventAdmin(ReadOnly):
    """Events."""

    list_display = ["at", "actor", "verb", "title", "clause"]
    list_select_related = ["actor"]
