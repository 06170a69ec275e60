"""The event log: one line for every change, appended and never altered. The database itself refuses the rest."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from amanat.desk.registry.models import Person


class EventQuerySet(models.QuerySet["Event"]):
    """Events, with the adjectives of this room."""

    def visible_to(self, person: Person) -> EventQuerySet:
        """Events at offices whose log the person may read, and whatever they did themselves."""
        return self.filter(models.Q(actor=person) | models.Q(office__in=person.offices_overseen().values("pk")))


class Event(models.Model):
    """Who did what to which thing, when, at which office, on what ground. `actor` empty: the machine itself.

    `office` is the number of an office, not a key: this room stands below the registry and outlives what it tells of.
    """

    at = models.DateTimeField(_("moment"), auto_now_add=True, db_index=True)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("who")
    )
    office = models.BigIntegerField(_("office"), null=True, blank=True)
    verb = models.CharField(_("verb"), max_length=40)
    kind = models.CharField(_("kind of thing"), max_length=60, blank=True)
    thing = models.BigIntegerField(_("number of the thing"), null=True, blank=True)
    title = models.CharField(_("thing"), max_length=200, blank=True)
    before = models.CharField(_("state before"), max_length=30, blank=True)
    after = models.CharField(_("state after"), max_length=30, blank=True)
    clause = models.CharField(_("clause"), max_length=100, blank=True)
    reason = models.TextField(_("reason"), blank=True)
    facts: models.JSONField[dict[str, Any], dict[str, Any]] = models.JSONField(_("facts"), default=dict, blank=True)

    objects = EventQuerySet.as_manager()

    class Meta:
        verbose_name = _("event")
        verbose_name_plural = _("events")
        ordering = ["-pk"]
        indexes = [
            models.Index(fields=["office", "-id"], name="event_office"),
            models.Index(fields=["kind", "thing", "-id"], name="event_thing"),
            models.Index(fields=["actor", "-id"], name="event_actor"),
        ]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.verb} {self.title}"
