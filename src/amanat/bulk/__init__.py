"""Many texts: the same answers as one by one, streamed, on all cores, resumable."""

from amanat.bulk.job import Tally, run
from amanat.bulk.rows import Answerer, Defaults

__all__ = ["Answerer", "Defaults", "Tally", "run"]
