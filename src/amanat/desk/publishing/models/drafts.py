"""Drafts: what an office is going to say, where and when; in every language, with its pictures."""

from __future__ import annotations

import hashlib
import json
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from amanat.desk.lib.choices import Platform
from amanat.desk.lib.commas import dot
from amanat.desk.publishing import workflow as steps
from amanat.desk.registry.models import Channel, Office, Person
from amanat.desk.registry.models.channels import Purpose

LATEST = timedelta(hours=24)
"""How long after its moment an approved draft may still go out. After that it is stale, and somebody has to look."""
PENDING = timedelta(days=90)
"""How long a draft may lie with the panel, or unfinished. Amanat's own number: no rule that was read says one."""


def start_of(day: date) -> datetime:
    """The moment at which a day begins here."""
    return timezone.make_aware(datetime.combine(day, time.min))


class DraftQuerySet(models.QuerySet["Draft"]):
    """Drafts, with the adjectives of this room."""

    def visible_to(self, person: Person) -> DraftQuerySet:
        """Those of offices the person may see."""
        return self.filter(person.scope("office", "office__path"))

    def on(self, day: date) -> DraftQuerySet:
        """Those wanted on `day`."""
        return self.between(day, day + timedelta(days=1))

    def between(self, first: date, end: date) -> DraftQuerySet:
        """Those wanted from the day `first` on, before the day `end`."""
        return self.filter(wanted_at__gte=start_of(first), wanted_at__lt=start_of(end))

    def planned(self) -> DraftQuerySet:
        """Those still to be released."""
        return self.filter(state__in=steps.PLANNED)

    def over(self, now: datetime) -> DraftQuerySet:
        """Those whose time is over: not approved by their moment, not sent within a day after it, or left lying.

        What waits to be posted by hand may be out already: that a person has to say.
        """
        from amanat.desk.publishing.models.releases import Release

        pending = Q(state="in-review", submitted_at__lte=now - PENDING)
        lying = Q(state__in=["draft", "returned"], made_at__lte=now - PENDING) & ~Q(wanted_at__gt=now)
        late = Q(state__in=["in-review", "approved", "returned"], wanted_at__lte=now)
        begun = ~Q(state__in=["pending", "failed"]) | Q(state="pending", channel__credential__isnull=True)
        held = Exists(Release.objects.filter(begun, draft=OuterRef("pk")))
        return self.filter(pending | lying | late | (Q(state="scheduled", wanted_at__lte=now - LATEST) & ~held))

    def out(self) -> DraftQuerySet:
        """Those that stand in public."""
        return self.filter(state__in=steps.OUT)


