"""Offices: a tree from ministry to field office."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models import Count, F, OuterRef, Q, Subquery, Value
from django.db.models.functions import Length, Replace
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from amanat.desk.registry import workflow as steps

if TYPE_CHECKING:
    from amanat.desk.registry.models.people import Person


_LEVEL = Length("path") - Length(Replace(F("path"), Value("/"), Value("")))


def _number(name: str, which: Q) -> Subquery:
    """How many rows of a relation an office has: its own small query, so that several do not multiply each other."""
    rows = Office._base_manager.filter(pk=OuterRef("pk")).order_by().values("pk")
    return Subquery(rows.annotate(number=Count(name, filter=which)).values("number"))


def _unplaced() -> str:
    """What stands for the path until the office has its number."""
    return secrets.token_hex(8)


class Kind(models.TextChoices):
    """What an office is."""

    MINISTRY = "ministry", _("ministry")
    DIVISION = "division", _("division")
    DEPARTMENT = "department", _("department")
    DIRECTORATE = "directorate", _("directorate")
    DISTRICT = "district", _("district office")
    FIELD = "field", _("field office")
    BODY = "body", _("autonomous body")


class OfficeQuerySet(models.QuerySet["Office"]):
    """Offices, with the adjectives of this room."""

    def visible_to(self, person: Person) -> OfficeQuerySet:
        """Offices the person holds a post at, and all below those they oversee."""
        return self.filter(person.scope("pk", "path"))

    def under(self, office: Office) -> OfficeQuerySet:
        """The office and everything below it."""
        return self.filter(path__startswith=office.path)

    def open(self) -> OfficeQuerySet:
        """Those not closed."""
        return self.filter(state="open")

    def levels(self) -> dict[int, int]:
        """How many there are on each level of the tree; a level is the number of strokes in the path, highest first."""
        rows = self.order_by().annotate(level=_LEVEL).values_list("level").annotate(number=Count("pk"))
        return dict(sorted(rows))

    def down_to(self, level: int) -> OfficeQuerySet:
        """Those on this level or a higher one."""
        return self.annotate(level=_LEVEL).filter(level__lte=level)

    def with_contents(self) -> OfficeQuerySet:
        """Each with the numbers of what it still holds: `below`, `posts`, `pages` and `rooms` (channels and groups)."""
        today = timezone.localdate()
        held = Q(appointments__ends_on__isnull=True) | Q(appointments__ends_on__gte=today)
        return self.annotate(
            below=_number("children", Q(children__state="open")),
            posts=_number("appointments", held),
            pages=_number("channels", ~Q(channels__state="closed")),
            rooms=_number("groups", Q(groups__state="open")),
        )


class Office(models.Model):
    """An office. `path` holds the numbers of the offices above and its own ("/1/7/"), so that a tree is one query.

    `code` is how spreadsheets and letters name it. `pack`: the rules it works under; empty, those of the office above.
    """

    workflow = steps.OFFICE

    code = models.CharField(_("code"), max_length=40, unique=True)
    name = models.CharField(_("name in English"), max_length=200)
    local_name = models.CharField(_("name in the local language"), max_length=200, blank=True)
    kind = models.CharField(_("kind"), max_length=20, choices=Kind.choices, default=Kind.DEPARTMENT)
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="children", verbose_name=_("office above")
    )
    path = models.CharField(max_length=200, unique=True, editable=False, default=_unplaced)
    pack = models.CharField(_("rules"), max_length=30, blank=True)
    website = models.URLField(_("website"), blank=True)
    state = models.CharField(_("state"), max_length=10, default="open", choices=steps.OFFICE_STATES, editable=False)

    objects = OfficeQuerySet.as_manager()

    class Meta:
        verbose_name = _("office")
        verbose_name_plural = _("offices")
        ordering = ["path"]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=["open", "closed"]), name="office_state_known"),
            models.CheckConstraint(condition=~Q(parent=models.F("id")), name="office_not_its_own_parent"),
        ]

    def __str__(self) -> str:
        return self.local_name if self.local_name and get_language() in ("ur", "hi", "bn") else self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Save; a new office gets its place in the tree once it has its number."""
        super().save(*args, **kwargs)
        path = f"{self.parent.path if self.parent else '/'}{self.pk}/"
        if self.path != path:
            self.path = path
            type(self)._base_manager.filter(pk=self.pk).update(path=path)

    def get_absolute_url(self) -> str:
        """Its page."""
        return reverse("registry:office", args=[self.pk])

    @property
    def office(self) -> Office:
        """The office at which roles are asked for: itself."""
        return self

    @property
    def depth(self) -> int:
        """0 for an office with none above it."""
        return self.path.count("/") - 2

    def ancestors(self) -> list[int]:
        """Numbers of the offices above, the highest first, and its own."""
        return [int(part) for part in self.path.split("/") if part]

    def rules(self) -> str:
        """The pack it works under: its own, or that of the nearest office above that has one; "" for none."""
        if self.pack:
            return self.pack
        above = Office.objects.filter(pk__in=self.ancestors()).exclude(pack="").order_by("-path").first()
        return above.pack if above else ""
