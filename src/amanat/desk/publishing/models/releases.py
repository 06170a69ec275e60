"""Releases: one draft on one channel, once. What was sent and what the platform answered is kept by its hash."""

from __future__ import annotations

from datetime import datetime

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from amanat.desk.publishing import workflow as steps
from amanat.desk.publishing.models.deliveries import Delivery, due
from amanat.desk.publishing.models.drafts import Draft
from amanat.desk.registry.models import Channel, Office, Person


class ReleaseQuerySet(models.QuerySet["Release"]):
    """Releases, with the adjectives of this room."""

    def visible_to(self, person: Person) -> ReleaseQuerySet:
        """Those of drafts of offices the person may see."""
        return self.filter(person.scope("draft__office", "draft__office__path"))

    def due(self, now: datetime) -> ReleaseQuerySet:
        """Those that the desk sends now itself; and those taken up by a worker that was not heard of again."""
        return self.filter(due(now, "channel")).order_by("next_try_at", "pk")

    def by_hand(self) -> ReleaseQuerySet:
        """Those that wait for a person to post them: the desk has no key to their channel."""
        return self.filter(state="pending", channel__credential__isnull=True)

    def out(self) -> ReleaseQuerySet:
        """Those that stand, or stood, in public."""
        return self.filter(state="released")


class Release(Delivery):
    """A draft on a channel."""

    draft = models.ForeignKey(Draft, models.PROTECT, related_name="releases", verbose_name=_("draft"))
    channel = models.ForeignKey(Channel, models.PROTECT, related_name="releases", verbose_name=_("channel"))
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
    def standing_id(self) -> str:
        """What stands on the platform now: the post itself, or what was put in its place last."""
        anew = self.amendments.filter(state="released", way="replace").order_by("-pk").first()
        return anew.platform_id if anew else self.platform_id

    @property
    def office(self) -> Office:
        """Where roles are asked for."""
        return self.draft.office
