from __future__ import annotations

import csv
import io
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from openpyxl import load_workbook

from amanat.desk.audit.models import Event
from amanat.desk.circulars import spread, tally
from amanat.desk.circulars.actions import acknowledgements, dispatches
from amanat.desk.circulars.audience import Audience
from amanat.desk.circulars.models import Addressee, Circular, Copy
from amanat.desk.circulars.tally import Sum
from tests.cast import ROLES
from tests.desk.circulars.conftest import Letters

SignedIn = Callable[[str], Client]


def read_by(letters: Letters, circular: Circular, *names: str) -> None:
    for name in names:
        acknowledgements.acknowledge(circular, by=letters.cast[name], version=1, language="en")


def page(circular: Circular, **query: str) -> str:
    return reverse("circulars:missing", args=[circular.pk], query=query)


def test_counts_of_people_and_offices(letters: Letters) -> None:
    circular = letters.sent()
    read_by(letters, circular, "officer@own", "head@own", "officer@field")
    acknowledgements.for_office(letters.copy(circular, "own"), by=letters.cast["head@own"], version=1)
    counted = tally.tally_of(circular)
    assert counted.total == Sum(people=12, read=3, offices=2, received=1)
    assert counted.places[letters.cast.field.pk].sum == Sum(people=6, read=1, offices=1, received=0)


def test_what_must_be_read_again_is_missing_again(letters: Letters) -> None:
    circular = letters.sent()
    read_by(letters, circular, "officer@own")
    Circular.objects.filter(pk=circular.pk).update(version=2, asked=2)
    circular.refresh_from_db()
    assert tally.tally_of(circular).total == Sum(people=12, read=0, offices=2, received=0)
    rows = tally.tally_of(circular).missing(None, 20)
    assert len(rows) == 12


def test_people_come_page_by_page_each_once(letters: Letters) -> None:
    circular = letters.sent(to=Audience(trees=(letters.cast.own.pk,), people=(letters.cast["officer@sister"].pk,)))
    read_by(letters, circular, "officer@own")
    counted, seen, after = tally.tally_of(circular), [], None
    for _ in range(9):
        rows = counted.missing(after, 5)
        if not rows:
            break
        seen += [row.pk for row in rows]
        after = (rows[-1].office_id or 0, rows[-1].pk)
    assert len(seen) == len(set(seen)) == 12
    assert set(seen) == set(Addressee.objects.missing(circular).values_list("pk", flat=True))
    assert Addressee.objects.get(pk=seen[-1]).person == letters.cast["officer@sister"]


def test_the_page_names_who_has_not(letters: Letters, signed_in: SignedIn, django_assert_max_num_queries: Any) -> None:
    circular = letters.sent()
    read_by(letters, circular, "officer@own")
    client = signed_in("head@top")
    with django_assert_max_num_queries(12):
        text = client.get(page(circular)).content.decode()
    assert "Moderator At Own" in text
    assert "Officer At Own" not in text
    assert "11 missing" in text
    narrowed = client.get(page(circular, office="ed-lhr-1")).content.decode()
    assert "Officer At Field" in narrowed
    assert "Moderator At Own" not in narrowed
    assert "No office with this code" in client.get(page(circular, office="ED-MUX")).content.decode()


def test_an_office_sees_its_own_part(letters: Letters, signed_in: SignedIn) -> None:
    circular = letters.sent(to=Audience(trees=(letters.cast.top.pk,)))
    for who, total in (("head@top", 24), ("auditor@top", 24), ("head@own", 12), ("head@field", 6), ("head@sister", 6)):
        text = signed_in(who).get(page(circular)).content.decode()
        assert f"{total} asked · 0 acknowledged" in text, who
    text = signed_in("head@own").get(page(circular)).content.decode()
    assert "At Sister" not in text
    assert "your own office and those below" in text


@pytest.mark.parametrize(
    "who", ["officer@top", "officer@own", "moderator@own", "head@sister", "steward@foreign", "head@foreign"]
)
@pytest.mark.parametrize("name", ["missing", "tree"])
def test_it_is_not_there_for_others(letters: Letters, signed_in: SignedIn, who: str, name: str) -> None:
    circular = letters.sent()
    assert signed_in(who).get(reverse(f"circulars:{name}", args=[circular.pk])).status_code == 404


def test_a_draft_is_not_followed(letters: Letters, signed_in: SignedIn) -> None:
    assert signed_in("head@top").get(page(letters.draft())).status_code == 404


@pytest.mark.parametrize("after", ["x", "1-", "-", "99999-1", "1-x", "9" * 40 + "-1", "٣-٤"])
def test_rubbish_in_the_address(letters: Letters, signed_in: SignedIn, after: str) -> None:
    circular = letters.sent()
    client = signed_in("head@top")
    assert client.get(page(circular, after=after)).status_code == 200
    tree = reverse("circulars:tree", args=[circular.pk])
    assert client.get(tree, {"under": after}).status_code in (200, 404)


