"""The tables of publishing, by noun."""

from amanat.desk.publishing.models.corrections import Correction, Mending
from amanat.desk.publishing.models.credentials import Credential, Watch
from amanat.desk.publishing.models.drafts import Draft, Picture, Target, Version
from amanat.desk.publishing.models.panels import Ballot, Round
from amanat.desk.publishing.models.plans import Lift, Practice, Slot
from amanat.desk.publishing.models.releases import Release

__all__ = [
    "Ballot", "Correction", "Credential", "Draft", "Lift", "Mending", "Picture", "Practice", "Release", "Round", "Slot",
    "Target", "Version", "Watch",
]  # fmt: skip
