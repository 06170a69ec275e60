"""The tables of permits, by noun."""

from amanat.desk.permits.models.deputies import Deputy, Hat, hats
from amanat.desk.permits.models.guidance import Guidance
from amanat.desk.permits.models.letters import Letter
from amanat.desk.permits.models.periods import Period
from amanat.desk.permits.models.permits import Act, Cited, Kind, Permit

__all__ = ["Act", "Cited", "Deputy", "Guidance", "Hat", "Kind", "Letter", "Period", "Permit", "hats"]
