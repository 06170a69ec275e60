"""Corrections and withdrawals of what is out: why, by whom, how it reads now; and what of it came about where."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from amanat.desk.publishing import workflow as steps
from amanat.desk.publishing.models.deliveries import Delivery, due
from amanat.desk.publishing.models.drafts import Draft, OfDraftQuerySet, Version
from amanat.desk.publishing.models.releases import Release
from amanat.desk.registry.models import Channel, Office, Person


def key_of(version: Version) -> str:
    """How a correction names a text of a draft."""
    return f"{version.language}:{version.platform}"


class Correction(models.Model):
    """One correction, or the withdrawal, of a draft that is out. `before` and `after` are texts by `key_of` a version.

    The public sees it: reason, both texts of a correction, how long the error stood. Of a withdrawal it sees no text.
    """

    draft = models.ForeignKey(Draft, models.PROTECT, related_name="corrections", verbose_name=_("draft"))
    kind = models.CharField(_("kind"), max_length=10, choices=steps.CORRECTIONS)
    reason = models.TextField(_("reason, shown to the public"))
    before: models.JSONField[dict[str, str], dict[str, str]] = models.JSONField(_("texts before"), default=dict)
    after: models.JSONField[dict[str, str], dict[str, str]] = models.JSONField(_("texts after"), default=dict)
    by = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("by"))
    at = models.DateTimeField(_("moment"), auto_now_add=True)

    objects = OfDraftQuerySet.as_manager()

    class Meta:
        verbose_name = _("correction")
        verbose_name_plural = _("corrections")
        ordering = ["-at", "-pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(reason=""), name="correction_with_reason"),
            models.UniqueConstraint(fields=["draft"], condition=Q(kind="withdrawal"), name="withdrawal_once"),
        ]
        indexes = [models.Index(fields=["-at"], name="correction_when")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.draft}"

    def get_absolute_url(self) -> str:
        """Its public page."""
        return reverse("publishing:correction", args=[self.pk])

    def texts(self) -> list[tuple[str, str, str]]:
        """Language, text before, text after: of what was changed."""
        changed = [key for key, text in self.after.items() if text != self.before.get(key, "")]
        return [(key.partition(":")[0], self.before.get(key, ""), self.after[key]) for key in changed]


class AmendmentQuerySet(models.QuerySet["Amendment"]):
    """Amendments, with the adjectives of this room."""

    def visible_to(self, person: Person) -> AmendmentQuerySet:
        """Those of drafts of offices the person may see."""
        return self.filter(person.scope("correction__draft__office", "correction__draft__office__path"))

    def due(self, now: datetime) -> AmendmentQuerySet:
        """Those that the desk sees to now itself, each after the one before it on the same post."""
        earlier = Amendment._base_manager.filter(release=models.OuterRef("release"), pk__lt=models.OuterRef("pk"))
        waits = models.Exists(earlier.exclude(state__in=["released", "failed"]))
        return self.filter(due(now, "release__channel")).exclude(waits).order_by("next_try_at", "pk")


class Amendment(Delivery):
    """A correction on one channel: the post edited, deleted, put anew, or answered. `state` released: it came about."""

    correction = models.ForeignKey(Correction, models.PROTECT, related_name="amendments", verbose_name=_("correction"))
    release = models.ForeignKey(Release, models.PROTECT, related_name="amendments", verbose_name=_("release"))
    way = models.CharField(_("way"), max_length=8, choices=steps.WAYS)

    objects = AmendmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("amendment")
        verbose_name_plural = _("amendments")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["correction", "release"], name="amendment_once"),
            models.CheckConstraint(
                condition=Q(state__in=[name for name, _label in steps.RELEASE_STATES]), name="amendment_state_known"
            ),
        ]
        indexes = [
            models.Index(fields=["next_try_at"], condition=Q(state="pending"), name="amendment_due"),
            models.Index(fields=["sending_at"], condition=Q(state="sending"), name="amendment_left"),
        ]

    def __str__(self) -> str:
        return f"{self.get_way_display()}: {self.release}"

    def get_absolute_url(self) -> str:
        """The page of the release it amends."""
        return self.release.get_absolute_url()

    @property
    def draft(self) -> Draft:
        """What it amends."""
        return self.correction.draft

    @property
    def office(self) -> Office:
        """Where roles are asked for."""
        return self.correction.draft.office

    @property
    def channel(self) -> Channel:
        """Where it is amended."""
        return self.release.channel

    @property
    def stood(self) -> timedelta | None:
        """How long the post stood as it was; None until that is over."""
        out, over = self.release.released_at, self.released_at
        return over - out if out and over else None
