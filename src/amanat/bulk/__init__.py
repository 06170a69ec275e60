"""Many texts: the same answers as one by one, streamed, on all cores, resumable."""

from amanat.bulk.rows import Answerer, Defaults
from amanat.bulk.job import Tally, run

__all__ = ["Answerer", "Defaults", "Tally", "run"]
