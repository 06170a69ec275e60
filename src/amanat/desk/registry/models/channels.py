"""Channels: an office's pages, handles and accounts; how each is proved official and inspected, who is on its panel."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from amanat.desk.lib.choices import Language, Platform
from amanat.desk.lib.commas import dot, listed
from amanat.desk.registry import workflow as steps
from amanat.desk.registry.models.offices import Office
from amanat.desk.registry.models.people import Person

if TYPE_CHECKING:
    from datetime import date


class Purpose(models.TextChoices):
    """What a channel is for."""

    INTERNAL = "internal", _("within the office")
    AWARENESS = "awareness", _("informing the public")
    SERVICE = "service", _("giving a service")
    PARTICIPATION = "participation", _("hearing the public")


class ChannelQuerySet(models.QuerySet["Channel"]):
    """Channels, with the adjectives of this room."""

    def visible_to(self, person: Person) -> ChannelQuerySet:
        """Those of offices the person may see."""
        return self.filter(person.scope("office", "office__path"))

    def in_use(self) -> ChannelQuerySet:
        """Those not closed."""
        return self.exclude(state="closed")

    def inspection_due(self, day: date | None = None) -> ChannelQuerySet:
        """In use, and not inspected by `day` (today) although they should be."""
        return self.in_use().filter(inspection_due_on__lte=day or timezone.localdate())


class Channel(models.Model):
    """An office's page, handle or account on a platform. It belongs to the office, never to a person."""

    workflow = steps.CHANNEL

    office = models.ForeignKey(Office, models.PROTECT, related_name="channels", verbose_name=_("office"))
    platform = models.CharField(_("platform"), max_length=12, choices=Platform.choices)
    handle = models.CharField(_("handle or name"), max_length=120)
    address = models.URLField(_("address"), max_length=300, blank=True)
    purpose = models.CharField(_("purpose"), max_length=15, choices=Purpose.choices, default=Purpose.AWARENESS)
    languages = models.CharField(
        _("languages"), max_length=40, default="en", help_text=_("en, ur, hi, bn; with commas")
    )
    recovery_person = models.ForeignKey(
        Person, models.PROTECT, null=True, blank=True, related_name="recovers", verbose_name=_("recovery contact")
    )
    recovery_note = models.CharField(_("recovery address or number, official"), max_length=120, blank=True)
    inspection_due_on = models.DateField(_("next security inspection"), null=True, blank=True)
    state = models.CharField(_("state"), max_length=10, default="claimed", choices=steps.CHANNEL_STATES, editable=False)

    objects = ChannelQuerySet.as_manager()

    class Meta:
        verbose_name = _("channel")
        verbose_name_plural = _("channels")
        ordering = ["office__path", "platform", "handle"]
        constraints = [
            models.UniqueConstraint(
                "platform", Lower("handle"), condition=~Q(state="closed"), name="channel_handle_once"
            ),
            models.CheckConstraint(
                condition=Q(state__in=[name for name, _label in steps.CHANNEL_STATES]), name="channel_state_known"
            ),
        ]
        indexes = [models.Index(fields=["inspection_due_on"], name="channel_due")]

    def __str__(self) -> str:
        return f"{self.get_platform_display()} {self.handle}"

    def get_absolute_url(self) -> str:
        """Its page."""
        return reverse("registry:channel", args=[self.pk])

    @property
    def spoken(self) -> str:
        """Its languages, as the reader's names them."""
        codes = [code.strip() for code in self.languages.split(",") if code.strip()]
        return listed(dict(Language.choices).get(code, code) for code in codes)

    @property
    def is_late(self) -> bool:
        """Whether its security inspection is due."""
        due = self.inspection_due_on
        return self.state != "closed" and due is not None and due <= timezone.localdate()


class SeatQuerySet(models.QuerySet["PanelSeat"]):
    """Seats, with the adjectives of this room."""

    def visible_to(self, person: Person) -> SeatQuerySet:
        """Those on channels of offices the person may see."""
        return self.filter(person.scope("channel__office", "channel__office__path"))

    def current(self) -> SeatQuerySet:
        """Those not ended."""
        return self.filter(ends_on__isnull=True)


