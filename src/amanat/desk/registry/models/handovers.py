"""Handover: what a person gives back before a post ends. Until every item is done, the post does not end."""

from __future__ import annotations

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from amanat.desk.registry import workflow as steps
from amanat.desk.registry.models.channels import Channel, PanelSeat
from amanat.desk.registry.models.groups import Administrator, Group
from amanat.desk.registry.models.offices import Office
from amanat.desk.registry.models.people import Appointment, Person

SEATED = frozenset({"officer", "moderator", "head"})
"""Roles whose holders may sit on a panel."""


def holding() -> Q:
    """The posts whose holder has something of that office to give back: a seat, a recovery contact, a group."""
    here = {"person": OuterRef("person")}
    seats = PanelSeat.objects.current().filter(**here, channel__office=OuterRef("office"))
    recovers = Channel.objects.in_use().filter(recovery_person=OuterRef("person"), office=OuterRef("office"))
    groups = Administrator.objects.current().filter(**here, group__office=OuterRef("office"))
    return Q(Exists(seats)) | Q(Exists(recovers)) | Q(Exists(groups))


class HandoverQuerySet(models.QuerySet["Handover"]):
    """Handovers, with the adjectives of this room."""

    def visible_to(self, person: Person) -> HandoverQuerySet:
        """One's own, and those at offices one may see."""
        mine = Q(appointment__person=person) | Q(successor=person)
        return self.filter(mine | person.scope("appointment__office", "appointment__office__path"))

    def under_way(self) -> HandoverQuerySet:
        """Begun and not finished."""
        return self.filter(state="open")


class Handover(models.Model):
    """The checklist by which a post is given up: on transfer, retirement or leave of the role."""

    workflow = steps.HANDOVER

    class Cause(models.TextChoices):
        """Why."""

        TRANSFER = "transfer", _("transfer")
        RETIREMENT = "retirement", _("retirement")
        ROLE = "role", _("change of duties")

    appointment = models.ForeignKey(Appointment, models.PROTECT, related_name="handovers", verbose_name=_("post"))
    cause = models.CharField(_("cause"), max_length=12, choices=Cause.choices, default=Cause.TRANSFER)
    leaves_on = models.DateField(_("last day in the post"))
    successor = models.ForeignKey(
        Person, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("successor")
    )
    begun_at = models.DateTimeField(auto_now_add=True)
    state = models.CharField(_("state"), max_length=10, default="open", choices=steps.HANDOVER_STATES, editable=False)

    objects = HandoverQuerySet.as_manager()

    class Meta:
        verbose_name = _("handover")
        verbose_name_plural = _("handovers")
        ordering = ["leaves_on", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["appointment"], condition=Q(state="open"), name="handover_open_once"),
            models.CheckConstraint(condition=Q(state__in=["open", "done", "dropped"]), name="handover_state_known"),
        ]

    def __str__(self) -> str:
        return str(self.appointment)

    def get_absolute_url(self) -> str:
        """Its page."""
        return reverse("registry:handover", args=[self.pk])

    @property
    def office(self) -> Office:
        """The office of the post."""
        return self.appointment.office

    @property
    def is_late(self) -> bool:
        """Whether the last day is over and it is still under way."""
        return self.state == "open" and self.leaves_on < timezone.localdate()


class ItemQuerySet(models.QuerySet["HandoverItem"]):
    """Items, with the adjectives of this room."""

    def visible_to(self, person: Person) -> ItemQuerySet:
        """Those of handovers the person may see."""
        return self.filter(handover__in=Handover.objects.visible_to(person).values("pk"))

    def left(self) -> ItemQuerySet:
        """Those not done."""
        return self.filter(done_at__isnull=True)


class HandoverItem(models.Model):
    """One thing to give back, ending with proof that the old access is gone."""

    class Kind(models.TextChoices):
        """What is given back."""

        PANEL = "panel", _("seat on the panel")
        RECOVERY = "recovery", _("recovery contact")
        ACCESS = "access", _("access to the account removed")
        GROUP = "group", _("administration of the group")
        OTHER = "other", _("other")

    handover = models.ForeignKey(Handover, models.CASCADE, related_name="items", verbose_name=_("handover"))
    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices)
    channel = models.ForeignKey(Channel, models.CASCADE, null=True, blank=True, related_name="+")
    group = models.ForeignKey(Group, models.CASCADE, null=True, blank=True, related_name="+")
    text = models.CharField(_("what"), max_length=200, blank=True)
    proof = models.CharField(_("how it was seen to be done"), max_length=300, blank=True)
    done_at = models.DateTimeField(null=True, blank=True)
    done_by = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")

    objects = ItemQuerySet.as_manager()

    class Meta:
        verbose_name = _("item of a handover")
        verbose_name_plural = _("items of handovers")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["handover", "kind", "channel"], name="handover_item_channel_once"),
            models.UniqueConstraint(fields=["handover", "kind", "group"], name="handover_item_group_once"),
        ]

    def __str__(self) -> str:
        if self.kind == self.Kind.OTHER:
            return self.text
        return f"{self.get_kind_display()}: {self.channel or self.group}"
