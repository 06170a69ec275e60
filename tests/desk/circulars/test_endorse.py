from __future__ import annotations

import pytest
from django.utils import timezone

from amanat.desk.audit.models import Event
from amanat.desk.circulars.actions import delivery, dispatches
from amanat.desk.circulars.audience import Audience
from amanat.desk.circulars.models import Addressee, Circular, Copy, Dispatch
from amanat.desk.lib.refusals import Refused
from tests.desk.circulars.conftest import Letters


@pytest.fixture
def own(letters: Letters) -> Copy:
    """The copy of `own`, which alone got it."""
    return letters.copy(letters.sent(to=Audience(offices=(letters.cast.own.pk,))), "own")


def test_an_office_sends_on_what_it_got_under_its_own_number(letters: Letters, own: Copy) -> None:
    sent = dispatches.endorse(own, by=letters.cast["head@own"], offices=[letters.cast.field], note={"en": "Comply."})
    delivery.deliver(sent.pk)
    year = timezone.localdate().year
    assert sent.number == f"SO(G)1-1/ED-LHR/{year}"
    assert letters.copy(own.circular, "field").dispatch == sent
    assert own.dispatch.office == letters.cast.top
    assert Addressee.objects.filter(office=letters.cast.field, dispatch=sent).count() == 6
    assert Event.objects.filter(verb="endorse").count() == 1


def test_a_memo_number_of_the_office_is_kept(letters: Letters, own: Copy) -> None:
    sent = dispatches.endorse(own, by=letters.cast["head@own"], offices=[letters.cast.field], number="17-B/Gen")
    assert (sent.number, sent.serial) == ("17-B/Gen", None)


def test_not_twice_to_one_office(letters: Letters, own: Copy) -> None:
    dispatches.endorse(own, by=letters.cast["head@own"], offices=[letters.cast.field])
    with pytest.raises(Refused, match=r"Field office Kasur has it already, from Directorate Lahore"):
        dispatches.endorse(own, by=letters.cast["head@own"], offices=[letters.cast.field])
    assert Dispatch.objects.filter(is_endorsement=True).count() == 1


@pytest.mark.parametrize("place", ["sister", "top", "own", "foreign"])
def test_only_down_the_own_tree(letters: Letters, own: Copy, place: str) -> None:
    with pytest.raises(Refused, match="below"):
        dispatches.endorse(own, by=letters.cast["head@own"], offices=[getattr(letters.cast, place)])
    assert not Dispatch.objects.filter(is_endorsement=True).exists()


@pytest.mark.parametrize("who", ["officer@own", "auditor@own", "head@top", "head@field", "steward@sister"])
def test_others_do_not_send_it_on(letters: Letters, own: Copy, who: str) -> None:
    with pytest.raises(Refused):
        dispatches.endorse(own, by=letters.cast[who], offices=[letters.cast.field])


def test_not_what_is_out_of_force_nor_to_nobody(letters: Letters, own: Copy) -> None:
    with pytest.raises(Refused, match="at least one"):
        dispatches.endorse(own, by=letters.cast["head@own"], offices=[])
    Circular.objects.update(state="withdrawn")
    with pytest.raises(Refused, match="not in force"):
        dispatches.endorse(own, by=letters.cast["head@own"], offices=[letters.cast.field])
