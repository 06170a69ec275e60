"""What a reading is: values only."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from amanat.screening.patterns import Place


class Evidence(NamedTuple):
    """Why a topic was found: the place in the original text (`text[start:end]`), the detector, its rule, its reason."""

    start: int
    end: int
    detector: str
    rule: str
    why: str
    probability: float
    is_mild: bool = False
    lowered_by: str = ""


class TopicFound(NamedTuple):
    """A topic, how probable it is (0 to 1), and its evidence in the order of the text."""

    id: str
    probability: float
    evidence: tuple[Evidence, ...]

    @property
    def is_mild(self) -> bool:
        """Whether nothing strong speaks for it."""
        return all(e.is_mild for e in self.evidence)

    @property
    def is_guessed(self) -> bool:
        """Whether only a model speaks for it, and not firmly: it grounds no `stop` and no `hide`."""
        return all(e.is_mild and e.detector in ("learned", "second") for e in self.evidence)


class Reading(NamedTuple):
    """What is in a text. `considered` holds what was seen and lowered (denied, quoted, published).

    `signals` gives the exceptions that words of the text claim, with their places (start, end); `intents` how probable
    each intent of a comment is. `sure_of`: what the trained model is certain enough of (precision on dev ≥ 0.95) to
    ground it alone: "stop" for a draft, "hide" for a comment. `asks`: the words with which the writer asks whether this
    may be said. `remarks`: what else to know of this reading.
    """

    text: str
    lang: str
    topics: tuple[TopicFound, ...]
    considered: tuple[TopicFound, ...]
    signals: Mapping[str, tuple[Place, ...]]
    intents: Mapping[str, float]
    sure_of: frozenset[str] = frozenset()
    asks: tuple[Evidence, ...] = ()
    remarks: tuple[str, ...] = ()

    def __contains__(self, topic: object) -> bool:
        return any(found.id == topic for found in self.topics)

    @property
    def topic_ids(self) -> tuple[str, ...]:
        """Ids of the topics found."""
        return tuple(found.id for found in self.topics)
