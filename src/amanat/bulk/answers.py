"""What is said to a row: as values, and as the line of JSON that stands for them."""

from __future__ import annotations

import json
from functools import lru_cache
from json.encoder import encode_basestring
from typing import Any, NamedTuple

from amanat.ruling import Finding, Triage, Verdict

Row = dict[str, Any]


class Answer(NamedTuple):
    """The id of a row, and either what was judged or why nothing could be."""

    id: Any
    judged: Verdict | Triage | None = None
    error: str = ""

    def row(self) -> Row:
        """`id`, `topics`, `verdict` or `action` and `intent`, `findings`; or `id` and `error`."""
        if self.judged is None:
            return {"id": self.id, "error": self.error}
        findings = [
            {**_told(*_said(finding)), "evidence": [{"start": e.start, "end": e.end} for e in finding.evidence]}
            for finding in self.judged.findings
        ]
        return {"id": self.id, **_decided(*_decision(self.judged)), "findings": findings}

    def line(self) -> str:
        """`row` as `json` writes it, put together from pieces that repeat: a bulk run writes few, many times."""
        if self.judged is None:
            return json.dumps(self.row(), ensure_ascii=False)
        is_text = isinstance(self.id, str)
        shown = encode_basestring(self.id) if is_text else json.dumps(self.id, ensure_ascii=False)
        told: dict[int, str] = {}
        findings = []
        for finding in self.judged.findings:
            places = told.get(id(finding.evidence))  # many findings share theirs
            if places is None:
                spans = [f'{{"start": {e.start}, "end": {e.end}}}' for e in finding.evidence]
                places = told[id(finding.evidence)] = ", ".join(spans)
            findings.append(f'{_told_line(*_said(finding))}"evidence": [{places}]}}')
        return f'{{"id": {shown}, {_decided_line(*_decision(self.judged))}"findings": [{", ".join(findings)}]}}'


def _decision(judged: Verdict | Triage) -> tuple[tuple[str, ...], tuple[str, ...]]:
    if isinstance(judged, Verdict):
        return judged.reading.topic_ids, (judged.level,)
    return judged.reading.topic_ids, (judged.action, judged.intent)


def _decided(topics: tuple[str, ...], words: tuple[str, ...]) -> Row:
    keys = ("verdict",) if len(words) == 1 else ("action", "intent")
    return {"topics": list(topics), **dict(zip(keys, words, strict=True))}


def _said(finding: Finding) -> tuple[str, str, tuple[str, ...]]:
    return finding.clause.id, finding.level, finding.topics


def _told(clause: str, level: str, topics: tuple[str, ...]) -> Row:
    return {"clause": clause, "level": level, "topics": list(topics)}


@lru_cache(maxsize=10_000)
def _decided_line(topics: tuple[str, ...], words: tuple[str, ...]) -> str:
    return _open(_decided(topics, words))[1:]


@lru_cache(maxsize=10_000)
def _told_line(clause: str, level: str, topics: tuple[str, ...]) -> str:
    return _open(_told(clause, level, topics))


def _open(row: Row) -> str:
    """A row as JSON, left open for more."""
    return json.dumps(row, ensure_ascii=False)[:-1] + ", "
