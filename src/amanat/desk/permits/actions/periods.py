"""How long an office means to take."""

from __future__ import annotations

from amanat.desk.audit.door import recorded
from amanat.desk.permits.models import Period
from amanat.desk.registry.models import Office, Person
from amanat.desk.registry.workflow import LEADERS


def set_period(office: Office, *, by: Person, days: int) -> None:
    """Set within how many working days the office, and those below it, answer where no rule says."""
    with recorded("set-period", by=by, office=office, roles=LEADERS) as record:
        period, _is_new = Period.objects.update_or_create(office=office, defaults={"days": days})
        record.on(period, days=days)


def days_of(office: Office) -> int:
    """Working days to answer: the office's own, those of the nearest office above, or the usual."""
    near = Period.objects.filter(office__in=office.ancestors()).order_by("-office__path").first()
    return near.days if near else Period.USUAL
