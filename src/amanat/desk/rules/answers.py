"""An answer of the engine as the check's page shows it. Nothing here tells in its `repr` what somebody typed."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.utils import formats
from django.utils.translation import get_language

from amanat.desk.lib import numerals
from amanat.phrases import say
from amanat.report import leading, pieces
from amanat.rulebook import COMMON, Rulebook, in_words
from amanat.ruling import Finding, Triage, Verdict
from amanat.screening import Reading


class Private(str):
    """Words somebody typed: to be shown to them, never to stand in a log or an error."""

    __slots__ = ()

    def __repr__(self) -> str:
        return "Private()"


class FindingShown:
    """A clause that speaks to the text, with all that is told about it."""

    def __init__(self, finding: Finding, rulebook: Rulebook, lang: str) -> None:
        self.clause = clause = finding.clause
        self.pack = rulebook.pack(clause.pack)
        self.instrument = self.pack.instruments[clause.instrument]
        self.topics = finding.topics
        self.is_comment = clause.subject == "comment"
        self.level = clause.action if self.is_comment else finding.level
        self.is_guide = clause.pack == COMMON
        official = in_words(clause.gist, self.pack.official[0])[0]
        self.official = "" if official == in_words(clause.gist, lang)[0] else official
        self.exceptions = [
            (
                one.id,
                one.applies,
                Private(say("ground", one.ground, lang, detail=one.detail, until=_day(one.until, lang))),
            )
            for one in finding.exceptions
        ]
        self.asks = finding.level == "ask" and not self.is_comment
        self.is_excepted = any(one.applies for one in finding.exceptions)


class Answer:
    """A verdict or a triage: its level, the text in pieces, the findings that lead and the rest, what did not count."""

    def __init__(self, given: Verdict | Triage, rulebook: Rulebook) -> None:
        lang = get_language() or "en"
        self.is_verdict = isinstance(given, Verdict)
        self.intent = given.intent if isinstance(given, Triage) else ""
        self.level = given.level if isinstance(given, Verdict) else given.action
        self.pack = rulebook.pack(given.context.pack if isinstance(given, Verdict) else COMMON)
        first = list(leading(given.findings)) if isinstance(given, Verdict) else list(given.findings)
        rest = [one for one in given.findings if one not in first]
        self.findings = [FindingShown(one, rulebook, lang) for one in first]
        self.more = [FindingShown(one, rulebook, lang) for one in rest]
        self.pieces = list(_marked(given.reading))
        self.considered = list(_considered(given.reading, lang))
        self.remarks = given.reading.remarks


def _day(day: date | None, lang: str) -> str:
    """A day as people write it in `lang`."""
    return numerals.local(formats.date_format(day, "SHORT_DATE_FORMAT"), lang) if day else ""


def _marked(reading: Reading) -> Iterable[tuple[Private, bool]]:
    spans = [(e.start, e.end) for topic in reading.topics for e in topic.evidence]
    return ((Private(piece), is_evidence) for piece, is_evidence in pieces(reading.text, spans))


def _considered(reading: Reading, lang: str) -> Iterable[tuple[str, Private, str]]:
    """What was seen and did not count: the topic, the words, and why."""
    for topic in reading.considered:
        for evidence in topic.evidence:
            try:
                why = say("screen", f"lowered-{evidence.lowered_by}", lang)
            except KeyError:
                why = say("screen", "lowered-other", lang)
            yield topic.id, Private(reading.text[evidence.start : evidence.end]), why
