"""Who sees the rows inside a circular, in the desk and in the tables of the admin: not everybody who may read it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from amanat.desk.circulars.actions import drafts, sheets
from amanat.desk.circulars.models import Circular, Copy, Dispatch, Question, Reminder, Sheet, Text
from tests.desk.circulars.conftest import Letters
from tests.desk.circulars.test_sheets import scan

INSIDE = [Reminder, Question]
AT_OFFICES = [Copy, Dispatch, Sheet]
WORDS = {"en": {"asks": "Who?", "options": ["I", "You"]}, "ur": {"asks": "کون؟", "options": ["میں", "آپ"]}}


@pytest.fixture
def public(letters: Letters) -> Circular:
    """An open circular with one row of everything, sent on by `own` to `field`."""
    cast, draft = letters.cast, letters.draft()
    drafts.settle(draft, by=cast["head@top"], is_public=True)
    Question.objects.create(circular=draft, place=1, words=WORDS, right=0)
    Circular.objects.filter(pk=draft.pk).update(audience={"trees": [cast.own.pk], "people": [cast["head@own"].pk]})
    draft.refresh_from_db()
    circular = letters.send(draft, "head@top")
    Reminder.objects.create(circular=circular, occasion="due", on=timezone.localdate())
    head = cast["head@own"]
    Dispatch.objects.create(
        circular=circular, office=cast.own, is_endorsement=True, dated_on=timezone.localdate(), by=head
    )
    kept = sheets.keep_scan(circular, cast.own, scan(), by=head)
    sheets.hand_in(
        circular, cast.own, by=head, scan=kept, language="en", signed_on=timezone.localdate(),
        numbers=["officer@own"], version=1,
    )  # fmt: skip
    return circular


def seen(model: Any, letters: Letters, who: str) -> int:
    count: int = model.objects.visible_to(letters.cast[who]).count()
    return count


@pytest.mark.usefixtures("public")
@pytest.mark.parametrize("model", [*INSIDE, *AT_OFFICES])
@pytest.mark.parametrize("who", ["auditor@foreign", "steward@foreign", "auditor@sister", "officer@sister"])
def test_a_public_circular_opens_nothing_inside(letters: Letters, model: Any, who: str) -> None:
    assert seen(Text, letters, who) > 0
    assert seen(model, letters, who) == 0
    assert seen(model, letters, "auditor@top") == model.objects.count() > 0


@pytest.mark.usefixtures("public")
@pytest.mark.parametrize(("model", "number"), [(Copy, 2), (Dispatch, 1), (Sheet, 1), (Reminder, 0), (Question, 0)])
def test_an_office_that_got_it_sees_its_own_rows(letters: Letters, model: Any, number: int) -> None:
    assert seen(model, letters, "auditor@own") == number


def test_the_admin_shows_nobody_whom_it_is_meant_for(
    letters: Letters, public: Circular, signed_in: Callable[[str], Client]
) -> None:
    page = signed_in("auditor@foreign").get(reverse("admin:circulars_circular_change", args=[public.pk]))
    assert page.status_code == 200
    text = page.content.decode()
    assert "field-office" in text
    assert "field-audience" not in text
    assert "field-lists" not in text
