from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from amanat.desk.audit.models import Event
from amanat.desk.circulars.actions import delivery, dispatches, drafts, lists
from amanat.desk.circulars.audience import Audience
from amanat.desk.circulars.models import Addressee, Circular, Copy, NumberFormat
from amanat.desk.lib.refusals import Overtaken, Refused
from amanat.desk.registry.actions import notices
from amanat.desk.registry.calendars import workdays
from amanat.desk.registry.models import Notice, Office, Person
from tests.cast import ROLES
from tests.desk.circulars.conftest import Letters

TODAY = timezone.localdate


def test_a_dispatched_letter_reaches_every_office_and_person_once(letters: Letters) -> None:
    circular = letters.draft()
    sent = dispatches.dispatch(circular, by=letters.cast["head@top"])
    assert Event.objects.filter(verb="dispatch", thing=circular.pk).count() == 1
    for _ in range(2):
        delivery.deliver(sent.pk)
    assert Event.objects.filter(verb="deliver", thing=circular.pk).count() == 1
    sent.refresh_from_db()
    assert (sent.offices, sent.people) == (2, 2 * len(ROLES))
    assert set(Copy.objects.values_list("office", flat=True)) == {letters.cast.own.pk, letters.cast.field.pk}
    reached = set(Addressee.objects.values_list("person__number", flat=True))
    assert reached == {f"{role}@{place}" for role in ROLES for place in ("own", "field")}
    assert Notice.objects.filter(key=f"circular:{circular.pk}").count() == len(reached)


def test_it_gets_its_number_date_address_and_day(letters: Letters) -> None:
    NumberFormat.objects.create(office=letters.cast.top, template="No.F.3/3/{year}-PR-II({n})")
    circular = letters.sent(days=5)
    year = TODAY().year
    assert (circular.number, circular.serial, circular.year) == (f"No.F.3/3/{year}-PR-II(1)", 1, year)
    assert circular.dated_on == TODAY()
    assert circular.due_on == workdays(letters.cast.top).later(TODAY(), 5)
    assert circular.slug == f"ed-{year}-{circular.pk}"
    assert letters.sent().number == f"No.F.3/3/{year}-PR-II(2)"


def test_one_issued_elsewhere_keeps_its_own_number_and_date(letters: Letters) -> None:
    circular = letters.draft()
    drafts.settle(circular, by=letters.cast["head@top"], elsewhere=True, number="OM of 2024")
    circular.refresh_from_db()
    with pytest.raises(Refused, match="date of its own"):
        dispatches.dispatch(circular, by=letters.cast["head@top"])
    circular.refresh_from_db()
    assert circular.state == "draft"
    drafts.settle(circular, by=letters.cast["head@top"], dated_on=TODAY().replace(year=2024, day=2))
    dispatches.dispatch(circular, by=letters.cast["head@top"])
    assert (circular.number, circular.serial) == ("OM of 2024", None)
    assert letters.sent().serial == 1


@pytest.mark.parametrize("who", ["officer@top", "moderator@top", "auditor@top", "head@own", "steward@foreign"])
def test_others_do_not_dispatch(letters: Letters, who: str) -> None:
    circular = letters.draft()
    with pytest.raises(Refused):
        dispatches.dispatch(circular, by=letters.cast[who])
    circular.refresh_from_db()
    assert circular.state == "draft"
    assert not Copy.objects.exists()


def test_a_head_writes_to_the_offices_below_only(letters: Letters) -> None:
    wide = Audience(offices=(letters.cast.sister.pk,))
    circular = letters.draft("officer@own", to=wide)
    with pytest.raises(Refused, match="outside"):
        dispatches.dispatch(circular, by=letters.cast["head@own"])
    circular.refresh_from_db()
    dispatches.dispatch(circular, by=letters.cast["steward@own"])
    abroad = letters.draft("officer@own", to=Audience(offices=(letters.cast.foreign.pk,)))
    with pytest.raises(Refused, match="outside"):
        dispatches.dispatch(abroad, by=letters.cast["steward@own"])


def test_a_letter_to_nobody_is_not_sent(letters: Letters) -> None:
    circular = letters.draft(to=Audience(trees=(letters.cast.own.pk,), kinds=("body",)))
    with pytest.raises(Refused, match="nobody"):
        dispatches.dispatch(circular, by=letters.cast["head@top"])


def test_pressed_twice_it_is_sent_once(letters: Letters) -> None:
    circular = letters.draft()
    again = Circular.objects.get(pk=circular.pk)
    dispatches.dispatch(circular, by=letters.cast["head@top"])
    with pytest.raises(Overtaken):
        dispatches.dispatch(again, by=letters.cast["head@top"])
    assert Event.objects.filter(verb="dispatch").count() == 1


