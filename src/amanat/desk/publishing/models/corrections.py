"""What is put right after release: a draft corrected or withdrawn, and what is done about it on each channel."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from amanat.desk.publishing import workflow_corrections as steps
from amanat.desk.publishing.models import releases
from amanat.desk.publishing.models.attempts import Attempt
from amanat.desk.publishing.models.drafts import Draft
from amanat.desk.publishing.models.releases import Release
from amanat.desk.registry.models import Office, Person
from amanat.desk.registry.models.channels import Purpose


class CorrectionQuerySet(models.QuerySet["Correction"]):
    """Corrections and withdrawals, with the adjectives of this room."""

    def visible_to(self, person: Person) -> CorrectionQuerySet:
        """Those of drafts of offices the person may see."""
        return self.filter(person.scope("draft__office", "draft__office__path"))

    def done(self) -> CorrectionQuerySet:
        """Those that took place."""
        return self.filter(state="done", has_effect=True)

    def told(self) -> CorrectionQuerySet:
        """Those that took place where the public reads: what it is told of."""
        return self.done().filter(Exists(Mending.objects.told().filter(correction=OuterRef("pk"))))

    def unseen(self) -> CorrectionQuerySet:
        """Those that no second person has looked at."""
        return self.filter(state__in=["open", "done"], seen_by=None)


class Correction(models.Model):
    """What was found wrong in a draft that is out, and that it is put right (`correct`) or taken down (`withdraw`).

    `reason` is told to the public and names nobody. `found_at`: when the office learned of it; `released_at`: when the
    first of the posts concerned went out; `done_at`: when the last was seen to. `seen_by`: the second person.
    """

    workflow = steps.CORRECTION

    draft = models.ForeignKey(Draft, models.PROTECT, related_name="corrections", verbose_name=_("draft"))
    kind = models.CharField(_("kind"), max_length=8, choices=steps.KINDS)
    reason = models.TextField(_("what is wrong, as the public is told"))
    shows_before = models.BooleanField(_("the public may read the wrong text"), default=True)
    asked_by = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("asked by"))
    asked_at = models.DateTimeField(_("asked"))
    found_at = models.DateTimeField(_("found wrong"))
    released_at = models.DateTimeField(_("released at"))
    level = models.CharField(_("verdict"), max_length=6, default="clear")
    clauses: models.JSONField[list[list[str]], list[list[str]]] = models.JSONField(
        _("findings"), default=list, blank=True
    )
    lifted_by = models.ForeignKey(
        Person, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("stop lifted by")
    )
    lifted_reason = models.TextField(_("why the stop was lifted"), blank=True)
    seen_by = models.ForeignKey(
        Person, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("looked at by")
    )
    seen_at = models.DateTimeField(_("looked at"), null=True, blank=True)
    has_effect = models.BooleanField(_("took place on a channel"), default=False)
    done_at = models.DateTimeField(_("put right"), null=True, blank=True)
    state = models.CharField(_("state"), max_length=10, default="open", choices=steps.CORRECTION_STATES, editable=False)

    objects = CorrectionQuerySet.as_manager()

    class Meta:
        verbose_name = _("correction")
        verbose_name_plural = _("corrections")
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=[name for name, _label in steps.CORRECTION_STATES]), name="correction_state_known"
            ),
            models.UniqueConstraint(
                fields=["draft"], condition=Q(state__in=["held", "open"]), name="correction_one_at_a_time"
            ),
            models.CheckConstraint(
                condition=Q(lifted_by=None) | (~Q(lifted_by=F("asked_by")) & ~Q(lifted_reason="")),
                name="correction_lifted_by_another",
            ),
            models.CheckConstraint(
                condition=Q(seen_by=None) | (~Q(seen_by=F("asked_by")) & Q(seen_at__isnull=False)),
                name="correction_seen_by_another",
            ),
            models.CheckConstraint(condition=Q(done_at=None) | Q(state="done"), name="correction_moment_of_done"),
            models.CheckConstraint(condition=Q(found_at__lte=F("asked_at")), name="correction_found_before_asked"),
        ]
        indexes = [
            models.Index(fields=["-done_at"], condition=Q(state="done"), name="correction_done"),
            models.Index(fields=["draft"], condition=Q(seen_by=None), name="correction_unseen"),
        ]

    def __str__(self) -> str:
        return str(self.draft)

    def get_absolute_url(self) -> str:
        """Its page."""
        return reverse("publishing:correction", args=[self.pk])

    @property
    def office(self) -> Office:
        """Where roles are asked for."""
        return self.draft.office

    @property
    def stood(self) -> timedelta | None:
        """How long the wrong post stood as it was; None while it still does."""
        return self.done_at - self.released_at if self.done_at else None


class MendingQuerySet(models.QuerySet["Mending"]):
    """What is done on channels, with the adjectives of this room."""

    def visible_to(self, person: Person) -> MendingQuerySet:
        """Those of drafts of offices the person may see."""
        return self.filter(person.scope("release__draft__office", "release__draft__office__path"))

    def told(self) -> MendingQuerySet:
        """Those done where the public reads: not on channels within the office."""
        return self.filter(state="done").exclude(release__channel__purpose=Purpose.INTERNAL)

    def due(self, now: datetime) -> MendingQuerySet:
        """Those that the desk does now itself; and those taken up by a worker that was not heard of again."""
        waiting = Q(state="pending", next_try_at__lte=now)
        left = Q(state="sending", sending_at__lte=now - releases.LEASE)
        paused = Q(release__channel__credential__paused_until__gt=now)
        has_key = Q(release__channel__credential__isnull=False)
        return self.filter(waiting | left, ~paused, has_key, correction__state="open").order_by("next_try_at", "pk")


class Mending(Attempt):
    """What is done about one release of a draft put right: `way` is how. Done by the worker, once, or by a person.

    `before` is the text that stood until then, by its hash; `text` what stands after, or the correcting reply.
    """

    workflow = steps.MENDING

    correction = models.ForeignKey(Correction, models.PROTECT, related_name="mendings", verbose_name=_("correction"))
    release = models.ForeignKey(Release, models.PROTECT, related_name="mendings", verbose_name=_("release"))
    way = models.CharField(_("how"), max_length=6, choices=steps.WAYS)
    language = models.CharField(_("language"), max_length=5, choices=settings.LANGUAGES)
    before = models.CharField(_("text before, by its hash"), max_length=64)
    text = models.TextField(_("text after"), blank=True)
    done_at = models.DateTimeField(_("done"), null=True, blank=True)
    state = models.CharField(_("state"), max_length=10, default="pending", choices=steps.MENDING_STATES, editable=False)

    objects = MendingQuerySet.as_manager()

    class Meta:
        verbose_name = _("correction on a channel")
        verbose_name_plural = _("corrections on channels")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["correction", "release"], name="mending_once"),
            models.CheckConstraint(
                condition=Q(state__in=[name for name, _label in steps.MENDING_STATES]), name="mending_state_known"
            ),
            models.CheckConstraint(condition=Q(done_at=None) | Q(state="done"), name="mending_moment_of_done"),
            models.CheckConstraint(condition=Q(way="delete") | ~Q(text=""), name="mending_says_something"),
        ]
        indexes = [
            models.Index(fields=["next_try_at"], condition=Q(state="pending"), name="mending_due"),
            models.Index(fields=["sending_at"], condition=Q(state="sending"), name="mending_left"),
        ]

    def __str__(self) -> str:
        return str(self.release)

    def get_absolute_url(self) -> str:
        """The page of its correction."""
        return f"{reverse('publishing:correction', args=[self.correction_id])}#on-{self.pk}"

    @property
    def office(self) -> Office:
        """Where roles are asked for."""
        return self.release.draft.office

    @property
    def publishes(self) -> bool:
        """Whether something new goes out, which must not go out twice."""
        return self.way in ("reply", "anew")

    @property
    def is_by_hand(self) -> bool:
        """Whether a person does it: the desk has no key to the channel."""
        return self.state == "pending" and not hasattr(self.release.channel, "credential")