class Draft(models.Model):
    """One thing an office wants to say. It is official record from the first save.

    `approved_hash` is `hash()` as it was approved: what differs from it was not approved. `writers` is everybody who
    ever wrote in it; none of them decides on it. A `stop` was lifted for the content whose hash is `lifted_hash`.
    """

    workflow = steps.DRAFT

    office = models.ForeignKey(Office, models.PROTECT, related_name="drafts", verbose_name=_("office"))
    author = models.ForeignKey(Person, models.PROTECT, related_name="drafts", verbose_name=_("author"))
    writers: models.ManyToManyField[Person, Any] = models.ManyToManyField(
        Person, related_name="wrote", verbose_name=_("writers")
    )
    title = models.CharField(_("title, for the office's own use"), max_length=120)
    purpose = models.CharField(_("purpose"), max_length=15, choices=Purpose.choices, default=Purpose.AWARENESS)
    wanted_at = models.DateTimeField(_("moment of release"), null=True, blank=True)
    is_emergency = models.BooleanField(_("emergency"), default=False)
    emergency_reason = models.TextField(_("why it cannot wait"), blank=True)
    level = models.CharField(_("verdict"), max_length=6, default="clear")
    lifted_by = models.ForeignKey(
        Person, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("stop lifted by")
    )
    lifted_reason = models.TextField(_("why the stop was lifted"), blank=True)
    lifted_hash = models.CharField(max_length=64, blank=True, editable=False)
    approved_hash = models.CharField(_("approved, by its hash"), max_length=64, blank=True, editable=False)
    approved_at = models.DateTimeField(_("approved at"), null=True, blank=True)
    copy_of = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="copies")
    made_at = models.DateTimeField(_("begun"), auto_now_add=True)
    submitted_at = models.DateTimeField(_("handed in"), null=True, blank=True)
    state = models.CharField(_("state"), max_length=10, default="draft", choices=steps.DRAFT_STATES, editable=False)

    objects = DraftQuerySet.as_manager()

    class Meta:
        verbose_name = _("draft")
        verbose_name_plural = _("drafts")
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=[name for name, _label in steps.DRAFT_STATES]), name="draft_state_known"
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["approved", "scheduled"]) | ~Q(approved_hash=""), name="draft_approved_by_hash"
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["in-review", "approved", "scheduled"]) | Q(wanted_at__isnull=False),
                name="draft_has_its_time",
            ),
            models.CheckConstraint(
                condition=Q(is_emergency=False) | ~Q(emergency_reason=""), name="draft_emergency_with_reason"
            ),
            models.CheckConstraint(
                condition=Q(lifted_by__isnull=True) | (~Q(lifted_by=F("author")) & ~Q(lifted_reason="")),
                name="draft_lifted_by_another",
            ),
        ]
        indexes = [
            models.Index(fields=["office", "wanted_at"], name="draft_office_when"),
            models.Index(fields=["state", "wanted_at"], name="draft_state_when"),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        """Its page."""
        return reverse("publishing:draft", args=[self.pk])

    @property
    def is_planned(self) -> bool:
        """Whether it is still to be released."""
        return self.state in steps.PLANNED

    @property
    def is_lifted(self) -> bool:
        """Whether a stop was lifted for what it says now."""
        return bool(self.lifted_hash) and self.lifted_hash == self.hash()

    def version_for(self, channel: Channel) -> Version:
        """What goes out on `channel`: the text for its platform, else the common one, in the target's language.

        Raises Target.DoesNotExist and Version.DoesNotExist.
        """
        language = next((one.language for one in self.targets.all() if one.channel_id == channel.pk), None)
        if language is None:
            raise Target.DoesNotExist
        fitting = {one.platform: one for one in self.versions.all() if one.language == language and one.text.strip()}
        found: Version | None = fitting.get(channel.platform) or fitting.get("")
        if found is None:
            raise Version.DoesNotExist
        return found

    def content(self) -> dict[str, Any]:
        """All that an approval binds to, as plain data in a fixed order."""
        return {
            "texts": sorted([one.language, one.platform, one.text] for one in self.versions.all()),
            "pictures": [
                [one.sha256, sorted(one.alts.items())] for one in sorted(self.pictures.all(), key=lambda p: p.position)
            ],
            "targets": sorted([one.channel_id, one.language] for one in self.targets.all()),
            "wanted_at": self.wanted_at.astimezone(UTC).isoformat() if self.wanted_at else None,
        }

    def hash(self) -> str:
        """SHA-256 over the canonical JSON of `content()`."""
        text = json.dumps(self.content(), ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(text.encode()).hexdigest()


class OfDraftQuerySet(models.QuerySet[Any]):
    """Rows that belong to a draft, with the adjectives of this room."""

    def visible_to(self, person: Person) -> OfDraftQuerySet:
        """Those of drafts of offices the person may see."""
        return self.filter(person.scope("draft__office", "draft__office__path"))


class Version(models.Model):
    """A text of a draft in one language: for every platform, or for one (`platform`).

    `level` and `clauses` are what the screening found when it was last saved, in it and in what pictures show, said in
    its language; `is_praise`: it praises a person.
    """

    draft = models.ForeignKey(Draft, models.CASCADE, related_name="versions", verbose_name=_("draft"))
    language = models.CharField(_("language"), max_length=5, choices=settings.LANGUAGES)
    platform = models.CharField(
        _("platform"), max_length=12, blank=True, choices=[("", _("every platform")), *Platform.choices]
    )
    text = models.TextField(_("text"))
    level = models.CharField(_("verdict"), max_length=6, default="clear")
    clauses: models.JSONField[list[list[str]], list[list[str]]] = models.JSONField(
        _("findings"), default=list, blank=True
    )
    is_praise = models.BooleanField(_("praises a person"), default=False)

    objects = OfDraftQuerySet.as_manager()

    class Meta:
        verbose_name = _("version")
        verbose_name_plural = _("versions")
        ordering = ["language", "platform"]
        constraints = [models.UniqueConstraint(fields=["draft", "language", "platform"], name="version_once")]

    def __str__(self) -> str:
        return f"{self.get_language_display()}{dot()}{self.get_platform_display()}"


class Picture(models.Model):
    """A picture of a draft, kept by its hash, with what it shows in words (`alts`, by language)."""

    draft = models.ForeignKey(Draft, models.CASCADE, related_name="pictures", verbose_name=_("draft"))
    sha256 = models.CharField(_("file, by its hash"), max_length=64)
    small = models.CharField(_("thumbnail, by its hash"), max_length=64, blank=True)
    kind = models.CharField(_("media type"), max_length=20)
    width = models.PositiveIntegerField(_("width"))
    height = models.PositiveIntegerField(_("height"))
    size = models.PositiveIntegerField(_("bytes"))
    position = models.PositiveSmallIntegerField(_("position"))
    alts: models.JSONField[dict[str, str], dict[str, str]] = models.JSONField(
        _("what it shows, by language"), default=dict, blank=True
    )

    objects = OfDraftQuerySet.as_manager()

    class Meta:
        verbose_name = _("picture")
        verbose_name_plural = _("pictures")
        ordering = ["position", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["draft", "sha256"], name="picture_once"),
            models.UniqueConstraint(fields=["draft", "position"], name="picture_position_once"),
        ]

    def __str__(self) -> str:
        return next((text for text in self.alts.values() if text), self.sha256[:8])


class Target(models.Model):
    """A channel on which a draft is to be released, and the language it speaks there."""

    draft = models.ForeignKey(Draft, models.CASCADE, related_name="targets", verbose_name=_("draft"))
    channel = models.ForeignKey(Channel, models.PROTECT, related_name="targets", verbose_name=_("channel"))
    language = models.CharField(_("language"), max_length=5, choices=settings.LANGUAGES)

    objects = OfDraftQuerySet.as_manager()

    class Meta:
        verbose_name = _("target")
        verbose_name_plural = _("targets")
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["draft", "channel"], name="target_once")]

    def __str__(self) -> str:
        return f"{self.channel}{dot()}{self.get_language_display()}"
