"""A dozen made-up drafts and comments in all seven language forms, with what Amanat says of each."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from importlib.resources import files
from typing import Any

from amanat.phrases import say
from amanat.rulebook import load_rulebook
from amanat.ruling import Context, rule, triage
from amanat.screening import Reader


def samples() -> list[dict[str, Any]]:
    """The sample rows: drafts and comments in the format of labelled lines, without labels."""
    lines = (files("amanat") / "samples.jsonl").read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines]


def answers(today: date) -> Iterator[tuple[dict[str, Any], str, tuple[str, ...]]]:
    """Each sample with its level or action and the topics found."""
    reader, rulebook = Reader(), load_rulebook()
    for row in samples():
        reading = reader.read(row["text"])
        if row["kind"] == "comment":
            yield row, triage(reading, rulebook).action, reading.topic_ids
        else:
            context = Context(pack=row["pack"], on=today, account=row["account"], duty=row["duty"])
            yield row, rule(reading, context, rulebook).level, reading.topic_ids


def lines(today: date, lang: str, paint: Any) -> Iterator[str]:
    """The samples and answers as lines for a terminal."""
    for row, answer, topics in answers(today):
        group = "action" if row["kind"] == "comment" else "level"
        where = row.get("pack", row["kind"])
        named = ", ".join(say("topic", topic, lang) for topic in topics)
        yield f"{paint(say(group, answer, lang), answer)} · {row['lang']} · {where}{f' · {named}' if named else ''}"
        yield f"  {row['text']}"
