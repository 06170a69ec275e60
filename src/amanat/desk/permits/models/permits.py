"""Requests for permission and for advice, with what was decided on them."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from amanat.desk.lib.numerals import local
from amanat.desk.permits import workflow as steps
from amanat.desk.permits.models.deputies import deciding
from amanat.desk.registry.models import Office, Person

if TYPE_CHECKING:
    from collections.abc import Iterable

_STATES = [name for name, _label in steps.PERMIT_STATES]


class Kind(models.TextChoices):
    """What is asked for."""

    PERMISSION = "permission", _("permission")
    ADVICE = "advice", _("advice")


class Act(models.TextChoices):
    """The act that permission is asked for; the names are the packs'."""

    MEDIA = "media", _("a talk, an interview or another appearance in the media")
    PUBLICATION = "publication", _("an article, a book or another publication")
    WORK = "work", _("a literary, artistic or scientific work")
    CHANNEL = "channel", _("a page, account or channel of my own")
    PUBLICITY = "publicity", _("making official work known")
    ADVICE = "advice", _("advice")


class PermitQuerySet(models.QuerySet["Permit"]):
    """Permits, with the adjectives of this room."""

    def visible_to(self, person: Person) -> PermitQuerySet:
        """One's own; once sent, those one decides on, and for an auditor those of the tree. Not those of colleagues."""
        seen = deciding(person)
        for post in person.posts:
            if post.role == "auditor":
                seen |= Q(office__path__startswith=post.path) | Q(asked_from__path__startswith=post.path)
        if not person.is_active:
            return self.none()
        return self.filter(Q(person=person) | (Q(submitted_on__isnull=False) & seen))

    def to_decide(self, person: Person) -> PermitQuerySet:
        """Those that wait for this person's decision; never their own."""
        return self.filter(deciding(person), state="submitted").exclude(person=person)

    def overdue(self) -> PermitQuerySet:
        """Those without an answer after their day."""
        return self.filter(state="submitted", due_on__lt=timezone.localdate())

    def in_force(self, day: date) -> PermitQuerySet:
        """Permissions that cover `day`: granted, begun, not ended, and no revocation in effect by then."""
        return self.filter(
            Q(revoked_from__isnull=True) | Q(revoked_from__gt=day),
            kind=Kind.PERMISSION, state__in=["granted", "expired", "revoked"], starts_on__lte=day, ends_on__gte=day,
        )  # fmt: skip