def test_the_tree_follows_the_way_it_went(letters: Letters) -> None:
    circular = letters.sent(to=Audience(offices=(letters.cast.own.pk,)))
    copy = letters.copy(circular, "own")
    dispatches.endorse(copy, by=letters.cast["head@own"], offices=[letters.cast.field])
    assert spread.senders(tally.tally_of(circular)) == {
        letters.cast.own.pk: letters.cast.top.pk,
        letters.cast.field.pk: letters.cast.own.pk,
    }
    (top,) = spread.grown(tally.tally_of(circular))
    assert (top.pk, top.place, top.sum.offices) == (letters.cast.top.pk, None, 2)
    assert [node.pk for node in top.below] == [letters.cast.own.pk]
    assert [node.pk for node in top.below[0].below] == [letters.cast.field.pk]


def test_the_tree_as_a_page(letters: Letters, signed_in: SignedIn, django_assert_max_num_queries: Any) -> None:
    circular = letters.sent()
    read_by(letters, circular, *(f"{role}@field" for role in ROLES))
    client = signed_in("head@top")
    address = reverse("circulars:tree", args=[circular.pk])
    with django_assert_max_num_queries(12):
        text = client.get(address).content.decode()
    assert "100% · Field office Kasur" in text
    assert "50% · Directorate Lahore" in text
    assert "<title" in text
    assert "<desc" in text
    below = client.get(address, {"under": letters.cast.field.pk}).content.decode()
    assert "Field office Kasur" in below
    assert "50% · Directorate Lahore" not in below
    assert client.get(address, {"under": letters.cast.sister.pk}).status_code == 404


def test_a_large_tree_is_cut_and_can_be_opened(letters: Letters) -> None:
    circular = letters.sent()
    counted = tally.tally_of(circular)
    top = spread.Node(1, "top", None)
    for number in range(30):
        child = spread.Node(100 + number, f"office {number}", None)
        child.below = [spread.Node(1000 + 10 * number + n, "field", None) for n in range(3)]
        top.below.append(child)
    picture = spread.drawn([top], is_rtl=False)
    assert len(picture.lines) == 31
    assert {line.folded for line in picture.lines[1:]} == {3}
    wide = spread.Node(1, "top", None, [spread.Node(n, "x", None) for n in range(2, 2002)])
    picture = spread.drawn([wide], is_rtl=True)
    assert (len(picture.lines), picture.hidden) == (spread.MOST, 2000 - spread.MOST + 1)
    assert counted.circular == circular


def table(response: Any) -> list[list[str]]:
    return list(csv.reader(io.StringIO(b"".join(response.streaming_content).decode("utf-8-sig"))))


def test_the_spreadsheet(letters: Letters, signed_in: SignedIn) -> None:
    circular = letters.sent()
    read_by(letters, circular, "officer@own")
    client = signed_in("head@top")
    address = reverse("circulars:missing-export", args=[circular.pk, "csv"])
    assert len(table(client.get(address))) == 12
    everybody = table(client.get(address, {"all": "1"}))
    assert len(everybody) == 13
    (officer,) = (line for line in everybody if line[0] == "officer@own")
    assert officer[4] == "1"
    assert len(table(client.get(address, {"office": "ED-LHR-1"}))) == 7
    assert len(table(signed_in("head@field").get(address))) == 7
    assert Event.objects.filter(verb="export").count() == 4
    answer = client.get(reverse("circulars:missing-export", args=[circular.pk, "xlsx"]))
    book = load_workbook(io.BytesIO(b"".join(answer)))
    assert book.worksheets[0].max_row == 12
    assert client.get(reverse("circulars:missing-export", args=[circular.pk, "pdf"])).status_code == 404


def test_named_people_stand_in_the_spreadsheet_of_the_whole_only(letters: Letters, signed_in: SignedIn) -> None:
    circular = letters.sent(to=Audience(offices=(letters.cast.own.pk,), addresses=("somebody@elsewhere.example",)))
    address = reverse("circulars:missing-export", args=[circular.pk, "csv"])
    assert any("somebody@elsewhere.example" in line for line in table(signed_in("head@top").get(address)))
    assert len(table(signed_in("head@own").get(address))) == 7
    assert Copy.objects.count() == 1


@pytest.mark.parametrize("rubbish", ["²", "٣" * 5000, "-1", "x"])
def test_rubbish_in_an_address_does_no_harm(letters: Letters, signed_in: SignedIn, rubbish: str) -> None:
    circular, client = letters.sent(), signed_in("head@top")
    assert client.get(circular.get_absolute_url(), {"version": rubbish}).status_code == 200
    assert client.get(reverse("circulars:tree", args=[circular.pk]), {"under": rubbish}).status_code == 200
