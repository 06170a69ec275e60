"""Who decides in whose place: the deputies that deciders name for their leave, and the hats a person wears today."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, NamedTuple

from django.db import models
from django.db.models import Exists, ExpressionWrapper, F, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from amanat.desk.permits.workflow import DECIDING
from amanat.desk.registry.models import Appointment, Office, Person, Role
from amanat.desk.registry.models.people import REACHING

if TYPE_CHECKING:
    from datetime import date


class DeputyQuerySet(models.QuerySet["Deputy"]):
    """Deputies, with the adjectives of this room."""

    def current(self, day: date | None = None) -> DeputyQuerySet:
        """Those who stand in on `day`, or today: both still hold a post there, the giver the one that is lent."""
        day = day or timezone.localdate()
        there = Appointment.objects.current(day).filter(office=OuterRef("office"))
        held, serves = (
            there.filter(person=OuterRef("giver"), role=OuterRef("role")),
            there.filter(person=OuterRef("person")),
        )
        return self.filter(
            Exists(held), Exists(serves),
            starts_on__lte=day, ends_on__gte=day, giver__is_active=True, person__is_active=True,
        )  # fmt: skip

    def visible_to(self, person: Person) -> DeputyQuerySet:
        """Those a person named or is, and those at offices whose log they may read."""
        return self.filter(Q(giver=person) | Q(person=person) | Q(office__in=person.offices_overseen().values("pk")))


class Deputy(models.Model):
    """`person` decides on permits in place of `giver`, who holds `role` at `office`, on these days."""

    giver = models.ForeignKey(Person, models.PROTECT, related_name="deputies", verbose_name=_("in place of"))
    office = models.ForeignKey(Office, models.PROTECT, related_name="deputies", verbose_name=_("office"))
    role = models.CharField(_("role"), max_length=12, choices=Role.choices)
    person = models.ForeignKey(Person, models.PROTECT, related_name="deputised", verbose_name=_("deputy"))
    starts_on = models.DateField(_("from"))
    ends_on = models.DateField(_("until"))

    objects = DeputyQuerySet.as_manager()

    class Meta:
        verbose_name = _("deputy")
        verbose_name_plural = _("deputies")
        ordering = ["-starts_on", "-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(ends_on__gte=F("starts_on")), name="deputy_ends_after_start"),
            models.CheckConstraint(condition=~Q(giver=F("person")), name="deputy_is_another"),
            models.CheckConstraint(condition=Q(role__in=DECIDING), name="deputy_role_decides"),
        ]
        indexes = [models.Index(fields=["person", "ends_on"], name="deputy_person")]

    def __str__(self) -> str:
        return f"{self.person} → {self.giver}"


class Hat(NamedTuple):
    """A right to decide: the role, where it is held, and the one in whose place where it is not one's own."""

    role: str
    office: int
    path: str
    giver: int | None = None

    def covers(self, role: str, office: Office, asker: int) -> bool:
        """Whether it decides what `role` at `office` decides for `asker`; never in the place of whoever asks."""
        if role != self.role or asker == self.giver:
            return False
        return office.pk == self.office or (role in REACHING and office.path.startswith(self.path))

    def rows(self) -> Q:
        """The permits that it decides on."""
        at = Q(office__path__startswith=self.path) if self.role in REACHING else Q(office=self.office)
        mine = Q(role=self.role) & at
        return mine & ~Q(person=self.giver) if self.giver else mine


def hats(person: Person) -> list[Hat]:
    """What a person may decide today: by their own posts first, then in place of others."""
    if not person.is_active:
        return []
    own = [Hat(post.role, post.office, post.path) for post in person.posts if post.role in DECIDING]
    lent = Deputy.objects.current().filter(person=person).values_list("role", "office", "office__path", "giver")
    return [*own, *(Hat(*row) for row in lent)]


def deciding(person: Person) -> Q:
    """The permits on which one of a person's hats decides."""
    return covered(hats(person))


def rights_of(person: Person) -> Q:
    """The permits a person decides on today, as `deciding` says, without a question of its own to the database."""
    own = covered(Hat(post.role, post.office, post.path) for post in person.posts if post.role in DECIDING)
    mine = ExpressionWrapper(OuterRef("office__path"), output_field=models.CharField())
    lent = Deputy.objects.current().filter(~Q(giver=OuterRef("person")), person=person, role=OuterRef("role"))
    lent = lent.alias(below=mine)
    reached = Q(office=OuterRef("office")) | Q(role__in=REACHING, below__startswith=F("office__path"))
    return own | Q(Exists(lent.filter(reached)))


def covered(worn: Iterable[Hat]) -> Q:
    """The permits on which one of these hats decides."""
    condition = Q(pk__in=[])
    for hat in worn:
        condition |= hat.rows()
    return condition