class PanelSeat(models.Model):
    """A member of a channel's panel, from one day to another. Sizes come from the pack (`actions.panels.seat`)."""

    channel = models.ForeignKey(Channel, models.CASCADE, related_name="seats", verbose_name=_("channel"))
    person = models.ForeignKey(Person, models.PROTECT, related_name="seats", verbose_name=_("member"))
    starts_on = models.DateField(_("from"), default=timezone.localdate)
    ends_on = models.DateField(_("until"), null=True, blank=True)

    objects = SeatQuerySet.as_manager()

    class Meta:
        verbose_name = _("seat on a panel")
        verbose_name_plural = _("seats on panels")
        ordering = ["starts_on", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["channel", "person"], condition=Q(ends_on__isnull=True), name="panel_seat_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.person}{dot()}{self.channel}"


class OfChannelQuerySet(models.QuerySet[Any]):
    """Rows that belong to a channel, with the adjectives of this room."""

    def visible_to(self, person: Person) -> OfChannelQuerySet:
        """Those of channels of offices the person may see."""
        return self.filter(person.scope("channel__office", "channel__office__path"))


class Verification(models.Model):
    """One attempt to prove a channel official, kept whatever came of it.

    `found` is a code of `registry.verification.FINDINGS` with a fact. A letter proves nothing until another decides.
    """

    class Method(models.TextChoices):
        """How."""

        LINK = "link", _("rel=me link on the office's own page")
        DOMAIN = "domain", _("domain handle")
        LETTER = "letter", _("signed letter")

    channel = models.ForeignKey(Channel, models.CASCADE, related_name="verifications", verbose_name=_("channel"))
    method = models.CharField(_("way"), max_length=8, choices=Method.choices)
    address = models.URLField(_("address"), max_length=300, blank=True)
    letter = models.CharField(_("letter, by its hash"), max_length=64, blank=True)
    letter_name = models.CharField(max_length=150, blank=True)
    is_proved = models.BooleanField(_("proved"), default=False)
    found = models.TextField(_("what was found"), blank=True)
    by = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("by"))
    at = models.DateTimeField(_("moment"), auto_now_add=True)
    decided_by = models.ForeignKey(
        Person, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("letter read by")
    )

    objects = OfChannelQuerySet.as_manager()

    class Meta:
        verbose_name = _("verification")
        verbose_name_plural = _("verifications")
        ordering = ["-at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True) | ~Q(decided_by=F("by")), name="letter_two_people"
            ),
            models.CheckConstraint(
                condition=~Q(method="letter") | Q(is_proved=False) | Q(decided_by__isnull=False),
                name="letter_proves_by_second",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.channel}: {self.get_method_display()}"

    @property
    def is_waiting(self) -> bool:
        """Whether it is a letter that nobody has decided on."""
        return self.method == self.Method.LETTER and self.decided_by_id is None


class Inspection(models.Model):
    """A security inspection of a channel: what was looked at, what was found, when the next is due."""

    channel = models.ForeignKey(Channel, models.CASCADE, related_name="inspections", verbose_name=_("channel"))
    on = models.DateField(_("day"), default=timezone.localdate)
    by = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("by"))
    second_factor_on = models.BooleanField(_("second factor is on"), default=False)
    access_list_checked = models.BooleanField(_("everyone with access was checked"), default=False)
    recovery_tested = models.BooleanField(_("recovery was tested"), default=False)
    note = models.TextField(_("what was found"), blank=True)

    objects = OfChannelQuerySet.as_manager()

    class Meta:
        verbose_name = _("inspection")
        verbose_name_plural = _("inspections")
        ordering = ["-on", "-pk"]

    def __str__(self) -> str:
        return f"{self.channel} {self.on}"

    @property
    def is_passed(self) -> bool:
        """Whether nothing is left to mend."""
        return self.second_factor_on and self.access_list_checked and self.recovery_tested

    def to_mend(self) -> list[str]:
        """What is left to do, one sentence each."""
        cures = {
            "second_factor_on": _("Turn the second factor on for everyone who signs in."),
            "access_list_checked": _("Go through everyone with access, and take it from those who no longer need it."),
            "recovery_tested": _("Test that the recovery contact can win the account back."),
        }
        return [str(cure) for tick, cure in cures.items() if not getattr(self, tick)]