def test_what_was_written_meanwhile_is_sent(letters: Letters) -> None:
    circular = letters.draft()
    stale = Circular.objects.get(pk=circular.pk)
    drafts.write(circular, by=letters.cast["officer@top"], language="en", subject="A better subject", body="Ask.")
    dispatches.dispatch(stale, by=letters.cast["head@top"])
    assert Circular.objects.get(pk=circular.pk).subject["en"] == "A better subject"


def test_nothing_is_written_after_dispatch(letters: Letters) -> None:
    circular, head = letters.sent(), letters.cast["head@top"]
    changes: list[Callable[[], None]] = [
        lambda: drafts.write(circular, by=head, language="en", subject="x", body="y"),
        lambda: drafts.settle(circular, by=head, is_public=True),
        lambda: drafts.address(circular, by=head, lists=[], audience=Audience()),
        lambda: drafts.drop(circular, by=head),
    ]
    for change in changes:
        with pytest.raises(Overtaken):
            change()


def test_roles_services_names_and_addresses(letters: Letters) -> None:
    cast = letters.cast
    Person.objects.filter(pk=cast.people["officer@own"].pk).update(service="police")
    to = Audience(
        trees=(cast.own.pk,), services=("police",), people=(cast.people["officer@sister"].pk,),
        addresses=("head.sister@example.org", "press@elsewhere.example"),
    )  # fmt: skip
    letters.sent(to=to)
    got = {str(row.person.number) if row.person else row.address for row in Addressee.objects.all()}
    assert got == {"officer@own", "officer@sister", "head@sister", "press@elsewhere.example"}
    assert Copy.objects.count() == 2


def test_people_of_another_government_are_not_unmasked(letters: Letters) -> None:
    cast = letters.cast
    kept = Audience(people=(cast["officer@foreign"].pk, cast["head@own"].pk), addresses=("head.foreign@example.org",))
    circular = letters.draft(to=Audience())
    saved = lists.enter(cast.top, by=cast["head@top"], name="All", audience=kept)
    drafts.address(circular, by=cast["head@top"], lists=[saved], audience=Audience())
    reach = dispatches.reach_of(Circular.objects.get(pk=circular.pk))
    assert reach.strangers() == ["head.foreign@example.org"]
    assert reach.count() == (0, 2)
    letters.send(circular, "head@top")
    got = {str(row) for row in Addressee.objects.all()}
    assert got == {str(cast["head@own"]), "head.foreign@example.org"}
    assert not Notice.objects.filter(person__number__endswith="@foreign").exists()


def test_nobody_is_loaded_again_who_has_it(letters: Letters) -> None:
    circular = letters.sent(to=Audience(trees=(letters.cast.own.pk,), people=(letters.cast["head@sister"].pk,)))
    with CaptureQueriesContext(connection) as asked:
        assert delivery.welcome(circular, timezone.localdate()) == 0
    assert not [one["sql"] for one in asked if one["sql"].startswith('SELECT "circulars_addressee"."person_id"')]
    new = Person.objects.create(name="New Here")
    new.appointments.create(office=letters.cast.own, role="officer")
    assert delivery.welcome(circular, timezone.localdate()) == 1


def test_where_only_offices_acknowledge_people_are_not_addressed(letters: Letters) -> None:
    letters.sent(asks_people=False)
    assert Copy.objects.count() == 2
    assert not Addressee.objects.exists()


def test_delivery_killed_half_way_goes_on(letters: Letters, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(delivery, "CHUNK", 5)
    sent = dispatches.dispatch(letters.draft(), by=letters.cast["head@top"])
    tell, left = notices.tell, iter((True, False))

    def killed(*args: Any) -> None:
        if not next(left):
            raise SystemExit
        tell(*args)

    with monkeypatch.context() as patch:
        patch.setattr(notices, "tell", killed)
        with pytest.raises(SystemExit):
            delivery.deliver(sent.pk)
    assert Addressee.objects.count() == Notice.objects.count() == 5
    delivery.deliver(sent.pk)
    assert Addressee.objects.count() == Notice.objects.count() == 12


def test_who_comes_later_gets_what_is_in_force(letters: Letters) -> None:
    circular, cast = letters.sent(), letters.cast
    new = Office.objects.create(code="ED-LHR-2", name="Field office Okara", kind="field", parent=cast.own)
    late = Person.objects.create(name="Late Comer")
    late.appointments.create(office=new, role="officer")
    assert delivery.welcome(circular, TODAY()) == 1
    assert delivery.welcome(circular, TODAY()) == 0
    assert Addressee.objects.get(person=late).office == new
    assert Copy.objects.filter(office=new).exists()
    assert Event.objects.filter(verb="welcome").count() == 1
    assert letters.first(circular).people == 13


def test_the_one_it_takes_the_place_of_is_superseded(letters: Letters) -> None:
    old = letters.sent()
    new = letters.sent(supersedes=old)
    old.refresh_from_db()
    assert (old.state, new.state) == ("superseded", "dispatched")
    assert Event.objects.filter(verb="supersede", thing=old.pk).count() == 1
