"""Releases: one draft on one channel, once. What was sent and what the platform answered is kept by its hash."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from amanat.desk.lib.commas import dot
from amanat.desk.publishing import workflow as steps
from amanat.desk.publishing.models.attempts import Attempt
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
        return self.filter(waiting | left, ~paused, channel__credential__isnull=False).order_by("next_try_at", "pk")

    def out(self) -> ReleaseQuerySet:
        """Those that stand, or stood, in public."""
        return self.filter(state="released")


class Release(Attempt):
    """A draft on a channel, to be sent once."""

    workflow = steps.RELEASE

    draft = models.ForeignKey(Draft, models.PROTECT, related_name="releases", verbose_name=_("draft"))
    channel = models.ForeignKey(Channel, models.PROTECT, related_name="releases", verbose_name=_("channel"))
    due_at = models.DateTimeField(_("due"))
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
        return f"{self.draft}{dot()}{self.channel}"

    def get_absolute_url(self) -> str:
        """Its page."""
        return reverse("publishing:release", args=[self.pk])

    @property
    def office(self) -> Office:
        """Where roles are asked for."""
        return self.draft.office
