"""Whether clauses obey their examples: what must trigger one does, what must not does not."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from importlib.resources.abc import Traversable

from amanat.errors import Fault
from amanat.rulebook import COMMON, Example, Rulebook, load_examples, load_pack
from amanat.rulebook.load import packs_folder
from amanat.ruling import Context, breaches, rule, triage
from amanat.screening import Reader

LATEST = date(2026, 6, 30)
"""The day an example is judged on where it names none: fixed, so that a passing day changes no test."""


def disobeyed(folder: Traversable, reader: Reader) -> Iterator[Fault]:
    """A fault for every example of the pack in `folder` that its clause does not obey."""
    rulebook = Rulebook([load_pack(packs_folder() / COMMON), load_pack(folder)])
    for example in load_examples(folder):
        if triggers(example, folder.name, rulebook, reader) != example.triggers:
            must = "must trigger it but does not" if example.triggers else "must not trigger it but does"
            what = repr(example.text) if example.text else str(dict(example.facts) or example.account)
            yield Fault(
                f"{folder.name}/examples.toml",
                f"{example.clause} ({example.lang})",
                f"{what} {must}",
                "Mend the example, the clause or the lexicon",
            )


def triggers(example: Example, pack: str, rulebook: Rulebook, reader: Reader) -> bool:
    """Whether the example's clause speaks to it: found in its text, broken by its facts, or covering its context."""
    clause = rulebook.clause(example.clause)
    context = Context(
        pack=pack,
        on=example.on or LATEST,
        account=example.account,
        duty=example.duty,
        service="".join(clause.services[:1]),
    )
    if example.facts:
        return any(b.clause.id == clause.id for b in breaches(example.facts, context, rulebook))
    if not clause.topics and not clause.signs:
        return clause.in_force(context.on) and clause.covers(
            context.account, duty=context.duty, service=context.service
        )
    reading = reader.read(example.text)
    if clause.subject == "comment":
        return any(f.clause.id == clause.id for f in triage(reading, rulebook).findings)
    found = [f for f in rule(reading, context, rulebook).findings if f.clause.id == clause.id]
    return any(not f.is_excepted for f in found)
