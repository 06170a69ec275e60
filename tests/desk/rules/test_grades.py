"""Grades: proposed by one steward, agreed by another, laid over the rulebook at once, undone with a reason."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path
from threading import Barrier
from typing import Any

import pytest
from django.core.cache import caches
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, connection, transaction
from django.test import Client

from amanat.desk.audit.models import Event
from amanat.desk.lib.refusals import Overtaken, Refused
from amanat.desk.registry.models import Person
from amanat.desk.rules import actions, engine
from amanat.desk.rules.models import Document, Grade
from amanat.desk.rules.today import waiting
from amanat.rulebook import Clause
from tests.cast import Cast, assemble, items_of

GIFTS = "pbcr66-gifts"  # of grade unverified, and speaking to trade on a personal account
PAGE = f"/rules/pk-punjab/{GIFTS}/"


@pytest.fixture(autouse=True)
def _own_folder(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path


def gifts() -> Clause:
    return engine.rulebook().clause(GIFTS)


def document(cast: Cast, instrument: str = "pbcr66") -> Document:
    upload = SimpleUploadedFile("rules.pdf", f"%PDF-1.7 {instrument}".encode())
    home = engine.shipped().packs["pk-punjab"].instruments[instrument]
    return actions.attach(home, upload=upload, note="Gazette", by=cast["steward@top"])


def propose(cast: Cast, who: str = "steward@top", after: str = "text", **more: Any) -> Grade:
    given = {"document": Document.objects.first() or document(cast), "place": "page 4", **more}
    return actions.propose(gifts(), after=after, by=cast[who], **given)


def agreed(cast: Cast, after: str = "text", by: str = "steward@foreign") -> Grade:
    grade = propose(cast, after=after)
    actions.agree(grade, by=cast[by])
    return grade


def test_a_proposal_waits_and_changes_nothing_yet(cast: Cast) -> None:
    grade = propose(cast)
    assert (grade.state, grade.before, grade.after) == ("proposed", "unverified", "text")
    assert gifts().grade == "unverified"
    event = Event.objects.get(verb="propose")
    assert (event.clause, event.thing, event.facts["place"]) == (GIFTS, grade.pk, "page 4")


def test_another_steward_of_any_office_agrees_and_it_holds_everywhere_at_once(cast: Cast) -> None:
    text = "Sponsored post: buy from this electronics store, use my promo code."
    before = Client().post("/", {"text": text, "pack": "pk-punjab"}).text
    assert "not verified" in before
    agreed(cast)
    assert gifts().grade == "text"
    assert gifts().level_for("personal") == "ask"
    assert "<strong>wording seen</strong>" in Client().get(PAGE).text
    caches["callers"].clear()
    body = {"text": text, "pack": "pk-punjab"}
    said = Client().post("/api/check", body, content_type="application/json").json()
    assert {found["clause"]: found["grade"] for found in said["findings"]}[GIFTS] == "text"
    assert said["level"] == "ask"
    assert engine.shipped().clause(GIFTS).grade == "unverified"
    assert Event.objects.filter(verb="agree", clause=GIFTS).count() == 1


def test_the_rulebook_is_built_again_only_after_a_change(cast: Cast, django_assert_num_queries: Any) -> None:
    agreed(cast)
    first = engine.rulebook()
    with django_assert_num_queries(1):
        assert engine.rulebook() is first
    actions.undo(Grade.objects.get(), by=cast["steward@own"], reason="misread")
    assert engine.rulebook() is not first


def test_an_undone_grade_is_gone_and_an_earlier_one_stands(cast: Cast) -> None:
    agreed(cast, "report")
    second = agreed(cast, "text")
    assert gifts().grade == "text"
    actions.undo(second, by=cast["steward@top"], reason="The page is of another edition.")
    assert gifts().grade == "report"
    event = Event.objects.get(verb="undo")
    assert (event.reason, event.before, event.after) == ("The page is of another edition.", "agreed", "undone")


def test_a_grade_never_lowers_what_the_pack_says(cast: Cast) -> None:
    grade = agreed(cast)
    Grade.objects.filter(pk=grade.pk).update(clause="pkcr64-leaks", after="unverified")
    assert engine.rulebook().clause("pkcr64-leaks").grade == "text"


def test_refused_with_a_reason(cast: Cast) -> None:
    grade = propose(cast)
    with pytest.raises(Refused, match="reason"):
        actions.refuse(grade, by=cast["steward@own"], reason=" ")
    actions.refuse(grade, by=cast["steward@own"], reason="Not in the gazette.")
    grade.refresh_from_db()
    assert (grade.state, grade.decided_by) == ("refused", cast["steward@own"])
    assert gifts().grade == "unverified"


@pytest.mark.parametrize("verb", [actions.agree, lambda grade, by: actions.refuse(grade, by=by, reason="x")])
def test_nobody_decides_on_their_own_proposal(cast: Cast, verb: Callable[..., None]) -> None:
    grade = propose(cast)
    with pytest.raises(Refused, match="another steward"):
        verb(grade, by=cast["steward@top"])
    with pytest.raises(IntegrityError), transaction.atomic():
        Grade.objects.filter(pk=grade.pk).update(decided_by=cast["steward@top"])
    assert Grade.objects.get().state == "proposed"


@pytest.mark.parametrize("who", ["officer@top", "moderator@own", "head@top", "authority@top", "auditor@top"])
def test_others_may_neither_propose_nor_decide(cast: Cast, who: str) -> None:
    grade = propose(cast)
    events = Event.objects.count()
    for change in (
        lambda by: actions.agree(grade, by=by),
        lambda by: actions.refuse(grade, by=by, reason="x"),
        lambda by: actions.undo(grade, by=by, reason="x"),
        lambda by: actions.propose(gifts(), after="text", document=grade.document, place="p", by=by),
    ):
        with pytest.raises(Refused, match="steward"):
            change(cast[who])
    assert Event.objects.count() == events


def test_only_upwards_and_only_on_a_document_of_its_own_instrument(cast: Cast) -> None:
    other = document(cast, "pbwa20")
    with pytest.raises(Refused, match="another instrument"):
        propose(cast, document=other)
    own = document(cast)
    with pytest.raises(Refused, match="only ever raised"):
        propose(cast, after="unverified", document=own)
    agreed(cast, "text") if Document.objects.first() == own else actions.agree(
        propose(cast, document=own), by=cast["steward@own"]
    )
    with pytest.raises(Refused, match="only ever raised"):
        propose(cast, after="text", document=own)


def test_one_proposal_at_a_time(cast: Cast) -> None:
    propose(cast)
    with pytest.raises(Overtaken, match="proposed already"):
        propose(cast, "steward@own")


def test_pressed_twice(cast: Cast) -> None:
    grade = agreed(cast)
    with pytest.raises(Overtaken):
        actions.agree(Grade.objects.get(pk=grade.pk), by=cast["steward@own"])
    assert Event.objects.filter(verb="agree").count() == 1


def test_two_stewards_at_once_exactly_one_wins(racing: None, settings: Any) -> None:
    cast = assemble()
    grade = propose(cast)
    names = ["steward@own", "steward@sister", "steward@field", "steward@foreign"]
    gate = Barrier(len(names))

    def decide(name: str) -> str:
        try:
            mine, person = Grade.objects.get(pk=grade.pk), Person.objects.get(pk=cast.people[name].pk)
            gate.wait(20)
            actions.agree(mine, by=person)
        except Overtaken:
            return "overtaken"
        finally:
            connection.close()
        return name

    with ThreadPoolExecutor(len(names)) as pool:
        outcomes = list(pool.map(decide, names))
    assert sorted(outcomes).count("overtaken") == len(names) - 1
    (winner,) = set(outcomes) - {"overtaken"}
    assert Grade.objects.get().decided_by == cast.people[winner]
    assert Event.objects.filter(verb="agree").count() == 1


def test_the_pages_from_proposal_to_undoing(cast: Cast, signed_in: Callable[[str], Client]) -> None:
    mine, other = signed_in("steward@top"), signed_in("steward@foreign")
    form = f"{PAGE}propose/"
    assert form not in mine.get(PAGE).text
    assert "No official document" in mine.get(form).text
    paper = document(cast)
    assert form in mine.get(PAGE).text
    assert form not in Client().get(PAGE).text
    assert form not in signed_in("head@top").get(PAGE).text
    response = mine.post(form, {"after": "text", "document": paper.pk, "place": ""})
    assert "This field is required" in response.text
    assert 'value="text" selected' in response.text or 'value="text"' in response.text
    assert mine.post(form, {"after": "text", "document": paper.pk, "place": "rule 5"}).status_code == 302
    again = other.post(form, {"after": "text", "document": paper.pk, "place": "rule 5"})
    assert "proposed already" in again.text
    assert 'value="rule 5"' in again.text
    grade = Grade.objects.get()
    assert f"/rules/grades/{grade.pk}/agree/" not in mine.get("/rules/grades/").text
    assert "Yours: another steward decides." in mine.get("/rules/grades/").text
    assert mine.post(f"/rules/grades/{grade.pk}/agree/").status_code == 403
    assert f"/rules/grades/{grade.pk}/agree/" in other.get("/rules/grades/").text
    assert other.post(f"/rules/grades/{grade.pk}/agree/")["Location"] == f"/rules/cited/{GIFTS}/"
    assert other.post(f"/rules/grades/{grade.pk}/agree/").status_code == 409
    assert "agreed" in Client().get(PAGE).text
    assert mine.post(f"/rules/grades/{grade.pk}/undo/", {"reason": ""}).status_code == 403
    assert mine.post(f"/rules/grades/{grade.pk}/undo/", {"reason": "another edition"}).status_code == 302
    assert "another edition" in other.get("/rules/grades/").text
    assert other.post(f"/rules/grades/{grade.pk}/burn/").status_code == 404
    assert other.get(f"/rules/grades/{grade.pk}/agree/").status_code == 405


def test_refusing_on_the_page(cast: Cast, signed_in: Callable[[str], Client]) -> None:
    grade = propose(cast)
    client = signed_in("steward@own")
    assert client.post(f"/rules/grades/{grade.pk}/refuse/", {"reason": "blurred"}).status_code == 302
    assert "blurred" in client.get("/rules/grades/").text


def test_a_clause_that_a_later_pack_no_longer_has_breaks_nothing(
    cast: Cast, signed_in: Callable[[str], Client]
) -> None:
    grade = propose(cast)
    Grade.objects.filter(pk=grade.pk).update(clause="gone")
    assert "gone" in signed_in("steward@own").get("/rules/grades/").text
    actions.agree(Grade.objects.get(), by=cast["steward@own"])
    assert Client().get(PAGE).status_code == 200


def test_what_waits_for_whom(cast: Cast) -> None:
    grade = propose(cast)
    (item,) = items_of(waiting, cast["steward@foreign"])
    assert item.since == grade.proposed_at
    assert item.url == f"/rules/grades/#grade-{grade.pk}"
    assert GIFTS in item.what
    assert item.why
    assert item.verb
    assert items_of(waiting, cast["steward@top"]) == []
    assert items_of(waiting, cast["head@top"]) == []
    actions.agree(grade, by=cast["steward@own"])
    assert items_of(waiting, cast["steward@foreign"]) == []


def test_few_queries(cast: Cast, signed_in: Callable[[str], Client], django_assert_max_num_queries: Any) -> None:
    agreed(cast, "report")
    propose(cast)
    client = signed_in("steward@own")
    for address in ("/rules/grades/", PAGE, f"{PAGE}propose/"):
        with django_assert_max_num_queries(12):
            assert client.get(address).status_code == 200
    person = cast["steward@own"]
    with django_assert_max_num_queries(3):  # the posts, whether anything waits, and that
        items_of(waiting, person)


def test_the_read_only_tables(cast: Cast, signed_in: Callable[[str], Client]) -> None:
    propose(cast)
    client = signed_in("steward@top")
    for table in ("document", "grade"):
        assert client.get(f"/tables/rules/{table}/").status_code == 200
        assert client.get(f"/tables/rules/{table}/add/").status_code == 403
    assert signed_in("officer@top").get("/tables/rules/grade/").status_code == 302


def test_a_day_before_the_clause_is_a_day_before_the_clause(cast: Cast) -> None:
    agreed(cast)
    assert GIFTS not in {clause.id for clause in engine.rulebook().on(date(1950, 1, 1)).clauses("pk-punjab")}
