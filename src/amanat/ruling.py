"""What follows: a reading, a context and the rules of the day give a verdict; a comment's reading gives an action.

Pure: no clock, no files. Principles: `docs/rules.md`. The strictest finding decides; an unverified clause never grounds
more than `care`; criticism of government never grounds hiding.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import accumulate, chain
from typing import NamedTuple

from amanat.errors import UnknownName
from amanat.rulebook import COMMON, Clause, Edition, Limit, Rulebook
from amanat.screening import Evidence, Reading, TopicFound
from amanat.vocabulary import ACCOUNTS, ACTIONS, INTENTS, LEVELS

_EXCEPTION_REACHES = {
    "official-duty": "clear",
    "permit": "clear",
    "published": "care",
    "right-to-information": "care",
    "literary-artistic-scientific": "care",
    "service-association": "care",
    "report-of-wrongdoing": "ask",  # a human being must look: never cleared, never stopped by a machine
}
"""How far each exception lowers a finding. What rests on the text's own word only lowers to `care`."""
_GUESS_REACHES = "ask"
"""How far a finding goes that rests on the trained model alone, below the certainty that its policy asks for."""


_ASKING_REACHES = {"official-information": "ask"}
"""How far a finding on a topic goes while its writer only asks whether the thing may be said."""
_ASKS = "asks"
"""Sign of a clause that speaks to a writer who asks whether something may be said."""


@dataclass(frozen=True, slots=True)
class Permit:
    """A permission in force: its number, the clauses it covers, and its days.

    `has_conditions`: it holds only for what it names or on conditions, which its holder has to read.
    """

    number: str
    clauses: frozenset[str]
    starts: date
    ends: date
    has_conditions: bool = False


@dataclass(frozen=True, slots=True)
class Context:
    """Who speaks, where, when: what a text cannot tell."""

    pack: str
    on: date
    account: str = "personal"
    platform: str = ""
    duty: bool = False
    service: str = ""
    permits: tuple[Permit, ...] = ()

    def __post_init__(self) -> None:
        if self.account not in ACCOUNTS:
            raise UnknownName("account", self.account, ACCOUNTS)


class ExceptionConsidered(NamedTuple):
    """An exception the clause knows, whether it applies here, and on what ground (`ground` is a key of the words).

    `detail`: the words in the text, or the number of the permit, which covers it up to and with `until`.
    """

    id: str
    applies: bool
    ground: str
    detail: str = ""
    until: date | None = None


class Standing(NamedTuple):
    """A finding without its evidence: what is the same for every text with the same topics."""

    clause: Clause
    level: str
    topics: tuple[str, ...]
    exceptions: tuple[ExceptionConsidered, ...]


class Finding(NamedTuple):
    """A clause that speaks to the text, the level it reaches here, its topics, evidence and exceptions."""

    clause: Clause
    level: str
    topics: tuple[str, ...]
    evidence: tuple[Evidence, ...]
    exceptions: tuple[ExceptionConsidered, ...]

    @property
    def is_excepted(self) -> bool:
        """Whether an exception took the whole weight from it."""
        return self.level == "clear" and any(e.applies for e in self.exceptions)


class Verdict(NamedTuple):
    """`level` is the strictest of `findings`; those come strictest first."""

    level: str
    findings: tuple[Finding, ...]
    reading: Reading
    context: Context


@dataclass(frozen=True, slots=True)
class Breach:
    """A fact of a page, panel or office that does not keep a clause's limit."""

    clause: Clause
    limit: Limit
    value: int | bool


class Triage(NamedTuple):
    """What is proposed for a comment: `keep`, `review` or `hide` (a person confirms); its intent, the house rules."""

    action: str
    intent: str
    findings: tuple[Finding, ...]
    reading: Reading


def rule(reading: Reading, context: Context, rulebook: Rulebook) -> Verdict:
    """The verdict on a draft. Raises UnknownName where the pack is not in the rulebook."""
    edition = rulebook.on(context.on)
    rulebook.pack(context.pack)
    is_sure = "stop" in reading.sure_of
    heard = tuple([(topic.id, topic.is_guessed and not is_sure) for topic in reading.topics])
    if reading.signals or context.permits:
        standings = _standings(edition, context, heard, reading)
    else:
        key = (context.pack, context.account, context.duty, context.service, heard, bool(reading.asks))
        standings = edition.remembered(key, lambda: _standings(edition, context, heard, reading))
    findings = tuple(
        [Finding(clause, level, ids, _evidence(reading, ids), known) for clause, level, ids, known in standings]
    )
    if reading.asks and all(LEVELS.index(finding.level) < LEVELS.index("ask") for finding in findings):
        findings = tuple(sorted((*findings, *_asked(edition, context, reading)), key=_weight, reverse=True))
    return Verdict(findings[0].level if findings else "clear", findings, reading, context)


def breaches(facts: Mapping[str, int | bool], context: Context, rulebook: Rulebook) -> tuple[Breach, ...]:
    """The limits that facts of a page, panel or office do not keep, e.g. {"panel_members": 2}."""
    edition = rulebook.on(context.on)
    return tuple(
        Breach(clause, limit, value)
        for fact, value in facts.items()
        for clause, limit in edition.limiting(context.pack, fact)
        if clause.covers(context.account, duty=context.duty, service=context.service) and not limit.allows(value)
    )


