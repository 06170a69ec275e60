from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from amanat.desk.audit.models import Event
from amanat.desk.circulars.actions import acknowledgements, delivery, dispatches, quizzes
from amanat.desk.circulars.models import Answer, Circular, Question
from amanat.desk.lib.refusals import Overtaken, Refused
from tests.desk.circulars.conftest import Letters

SignedIn = Callable[[str], Client]
WORDS = {
    "en": {"asks": "May one post without asking?", "options": ["Yes", "No"], "passage": "Ask first."},
    "ur": {"asks": "کیا پوچھے بغیر لکھا جا سکتا ہے؟", "options": ["ہاں", "نہیں"], "passage": "پہلے پوچھیں۔"},
}
SENT = {
    "asks1en": "May one post?", "options1en": "Yes\nNo\n", "asks1ur": "کیا لکھا جا سکتا ہے؟", "options1ur": "ہاں\nنہیں",
    "passage1en": "Ask first.", "right1": "2",
}  # fmt: skip


def asking(letters: Letters, questions: int = 1) -> Circular:
    """A circular that was sent with questions."""
    circular = letters.draft()
    quizzes.ask(circular, by=letters.cast["officer@top"], questions=[{"words": WORDS, "right": 1}] * questions)
    sent = dispatches.dispatch(circular, by=letters.cast["head@top"])
    delivery.deliver(sent.pk)
    circular.refresh_from_db()
    return circular


def test_questions_are_written_with_the_draft(letters: Letters, signed_in: SignedIn) -> None:
    circular = letters.draft()
    client, address = signed_in("officer@top"), reverse("circulars:questions", args=[circular.pk])
    assert client.post(address, SENT).status_code == 302
    assert client.post(address, SENT).status_code == 302
    (one,) = Question.objects.filter(circular=circular)
    assert (one.place, one.right) == (1, 1)
    assert one.words["ur"]["options"] == ["ہاں", "نہیں"]
    assert one.words["en"]["passage"] == "Ask first."
    assert Event.objects.filter(verb="quiz").count() == 2
    assert "Ask first." in client.get(address).content.decode()


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"options1ur": "ہاں"}, "two to five"),
        ({"options1ur": "ہاں\nنہیں\nشاید"}, "as many answers"),
        ({"asks1ur": ""}, "in this language too"),
        ({"right1": "3"}, "which line is right"),
        ({"right1": ""}, "which line is right"),
        ({"options1en": "\n".join("abcdef"), "options1ur": "\n".join("abcdef")}, "two to five"),
    ],
)
def test_half_a_question_is_not_kept(letters: Letters, signed_in: SignedIn, wrong: dict[str, str], says: str) -> None:
    circular = letters.draft()
    answer = signed_in("officer@top").post(reverse("circulars:questions", args=[circular.pk]), SENT | wrong)
    assert says in answer.content.decode()
    assert not Question.objects.exists()


@pytest.mark.parametrize(("who", "status"), [("auditor@top", 403), ("officer@own", 404), ("head@foreign", 404)])
def test_others_write_no_questions(letters: Letters, signed_in: SignedIn, who: str, status: int) -> None:
    circular = letters.draft()
    assert signed_in(who).post(reverse("circulars:questions", args=[circular.pk]), SENT).status_code == status
    with pytest.raises(Refused):
        quizzes.ask(circular, by=letters.cast[who], questions=[])
    assert not Question.objects.exists()


def test_what_is_sent_keeps_its_questions(letters: Letters) -> None:
    circular = asking(letters)
    with pytest.raises(Overtaken):
        quizzes.ask(circular, by=letters.cast["officer@top"], questions=[])
    with pytest.raises(Refused, match="Three"):
        quizzes.ask(letters.draft(), by=letters.cast["officer@top"], questions=[{"words": WORDS, "right": 0}] * 4)
    assert Question.objects.count() == 1


def test_a_wrong_answer_teaches_and_may_be_tried_again(
    letters: Letters, signed_in: SignedIn, django_assert_max_num_queries: Any
) -> None:
    circular = asking(letters)
    question = circular.questions.get()
    client, address = signed_in("officer@own"), reverse("circulars:quiz", args=[circular.pk])
    with django_assert_max_num_queries(12):
        assert "May one post without asking?" in client.get(address).content.decode()
    assert "کیا پوچھے بغیر" in client.get(address, {"language": "ur"}).content.decode()
    text = client.post(address, {f"q{question.pk}": "0"}).content.decode()
    assert "Not yet right" in text
    assert "Ask first." in text
    with pytest.raises(Refused, match="questions"):
        acknowledgements.acknowledge(circular, by=letters.cast["officer@own"], version=1, language="en")
    assert client.post(address, {f"q{question.pk}": "1"}).status_code == 302
    kept = Answer.objects.get()
    assert kept.tries == 2
    assert kept.passed_at is not None
    assert [field.name for field in Answer._meta.get_fields()] == ["id", "addressee", "tries", "passed_at"]
    assert {str(event.facts) for event in Event.objects.filter(verb="answer-quiz")} == {"{}"}
    assert Event.objects.filter(verb="answer-quiz").count() == 2
    assert acknowledgements.acknowledge(circular, by=letters.cast["officer@own"], version=1, language="en")


def test_once_passed_it_stays_passed(letters: Letters) -> None:
    circular, by = asking(letters, 2), letters.cast["officer@own"]
    right = {one.pk: 1 for one in circular.questions.all()}
    assert quizzes.answer(circular, by=by, given=right) == []
    first = Answer.objects.get().passed_at
    assert len(quizzes.answer(circular, by=by, given={})) == 2
    assert Answer.objects.get().passed_at == first


@pytest.mark.parametrize("given", ["", "7", "x", "-1"])
def test_rubbish_is_no_answer(letters: Letters, signed_in: SignedIn, given: str) -> None:
    circular = asking(letters)
    page = signed_in("officer@own").post(
        reverse("circulars:quiz", args=[circular.pk]), {f"q{circular.questions.get().pk}": given}
    )
    assert page.status_code == 200
    assert not Answer.objects.exists()


def test_it_is_asked_of_readers_only(letters: Letters, signed_in: SignedIn) -> None:
    circular, plain = asking(letters), letters.sent()
    assert signed_in("officer@sister").get(reverse("circulars:quiz", args=[circular.pk])).status_code == 404
    assert signed_in("officer@own").get(reverse("circulars:quiz", args=[plain.pk])).status_code == 404
    with pytest.raises(Refused, match="did not come"):
        quizzes.answer(circular, by=letters.cast["officer@sister"], given={})
    circular.state = "withdrawn"
    with pytest.raises(Refused, match="not in force"):
        quizzes.answer(circular, by=letters.cast["officer@own"], given={})
