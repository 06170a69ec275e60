"""A verdict or a triage as plain data (JSON) and as lines for a terminal. The schema: `docs/screening.md`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from amanat.phrases import say
from amanat.rulebook import COMMON, Clause, Limit, Rulebook, in_words
from amanat.ruling import Finding, Triage, Verdict
from amanat.screening import Evidence, Reading, TopicFound
from amanat.vocabulary import LEVELS

SCHEMA = "amanat/1"
"""Changes when a key changes its meaning or goes away; new keys may come without."""

Json = dict[str, Any]


def verdict_json(verdict: Verdict, rulebook: Rulebook, lang: str) -> Json:
    """A verdict as JSON data; gists in `lang` and in the pack's official language."""
    context = verdict.context
    return {
        "schema": SCHEMA,
        "kind": "draft",
        "level": verdict.level,
        "pack": context.pack,
        "account": context.account,
        "platform": context.platform,
        "duty": context.duty,
        "date": context.on.isoformat(),
        **_reading_json(verdict.reading),
        "findings": [_finding_json(f, rulebook, lang) for f in verdict.findings],
    }


def triage_json(triage: Triage, rulebook: Rulebook, lang: str) -> Json:
    """A triage as JSON data."""
    return {
        "schema": SCHEMA,
        "kind": "comment",
        "action": triage.action,
        "intent": triage.intent,
        **_reading_json(triage.reading),
        "findings": [{**_finding_json(f, rulebook, lang), "action": f.clause.action} for f in triage.findings],
    }


def clause_json(clause: Clause, rulebook: Rulebook, lang: str) -> Json:
    """A clause as JSON data, without the text it was found in."""
    pack = rulebook.pack(clause.pack)
    instrument = pack.instruments[clause.instrument]
    official = pack.official[0]
    return {
        "clause": clause.id,
        "pack": clause.pack,
        "instrument": {"id": instrument.id, "title": in_words(instrument.title, lang)[1], "number": instrument.number},
        "reference": clause.reference,
        "from": clause.starts.isoformat(),
        "until": clause.ends.isoformat() if clause.ends else None,
        "subject": clause.subject,
        "modality": clause.modality,
        "topics": list(clause.topics),
        "accounts": list(clause.accounts),
        "exceptions": list(clause.exceptions),
        "grade": clause.grade,
        "sources": [{"title": pack.sources[s].title, "address": pack.sources[s].address} for s in clause.sources],
        "gist": dict([in_words(clause.gist, lang), in_words(clause.gist, official)]),
        "instead": dict([in_words(clause.instead, lang), in_words(clause.instead, official)]),
        "note": dict([in_words(clause.note, lang)]) if clause.note else {},
        "authority": dict([in_words(clause.authority, lang)]) if clause.authority else {},
        "limits": {limit.fact: _limit_json(limit) for limit in clause.limits},
    }


def _limit_json(limit: Limit) -> Json:
    return {
        "one_of": list(limit.one_of),
        "min": limit.least,
        "max": limit.most,
        "is": limit.holds,
        "unit": limit.unit,
    }


def _reading_json(reading: Reading) -> Json:
    return {
        "lang": reading.lang,
        "topics": [_topic_json(topic) for topic in reading.topics],
        "considered": [_topic_json(topic) for topic in reading.considered],
        "remarks": list(reading.remarks),
    }


def _topic_json(topic: TopicFound) -> Json:
    return {
        "id": topic.id,
        "probability": topic.probability,
        "guess": topic.is_guessed,
        "evidence": [_evidence_json(e) for e in topic.evidence],
    }


def _evidence_json(evidence: Evidence) -> Json:
    return {
        "start": evidence.start,
        "end": evidence.end,
        "detector": evidence.detector,
        "rule": evidence.rule,
        "why": evidence.why,
        "probability": evidence.probability,
        "lowered_by": evidence.lowered_by,
    }


def _finding_json(finding: Finding, rulebook: Rulebook, lang: str) -> Json:
    return {
        **clause_json(finding.clause, rulebook, lang),
        "level": finding.level,
        "topics": list(finding.topics),
        "evidence": [{"start": e.start, "end": e.end} for e in finding.evidence],
        "exceptions": [
            {"id": e.id, "applies": e.applies, "why": say("ground", e.ground, lang, detail=e.detail, until=e.until)}
            for e in finding.exceptions
        ],
    }


