"""Text → topics, with the evidence for each."""

from amanat.screening.reader import Evidence, Reader, Reading, TopicFound

__all__ = ["Evidence", "Reader", "Reading", "TopicFound"]
