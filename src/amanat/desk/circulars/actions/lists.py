"""What is done with what an office keeps for its letters: distribution lists, and the form of its numbers."""

from __future__ import annotations

from django.utils.translation import gettext as _

from amanat.desk.audit.door import recorded
from amanat.desk.circulars.audience import Audience
from amanat.desk.circulars.models import DistributionList, NumberFormat
from amanat.desk.circulars.numbers import fault
from amanat.desk.circulars.workflow import SENDERS, WRITERS
from amanat.desk.lib.refusals import Refused
from amanat.desk.registry.actions import changes
from amanat.desk.registry.models import Office, Person


def enter(office: Office, *, by: Person, name: str, audience: Audience) -> DistributionList:
    """Keep a list of an office under a name."""
    with recorded("enter", by=by, office=office, roles=WRITERS) as record, changes.once():
        kept = DistributionList.objects.create(office=office, name=name, audience=audience.as_data())
        record.on(kept)
    return kept


def change(kept: DistributionList, *, by: Person, name: str, audience: Audience) -> None:
    """Change a list. What was sent to it before stays as it was."""
    values = {"name": name, "audience": audience.as_data()}
    changes.change(kept, values, by=by, office=kept.office, roles=WRITERS, is_private=True)


def number(office: Office, *, by: Person, template: str, digits: str) -> None:
    """Set the form of an office's numbers. Letters already numbered keep theirs, and the count goes on."""
    if wrong := fault(template):
        raise Refused(wrong)
    with recorded("number", by=by, office=office, roles=SENDERS) as record:
        kept, new = NumberFormat.objects.select_for_update().get_or_create(
            office=office, defaults={"template": template, "digits": digits}
        )
        if not new and (kept.template, kept.digits) == (template, digits):
            raise Refused(_("Nothing is different from what is kept already."))
        before = "" if new else kept.template
        kept.template, kept.digits = template, digits
        kept.save()
        record.on(kept, before=before, after=template)
