"""The tables of publishing, by noun."""

from amanat.desk.publishing.models.drafts import Draft, Picture, Target, Version
from amanat.desk.publishing.models.panels import Ballot, Round
from amanat.desk.publishing.models.plans import Lift, Practice, Slot

__all__ = ["Ballot", "Draft", "Lift", "Picture", "Practice", "Round", "Slot", "Target", "Version"]
