"""Taking a list out of the desk leaves a line in the log."""

from __future__ import annotations

from amanat.desk.audit.door import recorded
from amanat.desk.registry.models import Office, Person


def note(what: str, form: str, count: int, *, by: Person) -> None:
    """Note that `by` exports `count` rows of a list; the log of the office of their highest post tells it."""
    highest = min(by.posts, key=lambda post: len(post.path), default=None)
    office = Office.objects.get(pk=highest.office) if highest else None
    with recorded("export", by=by, office=office, roles=None) as record:
        if office:
            record.on(office)
        record.facts |= {"what": what, "form": form, "rows": count}