class Page:
    """A verdict or triage as lines of text. `paint(text, style)` colours a piece, or returns it as it is."""

    def __init__(self, rulebook: Rulebook, lang: str, paint: Any) -> None:
        self.rulebook = rulebook
        self.lang = lang
        self.paint = paint

    def verdict(self, verdict: Verdict, *, everything: bool) -> Iterator[str]:
        """Level, the text with its evidence underlined, then the findings: the first of each topic, or all."""
        level = verdict.level
        yield self.paint(f"{say('level', level, self.lang)}: {say('level-says', level, self.lang)}", level)
        yield from self._text(verdict.reading)
        shown = verdict.findings if everything else tuple(leading(verdict.findings))
        for finding in shown:
            yield ""
            yield from self.finding(finding)
        if len(shown) < len(verdict.findings):
            yield ""
            yield self.paint(say("screen", "more", self.lang, count=len(verdict.findings) - len(shown)), "quiet")
        yield from self._considered(verdict.reading)

    def triage(self, triage: Triage) -> Iterator[str]:
        """Action, intent, the comment with its evidence underlined, and the house rules."""
        action = triage.action
        head = f"{say('action', action, self.lang)}: {say('action-says', action, self.lang)}"
        yield self.paint(head, action)
        yield f"{say('screen', 'intent', self.lang)}: {say('intent', triage.intent, self.lang)}"
        yield from self._text(triage.reading)
        for finding in triage.findings:
            yield ""
            yield from self.finding(finding)
        yield from self._considered(triage.reading)

    def finding(self, finding: Finding) -> Iterator[str]:
        """A clause with what it means for this text."""
        topics = ", ".join(say("topic", topic, self.lang) for topic in finding.topics)
        clause = finding.clause
        group, key = ("action", clause.action) if clause.subject == "comment" else ("level", finding.level)
        yield f"{self.paint(say(group, key, self.lang), key)} · {self.paint(topics, 'strong')}"
        yield from self.clause(clause)
        for considered in finding.exceptions:
            ground = say("ground", considered.ground, self.lang, detail=considered.detail, until=considered.until)
            yield self.paint(f"  – {say('exception', considered.id, self.lang)}: {ground}", "quiet")

    def clause(self, clause: Clause) -> Iterator[str]:
        """What a clause says, where it stands, since when and how firmly that is known, and what to do instead."""
        pack = self.rulebook.pack(clause.pack)
        instrument = pack.instruments[clause.instrument]
        own_lang, gist = in_words(clause.gist, self.lang)
        yield f"  {gist}"
        official_lang, official = in_words(clause.gist, pack.official[0])
        if official_lang != own_lang:
            yield f"  {official}"
        title = in_words(instrument.title, self.lang)[1]
        yield self.paint(f"  {title}, {clause.reference} · {self._standing(clause)} · {clause.id}", "quiet")
        yield f"  {say('screen', 'would-pass', self.lang)}: {in_words(clause.instead, self.lang)[1]}"
        for group, key in ((clause.authority, "who-permits"), (clause.note, "note")):
            if group:
                yield f"  {say('screen', key, self.lang)}: {in_words(group, self.lang)[1]}"

    def _standing(self, clause: Clause) -> str:
        """Since when a clause is in force and how firmly that is known; Amanat's own guide says that it is no law."""
        if clause.pack == COMMON:
            return say("screen", "house-rule" if clause.subject == "comment" else "not-law", self.lang)
        key = "in-force-until" if clause.ends else "in-force"
        force = say("screen", key, self.lang, start=clause.starts.isoformat(), end=clause.ends)
        return f"{force} · {say('grade', clause.grade, self.lang)}"

    def _text(self, reading: Reading) -> Iterator[str]:
        spans = [(e.start, e.end) for topic in reading.topics for e in topic.evidence]
        yield (
            "  "
            + "".join(
                self.paint(piece, "evidence") if marked else piece for piece, marked in pieces(reading.text, spans)
            ).strip()
        )

    def _considered(self, reading: Reading) -> Iterator[str]:
        for topic in reading.considered:
            for evidence in topic.evidence:
                key = f"lowered-{evidence.lowered_by}"
                known = ("lowered-denial", "lowered-quotation", "lowered-negation", "lowered-published")
                why = say("screen", key if key in known else "lowered-other", self.lang)
                piece = reading.text[evidence.start : evidence.end]
                yield self.paint(
                    f"{say('screen', 'considered', self.lang)} ({say('topic', topic.id, self.lang)}): “{piece}”: {why}",
                    "quiet",
                )
        for remark in reading.remarks:
            yield self.paint(remark, "quiet")


def pieces(text: str, spans: list[tuple[int, int]]) -> Iterator[tuple[str, bool]]:
    """`text` cut into pieces, each with whether it is evidence; overlapping spans are joined."""
    done = 0
    for begin, end in sorted(spans):
        start = max(begin, done)
        if start < end:
            if done < start:
                yield text[done:start], False
            yield text[start:end], True
            done = end
    if done < len(text):
        yield text[done:], False


def leading(findings: tuple[Finding, ...]) -> Iterator[Finding]:
    """The strictest finding of every topic; those of the verdict's level first."""
    told: set[str] = set()
    for finding in sorted(findings, key=lambda f: LEVELS.index(f.level), reverse=True):
        if not told.issuperset(finding.topics):
            told.update(finding.topics)
            yield finding
