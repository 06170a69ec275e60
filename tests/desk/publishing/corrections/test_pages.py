"""The pages after release: posts, asking, one correction, Today; what they cost and what they say."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from amanat.desk.publishing.connectors import Permanent
from amanat.desk.publishing.models import Correction, Mending
from amanat.desk.publishing.today_corrections import waiting
from tests.cast import items_of
from tests.desk.publishing.corrections.conftest import REASON, RIGHT, WRONG, Desk

SignedIn = Callable[[str], Client]
STOPPED = "Vote for the party; everyone must vote for our candidate in the election."


def typed(page: Any, **changes: str) -> dict[str, str]:
    """What the form of a page would send, with changes."""
    form = page.context["form"]
    sent = {name: form[name].value() or "" for name in form.fields}
    moment = timezone.localtime() - timedelta(minutes=5)
    return sent | {"found_at": moment.strftime("%Y-%m-%dT%H:%M"), "reason": REASON} | changes


def test_a_post_is_put_right_from_the_list(desk: Desk, signed_in: SignedIn) -> None:
    draft = desk.out(desk.channel(), desk.channel("x"))
    client = signed_in("officer@own")
    address = reverse("publishing:correct", args=[draft.pk])
    assert address in client.get(reverse("publishing:posts")).text
    page = client.get(address)
    first, second = draft.releases.order_by("pk")
    assert "cannot change a post" in page.text
    sent = typed(page, text_0=RIGHT, **{f"way_{first.pk}": "edit", f"way_{second.pk}": "reply"})
    answer = client.post(address, sent, follow=True)
    row = Correction.objects.get()
    assert answer.redirect_chain[-1][0] == row.get_absolute_url()
    assert list(row.mendings.values_list("way", "text")) == [("edit", RIGHT), ("reply", RIGHT)]
    again = client.post(address, sent)
    assert again.status_code == 409
    assert Correction.objects.count() == 1


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        ({"text_0": WRONG}, "Nothing is changed yet"),
        ({"text_0": RIGHT}, "Choose how"),
        ({"text_0": RIGHT, "way": "delete"}, "not one of the available choices"),
        ({"text_0": "x" * 501, "way": "edit"}, "Too long"),
        ({"text_0": RIGHT, "way": "edit", "reason": ""}, "required"),
        ({"text_0": RIGHT, "way": "edit", "found_at": "2999-01-01T10:00"}, "still to come"),
        ({"text_0": RIGHT, "way": "edit", "found_at": "soon"}, "valid date"),
    ],
)
def test_what_is_typed_wrong_stands_beside_its_field(
    desk: Desk, signed_in: SignedIn, changes: dict[str, str], fault: str
) -> None:
    draft = desk.out(desk.channel())
    client = signed_in("officer@own")
    address = reverse("publishing:correct", args=[draft.pk])
    way = {f"way_{draft.releases.get().pk}": changes["way"]} if "way" in changes else {}
    sent = typed(client.get(address), **{k: v for k, v in changes.items() if k != "way"}, **way)
    page = client.post(address, sent)
    assert fault in page.text
    assert changes["text_0"] in page.text
    assert not Correction.objects.exists()


def test_what_a_rule_stops_is_kept_and_waits(desk: Desk, signed_in: SignedIn) -> None:
    draft = desk.out(desk.channel())
    client = signed_in("officer@own")
    address = reverse("publishing:correct", args=[draft.pk])
    sent = typed(client.get(address), text_0=STOPPED, **{f"way_{draft.releases.get().pk}": "edit"})
    page = client.post(address, sent, follow=True)
    assert "Nothing has gone out" in page.text
    row = Correction.objects.get()
    assert "Let it go out" not in page.text
    head = signed_in("head@own")
    assert "Let it go out" in head.get(row.get_absolute_url()).text
    assert [item.verb for item in items_of(waiting, desk.cast["head@own"])] == ["Decide"]
    head.post(reverse("publishing:lift-correction", args=[row.pk]), {"reason": "It quotes the commission"})
    row.refresh_from_db()
    assert row.state == "open"


def test_a_withdrawal_and_its_second_look(desk: Desk, signed_in: SignedIn) -> None:
    draft = desk.out(desk.channel(panel=["moderator@own"]))
    address = reverse("publishing:withdraw", args=[draft.pk])
    client = signed_in("officer@own")
    assert "is taken down on: Mastodon" in client.get(address).text
    client.post(address, typed(client.get(address)))
    row = Correction.objects.get()
    assert row.kind == "withdraw"
    assert [item.verb for item in items_of(waiting, desk.cast["moderator@own"])] == ["Look at it"]
    assert items_of(waiting, desk.cast["officer@own"]) == []
    page = signed_in("moderator@own").post(reverse("publishing:look-at-correction", args=[row.pk]), follow=True)
    assert "I have looked at it" not in page.text
    assert items_of(waiting, desk.cast["moderator@own"]) == []


def test_by_hand_it_is_on_today_until_it_is_ticked(desk: Desk, signed_in: SignedIn) -> None:
    draft = desk.out(desk.channel("youtube", has_key=False))
    desk.correct(draft)
    item = next(one for one in items_of(waiting, desk.cast["moderator@own"]) if one.verb == "See to it")
    assert item.is_late
    one = Mending.objects.get()
    client = signed_in("moderator@own")
    page = client.get(item.url)
    assert "in its place" in page.text
    assert "post-" in page.text
    confirm = reverse("publishing:confirm-mending", args=[one.pk])
    assert confirm in page.text
    assert client.get(confirm).status_code == 200
    assert client.post(confirm, follow=True).status_code == 200
    assert Correction.objects.get().state == "done"
    assert client.post(confirm).status_code == 409
    assert [one.verb for one in items_of(waiting, desk.cast["moderator@own"])] == []


def test_what_failed_can_be_tried_again_or_left(desk: Desk, signed_in: SignedIn) -> None:
    desk.correct(desk.out(desk.channel()))
    desk.platform.faults = [Permanent("not-allowed", "no such right"), Permanent("not-there")]
    desk.work()
    row = Correction.objects.get()
    client = signed_in("head@own")
    page = client.get(row.get_absolute_url())
    assert "no such right" in page.text
    pk = Mending.objects.get().pk
    client.post(reverse("publishing:retry-mending", args=[pk]))
    desk.work()
    assert client.post(reverse("publishing:resend-mending", args=[pk])).status_code == 409
    client.post(reverse("publishing:waive-mending", args=[pk]), {"reason": "Gone"})
    row.refresh_from_db()
    assert (row.state, row.has_effect) == ("done", False)


@pytest.mark.parametrize("name", ["posts", "corrections"])
def test_lists_are_paged_and_small(
    desk: Desk, signed_in: SignedIn, name: str, django_assert_max_num_queries: Any
) -> None:
    channel = desk.channel()
    for number in range(30):
        draft = desk.out(channel, hours=number + 1)
        desk.withdraw(draft) if number % 2 else desk.correct(draft)
    desk.work()
    client = signed_in("head@own")
    with django_assert_max_num_queries(12):
        page = client.get(reverse(f"publishing:{name}"), headers={"accept-encoding": "gzip"})
    assert len(page.content) < 15_000
    assert page.context["page"].paginator.num_pages == 2
    assert (
        client.get(reverse(f"publishing:{name}"), {"state": "rubbish", "first": "x", "page": "99"}).status_code == 200
    )


def test_pages_of_one_thing_ask_little(desk: Desk, signed_in: SignedIn, django_assert_max_num_queries: Any) -> None:
    channels = [desk.channel(name, panel=["moderator@own"]) for name in ("mastodon", "x", "bluesky", "youtube")]
    draft = desk.out(*channels)
    other = desk.out(*channels)
    row = desk.correct(draft, "reply")
    client = signed_in("head@own")
    for address in (
        row.get_absolute_url(), reverse("publishing:correct", args=[other.pk]),
        reverse("publishing:withdraw", args=[other.pk]),
    ):  # fmt: skip
        with django_assert_max_num_queries(12):
            page = client.get(address, headers={"accept-encoding": "gzip"})
        assert page.status_code == 200
        assert len(page.content) < 15_000


def test_filters_narrow(desk: Desk, signed_in: SignedIn) -> None:
    first, second = desk.channel(), desk.channel("x")
    desk.out(first)
    desk.out(second, hours=24 * 40)
    client = signed_in("head@top")
    address = reverse("publishing:posts")

    def count(**query: str) -> int:
        return int(client.get(address, query).context["page"].paginator.count)

    assert count() == 2
    assert count(office="ED-LHR") == 2
    assert count(office="ED-MUX") == 0
    assert count(office="nowhere") == 0
    assert count(office="ED-LHR", channel=str(first.pk)) == 1
    day = timezone.localdate() - timedelta(days=10)
    assert count(first=day.isoformat()) == 1
    assert count(last=day.isoformat()) == 1
