"""Official documents and grades in the admin: to look at."""

from django.contrib import admin

from amanat.desk.lib.admin import ReadOnly
from amanat.desk.rules.models import Document, Grade


@admin.register(Document)
class DocumentAdmin(ReadOnly):
    """Official documents."""

    list_display = ["name", "pack", "instrument", "kind", "size", "at"]


@admin.register(Grade)
class GradeAdmin(ReadOnly):
    """Raised grades."""

    list_display = ["clause", "before", "after", "state", "proposed_by", "decided_by"]
    list_select_related = ["proposed_by", "decided_by"]
