"""What signs the desk in to a channel, sealed; and how the channel is known to look."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING

from django.core.cache import cache
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from amanat.desk.lib import seals
from amanat.desk.publishing import workflow as steps
from amanat.desk.publishing.connectors import Account, Permanent
from amanat.desk.registry.models import Channel, Office, Person
from amanat.desk.registry.models.channels import OfChannelQuerySet

if TYPE_CHECKING:
    from collections.abc import Mapping

_SESSION_LASTS = 24 * 3600


class Credential(models.Model):
    """The key of a channel. `sealed` opens only with the keys in the settings, and is shown to nobody.

    `paused_until`: the platform asked for patience. `refused_at`: it no longer takes this key.
    """

    channel = models.OneToOneField(Channel, models.CASCADE, related_name="credential", verbose_name=_("channel"))
    server = models.URLField(_("server"), max_length=200, blank=True)
    sealed = models.BinaryField(_("key, sealed"))
    given_by = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("given by"))
    given_at = models.DateTimeField(_("given"))
    paused_until = models.DateTimeField(_("paused until"), null=True, blank=True)
    refused_at = models.DateTimeField(_("refused"), null=True, blank=True)

    objects = OfChannelQuerySet.as_manager()

    class Meta:
        verbose_name = _("key of a channel")
        verbose_name_plural = _("keys of channels")
        ordering = ["pk"]

    def __str__(self) -> str:
        return str(self.channel)

    @staticmethod
    def seal(secrets: Mapping[str, str]) -> bytes:
        """`secrets` as they may stand in the database."""
        return seals.of_tokens().encrypt(json.dumps(dict(secrets)).encode())

    def secrets(self) -> dict[str, str]:
        """What signs in. Raises Permanent where no key in the settings opens it."""
        try:
            opened: dict[str, str] = json.loads(seals.of_tokens().decrypt(bytes(self.sealed)))
        except seals.Broken:
            raise Permanent("key-unreadable") from None
        return opened

    def account(self) -> Account:
        """The account as a connector takes it. Raises Permanent."""
        channel = self.channel
        return Account(channel.handle, channel.address, self.server, self.secrets(), Session(self))


class Session:
    """The session of a key, sealed in the cache that all processes share. It ends with the key."""

    def __init__(self, credential: Credential) -> None:
        digest = hashlib.sha256(bytes(credential.sealed)).hexdigest()[:32]
        self._name = f"publishing-session-{credential.pk}-{digest}"

    def get(self) -> str:
        """What was kept; "" for nothing."""
        kept = cache.get(self._name)
        try:
            return seals.of_tokens().decrypt(kept).decode() if kept else ""
        except seals.Broken:
            return ""

    def set(self, session: str) -> None:
        """Keep it."""
        if session:
            cache.set(self._name, seals.of_tokens().encrypt(session.encode()), _SESSION_LASTS)
        else:
            cache.delete(self._name)


class Watch(models.Model):
    """How a channel is known to look, and how it looked last. Each of `known` and `seen`: name, bio, picture."""

    workflow = steps.WATCH

    channel = models.OneToOneField(Channel, models.CASCADE, related_name="watch", verbose_name=_("channel"))
    known: models.JSONField[dict[str, str], dict[str, str]] = models.JSONField(_("known"), default=dict)
    seen: models.JSONField[dict[str, str], dict[str, str]] = models.JSONField(_("seen"), default=dict)
    looked_at = models.DateTimeField(_("last look"))
    differs_since = models.DateTimeField(_("looks different since"), null=True, blank=True)
    state = models.CharField(_("state"), max_length=10, default="calm", choices=steps.WATCH_STATES, editable=False)

    objects = OfChannelQuerySet.as_manager()

    class Meta:
        verbose_name = _("watch of a channel")
        verbose_name_plural = _("watches of channels")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=[name for name, _label in steps.WATCH_STATES]), name="watch_state_known"
            )
        ]
        indexes = [models.Index(fields=["looked_at"], name="watch_looked")]

    def __str__(self) -> str:
        return str(self.channel)

    def get_absolute_url(self) -> str:
        """Its page."""
        return reverse("publishing:connection", args=[self.channel_id])

    @property
    def office(self) -> Office:
        """Where roles are asked for."""
        return self.channel.office
