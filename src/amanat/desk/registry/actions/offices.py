"""What is done with offices."""

from __future__ import annotations

from typing import Any

from django.db.models import Max, Value
from django.db.models.functions import Concat, Length, Substr
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from amanat.desk.audit.door import allow, recorded, step
from amanat.desk.lib.commas import listed
from amanat.desk.lib.numerals import local
from amanat.desk.lib.refusals import Overtaken, Refused
from amanat.desk.registry.actions import changes
from amanat.desk.registry.models import Office, Person
from amanat.desk.registry.workflow import LEADERS, STEWARD

_LONGEST = 200
BY_HEADS = frozenset({"website", "local_name"})
"""What the head of an office may change of it; the rest is the steward's."""


def enter(parent: Office, *, by: Person, **facts: Any) -> Office:
    """A new office below `parent`."""
    with recorded("enter", by=by, office=parent, roles=STEWARD) as record, changes.once():
        keep_open(parent)
        if len(parent.path) > _LONGEST - 20:
            raise Refused(_("There are too many offices above this one. Enter it higher up."))
        office = Office.objects.create(parent=parent, **facts)
        record.on(office, code=office.code)
    return office


def change(office: Office, *, by: Person, **values: Any) -> None:
    """Change what is kept of an office."""
    roles = LEADERS if values.keys() <= BY_HEADS else STEWARD
    changes.change(office, values, by=by, office=office, roles=roles)


def move(office: Office, *, to: Office, by: Person) -> None:
    """Place an office, with all below it, below another."""
    with recorded("move", by=by, office=office, roles=STEWARD) as record:
        allow(STEWARD, by, to)
        # Whoever moves holds all that stands above the new place, so that two moves cannot tie the tree into a ring.
        chain = Office.objects.select_for_update().filter(pk__in={*to.ancestors(), office.pk}).order_by("pk")
        now = {row.pk: row for row in chain}
        moved, above = now[office.pk], now[to.pk]
        if above.path != to.path:
            raise Overtaken(_("The tree was changed meanwhile. Look at it again."))
        _check_place(moved, above)
        before, after = moved.path, f"{above.path}{moved.pk}/"
        whole = Office.objects.under(moved)
        longest = whole.aggregate(longest=Max(Length("path")))["longest"]
        if longest - len(before) + len(after) > _LONGEST:
            raise Refused(_("The tree would become too deep. Move it higher up."))
        Office.objects.filter(pk=moved.pk).update(parent=above)
        whole.update(path=Concat(Value(after), Substr("path", len(before) + 1)))
        record.on(moved, before=before, after=after)


def close(office: Office, *, by: Person, reason: str) -> None:
    """Close an office that holds nothing any more."""
    with step(office, "close", by=by, reason=reason):
        if held := still_holds(Office.objects.with_contents().get(pk=office.pk)):
            raise Refused(_("The office still has: {what}. End, move or close them first.").format(what=listed(held)))


def reopen(office: Office, *, by: Person, reason: str) -> None:
    """Open a closed office again."""
    with step(office, "reopen", by=by, reason=reason):
        if office.parent_id is not None:
            keep_open(Office.objects.get(pk=office.parent_id))


def keep_open(office: Office) -> None:
    """Refuse what is begun at a closed office; until it is done, nobody closes the office."""
    if Office.objects.select_for_update().filter(pk=office.pk, state="open").first() is None:
        raise Refused(_("{office} is closed. Open it again first.").format(office=office))


def still_holds(office: Any) -> list[str]:
    """What keeps an office from being closed, in words. Needs `with_contents`."""
    told = (
        (office.below, ngettext("{number} office below", "{number} offices below", office.below)),
        (office.posts, ngettext("{number} post", "{number} posts", office.posts)),
        (office.pages, ngettext("{number} channel", "{number} channels", office.pages)),
        (office.rooms, ngettext("{number} group", "{number} groups", office.rooms)),
    )
    return [words.format(number=local(number)) for number, words in told if number]


def _check_place(office: Office, above: Office) -> None:
    if above.path.startswith(office.path):
        raise Refused(_("{above} is this office or stands below it: an office cannot be its own.").format(above=above))
    if office.parent_id == above.pk:
        raise Refused(_("It stands there already."))
    keep_open(above)
