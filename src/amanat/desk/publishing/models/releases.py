"""Releases: one draft on one channel, once. What was sent and what the platform answered is kept by its hash."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from amanat.desk.publishing import workflow as steps
from amanat.desk.publishing.connectors import WAITS, WORDS
from amanat.desk.publishing.connectors.keys import new_key
from amanat.desk.publishing.models.drafts import Draft
from amanat.desk.registry.models import Channel, Office, Person

LEASE = timedelta(minutes=2)
"""How long a release belongs to the worker that took it up; longer than any attempt may last."""


class ReleaseQuerySet(models.QuerySet["Release"]):
    """Releases, with the adjectives of this room."""

    def visible_to(self, person: Person) -> ReleaseQuerySet:
        """Those of drafts of offices the person may see."""
        return self.filter(person.scope("draft__office", "draft__office__path"))

    def due(self, now: datetime) -> ReleaseQuerySet:
        """Those that the desk sends now itself; and those taken up by a worker that was not heard of again."""
        waiting = Q(state="pending", next_try_at__lte=now)
        left = Q(state="sending", sending_at__lte=now - LEASE)
        paused = Q(channel__credential__paused_until__gt=now)
        return self.filter((waiting & ~paused) | left, channel__credential__isnull=False).order_by("next_try_at", "pk")

    def by_hand(self) -> ReleaseQuerySet:
        """Those that wait for a person to post them: the desk has no key to their channel."""
        return self.filter(state="pending", channel__credential__isnull=True)

    def out(self) -> ReleaseQuerySet:
        """Those that stand, or stood, in public."""
        return self.filter(state="released")


class Release(models.Model):
    """A draft on a channel. `key` is chosen and saved before anything is sent: by it the platform is asked.

    `sending_at` is the lease: since when the worker that took it up has it. `begun_at`: the first time it was taken up.
    """

    workflow = steps.RELEASE

    draft = models.ForeignKey(Draft, models.PROTECT, related_name="releases", verbose_name=_("draft"))
    channel = models.ForeignKey(Channel, models.PROTECT, related_name="releases", verbose_name=_("channel"))
    key = models.CharField(_("key"), max_length=13, unique=True, default=new_key, editable=False)
    due_at = models.DateTimeField(_("due"))
    next_try_at = models.DateTimeField(_("next try"))
    tries = models.PositiveSmallIntegerField(_("tries"), default=0)
    begun_at = models.DateTimeField(_("first tried"), null=True, blank=True)
    sending_at = models.DateTimeField(_("being sent since"), null=True, blank=True)
    platform_id = models.CharField(_("number on the platform"), max_length=300, blank=True)
    address = models.URLField(_("address"), max_length=500, blank=True)
    fault = models.CharField(_("what went wrong"), max_length=20, blank=True)
    fault_detail = models.CharField(_("in the platform's words"), max_length=400, blank=True)
    sent = models.CharField(_("what was sent, by its hash"), max_length=64, blank=True)
    answer = models.CharField(_("what was answered, by its hash"), max_length=64, blank=True)
    released_at = models.DateTimeField(_("released at"), null=True, blank=True)
    state = models.CharField(_("state"), max_length=10, default="pending", choices=steps.RELEASE_STATES, editable=False)

    objects = ReleaseQuerySet.as_manager()

    class Meta:
        verbose_name = _("release")
        verbose_name_plural = _("releases")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["draft", "channel"], name="release_once"),
            models.UniqueConstraint(
                fields=["channel", "platform_id"], condition=~Q(platform_id=""), name="release_platform_id_once"
            ),
            models.CheckConstraint(
                condition=Q(state__in=[name for name, _label in steps.RELEASE_STATES]), name="release_state_known"
            ),
            models.CheckConstraint(
                condition=Q(released_at__isnull=True) | (~Q(address="") & ~Q(platform_id="")),
                name="release_out_with_address",
            ),
        ]
        indexes = [
            models.Index(fields=["next_try_at"], condition=Q(state="pending"), name="release_due"),
            models.Index(fields=["sending_at"], condition=Q(state="sending"), name="release_left"),
            models.Index(fields=["channel", "-released_at"], name="release_channel_when"),
        ]

    def __str__(self) -> str:
        return f"{self.draft} · {self.channel}"

    def get_absolute_url(self) -> str:
        """Its page."""
        return reverse("publishing:release", args=[self.pk])

    @property
    def office(self) -> Office:
        """Where roles are asked for."""
        return self.draft.office

    @property
    def told(self) -> str:
        """What went wrong and what to do, in the reader's language; "" where nothing did."""
        return str(WORDS.get(self.fault) or WAITS.get(self.fault) or "")
