"""Text → topics, with the evidence for each."""

from amanat.screening.reader import Reader
from amanat.screening.reading import Evidence, Reading, TopicFound

__all__ = ["Evidence", "Reader", "Reading", "TopicFound"]
