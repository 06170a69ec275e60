"""Offices: entered, changed, moved, closed and opened again; and the tree they stand in."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from amanat.desk.audit.models import Event
from amanat.desk.lib.refusals import Overtaken, Refused
from amanat.desk.registry.actions import offices
from amanat.desk.registry.models import Office
from amanat.desk.registry.views import offices as pages
from amanat.desk.registry.views.offices import AT_ONCE, grow
from tests.cast import Cast
from tests.desk.registry.conftest import Rooms

SignedIn = Callable[[str], Client]


def verbs() -> list[str]:
    return list(Event.objects.order_by("pk").values_list("verb", flat=True))


def enter(cast: Cast, parent: Office, code: str = "NEW", by: str = "steward@top", **facts: Any) -> Office:
    return offices.enter(parent, by=cast[by], **{"code": code, "name": f"Office {code}", "kind": "field", **facts})


def test_an_office_is_entered_below_another_with_one_line(cast: Cast) -> None:
    new = enter(cast, cast.own)
    assert new.path == f"{cast.own.path}{new.pk}/"
    assert new.rules() == "pk-punjab"
    event = Event.objects.get()
    assert (event.verb, event.thing, event.office) == ("enter", new.pk, cast.own.pk)


@pytest.mark.parametrize("by", ["head@own", "authority@top", "steward@sister", "steward@field", "auditor@top"])
def test_only_a_steward_here_or_above_enters(cast: Cast, by: str) -> None:
    with pytest.raises(Refused, match="steward"):
        enter(cast, cast.own, by=by)
    assert not Event.objects.exists()


def test_below_a_closed_office_nothing_is_entered(cast: Cast) -> None:
    Office.objects.filter(pk=cast.field.pk).update(state="closed")
    with pytest.raises(Refused, match="closed"):
        enter(cast, cast.field)


def test_a_code_is_used_once(cast: Cast, signed_in: SignedIn) -> None:
    with pytest.raises(Refused, match="already"):
        enter(cast, cast.own, code="ED-MUX")
    address = reverse("registry:enter-office", args=[cast.own.pk])
    page = signed_in("steward@own").post(address, {"code": "ED-MUX", "name": "دفتر", "kind": "field"})
    assert page.status_code == 200
    assert "دفتر" in page.text
    assert 'aria-invalid="true"' in page.text
    assert not Event.objects.exists()


def test_entering_on_the_page_leads_to_the_new_office(cast: Cast, signed_in: SignedIn) -> None:
    address = reverse("registry:enter-office", args=[cast.own.pk])
    sent = signed_in("steward@own").post(address, {"code": "N1", "name": "New", "kind": "field", "pack": "bd"})
    assert sent["Location"] == Office.objects.get(code="N1").get_absolute_url()
    page = signed_in("steward@own").post(address, {"code": "N2", "name": "New", "kind": "castle", "pack": "atlantis"})
    assert page.text.count('aria-invalid="true"') == 2


def test_a_head_changes_website_and_local_name_only(cast: Cast, signed_in: SignedIn) -> None:
    offices.change(cast.own, by=cast["head@own"], website="https://new.example.org/", local_name="لاہور")
    assert Event.objects.get().facts["changed"]["website"][1] == "https://new.example.org/"
    with pytest.raises(Refused, match="steward"):
        offices.change(cast.own, by=cast["head@own"], name="Mine", local_name="x")
    offices.change(cast.own, by=cast["steward@top"], name="Directorate of Lahore")
    cast.own.refresh_from_db()
    assert cast.own.name == "Directorate of Lahore"
    address = reverse("registry:change-office", args=[cast.own.pk])
    assert 'name="code"' not in signed_in("head@own").get(address).text
    signed_in("head@own").post(address, {"website": "example.org", "local_name": "", "name": "Stolen"})
    cast.own.refresh_from_db()
    assert (cast.own.name, cast.own.website) == ("Directorate of Lahore", "https://example.org")


def test_a_change_of_nothing_is_said_and_not_logged(cast: Cast) -> None:
    with pytest.raises(Refused, match="different"):
        offices.change(cast.own, by=cast["steward@top"], name=cast.own.name)
    assert not Event.objects.exists()


def test_an_office_moves_with_all_below_it(cast: Cast) -> None:
    deep = enter(cast, cast.field, "DEEP")
    offices.move(cast.own, to=cast.sister, by=cast["steward@top"])
    for office in (cast.own, cast.field, deep):
        office.refresh_from_db()
    assert cast.own.parent == cast.sister
    assert deep.path == f"/{cast.top.pk}/{cast.sister.pk}/{cast.own.pk}/{cast.field.pk}/{deep.pk}/"
    assert cast.own.path == f"/{cast.top.pk}/{cast.sister.pk}/{cast.own.pk}/"
    assert verbs() == ["enter", "move"]
    assert "steward" in cast["steward@sister"].roles_at(deep)


def test_paths_are_rewritten_in_one_statement(cast: Cast, django_assert_max_num_queries: Any) -> None:
    for number in range(20):
        enter(cast, cast.field, f"F{number}")
    with django_assert_max_num_queries(12):
        offices.move(cast.field, to=cast.sister, by=cast["steward@top"])
    assert Office.objects.filter(path__startswith=cast.sister.path).count() == 22


def test_no_ring_is_tied(cast: Cast) -> None:
    for to in (cast.own, cast.field):
        with pytest.raises(Refused, match="its own"):
            offices.move(cast.own, to=to, by=cast["steward@top"])
    with pytest.raises(Refused, match="already"):
        offices.move(cast.own, to=cast.top, by=cast["steward@top"])
    assert not Event.objects.exists()


def test_moving_needs_a_steward_of_both(cast: Cast) -> None:
    with pytest.raises(Refused):
        offices.move(cast.own, to=cast.sister, by=cast["steward@own"])
    with pytest.raises(Refused):
        offices.move(cast.own, to=cast.sister, by=cast["steward@sister"])
    with pytest.raises(Refused):
        offices.move(cast.own, to=cast.foreign, by=cast["steward@top"])


def test_a_tree_that_changed_meanwhile_is_noticed(cast: Cast) -> None:
    stale = Office.objects.get(pk=cast.field.pk)
    other = enter(cast, cast.top, "X")
    offices.move(cast.own, to=other, by=cast["steward@top"])
    with pytest.raises(Overtaken):
        offices.move(cast.sister, to=stale, by=cast["steward@top"])


def test_a_tree_does_not_grow_too_deep(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(offices, "_LONGEST", len(cast.field.path))
    with pytest.raises(Refused, match="deep"):
        offices.move(cast.own, to=cast.sister, by=cast["steward@top"])
    with pytest.raises(Refused, match="higher up"):
        enter(cast, cast.field)


def test_moving_on_the_page_by_code(cast: Cast, signed_in: SignedIn) -> None:
    address = reverse("registry:move-office", args=[cast.field.pk])
    client = signed_in("steward@top")
    assert "No office with that code" in client.post(address, {"to": "DPE"}).text
    refused = client.post(address, {"to": "ed-lhr-1"})
    assert refused.status_code == 403
    assert "ed-lhr-1" in refused.text
    assert client.post(address, {"to": "ed-mux"}).status_code == 302
    cast.field.refresh_from_db()
    assert cast.field.parent == cast.sister


def test_an_office_is_closed_only_when_nothing_is_left(rooms: Rooms, signed_in: SignedIn) -> None:
    cast = rooms.cast
    with pytest.raises(Refused, match=r"1 office below, 6 posts, 1 channel, 1 group"):
        offices.close(cast.own, by=cast["steward@top"], reason="merged")
    cast.own.refresh_from_db()
    assert cast.own.state == "open"
    page = signed_in("steward@top").get(cast.own.get_absolute_url()).text
    assert "1 channel" in page
    assert f"{cast.own.get_absolute_url()}close/" not in page


def test_closed_and_opened_again(cast: Cast, signed_in: SignedIn) -> None:
    new = enter(cast, cast.own)
    client = signed_in("steward@own")
    assert f"{new.get_absolute_url()}close/" in client.get(new.get_absolute_url()).text
    assert client.post(f"{new.get_absolute_url()}close/", {"reason": " "}).status_code == 403
    assert client.post(f"{new.get_absolute_url()}close/", {"reason": "merged"}).status_code == 302
    assert client.post(f"{new.get_absolute_url()}close/", {"reason": "merged"}).status_code == 409
    assert client.post(f"{new.get_absolute_url()}reopen/", {"reason": "needed"}).status_code == 302
    assert verbs() == ["enter", "close", "reopen"]


def test_below_a_closed_office_none_is_opened(cast: Cast) -> None:
    new = enter(cast, cast.field)
    Office.objects.filter(pk__in=[new.pk, cast.field.pk]).update(state="closed")
    with pytest.raises(Refused, match="closed"):
        offices.reopen(Office.objects.get(pk=new.pk), by=cast["steward@top"], reason="needed")


def test_whose_rules_an_office_works_under_is_said(cast: Cast, signed_in: SignedIn) -> None:
    page = signed_in("officer@field").get(cast.field.get_absolute_url()).text
    assert "those of Education Department" in page
    assert cast.top.get_absolute_url() not in page  # named, but no link: it is not theirs to open
    assert "its own" in signed_in("officer@foreign").get(cast.foreign.get_absolute_url()).text
    Office.objects.update(pack="")
    assert "A steward sets it" in signed_in("officer@field").get(cast.field.get_absolute_url()).text


def test_the_tree_nests_and_closes_its_lists(cast: Cast) -> None:
    branches = list(grow(Office.objects.under(cast.top)))
    assert [(b.office.code, b.below, len(b.closes)) for b in branches] == [
        ("ED", 2, 0), ("ED-LHR", 1, 0), ("ED-LHR-1", 0, 1), ("ED-MUX", 0, 1),
    ]  # fmt: skip
    for b in branches:
        assert not b.is_folded


def test_the_tree_of_a_page_is_well_formed(cast: Cast, signed_in: SignedIn) -> None:
    for number in range(40):
        enter(cast, cast.field if number % 2 else cast.sister, f"N{number}")
    page = signed_in("steward@top").get("/offices/").text
    assert page.count("<li>") == page.count("</li>")
    assert page.count("<details") == page.count("</details>") == 4
    assert page.count("<details open") == 1
    assert "44 offices" in page


def test_words_find_offices_by_name_and_code(cast: Cast, signed_in: SignedIn) -> None:
    client = signed_in("steward@top")
    assert "Kasur" in client.get("/offices/?words=kasur").text
    assert "Kasur" in client.get("/offices/?words=LHR-1").text
    assert "نظامت" not in client.get("/offices/?words=kasur").text
    assert "No office" in client.get("/offices/?words=Primary").text  # another government's
    assert "Kasur" in client.get(f"/offices/?under_office={cast.own.pk}").text
    assert "Multan" not in client.get(f"/offices/?under_office={cast.own.pk}").text
    assert client.get("/offices/?under_office=rubbish&words=%00").status_code == 200


def many(cast: Cast, number: int) -> None:
    rows = Office.objects.bulk_create(
        Office(code=f"M{n}", name=f"School {n:04}", kind="field", parent=cast.own) for n in range(number)
    )
    for row in rows:
        row.path = f"{cast.own.path}{row.pk}/"
    Office.objects.bulk_update(rows, ["path"])


def test_five_hundred_offices_in_a_few_queries(
    cast: Cast, signed_in: SignedIn, django_assert_max_num_queries: Any
) -> None:
    many(cast, AT_ONCE - 10)
    client = signed_in("steward@top")
    with django_assert_max_num_queries(6):
        page = client.get("/offices/").text
    assert "School 0489" in page
    assert "Only the highest are drawn" not in page


def test_more_offices_than_a_page_holds(cast: Cast, signed_in: SignedIn) -> None:
    many(cast, AT_ONCE + 10)
    page = signed_in("steward@top").get("/offices/").text
    assert "School 0001" not in page
    assert "Only the highest are drawn" in page
    below = signed_in("head@own").get(f"/offices/?under_office={cast.own.pk}").text
    assert "School 0001" not in below
    assert "Directorate Lahore" in below


def test_a_level_too_wide_for_a_page_is_listed_page_by_page(
    cast: Cast, signed_in: SignedIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pages, "AT_ONCE", 0)
    many(cast, 60)
    client = signed_in("steward@top")
    assert "Page 1 of 2" in client.get("/offices/").text
    assert "School 0059" in client.get("/offices/?page=2").text
