"""Who is to read a circular, and who has acknowledged which version in which language."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from amanat.desk.circulars.models.circulars import LANGUAGES, AtOfficeQuerySet, Circular, OfCircularQuerySet
from amanat.desk.circulars.models.copies import Dispatch
from amanat.desk.lib.commas import dot
from amanat.desk.registry.models import Office, Person

if TYPE_CHECKING:
    from datetime import datetime


class AddresseeQuerySet(OfCircularQuerySet):
    """Addressees, with the adjectives of this room."""

    def visible_to(self, person: Person) -> AddresseeQuerySet:
        """Oneself; those who got it through offices one oversees; all of what such an office issued."""
        overseen = person.offices_overseen().values("pk")
        return self.filter(Q(person=person) | Q(office__in=overseen) | Q(circular__office__in=overseen))

    def outside(self) -> AddresseeQuerySet:
        """Addresses of nobody who serves here."""
        return self.exclude(address="")

    def unmailed(self) -> AddresseeQuerySet:
        """Addresses outside for which a mail waits: the letter, or word of it."""
        return self.outside().filter(mailed_at__isnull=True)

    def lettered(self) -> AddresseeQuerySet:
        """Addresses outside to which the letter itself was mailed."""
        return self.outside().exclude(mailed_at__isnull=True, occasion="")

    def mailable(self, now: datetime) -> AddresseeQuerySet:
        """Those to be mailed now, that nobody else is mailing: of circulars in force, or with word of their end.

        Whoever has acknowledged meanwhile is not reminded. There is no join: many who hold a row at once must meet at
        its own columns, where the database looks again.
        """
        free = Q(held_until__isnull=True) | Q(held_until__lte=now)
        asks = Q(state="dispatched", asked__gt=OuterRef("seen")) | Q(state=OuterRef("occasion"))
        return self.unmailed().filter(free, Exists(Circular.objects.filter(asks, pk=OuterRef("circular"))))

    def missing(self, circular: Circular) -> AddresseeQuerySet:
        """Those of a circular who have not acknowledged the version that is asked for."""
        return self.filter(circular=circular, seen__lt=circular.asked)


class Addressee(models.Model):
    """One person to whom a circular goes, once, with the office through which; or an address outside the desk.

    `seen`: the last version they acknowledged, 0 for none. One index serves "who has not": it holds the rows of a
    circular by version seen, then office, so that counting by office and paging read nothing else.

    To an address outside goes the letter, then word of it: `occasion` names the round of telling that it was last told
    of, empty for the letter itself. `mailed_at` empty: that mail waits. `held_until`: somebody is mailing it, or was
    killed while they did, or it was not taken and waits for its next try. `tries` counts how often that was begun.
    """

    circular = models.ForeignKey(
        Circular, models.CASCADE, related_name="addressees", db_index=False, verbose_name=_("circular")
    )
    person = models.ForeignKey(
        Person, models.PROTECT, null=True, blank=True, related_name="circulars", db_index=False,
        verbose_name=_("person"),
    )  # fmt: skip
    address = models.EmailField(_("e-mail, for somebody outside"), blank=True)
    office = models.ForeignKey(
        Office, models.PROTECT, null=True, blank=True, related_name="+", db_index=False, verbose_name=_("through")
    )
    dispatch = models.ForeignKey(Dispatch, models.PROTECT, related_name="+", db_index=False, verbose_name=_("came by"))
    seen = models.PositiveSmallIntegerField(_("version acknowledged"), default=0)
    acknowledged_at = models.DateTimeField(_("acknowledged"), null=True, blank=True)
    mailed_at = models.DateTimeField(_("mailed"), null=True, blank=True)
    occasion = models.CharField(max_length=30, blank=True, editable=False)
    held_until = models.DateTimeField(null=True, blank=True, editable=False)
    tries = models.PositiveSmallIntegerField(default=0, editable=False)

    objects = AddresseeQuerySet.as_manager()

    class Meta:
        verbose_name = _("addressee")
        verbose_name_plural = _("addressees")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["person", "circular"], name="addressee_once"),
            models.UniqueConstraint(
                fields=["circular", "address"], condition=~Q(address=""), name="addressee_address_once"
            ),
            models.CheckConstraint(
                condition=Q(person__isnull=False, address="") | (Q(person__isnull=True) & ~Q(address="")),
                name="addressee_person_or_address",
            ),
        ]
        indexes = [
            models.Index(fields=["circular", "seen", "office", "id"], name="addressee_seen"),
            models.Index(
                fields=["circular"], condition=Q(mailed_at__isnull=True) & ~Q(address=""), name="addressee_unmailed"
            ),
        ]

    def __str__(self) -> str:
        return str(self.person) if self.person else self.address


class Sheet(models.Model):
    """A signed sheet that an office handed in for people who cannot sign in: the scan, kept under its SHA-256."""

    circular = models.ForeignKey(Circular, models.CASCADE, related_name="sheets", verbose_name=_("circular"))
    office = models.ForeignKey(Office, models.PROTECT, related_name="+", verbose_name=_("office"))
    version = models.PositiveSmallIntegerField(_("version"))
    language = models.CharField(_("language"), max_length=2, choices=LANGUAGES)
    signed_on = models.DateField(_("signed on"))
    sha256 = models.CharField(_("SHA-256"), max_length=64)
    name = models.CharField(_("name of the file"), max_length=150)
    kind = models.CharField(_("type"), max_length=100)
    size = models.PositiveIntegerField(_("bytes"))
    by = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("handed in by"))
    at = models.DateTimeField(_("handed in"), auto_now_add=True)

    objects = AtOfficeQuerySet.as_manager()

    class Meta:
        verbose_name = _("signed sheet")
        verbose_name_plural = _("signed sheets")
        ordering = ["-pk"]
        constraints = [models.UniqueConstraint(fields=["circular", "office", "sha256"], name="sheet_once")]

    def __str__(self) -> str:
        return self.name


class AcknowledgementQuerySet(models.QuerySet[Any]):
    """Acknowledgements, with the adjectives of this room."""

    def visible_to(self, person: Person) -> AcknowledgementQuerySet:
        """One's own, and those made through offices one oversees."""
        mine = Q(addressee__person=person)
        return self.filter(mine | Q(addressee__office__in=person.offices_overseen().values("pk")))


class Acknowledgement(models.Model):
    """That an addressee has read one version in one language: signed in here, or on a signed sheet."""

    addressee = models.ForeignKey(
        Addressee, models.CASCADE, related_name="acknowledgements", db_index=False, verbose_name=_("addressee")
    )
    version = models.PositiveSmallIntegerField(_("version"))
    language = models.CharField(_("language"), max_length=2, choices=LANGUAGES)
    sheet = models.ForeignKey(
        Sheet, models.PROTECT, null=True, blank=True, related_name="+", db_index=False, verbose_name=_("signed sheet")
    )
    at = models.DateTimeField(_("moment"), auto_now_add=True)

    objects = AcknowledgementQuerySet.as_manager()

    class Meta:
        verbose_name = _("acknowledgement")
        verbose_name_plural = _("acknowledgements")
        ordering = ["-pk"]
        constraints = [models.UniqueConstraint(fields=["addressee", "version"], name="acknowledged_once")]

    def __str__(self) -> str:
        return f"{self.addressee}{dot()}{self.version}{dot()}{self.language}"