class Permit(models.Model):
    """A request: who asks from which office, for what, under which clauses; then who decides by when; then what.

    `office` and `role` are set when it is sent: who decides. `rule` is the pack's decider and `rests_on` its clause,
    both empty where no pack names anybody. `due_by` is the clause that fixes the day; empty, the office's own setting.
    """

    workflow = steps.PERMIT

    kind = models.CharField(_("what is asked for"), max_length=10, choices=Kind.choices, default=Kind.PERMISSION)
    act = models.CharField(_("for what"), max_length=12, choices=Act.choices, default=Act.MEDIA)
    person = models.ForeignKey(Person, models.PROTECT, related_name="permits", verbose_name=_("who asks"))
    asked_from = models.ForeignKey(Office, models.PROTECT, related_name="+", verbose_name=_("from which office"))
    pack = models.CharField(_("rules"), max_length=30, blank=True)
    subject = models.CharField(_("subject"), max_length=150)
    purpose = models.TextField(_("what you want to do"), max_length=4000)
    place = models.CharField(_("where: channel, programme, publisher"), max_length=200, blank=True)
    text = models.TextField(_("draft text"), max_length=20_000, blank=True)
    wanted_from = models.DateField(_("from"), null=True, blank=True)
    wanted_until = models.DateField(_("until"), null=True, blank=True)
    made_at = models.DateTimeField(auto_now_add=True)

    office = models.ForeignKey(Office, models.PROTECT, null=True, related_name="permits", verbose_name=_("who decides"))
    role = models.CharField(max_length=12, blank=True)
    rule = models.CharField(max_length=60, blank=True)
    rests_on = models.CharField(max_length=100, blank=True)
    is_climbed = models.BooleanField(default=False)
    submitted_on = models.DateField(_("sent"), null=True)
    due_on = models.DateField(_("answer due"), null=True)
    due_by = models.CharField(max_length=100, blank=True)
    escalated_on = models.DateField(null=True)

    decided_on = models.DateField(_("decided"), null=True)
    decided_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+", verbose_name=_("decided by"))
    on_behalf_of = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+", verbose_name=_("in place of"))
    took = models.PositiveSmallIntegerField(_("working days"), null=True)
    number = models.CharField(_("number"), max_length=20, null=True, unique=True)
    code = models.CharField(max_length=12, null=True, unique=True)
    starts_on = models.DateField(_("from"), null=True)
    ends_on = models.DateField(_("until"), null=True)
    conditions = models.TextField(_("conditions"), max_length=4000, blank=True)
    answer = models.TextField(_("answer"), max_length=8000, blank=True)
    reason = models.TextField(_("reason"), max_length=4000, blank=True)
    ground = models.CharField(_("clause"), max_length=100, blank=True)
    revoked_from = models.DateField(_("revoked from"), null=True)

    state = models.CharField(_("state"), max_length=10, default="draft", choices=steps.PERMIT_STATES, editable=False)

    objects = PermitQuerySet.as_manager()

    class Meta:
        verbose_name = _("permit")
        verbose_name_plural = _("permits")
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=_STATES), name="permit_state_known"),
            models.CheckConstraint(
                condition=Q(kind="advice", act="advice") | (Q(kind="permission") & ~Q(act="advice")),
                name="permit_advice_is_advice",
            ),
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True) | ~Q(decided_by=F("person")), name="permit_not_ones_own"
            ),
            models.CheckConstraint(
                condition=Q(on_behalf_of__isnull=True) | ~Q(on_behalf_of=F("person")), name="permit_not_for_the_asker"
            ),
            models.CheckConstraint(
                condition=Q(number__isnull=True)
                | Q(code__isnull=False, starts_on__isnull=False, ends_on__isnull=False, kind="permission"),
                name="permit_numbered_whole",
            ),
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")), name="permit_ends_after_start"
            ),
            models.CheckConstraint(
                condition=Q(submitted_on__isnull=True) | (Q(office__isnull=False, due_on__isnull=False) & ~Q(role="")),
                name="permit_sent_whole",
            ),
        ]  # fmt: skip
        indexes = [
            models.Index(fields=["office", "role", "state", "due_on"], name="permit_decider"),
            models.Index(fields=["person", "state"], name="permit_person"),
            models.Index(fields=["state", "due_on"], name="permit_due"),
            models.Index(fields=["state", "ends_on"], name="permit_ends"),
            models.Index(fields=["submitted_on", "office"], name="permit_sent"),
            models.Index(
                fields=["revoked_from"], condition=Q(state="granted", revoked_from__isnull=False), name="permit_notice"
            ),
        ]

    def __str__(self) -> str:
        if self.number:
            return self.number
        words = _("Request {number}") if self.kind == Kind.PERMISSION else _("Question {number}")
        return str(words).format(number=local(self.pk))

    def get_absolute_url(self) -> str:
        """Its page."""
        return reverse("permits:permit", args=[self.pk])

    @property
    def is_overdue(self) -> bool:
        """Whether its day has passed without an answer."""
        return self.state == "submitted" and self.due_on is not None and self.due_on < timezone.localdate()

    @property
    def last_day(self) -> date | None:
        """The last day on which it holds, a notice of revocation counted."""
        if self.ends_on and self.revoked_from:
            return min(self.ends_on, self.revoked_from - timedelta(days=1))
        return self.ends_on

    @property
    def is_in_force(self) -> bool:
        """Whether it holds today."""
        today = timezone.localdate()
        last = self.last_day
        return self.state == "granted" and bool(self.starts_on and last and self.starts_on <= today <= last)

    def clauses(self) -> list[str]:
        """The ids of the clauses asked about."""
        return [row.clause for row in self.cited.all()]


class CitedQuerySet(models.QuerySet["Cited"]):
    """Clauses asked about, with the adjectives of this room."""

    def visible_to(self, person: Person) -> CitedQuerySet:
        """Those of permits the person may see."""
        return self.filter(permit__in=Permit.objects.visible_to(person).values("pk"))


class Cited(models.Model):
    """A clause that a request is about."""

    permit = models.ForeignKey(Permit, models.CASCADE, related_name="cited", verbose_name=_("permit"))
    clause = models.CharField(_("clause"), max_length=100)

    objects = CitedQuerySet.as_manager()

    class Meta:
        verbose_name = _("clause asked about")
        verbose_name_plural = _("clauses asked about")
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["clause", "permit"], name="cited_once")]

    def __str__(self) -> str:
        return self.clause

    @staticmethod
    def rows(permit: Permit, clauses: Iterable[str]) -> list[Cited]:
        """Rows for `clauses`, each once, in their order."""
        return [Cited(permit=permit, clause=clause) for clause in dict.fromkeys(clauses)]
