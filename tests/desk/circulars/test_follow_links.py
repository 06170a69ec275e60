from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from amanat.desk.circulars.actions import quizzes
from amanat.desk.circulars.models import Addressee, Circular
from amanat.desk.circulars.today import waiting
from tests.cast import items_of
from tests.desk.circulars.conftest import Letters
from tests.desk.circulars.test_quiz import asking

SignedIn = Callable[[str], Client]


@pytest.mark.parametrize(
    ("who", "is_there"),
    [("head@top", True), ("auditor@top", True), ("head@own", True), ("head@field", True), ("officer@own", False)],
)
def test_who_has_not_is_one_click_away(letters: Letters, signed_in: SignedIn, who: str, is_there: bool) -> None:
    circular = letters.sent()
    text = signed_in(who).get(circular.get_absolute_url()).content.decode()
    assert (reverse("circulars:missing", args=[circular.pk]) in text) == is_there


@pytest.mark.parametrize(("who", "is_there"), [("head@top", True), ("officer@top", False), ("head@own", False)])
def test_it_is_withdrawn_from_its_page(letters: Letters, signed_in: SignedIn, who: str, is_there: bool) -> None:
    circular = letters.sent()
    text = signed_in(who).get(circular.get_absolute_url()).content.decode()
    assert (reverse("circulars:withdraw", args=[circular.pk]) in text) == is_there


def test_the_questions_stand_where_the_button_would(letters: Letters, signed_in: SignedIn) -> None:
    circular, by = asking(letters), letters.cast["officer@own"]
    address, press = (reverse(f"circulars:{name}", args=[circular.pk]) for name in ("quiz", "acknowledge"))
    client = signed_in("officer@own")
    text = client.get(circular.get_absolute_url()).content.decode()
    assert address in text
    assert press not in text
    quizzes.answer(circular, by=by, given={one.pk: one.right for one in circular.questions.all()})
    text = client.get(circular.get_absolute_url()).content.decode()
    assert address not in text
    assert press in text


def test_the_signed_sheet_is_offered_to_who_leads(letters: Letters, signed_in: SignedIn) -> None:
    circular = letters.sent()
    address = reverse("circulars:sheet", args=[circular.pk, letters.cast.own.pk])
    assert address in signed_in("head@own").get(circular.get_absolute_url()).content.decode()
    assert address not in signed_in("auditor@own").get(circular.get_absolute_url()).content.decode()
    page = reverse("circulars:missing", args=[circular.pk], query={"office": "ED-LHR"})
    assert address in signed_in("head@own").get(page).content.decode()
    assert address not in signed_in("auditor@own").get(page).content.decode()


def test_who_is_late_waits_for_those_who_lead(letters: Letters, django_assert_max_num_queries: Any) -> None:
    circular = letters.sent()
    look = "See who has not"
    assert look not in [item.verb for item in items_of(waiting, letters.cast["head@top"])]
    Circular.objects.filter(pk=circular.pk).update(due_on=timezone.localdate() - timedelta(days=1))
    for who, is_told in (("head@top", True), ("head@field", True), ("auditor@top", False), ("officer@own", False)):
        with django_assert_max_num_queries(6):
            assert (look in [item.verb for item in items_of(waiting, letters.cast[who])]) == is_told, who
    Addressee.objects.filter(office=letters.cast.field).update(seen=1)
    assert look not in [item.verb for item in items_of(waiting, letters.cast["head@field"])]
    Addressee.objects.update(seen=1)
    assert look not in [item.verb for item in items_of(waiting, letters.cast["head@top"])]


@pytest.mark.django_db
def test_the_public_list_is_linked_from_the_rules() -> None:
    assert reverse("circulars:public-list") in Client().get(reverse("rules:packs")).content.decode()
