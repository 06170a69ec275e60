"""Notices: what a person is told of, once, in their own language; shown on a page and sent together by mail."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from amanat.desk.registry.models.people import Mail, Person

if TYPE_CHECKING:
    from datetime import date, datetime


class MailingQuerySet(models.QuerySet["Mailing"]):
    """Mails, with the adjectives of this room."""

    def waiting(self) -> MailingQuerySet:
        """Neither sent nor given up."""
        return self.filter(sent_at=None, fault="")

    def due(self, now: datetime) -> MailingQuerySet:
        """Those to be sent now, that nobody else is sending."""
        return self.waiting().filter(Q(held_until=None) | Q(held_until__lte=now), next_try_at__lte=now)

    def refused(self) -> MailingQuerySet:
        """Those whose address was refused."""
        return self.filter(fault=Mailing.Fault.REFUSED)


class Mailing(models.Model):
    """One mail to one person, with the notices in it. `day` is set for the digest of that day: there is only one.

    `held_until`: somebody is sending it, or was killed while they did. `tries` counts how often it was begun.
    """

    class Fault(models.TextChoices):
        """Why it was given up."""

        REFUSED = "refused", _("the address was refused")
        UNDELIVERED = "undelivered", _("it could not be delivered")

    person = models.ForeignKey(Person, models.CASCADE, related_name="mailings", verbose_name=_("person"))
    day = models.DateField(_("day"), null=True, blank=True)
    made_at = models.DateTimeField(_("moment"), auto_now_add=True)
    address = models.EmailField(_("e-mail"))
    held_until = models.DateTimeField(null=True, blank=True)
    tries = models.PositiveSmallIntegerField(_("tries"), default=0)
    next_try_at = models.DateTimeField(_("next try"))
    sent_at = models.DateTimeField(_("sent"), null=True, blank=True)
    fault = models.CharField(_("fault"), max_length=12, choices=Fault.choices, blank=True)

    objects = MailingQuerySet.as_manager()

    class Meta:
        verbose_name = _("mail")
        verbose_name_plural = _("mails")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["person", "day"], name="mailing_once_a_day"),
            models.CheckConstraint(condition=Q(sent_at=None) | Q(fault=""), name="mailing_sent_or_not"),
            models.CheckConstraint(condition=Q(fault__in=["", "refused", "undelivered"]), name="mailing_fault_known"),
        ]
        indexes = [
            models.Index(fields=["next_try_at"], condition=Q(sent_at=None, fault=""), name="mailing_waiting"),
            models.Index(fields=["person"], condition=Q(fault="refused"), name="mailing_refused"),
        ]

    def __str__(self) -> str:
        return f"{self.person} {self.made_at:%Y-%m-%d}"


class NoticeQuerySet(models.QuerySet["Notice"]):
    """Notices, with the adjectives of this room."""

    def visible_to(self, person: Person) -> NoticeQuerySet:
        """One's own, and nobody else's."""
        return self.filter(person=person)

    def unread(self) -> NoticeQuerySet:
        """Not yet seen on the page."""
        return self.filter(seen_at=None)

    def unmailed(self) -> NoticeQuerySet:
        """In no mail yet, and not read either: of people in service whose address, so far as is known, takes mail."""
        rows = self.filter(mailing=None, seen_at=None, person__is_active=True, person__email__isnull=False)
        refused = Mailing.objects.refused().filter(person=OuterRef("person"), address=OuterRef("person__email"))
        return rows.filter(~Exists(refused))

    def at_once(self) -> NoticeQuerySet:
        """Those to be mailed without waiting for a digest."""
        return self.unmailed().filter(Q(is_urgent=True) | Q(person__mail=Mail.AT_ONCE))

    def for_digest(self, before: datetime, day: date) -> NoticeQuerySet:
        """Those made `before` that belong into the digest of `day`, of people who have had none that day."""
        had = Mailing.objects.filter(person=OuterRef("person"), day=day)
        rows = self.unmailed().filter(person__mail=Mail.DAILY, is_urgent=False, made_at__lt=before)
        return rows.filter(~Exists(had))


class Notice(models.Model):
    """One thing a person is told. `key` names the occasion: nobody is told of it twice."""

    person = models.ForeignKey(Person, models.CASCADE, related_name="notices", verbose_name=_("person"))
    key = models.CharField(max_length=120, editable=False)
    what = models.CharField(_("what"), max_length=200)
    why = models.CharField(_("why"), max_length=400, blank=True)
    url = models.CharField(_("where"), max_length=300)
    is_urgent = models.BooleanField(_("urgent"), default=False)
    made_at = models.DateTimeField(_("moment"), auto_now_add=True)
    seen_at = models.DateTimeField(_("seen"), null=True, blank=True)
    mailing = models.ForeignKey(
        Mailing, models.PROTECT, null=True, blank=True, related_name="notices", verbose_name=_("mail")
    )

    objects = NoticeQuerySet.as_manager()

    class Meta:
        verbose_name = _("notice")
        verbose_name_plural = _("notices")
        ordering = ["-pk"]
        constraints = [models.UniqueConstraint(fields=["person", "key"], name="notice_once")]
        indexes = [
            models.Index(fields=["person"], condition=Q(mailing=None, seen_at=None), name="notice_unmailed"),
            models.Index(fields=["person"], condition=Q(seen_at=None), name="notice_unread"),
        ]

    def __str__(self) -> str:
        return self.what
