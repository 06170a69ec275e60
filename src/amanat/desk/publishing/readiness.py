"""What is still missing before a draft can be handed to its panel."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from django.utils import timezone
from django.utils.translation import gettext as _

from amanat.desk.lib.numerals import local
from amanat.desk.lib.refusals import Refused
from amanat.desk.publishing import panels
from amanat.desk.publishing.lengths import Length, measure
from amanat.desk.publishing.models import Draft, Target, Version
from amanat.desk.publishing.pictures import picture_bytes
from amanat.desk.registry.models import Channel


class Fault(NamedTuple):
    """One thing to mend, and the clause it rests on, if any."""

    words: str
    clause: str = ""


class Going(NamedTuple):
    """What goes out on one channel: the target, its text where there is one, and how much room it takes."""

    target: Target
    version: Version | None
    length: Length | None


def goings(draft: Draft) -> list[Going]:
    """What goes out where, in the order of the targets."""
    has_picture = bool(draft.pictures.all())
    found = []
    for target in draft.targets.all():
        try:
            version = draft.version_for(target.channel)
        except Version.DoesNotExist:
            found.append(Going(target, None, None))
        else:
            length = measure(target.channel.platform, version.text, has_picture=has_picture)
            found.append(Going(target, version, length))
    return found


def faults(draft: Draft) -> list[Fault]:
    """Everything that stands in the way of handing it in; the gates before release are others (`gates`)."""
    return [*_of_time(draft), *_of_texts(draft), *_of_pictures(draft), *_of_rules(draft), *_of_panels(draft)]


def _of_time(draft: Draft) -> Iterator[Fault]:
    if draft.wanted_at is None:
        yield Fault(_("Choose when it is to be released."))
    elif draft.wanted_at <= timezone.now():
        yield Fault(_("The moment of release is over. Choose another."))


def _of_texts(draft: Draft) -> Iterator[Fault]:
    rows = goings(draft)
    if not rows:
        yield Fault(_("Choose at least one channel."))
    for going in rows:
        channel, language = going.target.channel, going.target.get_language_display()
        if channel.state == "closed":
            yield Fault(_("{channel} is closed. Take it out.").format(channel=channel))
        if going.version is None or going.length is None:
            words = _("For {channel} a text in {language} is missing.")
            yield Fault(words.format(channel=channel, language=language))
        elif not going.length.fits:
            words = _("The text for {channel} is too long: {used} of {most}. Shorten it, or write one for it alone.")
            used, most = local(going.length.used), local(going.length.most)
            yield Fault(words.format(channel=channel, used=used, most=most))


def _of_pictures(draft: Draft) -> Iterator[Fault]:
    spoken = {target.language: target.get_language_display() for target in draft.targets.all()}
    for picture in draft.pictures.all():
        for code, language in spoken.items():
            if not picture.alts.get(code, "").strip():
                words = _("Say in {language} what picture {number} shows, for those who cannot see it.")
                yield Fault(words.format(language=language, number=local(picture.position)))
        for target in draft.targets.all():
            most = picture_bytes(target.channel.platform)
            if most is not None and picture.size > most:
                words = _("Picture {number} is too large for {channel}: at most {most} MB. Choose a smaller one.")
                number, size = local(picture.position), local(most // 1_000_000)
                yield Fault(words.format(number=number, channel=target.channel, most=size))


def _of_rules(draft: Draft) -> Iterator[Fault]:
    if draft.level == "stop" and not draft.is_lifted:
        stops = [clause for one in draft.versions.all() for clause, level in one.clauses if level == "stop"]
        words = _("A rule stops this text. Rewrite it, or ask the head of office to lift the stop with a reason.")
        yield Fault(words, stops[0] if stops else "")


def _of_panels(draft: Draft) -> Iterator[Fault]:
    channels = channels_of(draft)
    if not channels:
        return
    try:
        sitting = panels.members(channels)
        panels.check_sizes(channels, sitting)
        panels.places(draft, sitting, is_emergency=draft.is_emergency)
    except Refused as refusal:
        yield Fault(refusal.reason, refusal.clause)


def channels_of(draft: Draft) -> list[Channel]:
    """The channels it goes to."""
    channels = [target.channel for target in draft.targets.all()]
    for channel in channels:
        channel.office = draft.office  # its own by rule: not asked for again
    return channels
