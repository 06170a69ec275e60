"""Messenger groups run by public servants, with their administrators."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from amanat.desk.lib.choices import Platform
from amanat.desk.lib.commas import dot
from amanat.desk.registry import workflow as steps
from amanat.desk.registry.models.offices import Office
from amanat.desk.registry.models.people import Person


class GroupQuerySet(models.QuerySet["Group"]):
    """Groups, with the adjectives of this room."""

    def visible_to(self, person: Person) -> GroupQuerySet:
        """Those of offices the person may see, and those they administer."""
        mine = Administrator.objects.current().filter(person=person)
        return self.filter(person.scope("office", "office__path") | Q(pk__in=mine.values("group")))


class Group(models.Model):
    """A messenger group of an office. Its administrators answer for what the clause says, and only for that."""

    workflow = steps.GROUP

    office = models.ForeignKey(Office, models.PROTECT, related_name="groups", verbose_name=_("office"))
    platform = models.CharField(_("platform"), max_length=12, choices=Platform.choices, default=Platform.WHATSAPP)
    name = models.CharField(_("name"), max_length=120)
    purpose = models.CharField(_("purpose"), max_length=200, blank=True)
    members = models.PositiveIntegerField(_("members, about"), null=True, blank=True)
    state = models.CharField(_("state"), max_length=10, default="open", choices=steps.GROUP_STATES, editable=False)

    objects = GroupQuerySet.as_manager()

    class Meta:
        verbose_name = _("group")
        verbose_name_plural = _("groups")
        ordering = ["office__path", "name"]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=["open", "closed"]), name="group_state_known"),
            models.UniqueConstraint(
                fields=["office", "platform", "name"], condition=Q(state="open"), name="group_name_once"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """Its page."""
        return reverse("registry:group", args=[self.pk])


class AdministratorQuerySet(models.QuerySet["Administrator"]):
    """Administrators, with the adjectives of this room."""

    def visible_to(self, person: Person) -> AdministratorQuerySet:
        """Oneself, and those of groups of offices the person may see."""
        return self.filter(Q(person=person) | person.scope("group__office", "group__office__path"))

    def current(self) -> AdministratorQuerySet:
        """Those who still administer."""
        return self.filter(ends_on__isnull=True)


class Administrator(models.Model):
    """Who administers a group, from one day to another."""

    group = models.ForeignKey(Group, models.CASCADE, related_name="administrators", verbose_name=_("group"))
    person = models.ForeignKey(Person, models.PROTECT, related_name="administers", verbose_name=_("administrator"))
    starts_on = models.DateField(_("from"), default=timezone.localdate)
    ends_on = models.DateField(_("until"), null=True, blank=True)

    objects = AdministratorQuerySet.as_manager()

    class Meta:
        verbose_name = _("administrator")
        verbose_name_plural = _("administrators")
        ordering = ["starts_on", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["group", "person"], condition=Q(ends_on__isnull=True), name="administrator_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.person}{dot()}{self.group}"
