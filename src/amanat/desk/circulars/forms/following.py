"""Forms about following a circular: how to remind, which office's people to show."""

from __future__ import annotations

from typing import ClassVar

from amanat.desk.circulars.models import Rhythm
from amanat.desk.registry.forms.fields import RowForm


class RhythmForm(RowForm):
    """How an office reminds."""

    class Meta:
        model = Rhythm
        fields: ClassVar = ["before", "every", "most", "climb"]
