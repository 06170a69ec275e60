"""What is done with the keys of channels. Nothing here shows one."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import closing
from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from amanat.desk.audit.door import recorded, step
from amanat.desk.lib import seals
from amanat.desk.lib.refusals import Refused
from amanat.desk.publishing.connectors import Account, Permanent, Profile, Temporary, Unsure
from amanat.desk.publishing.connectors.opening import KINDS, connector
from amanat.desk.publishing.models import Credential, Mending, Release, Watch
from amanat.desk.publishing.models.credentials import Session
from amanat.desk.publishing.workflow import LEADERS
from amanat.desk.registry.models import Channel, Person

_NOT_LET_IN = gettext_lazy("The platform did not let the desk in: {reason}")
_UNTRIED = {
    "key-refused": gettext_lazy("The platform does not take this key. Look for a typing mistake, or make a new one."),
    "server": gettext_lazy("This server cannot be used. Write the public address at which the account lives."),
}


class _Passing:
    """A session that is kept nowhere: for trying a key out."""

    def get(self) -> str:
        """Nothing."""
        return ""

    def set(self, session: str) -> None:
        """Forget it."""


def give(channel: Channel, *, by: Person, server: str, secrets: Mapping[str, str]) -> None:
    """Give the desk a key to a channel, in the place of any before; it is tried out first. Raises Refused."""
    if channel.platform not in KINDS or channel.state == "closed":
        raise Refused(_("The desk cannot speak to this channel itself: it is served by hand."))
    server = server or KINDS[channel.platform].server
    face = _tried(channel, server, secrets)
    now = timezone.now()
    with recorded("entrust", by=by, office=channel.office, roles=LEADERS) as record:
        was_there = Credential.objects.filter(channel=channel).exists()
        Credential.objects.update_or_create(
            channel=channel,
            defaults={
                "server": server, "sealed": Credential.seal(secrets), "given_by": by, "given_at": now,
                "paused_until": None, "refused_at": None,
            },
        )  # fmt: skip
        known = {"name": face.name, "bio": face.bio, "picture": face.picture}
        Watch.objects.get_or_create(channel=channel, defaults={"known": known, "seen": known, "looked_at": now})
        if not was_there:
            _ask_people(channel, now)
        record.on(channel, replaced=was_there)


def _ask_people(channel: Channel, now: datetime) -> None:
    """What was due while there was no key may stand there by hand: a person looks, and says, before it is sent."""
    releases = Release.objects.filter(channel=channel, state="pending", due_at__lte=now)
    mendings = Mending.objects.filter(release__channel=channel, state="pending", way__in=["reply", "anew"])
    mendings = mendings.filter(correction__state="open")
    for row in (*releases.select_related("draft__office"), *mendings.select_related("release__draft__office")):
        with step(row, "lose", by=None):
            pass


def remove(credential: Credential, *, by: Person) -> None:
    """Take the key of a channel out of the desk. What is planned there is then posted by hand.

    Not while something is on its way: without the key nobody could ask the platform what came of it.
    """
    with recorded("disarm", by=by, office=credential.channel.office, roles=LEADERS) as record:
        Credential.objects.select_for_update().filter(pk=credential.pk).first()  # nobody takes anything up until then
        if (
            Release.objects.filter(channel=credential.channel_id, state="sending").exists()
            or Mending.objects.filter(release__channel=credential.channel_id, state="sending").exists()
        ):
            raise Refused(_("Something is on its way there. Wait a few minutes, then take the key away."))
        Session(credential).set("")
        record.on(credential.channel)
        credential.delete()


def refused(channel: Channel) -> None:
    """Note that the platform no longer takes the key; inside the step that heard it."""
    Credential.objects.filter(channel=channel).update(refused_at=timezone.now())


def reseal(credential: Credential) -> None:
    """Seal a key anew with the newest of AMANAT_TOKEN_KEYS, where an older one sealed it. Raises seals.Broken."""
    sealed = bytes(credential.sealed)
    if seals.is_new(sealed):
        return
    with recorded("reseal", by=None, office=credential.channel.office, roles=None) as record:
        credential.sealed = seals.of_tokens().rotate(sealed)
        Credential.objects.filter(pk=credential.pk, sealed=sealed).update(sealed=credential.sealed)
        record.on(credential.channel)


def _tried(channel: Channel, server: str, secrets: Mapping[str, str]) -> Profile:
    try:
        account = Account(channel.handle, channel.address, server, secrets, _Passing())
        with closing(connector(channel.platform, account)) as platform:
            face = platform.profile()
    except Permanent as fault:
        raise Refused(str(_UNTRIED.get(fault.code, _NOT_LET_IN)).format(reason=fault.detail or fault.code)) from None
    except (Temporary, Unsure):
        raise Refused(
            _("The platform does not answer just now, so the key could not be tried. Wait a little.")
        ) from None
    if face.handle and channel.handle and _name(face.handle) != _name(channel.handle):
        words = _("This key signs in as {name}, not as {channel}.")
        raise Refused(words.format(name=face.handle, channel=channel))
    return face


def _name(handle: str) -> str:
    """A handle without its server, for comparing."""
    return handle.strip().removeprefix("@").partition("@")[0].casefold()
