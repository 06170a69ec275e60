"""Standing in during leave: whoever decides names a deputy for some days, and ends it."""

from __future__ import annotations

from datetime import date, timedelta

from django.utils import timezone
from django.utils.translation import gettext as _

from amanat.desk.audit.door import recorded
from amanat.desk.lib.refusals import Overtaken, Refused
from amanat.desk.permits.actions import telling
from amanat.desk.permits.models import Deputy
from amanat.desk.permits.workflow import DECIDING
from amanat.desk.registry.models import Office, Person

LONGEST = timedelta(days=366)
"""For so long a deputy is named at most."""


def name(office: Office, *, by: Person, role: str, person: Person, starts_on: date, ends_on: date) -> Deputy:
    """Name who decides on permits in one's place. Only for a post one holds oneself; a deputy names no other."""
    with recorded("name-deputy", by=by, office=office, roles=frozenset(DECIDING)) as record:
        if (role, office.pk) not in {(post.role, post.office) for post in by.posts} or role not in DECIDING:
            raise Refused(_("You name a deputy only for a post that you hold yourself."))
        if person.pk == by.pk:
            raise Refused(_("Nobody stands in for themselves."))
        if not Person.objects.posted_at(office).filter(pk=person.pk).exists():
            raise Refused(_("{person} holds no post at this office today.").format(person=person))
        if ends_on < starts_on or ends_on < timezone.localdate():
            raise Refused(_("These days are over, or end before they begin."))
        if ends_on - starts_on >= LONGEST:
            raise Refused(_("A deputy is named for a year at most. Name them anew then."))
        same = Deputy.objects.filter(giver=by, office=office, role=role, person=person)
        if same.filter(starts_on__lte=ends_on, ends_on__gte=starts_on).exists():
            raise Refused(_("{person} stands in on some of these days already.").format(person=person))
        deputy = Deputy.objects.create(
            giver=by, office=office, role=role, person=person, starts_on=starts_on, ends_on=ends_on
        )
        record.on(deputy, deputy=person.pk, role=role, days=[starts_on.isoformat(), ends_on.isoformat()])
        telling.named(deputy)
    return deputy


def end(deputy: Deputy, *, by: Person) -> None:
    """End it: from now on they decide nothing in one's place."""
    with recorded("end-deputy", by=by, office=deputy.office, roles=None) as record:
        if deputy.giver_id != by.pk:
            raise Refused(_("Only whoever named a deputy ends it."))
        today = timezone.localdate()
        record.on(deputy)
        if deputy.starts_on >= today:
            ended = Deputy.objects.filter(pk=deputy.pk).delete()[0]
        else:
            yesterday = date.fromordinal(today.toordinal() - 1)
            ended = Deputy.objects.filter(pk=deputy.pk, ends_on__gte=today).update(ends_on=yesterday)
        if not ended:
            raise Overtaken(_("This has ended already."))
