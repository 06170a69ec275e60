"""Many at once: one decides, numbers have no gap and no double, the clock of two workers does everything once."""

from __future__ import annotations

import pytest
from django.utils import timezone

from amanat.desk.audit.models import Event
from amanat.desk.permits import timed
from amanat.desk.permits.actions import deciding
from amanat.desk.permits.models import Permit
from amanat.desk.registry.models import Notice
from tests.cast import assemble
from tests.desk.permits.conftest import Asked, in_days, today
from tests.desk.registry.test_racing import race

EIGHT = 8


@pytest.mark.usefixtures("racing")
def test_one_of_eight_decides() -> None:
    asked = Asked(assemble())
    permit, by = asked.sent(), asked.cast["authority@top"]
    copies = [asked.fetch(permit) for _ in range(EIGHT)]

    def decide(n: int) -> None:
        if n % 2:
            deciding.refuse(copies[n], by=by, reason=f"by {n}")
        else:
            deciding.grant(copies[n], by=by, starts_on=today(), ends_on=in_days(3))

    assert race(decide, EIGHT) == {"done": 1, "overtaken": EIGHT - 1}
    assert Event.objects.filter(verb__in=["grant", "refuse"]).count() == 1


@pytest.mark.usefixtures("racing")
def test_numbers_given_at_once_have_no_gap_and_no_double() -> None:
    asked = Asked(assemble())
    permits, by = [asked.sent() for _ in range(EIGHT)], asked.cast["authority@top"]
    came = race(lambda n: deciding.grant(permits[n], by=by, starts_on=today(), ends_on=in_days(3)), EIGHT)
    assert came == {"done": EIGHT}
    numbers = sorted(str(number)[-6:] for number in Permit.objects.values_list("number", flat=True))
    assert numbers == [f"{n:06}" for n in range(1, EIGHT + 1)]


@pytest.mark.usefixtures("racing")
def test_two_workers_do_everything_once() -> None:
    asked = Asked(assemble())
    for _ in range(3):
        asked.granted()
    asked.sent()
    Permit.objects.filter(state="granted").update(starts_on=in_days(-9), ends_on=in_days(-1))
    Permit.objects.filter(state="submitted").update(due_on=in_days(-1))
    Notice.objects.all().delete()
    now = timezone.now()
    assert race(lambda _n: timed.run(now), 3) == {"done": 3}
    assert Event.objects.filter(verb="expire").count() == 3
    assert Event.objects.filter(verb="escalate").count() == 1
    assert Notice.objects.filter(key__contains="-expired-").count() == 3
