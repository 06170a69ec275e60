"""What everybody may read: what was wrong and is right now, without names, without a cookie; and how fast it went."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from django.test import Client
from django.urls import reverse
from django.utils import timezone

from amanat.desk.lib.durations import in_words
from amanat.desk.publishing.models import Correction, Release
from amanat.desk.publishing.quarters import per_quarter
from amanat.desk.registry.models import Channel, Office
from tests.desk.publishing.corrections.conftest import REASON, RIGHT, WRONG, Desk

SignedIn = Callable[[str], Client]


def public(desk: Desk, code: str = "ED-LHR", **query: str) -> Any:
    return Client().get(reverse("publishing:public", args=[code]), query)


def test_everybody_reads_what_was_put_right(desk: Desk, django_assert_max_num_queries: Any) -> None:
    draft = desk.out(desk.channel())
    row = desk.correct(draft)
    assert REASON not in public(desk).text  # under way
    desk.work()
    with django_assert_max_num_queries(12):
        page = public(desk)
    assert REASON in page.text
    assert "stood for 3 hours" in page.text
    with django_assert_max_num_queries(12):
        one = Client().get(reverse("publishing:put-right", args=["ED-LHR", row.pk]))
    for words in (REASON, WRONG, RIGHT, "Mastodon own0", "3 hours", f"https://platform.example/post-{draft.pk}"):
        assert words in one.text
    for shown in (page, one):
        assert not shown.cookies
        assert "max-age=300" in shown["Cache-Control"]
        assert "public" in shown["Cache-Control"]
        assert "Accept-Language" in shown["Vary"]
        for name in ("Officer", "Moderator", "Head At", "School hours"):  # the title is the office's own
            assert name not in shown.text


def test_the_wrong_text_can_be_kept_back(desk: Desk) -> None:
    row = desk.correct(desk.out(desk.channel()))
    desk.work()
    Correction.objects.update(shows_before=False)
    page = Client().get(reverse("publishing:put-right", args=["ED-LHR", row.pk]))
    assert RIGHT in page.text
    assert WRONG not in page.text


def test_what_was_taken_down_is_not_shown_again(desk: Desk) -> None:
    row = desk.withdraw(desk.out(desk.channel()))
    desk.work()
    page = Client().get(reverse("publishing:put-right", args=["ED-LHR", row.pk]))
    assert "taken down" in page.text
    assert WRONG not in page.text


def test_what_was_said_within_the_office_stays_there(desk: Desk, signed_in: SignedIn) -> None:
    within, outside = desk.channel(), desk.channel("bluesky")
    Channel.objects.filter(pk=within.pk).update(purpose="internal")
    row = desk.correct(desk.out(within))
    desk.work()
    address = reverse("publishing:put-right", args=["ED-LHR", row.pk])
    assert REASON not in public(desk).text
    assert Client().get(address).status_code == 404
    assert address not in signed_in("head@own").get(row.get_absolute_url()).text
    both = desk.correct(desk.out(within, outside))
    desk.work()
    address = reverse("publishing:put-right", args=["ED-LHR", both.pk])
    for page in (public(desk), Client().get(address)):
        assert str(outside) in page.text
        assert str(within) not in page.text
    assert address in signed_in("head@own").get(both.get_absolute_url()).text


def test_what_took_place_nowhere_or_elsewhere_is_not_there(desk: Desk) -> None:
    row = desk.correct(desk.out(desk.channel()))
    assert Client().get(reverse("publishing:put-right", args=["ED-LHR", row.pk])).status_code == 404
    desk.work()
    assert Client().get(reverse("publishing:put-right", args=["ED-MUX", row.pk])).status_code == 404
    assert public(desk, "nowhere").status_code == 404
    assert public(desk, "ED-MUX").status_code == 200
    Correction.objects.update(has_effect=False)
    assert Client().get(reverse("publishing:put-right", args=["ED-LHR", row.pk])).status_code == 404
    assert Client().post(reverse("publishing:public", args=["ED-LHR"])).status_code == 405


def test_it_is_small_paged_and_speaks_every_language(desk: Desk) -> None:
    channel = desk.channel()
    for number in range(20):
        desk.correct(desk.out(channel, hours=number + 1))
    desk.work()
    Correction.objects.update(reason="It named the wrong hall, the wrong hour and the wrong day. " * 15)
    page = Client().get(reverse("publishing:public", args=["ED-LHR"]), headers={"accept-encoding": "gzip"})
    assert len(page.content) < 15_000
    assert page.context["page"].paginator.num_pages == 2
    urdu = public(desk, lang="ur", page="2")
    assert '<html lang="ur" dir="rtl">' in urdu.text
    assert "lang=hi" in urdu.text
    assert public(desk, lang="xx").status_code == 200


def test_who_is_signed_in_reads_the_same(desk: Desk, signed_in: SignedIn) -> None:
    desk.correct(desk.out(desk.channel()))
    desk.work()
    assert "Sign out" not in signed_in("head@own").get(reverse("publishing:public", args=["ED-LHR"])).text


def test_quarters(desk: Desk, django_assert_num_queries: Any) -> None:
    channel, now = desk.channel(), timezone.now()
    for minutes in (10, 20, 90):
        desk.correct(desk.out(channel, hours=5), found_at=now - timedelta(minutes=minutes))
    desk.withdraw(desk.out(channel, hours=1))
    desk.out(channel)
    old = desk.out(channel)
    Release.objects.filter(draft=old).update(released_at=now - timedelta(days=800))
    desk.work()
    with django_assert_num_queries(3):
        (row,) = per_quarter(Office.objects.under(desk.cast.top), timezone.localdate())
    assert (row.office, row.corrected, row.withdrawn, row.posts) == (desk.cast.own, 3, 1, 5)
    assert row.to_correct is not None
    assert timedelta(minutes=14) < row.to_correct < timedelta(minutes=16)  # of 0, 10, 20 and 90
    assert row.stood is not None
    assert timedelta(hours=4, minutes=59) < row.stood < timedelta(hours=5, minutes=1)
    begins = row.begins
    assert begins.day == 1
    assert begins.month in (1, 4, 7, 10)
    assert row.number == (begins.month + 2) // 3
    assert per_quarter(Office.objects.filter(pk=desk.cast.sister.pk), date(2020, 1, 1)) == []
    assert len(per_quarter(Office.objects.all(), timezone.localdate() - timedelta(days=1000))) == 2


def test_durations() -> None:
    day = 86_400
    spans = {0: "less than a minute", 60: "1 minute", 10_920: "3 hours 2 minutes", 2 * day + 7200: "2 days 2 hours"}
    assert {seconds: in_words(timedelta(seconds=seconds)) for seconds in spans} == spans
    assert in_words(timedelta(seconds=-5)) == "less than a minute"
