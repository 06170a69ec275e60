"""Corrections: who may ask for one, what stands on a channel now, and what each platform can do about it."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from django.utils.translation import gettext_lazy as _

from amanat.desk.lib.choices import Platform
from amanat.desk.publishing.connectors.opening import KINDS, cannot
from amanat.desk.publishing.models import Correction, Draft, Mending, Release
from amanat.desk.publishing.workflow import STANDS_IN
from amanat.desk.publishing.workflow_corrections import CORRECTORS, LOOKERS
from amanat.desk.registry.models import Channel, PanelSeat, Person

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

WAYS = ("edit", "reply", "anew")
"""How a post may be put right, the least disturbing first."""
BY_HAND = _("The desk has no key to this channel: it tells you what to do there, and you say when it is done.")
NOTES: dict[str, _StrPromise] = {
    Platform.X: _(
        "On X the desk cannot change a post that is out. A reply leaves the wrong post standing. Deleting it loses its "
        "answers, and copies that others made of it remain."
    ),
    Platform.BLUESKY: _(
        "Bluesky marks no edits, and an app may go on showing the old text. A reply, or deleting the post and posting "
        "anew, is seen by everybody."
    ),
    Platform.MASTODON: _(
        "The server marks the post as edited and keeps how it read before. Other servers may show the old text for a "
        "while."
    ),
    Platform.FACEBOOK: _("Facebook shows the new text in the place of the old one. Pictures stay as they are."),
}
"""What each platform does with a correction, and what it does not do."""


class Standing(NamedTuple):
    """A post of ours that stands on a channel."""

    id: str
    address: str


def standing(row: Release) -> list[Standing]:
    """What stands of a release now: the post itself first, then correcting replies to it. Empty: all is taken down."""
    found = [Standing(row.platform_id, row.address)]
    for one in _done(row):
        if one.way == "delete":
            found = []
        elif one.way == "anew":
            found = [Standing(one.platform_id, one.address)]
        elif one.way == "reply":
            found.append(Standing(one.platform_id, one.address))
    return found


def text_of(row: Release) -> str:
    """The text of the post that stands now."""
    changed = [one.text for one in _done(row) if one.way in ("edit", "anew")]
    return changed[-1] if changed else row.draft.version_for(row.channel).text


def is_by_hand(channel: Channel) -> bool:
    """Whether a person does what is done there."""
    return not hasattr(channel, "credential")


def ways(channel: Channel) -> list[str]:
    """How a post on `channel` can be put right."""
    if is_by_hand(channel) or channel.platform not in KINDS:
        return list(WAYS)
    missing = cannot(channel.platform)
    return [
        way for way in WAYS if not ((way == "edit" and "edit" in missing) or (way == "anew" and "delete" in missing))
    ]


def note(channel: Channel) -> str:
    """What the platform of `channel` does with a correction."""
    return str(BY_HAND if is_by_hand(channel) else NOTES.get(channel.platform, ""))


def may_correct(draft: Draft, by: Person) -> bool:
    """Whether `by` may find it wrong: the head, whoever wrote it, and the panels of its channels."""
    roles = by.roles_at(draft.office)
    if CORRECTORS.isdisjoint(roles):
        return False
    return "head" in roles or draft.writers.filter(pk=by.pk).exists() or draft.author_id == by.pk or _sits(draft, by)


def may_abandon(row: Correction, by: Person) -> bool:
    """Whether `by` may drop a correction that a rule stops: whoever may correct the post, and who leads its office."""
    return may_correct(row.draft, by) or not STANDS_IN.isdisjoint(by.roles_at(row.office))


def may_look(row: Correction, by: Person) -> bool:
    """Whether `by` may be the second person: on a panel of its channels, or the head or authority; never a writer."""
    roles = by.roles_at(row.office)
    if row.seen_by_id or row.state not in ("open", "done") or LOOKERS.isdisjoint(roles):
        return False
    return (not STANDS_IN.isdisjoint(roles) or _sits(row.draft, by)) and not wrote(row, by)


def wrote(row: Correction, by: Person) -> bool:
    """Whether `by` asked for the correction, or ever wrote in what it puts right: they decide nothing about it."""
    return row.asked_by_id == by.pk or row.draft.writers.filter(pk=by.pk).exists()


def _sits(draft: Draft, by: Person) -> bool:
    return PanelSeat.objects.current().filter(person=by, channel__releases__draft=draft).exists()


def _done(row: Release) -> list[Mending]:
    return [one for one in row.mendings.all() if one.state == "done"]
