"""The check knows a signed-in person's permissions in force, says so, keeps nothing, and leads to a request."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.utils import translation

from amanat.desk.lib.numerals import local
from amanat.desk.permits import in_force
from amanat.desk.permits.actions import deciding
from amanat.desk.permits.models import Permit
from tests.desk.permits.conftest import CLAUSE, Asked, SignedIn, in_days, today

TEXT = "I will be live on the TV talk show tonight. Please watch my interview on the news channel."
GIVEN = {"text": TEXT, "pack": "pk-punjab", "account": "personal"}
CLAUSES = (CLAUSE, "pbsm23-leave-for-media")
WORDS = {
    "en": "covered by permit {number} until {day}, for what it names and on its conditions: read them on its page",
    "ur": "اجازت نامہ \u200e{number} کے تحت، جو \u200e{day} تک مؤثر ہے، صرف اس میں درج کام کے لیے اور اس کی شرائط پر",
    "hi": "अनुमति {number} के अंतर्गत, जो {day} तक प्रभावी है, केवल उसमें लिखे काम के लिए और उसकी शर्तों पर",
    "bn": "অনুমতি {number} অনুসারে, যা {day} পর্যন্ত কার্যকর, কেবল তাতে লেখা কাজের জন্য এবং তার শর্ত মেনে",
}


def answer(client: Client, **more: str) -> Any:
    page = client.post("/", GIVEN | more)
    assert page.status_code == 200
    return page


def shown(page: Any) -> dict[str, str]:
    found = page.context["answer"]
    return {one.clause.id: one.level for one in (*found.findings, *found.more)}


def test_without_a_permit_it_asks_and_leads_to_a_request(asked: Asked, signed_in: SignedIn) -> None:
    page = answer(signed_in("officer@own"))
    assert shown(page)[CLAUSE] == "ask"
    assert f'href="/permits/new/?clause={CLAUSE}"' in page.text
    assert "talk+show" not in page.text
    assert "talk%20show" not in page.text
    followed = signed_in("officer@own").get(f"/permits/new/?clause={CLAUSE}")
    assert followed.status_code == 200
    assert (
        "interview" not in followed.context["form"]["purpose"].value()
        if followed.context["form"]["purpose"].value()
        else True
    )


@pytest.mark.parametrize("lang", WORDS)
def test_a_permit_in_force_covers_its_clauses_and_the_finding_says_so(
    asked: Asked, signed_in: SignedIn, lang: str
) -> None:
    from django.utils import formats

    permit = asked.granted(clauses=CLAUSES)
    assert permit.ends_on
    client = signed_in("officer@own")
    client.cookies["language"] = lang
    page = answer(client)
    assert shown(page)[CLAUSE] == "clear"
    with translation.override(lang):
        day = local(formats.date_format(permit.ends_on, "SHORT_DATE_FORMAT"), lang)
    assert WORDS[lang].format(number=permit.number, day=day) in page.text


def test_only_ones_own_only_its_clauses_only_its_days(asked: Asked, signed_in: SignedIn) -> None:
    permit = asked.granted(clauses=(CLAUSE,), until=5)
    mine = signed_in("officer@own")
    assert shown(answer(mine))["pbsm23-leave-for-media"] == "ask"
    assert shown(answer(mine, date=str(in_days(5))))[CLAUSE] == "clear"
    assert shown(answer(mine, date=str(in_days(6))))[CLAUSE] == "ask"
    assert shown(answer(mine, date=str(in_days(-1))))[CLAUSE] == "ask"
    assert shown(answer(signed_in("head@own")))[CLAUSE] == "ask"
    assert shown(answer(Client()))[CLAUSE] == "ask"
    deciding.revoke(permit, by=asked.cast["authority@top"], reason="x", on=in_days(3))
    assert shown(answer(mine, date=str(in_days(2))))[CLAUSE] == "clear"
    assert shown(answer(mine, date=str(in_days(3))))[CLAUSE] == "ask"


def test_what_was_not_granted_covers_nothing(asked: Asked) -> None:
    asked.sent()
    asked.refused()
    asked.draft()
    asked.answered()
    assert in_force.permissions(asked.cast["officer@own"], today()) == ()


def test_revoked_at_once_it_covers_nothing_any_more(asked: Asked) -> None:
    permit, person = asked.granted(), asked.cast["officer@own"]
    assert [one.number for one in in_force.permissions(person, today())] == [permit.number]
    deciding.revoke(permit, by=asked.cast["authority@top"], reason="x", on=today())
    assert in_force.permissions(person, today()) == ()


def test_of_two_the_one_that_lasts_longest_is_named(asked: Asked) -> None:
    short, long = asked.granted(until=3), asked.granted(until=9)
    found = in_force.permissions(asked.cast["officer@own"], today())
    assert [one.number for one in found] == [long.number, short.number]
    assert found[0].ends == in_days(9)
    assert found[0].clauses == frozenset({CLAUSE})


def test_the_check_stays_within_its_queries(
    asked: Asked, signed_in: SignedIn, django_assert_max_num_queries: Any
) -> None:
    for _ in range(5):
        asked.granted(clauses=CLAUSES)
    client = signed_in("officer@own")
    with django_assert_max_num_queries(12):
        answer(client)
    assert Permit.objects.count() == 5


def test_a_guide_s_finding_leads_to_advice(signed_in: SignedIn) -> None:
    page = answer(signed_in("officer@own"), text="May I share the draft circular that I received today?", pack="common")
    if any(level == "ask" for level in shown(page).values()):
        assert 'href="/permits/new/?kind=advice"' in page.text
