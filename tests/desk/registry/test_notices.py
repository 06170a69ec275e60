"""The page of notices: one's own and nobody else's, read when one says so, mailed as one chose."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from amanat.desk.audit.models import Event
from amanat.desk.registry.actions import notices
from amanat.desk.registry.models import Notice
from tests.cast import Cast

SignedIn = Callable[[str], Client]


def tell(cast: Cast, who: str, key: str, *, urgent: bool = False) -> Notice:
    notices.tell([cast[who]], key, lambda: (f"What of {key}", "because"), f"/channels/?{key}", urgent=urgent)
    return Notice.objects.get(person=cast[who], key=key)


def test_the_unread_stand_first_and_others_see_nothing(cast: Cast, signed_in: SignedIn) -> None:
    first, _second = tell(cast, "head@own", "first"), tell(cast, "head@own", "second", urgent=True)
    tell(cast, "head@own", "third")
    notices.read(Notice.objects.filter(key="third"), by=cast["head@own"])
    page = signed_in("head@own").get("/notices/").text
    assert page.index("What of second") < page.index("What of first") < page.index("What of third")
    assert f'href="{first.url}"' in page
    assert "Notices (2)" in page
    assert "2 notices are unread" in page
    assert "urgent" in page
    unread = signed_in("head@own").get("/notices/?show=unread").text
    assert "What of third" not in unread
    other = signed_in("officer@own").get("/notices/").text
    assert "What of" not in other
    assert "Nothing here" in other


def test_one_is_marked_as_read_and_only_by_whose_it_is(cast: Cast, signed_in: SignedIn) -> None:
    notice = tell(cast, "head@own", "first")
    address = f"/notices/{notice.pk}/read/"
    assert signed_in("officer@own").post(address).status_code == 404
    assert signed_in("head@own").get(address).status_code == 405
    for _ in range(2):
        assert signed_in("head@own").post(address).status_code == 302
    notice.refresh_from_db()
    assert notice.seen_at
    assert "Notices (" not in signed_in("head@own").get("/today/").text
    assert not Event.objects.exists()  # what somebody has read is nobody's business
    assert Client().post(address).status_code == 302


def test_all_that_were_shown_are_marked_and_no_later_one(cast: Cast, signed_in: SignedIn) -> None:
    newest = tell(cast, "head@own", "first")
    other = tell(cast, "officer@own", "first")
    tell(cast, "head@own", "later")
    assert signed_in("head@own").post("/notices/read/", {"newest": newest.pk}).status_code == 302
    assert set(Notice.objects.unread().values_list("key", "person")) == {
        ("later", cast["head@own"].pk), ("first", other.person_id),
    }  # fmt: skip


@pytest.mark.parametrize("newest", ["", "x", "-1", "9" * 30, "²"])
def test_rubbish_marks_nothing(cast: Cast, signed_in: SignedIn, newest: str) -> None:
    tell(cast, "head@own", "first")
    assert signed_in("head@own").post("/notices/read/", {"newest": newest}).status_code == 302
    assert Notice.objects.unread().count() == 1


def test_how_one_is_mailed_is_chosen(cast: Cast, signed_in: SignedIn) -> None:
    client = signed_in("head@own")
    page = client.get("/notices/").text
    assert 'value="daily" required id="id_mail_1" checked' in page
    assert client.post("/notices/mail/", {"mail": "never"}).status_code == 302
    assert cast["head@own"].mail == "never"
    client.post("/notices/mail/", {"mail": "hourly"})
    client.post("/notices/mail/", {})
    assert cast["head@own"].mail == "never"
    assert list(Event.objects.values_list("verb", flat=True)) == ["choose"]


def test_few_queries_and_a_count_that_costs_none(
    cast: Cast, signed_in: SignedIn, django_assert_max_num_queries: Callable[[int], Any],
    django_assert_num_queries: Callable[[int], Any],
) -> None:  # fmt: skip
    for number in range(80):
        tell(cast, "head@own", str(number))
    client = signed_in("head@own")
    with django_assert_max_num_queries(12):
        page = client.get("/notices/?page=2", headers={"accept-encoding": "gzip"})
    assert b"Page 2 of 3" in page.content or len(page.content) < 15_000
    person = cast["head@own"]
    with django_assert_num_queries(1):
        assert len(person.posts) == 1
        assert person.unread == 80


def test_somebody_without_a_post_is_told_their_number_too(cast: Cast) -> None:
    tell(cast, "head@own", "first")
    cast["head@own"].appointments.all().delete()
    assert cast["head@own"].unread == 1
    assert cast["officer@own"].unread == 0
