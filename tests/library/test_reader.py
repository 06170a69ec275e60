"""Reading: evidence lies in the text, classes are blind to which member is named, denial and quotation lower."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from amanat import Reader, Reading
from amanat.screening.lexicon import data_folder, read_terms
from amanat.screening.patterns import Rule
from amanat.screening.spotter import Spotter
from amanat.vocabulary import LANGS

CORPUS = Path(__file__).parents[2] / "corpus"
ENTITIES = ("party", "leader", "community", "institution")
FRAMES = {
    "en": "This time vote for {0}, stand with {0}. {0} are filthy traitors, throw them out. {0} is sold, failed us.",
    "ur": "{0} کو ووٹ دیں، {0} زندہ باد۔ {0} غدار ہیں، نکال دو۔ {0} بک چکا ہے۔",
    "ur-Latn": "{0} ko vote dein, {0} zindabad. {0} ghaddar hain, nikal do. {0} bik chuka hai.",
    "hi": "{0} को वोट दें, {0} जिंदाबाद। {0} गद्दार हैं, निकाल दो। {0} बिक चुका है।",
    "hi-Latn": "{0} ko vote do, {0} zindabad. {0} gaddar hain, bahar nikalo. {0} bik chuka hai.",
    "bn": "{0} কে ভোট দিন, {0} জিন্দাবাদ। {0} বিশ্বাসঘাতক, তাড়িয়ে দাও। {0} বিক্রি হয়ে গেছে।",
    "bn-Latn": "{0} ke vote din, {0} zindabad. {0} beiman, tariye dao. {0} bikri hoye gese.",
}


def shape(reading: Reading) -> list[tuple[str, float, list[str]]]:
    """A reading without its places: topics, how probable, by which rules."""
    return [(t.id, t.probability, sorted({e.rule for e in t.evidence})) for t in reading.topics]


def members(name: str, lang: str) -> list[str]:
    """Members of a class in one language."""
    terms = (t for t in read_terms(data_folder()) if t.lang == lang and t.name == name)
    return sorted({t.words for t in terms if not t.takes_ending})


@given(st.text(max_size=300))
@settings(deadline=None)
def test_evidence_lies_in_the_original_text(reader: Reader, text: str) -> None:
    reading = reader.read(text)
    for topic in (*reading.topics, *reading.considered):
        assert 0 < topic.probability <= 1
        for evidence in topic.evidence:
            assert 0 <= evidence.start < evidence.end <= len(text)


def test_a_lone_surrogate_is_read_like_any_other_sign(words: Reader) -> None:
    assert words.read("no \ud800 12/3/2024 \udfff").topics == ()


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("name", ENTITIES)
def test_swapping_one_member_of_a_class_for_another_changes_nothing(reader: Reader, name: str, lang: str) -> None:
    known = members(name, lang)
    assert len(known) >= 5, f"{name} has too few members in {lang}"
    readings = {member: shape(reader.read(FRAMES[lang].format(member))) for member in known}
    assert len({str(reading) for reading in readings.values()}) == 1, readings


@pytest.mark.parametrize(
    ("text", "topic"),
    [
        ("Forwarded as received: curfew from tomorrow, share with everyone.", "unverified"),
        ("Sharing the draft transfer list before it is notified.", "official-information"),
        ("This government has failed on every front.", "government-criticism"),
        ("The election commission is a puppet.", "institution-criticism"),
        ("Watch my interview on the news channel tonight.", "media-activity"),
    ],
)
def test_typical_wording_is_found(words: Reader, text: str, topic: str) -> None:
    assert topic in words.read(text)


@pytest.mark.parametrize(
    ("text", "topic"),
    [
        ("It is false that there will be a curfew from tomorrow, sources say.", "unverified"),
        ('He wrote "you bastard" to the clerk and was fined.', "abuse"),
        ("The government has not failed.", "government-criticism"),
        ("The transfer list was notified in the gazette; sharing the screenshot here.", "official-information"),
    ],
)
def test_what_is_denied_quoted_or_published_is_lowered(words: Reader, text: str, topic: str) -> None:
    reading = words.read(text)
    assert topic not in reading


def test_what_was_lowered_is_kept_with_its_reason(words: Reader) -> None:
    (considered,) = words.read('He wrote "you bastard" to the clerk.').considered
    assert considered.id == "abuse"
    assert {e.lowered_by for e in considered.evidence} == {"quotation"}


def test_an_insult_to_a_government_is_criticism(words: Reader) -> None:
    assert "abuse" not in words.read("This bastard government!")
    assert "abuse" in words.read("This bastard clerk!")


def test_an_office_adds_words_and_rules_without_code(tmp_path: Path) -> None:
    folder = tmp_path / "lexicon" / "abuse"
    folder.mkdir(parents=True)
    (folder / "en.txt").write_text("zibbler\n", encoding="utf-8")
    (tmp_path / "patterns.toml").write_text(
        """
        [[pattern]]
        id = "our-number"
        regex = 'ZQ-\\d+'
        gate = ["zq*"]
        topic = "official-information"
        why = "our file number"
        """,
        encoding="utf-8",
    )
    reading = Reader(tmp_path).read("You zibbler, see ZQ-42")
    assert reading.topic_ids == ("official-information", "abuse")


@given(st.sampled_from(list(FRAMES.values())), st.text(alphabet="qxz ", max_size=20))
@settings(deadline=None, max_examples=30)
def test_unrelated_words_at_the_end_take_nothing_from_what_was_spotted(
    spotter: Spotter, frame: str, noise: str
) -> None:
    def spotted(text: str) -> set[tuple[str, int, int]]:
        return {(e.rule, e.start, e.end) for _, e in spotter.spot(text).weighed if not e.lowered_by}

    text = frame.format("")
    assert spotted(text) <= spotted(f"{text}\n{noise}")


def test_words_alone_vote_on_intents_and_know_no_certainty() -> None:
    alone = Reader(learned=False)
    reading = alone.read("Which documents are needed, and where do I get the form?")
    assert max(reading.intents, key=lambda intent: reading.intents[intent]) == "question"
    assert sum(reading.intents.values()) == pytest.approx(1)
    assert alone.read("zzz").intents["other"] == 1
    assert reading.sure_of == frozenset()
    assert reading.lang == "en"


PIECES = [
    *FRAMES.values(),
    "ভালো b@d 2024-01-02",
    "CNIC 35202-1234567-1",
    "s p a c e d",
    "soooo",
    "",
    f"no {'x' * 70} here",
    "\ud800",
    "?",
]
MIXED = st.lists(st.sampled_from(PIECES) | st.text(max_size=80), max_size=12)


@given(MIXED, st.booleans())
@settings(deadline=None, max_examples=60)
def test_many_are_read_as_one_by_one(reader: Reader, words: Reader, texts: list[str], learned: bool) -> None:
    one = reader if learned else words
    assert one.read_many(texts) == [one.read(text) for text in texts]


@pytest.mark.parametrize("size", [1, 300, 1_000_000])
def test_how_many_are_read_together_changes_nothing(reader: Reader, monkeypatch: pytest.MonkeyPatch, size: int) -> None:
    rows = [row for file in sorted(CORPUS.glob("*.jsonl")) for row in file.read_text(encoding="utf-8").splitlines()]
    texts = ["", *(json.loads(row)["text"] for row in rows[::150]), "", json.loads(rows[0])["text"]]
    monkeypatch.setattr("amanat.screening.reader._AT_ONCE", size)
    assert reader.read_many(texts) == [reader.read(text) for text in texts]


def test_what_is_remembered_of_words_changes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    texts = [" ".join(f"word{n}a{k}" for n in range(40)) for k in range(60)]
    monkeypatch.setattr("amanat.screening.remembered._AT_ONCE", 7)
    monkeypatch.setattr("amanat.screening.remembered._MOST", 500)
    forgetful, fresh = Reader(), Reader()
    forgotten = [forgetful.read(text) for text in texts]
    monkeypatch.undo()
    assert forgotten == fresh.read_many(texts)


def test_what_the_whole_text_makes_unlikely_is_lowered(reader: Reader) -> None:
    for text in (
        "Our team shot a short video on kite flying",
        "The recipe is top secret, says my aunt, and the kheer was lovely",
    ):
        for topic in reader.read(text).considered:
            assert all(evidence.lowered_by for evidence in topic.evidence)


PLACE = st.tuples(st.integers(0, 300), st.integers(0, 3)).map(lambda place: (place[0], sum(place)))


@given(st.lists(PLACE, min_size=40, max_size=120), st.lists(PLACE, max_size=20), st.booleans(), st.integers(0, 8))
def test_of_many_places_those_near_enough_are_found_as_if_all_were_looked_at(
    many: list[tuple[int, int]], few: list[tuple[int, int]], ordered: bool, within: int
) -> None:
    rule = Rule("x", "abuse", (("few",), ("many",)), within, 0.9, "why", ordered=ordered)

    def fits(one: tuple[int, int], other: tuple[int, int]) -> bool:
        return other[0] > one[1] or (other[1] < one[0] and not ordered)

    def gap(one: tuple[int, int], other: tuple[int, int]) -> int:
        return (other[0] - one[1] if other[0] > one[1] else one[0] - other[1]) - 1

    expected = []
    for place in few:
        near = [other for other in many if fits(place, other) and gap(place, other) <= within]
        if near:
            nearest = min(near, key=lambda other: gap(place, other))
            expected.append(((min(place[0], nearest[0]), max(place[1], nearest[1])), nearest))
    assert list(rule.places({"few": few, "many": many})) == expected


def test_a_long_text_has_each_of_its_places_marked(words: Reader) -> None:
    """And is read in a time that grows with its length: this one would take an hour if every pair were looked at."""
    sentence = "Water came late again. The government has failed. "
    reading = words.read(sentence * 5_000)
    (criticism,) = reading.topics
    assert criticism.id == "government-criticism"
    assert {e.start % len(sentence) for e in criticism.evidence} == {criticism.evidence[0].start}
    assert len({e.start for e in criticism.evidence}) == 5_000


def test_a_reader_forgets(reader: Reader) -> None:
    text = "Sharing the draft transfer list of zqxunheardof before it is notified."
    before = reader.read(text)
    reader.forget()
    assert reader.read(text) == before


def test_a_spaced_out_word_may_begin_inside_a_name_and_go_on(reader: Reader) -> None:
    text = "S a r k a r i   p e n s i o n   r u l e s   p a r   p a i d   w e b i n a r   a p n e   c h a n n e l"
    for one in (text, f"{text} 12 34", text.replace("   ", " ")):
        assert all(one[e.start : e.end].strip() for topic in reader.read(one).topics for e in topic.evidence)