def triage(reading: Reading, rulebook: Rulebook) -> Triage:
    """What to do with a citizen's comment, by the common house rules."""
    edition = rulebook.on(date.max)
    findings = []
    action = "keep"
    for topic in reading.topics:
        for clause in edition.speaking_to(COMMON, topic.id):
            if clause.subject == "comment" and _has_sign(clause, topic):
                findings.append(Finding(clause, "clear", (topic.id,), topic.evidence, ()))
                action = max(action, _action(clause, topic, reading), key=ACTIONS.index)
    findings.sort(key=lambda f: ACTIONS.index(f.clause.action), reverse=True)
    return Triage(action, _intent(reading), tuple(findings), reading)


def _standings(
    edition: Edition, context: Context, heard: Iterable[tuple[str, bool]], reading: Reading
) -> tuple[Standing, ...]:
    """What the clauses say to topics, each with whether it is but a guess; the strictest first."""
    speaking: dict[str, tuple[Clause, list[tuple[str, bool]]]] = {}
    for topic in heard:
        for clause in _clauses(edition, context, topic[0]):
            speaking.setdefault(clause.id, (clause, []))[1].append(topic)
    standings = [_standing(clause, topics, reading, context) for clause, topics in speaking.values()]
    return tuple(sorted(standings, key=_weight, reverse=True))


def _clauses(edition: Edition, context: Context, topic: str) -> Iterator[Clause]:
    """The pack's clauses that speak to a topic here; the common guide's too where none of them firmly restrains."""
    silent = True
    for clause in edition.speaking_to(context.pack, topic):
        if clause.covers(context.account, duty=context.duty, service=context.service):
            silent &= clause.grade == "unverified" or clause.modality in ("permit", "inform")
            yield clause
    if silent and context.pack != COMMON:
        for clause in edition.speaking_to(COMMON, topic):
            if clause.subject == "post" and clause.covers(context.account, duty=context.duty):
                yield clause


def _asked(edition: Edition, context: Context, reading: Reading) -> Iterator[Finding]:
    """What the common guide says to somebody who asks whether a thing may be said: that it is right to ask first."""
    for clause in edition.clauses(COMMON):
        if _ASKS in clause.signs and clause.covers(context.account, duty=context.duty):
            yield Finding(clause, clause.level_for(context.account), (), reading.asks, ())


def _standing(clause: Clause, topics: list[tuple[str, bool]], reading: Reading, context: Context) -> Standing:
    considered = tuple(_consider(name, clause, reading, context) for name in clause.exceptions)
    level = clause.level_for(context.account)
    if all(is_guessed for _, is_guessed in topics):
        level = min(level, _GUESS_REACHES, key=LEVELS.index)
    if reading.asks and all(topic in _ASKING_REACHES for topic, _ in topics):
        level = min(level, *(_ASKING_REACHES[topic] for topic, _ in topics), key=LEVELS.index)
    for exception in considered:
        if exception.applies:
            level = min(level, _EXCEPTION_REACHES[exception.id], key=LEVELS.index)
    return Standing(clause, level, tuple(topic for topic, _ in topics), considered)


def _evidence(reading: Reading, topics: tuple[str, ...]) -> tuple[Evidence, ...]:
    if len(reading.topics) == 1:
        return reading.topics[0].evidence
    found = [topic.evidence for topic in reading.topics if topic.id in topics]
    return found[0] if len(found) == 1 else tuple(chain.from_iterable(found))


def _consider(name: str, clause: Clause, reading: Reading, context: Context) -> ExceptionConsidered:
    if name == "official-duty":
        return ExceptionConsidered(name, context.duty, "duty" if context.duty else "no-duty")
    if name == "permit":
        for permit in context.permits:
            if clause.id in permit.clauses and permit.starts <= context.on <= permit.ends:
                ground = "permit-conditions" if permit.has_conditions else "permit"
                return ExceptionConsidered(name, True, ground, permit.number, permit.ends)
        return ExceptionConsidered(name, False, "no-permit")
    if name in _EXCEPTION_REACHES and name in reading.signals:
        start, end = reading.signals[name][0]
        return ExceptionConsidered(name, True, "text-says", reading.text[start:end])
    return ExceptionConsidered(name, False, "text-silent" if name in _EXCEPTION_REACHES else "yours-to-say")


def _weight(standing: Standing | Finding) -> tuple[int, bool, bool]:
    return LEVELS.index(standing.level), standing.clause.grade == "text", standing.clause.grade == "report"


def _has_sign(clause: Clause, topic: TopicFound) -> bool:
    return not clause.signs or any(e.rule in clause.signs for e in topic.evidence)


def _action(clause: Clause, topic: TopicFound, reading: Reading) -> str:
    """The clause's action; at most `review` where only mild words, or words that are also criticism, speak for it."""
    if clause.action != "hide":
        return clause.action
    if topic.is_guessed:
        return "hide" if "hide" in reading.sure_of else "review"
    criticism = sorted(
        (e.start, e.end)
        for found in reading.topics
        if found.id in ("government-criticism", "institution-criticism")
        for e in found.evidence
    )
    begins = [start for start, _ in criticism]
    reach = list(accumulate((end for _, end in criticism), max, initial=-1))  # by how many criticisms began
    is_firm = any(not e.is_mild and reach[bisect_right(begins, e.start)] < e.end for e in topic.evidence)
    return "hide" if is_firm else "review"


def _intent(reading: Reading) -> str:
    """One intent, for routing: the most probable."""
    return max(INTENTS, key=lambda intent: reading.intents.get(intent, 0.0))
