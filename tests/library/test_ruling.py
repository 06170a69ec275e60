"""Ruling: the strictest clause decides, exceptions come first, criticism is never hidden."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from types import MappingProxyType

import pytest
from hypothesis import given
from hypothesis import strategies as st

import amanat
from amanat import Context, Permit, Reader, Reading, Rulebook, breaches
from amanat.errors import UnknownName
from amanat.rulebook import Clause, Instrument, Limit, Pack
from amanat.ruling import rule, triage
from amanat.screening import Evidence, TopicFound
from amanat.vocabulary import TOPICS

DAY = date(2025, 6, 1)


def clause(slug: str, **changes: object) -> Clause:
    values: dict[str, object] = {
        "id": f"x-{slug}",
        "pack": "x",
        "instrument": "x",
        "reference": "rule 1",
        "starts": date(2020, 1, 1),
        "ends": None,
        "subject": "post",
        "modality": "forbid",
        "topics": ("abuse",),
        "accounts": ("official", "personal", "group"),
        "duty": "any",
        "exceptions": (),
        "grade": "text",
        "sources": (),
        "gist": {"en": "gist"},
        "instead": {"en": "instead"},
        "note": {},
        "authority": {},
        "level": {},
        "limits": (),
        "services": (),
    }
    return Clause(**{**values, **changes})  # type: ignore[arg-type]


def book(*clauses: Clause, common: tuple[Clause, ...] = ()) -> Rulebook:
    def pack(name: str, held: tuple[Clause, ...]) -> Pack:
        instrument = Instrument("x", name, "act", {"en": "X"}, date(2020, 1, 1), None, "text", ())
        return Pack(name, {"en": name}, "", ("en",), {}, {"x": instrument}, {c.id: c for c in held}, {}, {})

    return Rulebook([pack("x", clauses), pack("common", common)])


def reading(
    *topics: str, signals: tuple[str, ...] = (), text: str = "some words of a text", mild: bool = False
) -> Reading:
    found = tuple(
        TopicFound(topic, 0.9, (Evidence(0, 4, "lexicon", "rule", "why", 0.9, is_mild=mild),)) for topic in topics
    )
    return Reading(text, "en", found, (), MappingProxyType(dict.fromkeys(signals, ((5, 10),))), {})


def level(found: Reading, rules: Rulebook, **context: object) -> str:
    return rule(found, Context(pack="x", on=DAY, **context), rules).level  # type: ignore[arg-type]


def test_nothing_found_is_clear() -> None:
    assert level(reading(), book(clause("a"))) == "clear"


@pytest.mark.parametrize(
    ("modality", "expected"),
    [("forbid", "stop"), ("require", "stop"), ("permission", "ask"), ("advise", "care"), ("permit", "clear")],
)
def test_modality_gives_the_level(modality: str, expected: str) -> None:
    assert level(reading("abuse"), book(clause("a", modality=modality))) == expected


def test_the_strictest_finding_decides_and_comes_first() -> None:
    verdict = rule(reading("abuse"), Context("x", DAY), book(clause("a", modality="advise"), clause("b")))
    assert [(f.clause.id, f.level) for f in verdict.findings] == [("x-b", "stop"), ("x-a", "care")]


def test_an_unverified_clause_never_grounds_more_than_care() -> None:
    assert level(reading("abuse"), book(clause("a", grade="unverified"))) == "care"
    assert level(reading("abuse"), book(clause("a", grade="unverified", modality="inform"))) == "clear"


def test_a_level_of_its_own_goes_by_account() -> None:
    rules = book(clause("a", level={"personal": "care", "official": "stop"}))
    assert level(reading("abuse"), rules, account="personal") == "care"
    assert level(reading("abuse"), rules, account="official") == "stop"


@pytest.mark.parametrize(
    ("changes", "context"),
    [
        ({"starts": date(2025, 6, 2)}, {}),
        ({"ends": date(2025, 5, 31)}, {}),
        ({"accounts": ("official",)}, {"account": "personal"}),
        ({"duty": "on"}, {"duty": False}),
        ({"duty": "off"}, {"duty": True}),
        ({"services": ("all-india",)}, {"service": ""}),
        ({"topics": ("threat",)}, {}),
    ],
)
def test_a_clause_that_does_not_cover_the_case_says_nothing(
    changes: dict[str, object], context: dict[str, object]
) -> None:
    assert level(reading("abuse"), book(clause("a", **changes)), **context) == "clear"


def test_the_last_day_in_force_counts() -> None:
    assert level(reading("abuse"), book(clause("a", ends=DAY))) == "stop"


def test_the_common_guide_speaks_only_where_the_pack_is_silent() -> None:
    guide = clause("guide", pack="common")
    comment_rule = clause("house", pack="common", subject="comment")
    silent = book(clause("a", topics=("threat",)), common=(guide, comment_rule))
    weak = book(clause("a", grade="unverified"), common=(guide,))
    told = book(clause("a", modality="inform"), common=(guide,))
    firm = book(clause("a", modality="advise"), common=(guide,))
    assert level(reading("abuse"), silent) == "stop"
    assert level(reading("abuse"), weak) == "stop"
    assert level(reading("abuse"), told) == "stop"
    assert level(reading("abuse"), firm) == "care"


def test_official_duty_lifts_a_clause_that_knows_it() -> None:
    rules = book(clause("a", exceptions=("official-duty",)))
    assert level(reading("abuse"), rules, duty=True) == "clear"
    assert level(reading("abuse"), rules, duty=False) == "stop"
    (finding,) = rule(reading("abuse"), Context("x", DAY, duty=True), rules).findings
    assert finding.is_excepted
    assert [(e.id, e.applies, e.ground) for e in finding.exceptions] == [("official-duty", True, "duty")]


def test_official_duty_does_not_lift_a_clause_that_does_not_know_it() -> None:
    assert level(reading("abuse"), book(clause("a")), duty=True) == "stop"


def test_a_permit_covers_its_clauses_on_its_days() -> None:
    rules = book(clause("a", exceptions=("permit",)))
    permit = Permit("PK-2025-000001", frozenset({"x-a"}), date(2025, 5, 1), date(2025, 7, 1))
    late = Permit("PK-2025-000002", frozenset({"x-a"}), date(2025, 6, 2), date(2025, 7, 1))
    other = Permit("PK-2025-000003", frozenset({"x-b"}), date(2025, 5, 1), date(2025, 7, 1))
    assert level(reading("abuse"), rules, permits=(late, other, permit)) == "clear"
    assert level(reading("abuse"), rules, permits=(late, other)) == "stop"
    (finding,) = rule(reading("abuse"), Context("x", DAY, permits=(permit,)), rules).findings
    (considered,) = finding.exceptions
    assert (considered.ground, considered.detail, considered.until) == ("permit", "PK-2025-000001", date(2025, 7, 1))
    (finding,) = rule(
        reading("abuse"), Context("x", DAY, permits=(replace(permit, has_conditions=True),)), rules
    ).findings
    assert (finding.level, finding.exceptions[0].ground) == ("clear", "permit-conditions")


@pytest.mark.parametrize(
    ("signal", "expected"),
    [("published", "care"), ("literary-artistic-scientific", "care"), ("report-of-wrongdoing", "ask")],
)
def test_what_the_text_says_of_itself_lowers_but_never_clears(signal: str, expected: str) -> None:
    rules = book(clause("a", exceptions=(signal, "private-matter")))
    assert level(reading("abuse", signals=(signal,)), rules) == expected
    assert level(reading("abuse"), rules) == "stop"


def test_every_exception_is_considered_aloud() -> None:
    rules = book(clause("a", exceptions=("published", "private-matter", "permit")))
    (finding,) = rule(reading("abuse"), Context("x", DAY), rules).findings
    assert [e.ground for e in finding.exceptions] == ["text-silent", "yours-to-say", "no-permit"]
    assert not finding.is_excepted


def test_whoever_asks_first_is_told_to_ask_unless_more_is_said_already() -> None:
    words = (Evidence(0, 4, "learned", "asks", "why", 0.9),)
    asks = clause("ask-first", pack="common", modality="permission", topics=(), signs=("asks",))
    off_duty = clause("never", pack="common", topics=(), signs=("asks",), duty="on")
    rules = book(clause("insult"), clause("hint", topics=("unverified",), modality="advise"), common=(asks, off_duty))
    for topics, expected in (((), ["x-ask-first"]), (("unverified",), ["x-ask-first", "x-hint"])):
        verdict = rule(reading(*topics)._replace(asks=words), Context("x", DAY), rules)
        assert [finding.clause.id for finding in verdict.findings] == expected
        assert (verdict.level, verdict.findings[0].evidence) == ("ask", words)
    assert rule(reading("abuse")._replace(asks=words), Context("x", DAY), rules).level == "stop"
    papers = book(clause("papers", topics=("official-information",)))
    assert rule(reading("official-information")._replace(asks=words), Context("x", DAY), papers).level == "ask"
    assert level(reading("official-information"), papers) == "stop"
    assert level(reading(), rules) == "clear"


def test_an_unknown_pack_or_account_is_refused() -> None:
    with pytest.raises(UnknownName, match="Known: x"):
        rule(reading("abuse"), Context("y", DAY), book(clause("a")))
    with pytest.raises(UnknownName, match="account"):
        Context("x", DAY, account="office")


def test_limits_of_a_page_or_panel() -> None:
    limits = (
        Limit("panel_members", one_of=(1, 3, 4, 5)),
        Limit("posts_a_week", least=2),
        Limit("reply_days", most=7),
        Limit("named_after_office", holds=True),
    )
    rules = book(clause("a", topics=(), limits=limits))
    context = Context("x", DAY)
    kept = {"panel_members": 3, "posts_a_week": 2, "reply_days": 7, "named_after_office": True, "unknown_fact": 1}
    broken = {"panel_members": 2, "posts_a_week": 1, "reply_days": 8, "named_after_office": False}
    assert breaches(kept, context, rules) == ()
    assert {b.limit.fact for b in breaches(broken, context, rules)} == set(broken)


def test_criticism_alone_is_kept(rulebook: Rulebook) -> None:
    for topic in ("government-criticism", "institution-criticism", "partisan-politics"):
        assert triage(reading(topic), rulebook).action == "keep"


def test_an_insult_that_is_also_criticism_is_never_hidden_by_the_machine(rulebook: Rulebook) -> None:
    assert triage(reading("abuse"), rulebook).action == "hide"
    assert triage(reading("abuse", mild=True), rulebook).action == "review"
    assert triage(reading("abuse", "government-criticism"), rulebook).action == "review"


PLACES = st.lists(st.tuples(st.integers(0, 20), st.integers(1, 6)))


@given(PLACES, PLACES)
def test_what_lies_wholly_within_a_criticism_is_not_firm(
    rulebook: Rulebook, insults: list[tuple[int, int]], criticisms: list[tuple[int, int]]
) -> None:
    def found(topic: str, places: list[tuple[int, int]]) -> TopicFound:
        return TopicFound(topic, 0.9, tuple(Evidence(at, at + long, "rule", "x", "why", 0.9) for at, long in places))

    topics = (found("abuse", insults), found("government-criticism", criticisms)) if insults else ()
    is_firm = any(not any(c <= at and at + long <= c + wide for c, wide in criticisms) for at, long in insults)
    action = triage(Reading("x" * 30, "en", topics, (), {}, {}), rulebook).action
    assert action == ("keep" if not insults else "hide" if is_firm else "review")


def test_a_fraud_is_hidden_and_an_advertisement_looked_at(rulebook: Rulebook) -> None:
    fraud = TopicFound("commercial", 0.9, (Evidence(0, 4, "rule", "scam", "why", 0.9),))
    found = Reading("some words", "en", (fraud,), (), {}, {})
    assert triage(found, rulebook).action == "hide"
    assert triage(reading("commercial"), rulebook).action == "review"


@pytest.mark.parametrize("topic", TOPICS)
def test_every_topic_has_an_answer_in_every_pack(rulebook: Rulebook, topic: str) -> None:
    for pack in rulebook.packs.keys() - {"common"}:
        verdict = rule(reading(topic), Context(pack, date(2026, 1, 1), account="official"), rulebook)
        assert verdict.findings, (pack, topic)


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("No water in our street since Monday", "complaint"),
        ("Kindly arrange a bus, it would be better for students", "suggestion"),
        ("Which documents are needed?", "question"),
        ("ফরমটি কোথায় পাওয়া যাবে?", "question"),
        ("Thank you, well done", "praise"),
        ("ok", "other"),
    ],
)
def test_intent_routes_a_comment(reader: Reader, rulebook: Rulebook, text: str, intent: str) -> None:
    assert triage(reader.read(text), rulebook).intent == intent


def test_the_front_door_reads_rules_and_triages() -> None:
    found = amanat.read("Sharing the draft transfer list before it is notified.")
    assert amanat.rule(found, Context("pk-federal", date(2026, 1, 15))).level == "stop"
    assert amanat.triage(amanat.read("No water for three months!")).action == "keep"
