"""Circulars: the letter, its texts in every language and version, its enclosures."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from amanat.desk.circulars import workflow as steps
from amanat.desk.circulars.models.lists import DistributionList
from amanat.desk.registry.models import Office, Person
from amanat.rulebook import in_words

if TYPE_CHECKING:
    from datetime import datetime

LANGUAGES = [("en", "English"), ("ur", "اردو"), ("hi", "हिन्दी"), ("bn", "বাংলা")]
"""What a circular may be written in."""


class CircularQuerySet(models.QuerySet["Circular"]):
    """Circulars, with the adjectives of this room."""

    def visible_to(self, person: Person) -> CircularQuerySet:
        """Drafts at the offices one may see; of those dispatched also what came to oneself or to such an office."""
        from amanat.desk.circulars.models import Addressee, Copy

        if not person.is_active:
            return self.none()
        this = OuterRef("pk")
        came = Copy.objects.filter(person.scope("office", "office__path"), circular=this)
        mine = Addressee.objects.filter(person=person, circular=this)
        reached = Q(is_public=True) | Exists(mine) | Exists(came)
        return self.filter(person.scope("office", "office__path") | (Q(state__in=steps.SENT) & reached))

    def in_force(self) -> CircularQuerySet:
        """Those dispatched, and neither superseded nor withdrawn."""
        return self.filter(state="dispatched")

    def for_person(self, person: Person) -> CircularQuerySet:
        """Those that bind a person: sent to them, or to an office at which they hold a post today."""
        from amanat.desk.circulars.models import Addressee, Copy

        this, here = OuterRef("pk"), [post.office for post in person.posts]
        came = Copy.objects.filter(office__in=here, circular=this)
        return self.filter(Exists(Addressee.objects.filter(person=person, circular=this)) | Exists(came))

    def late(self) -> CircularQuerySet:
        """Those in force whose day of acknowledgement is over."""
        return self.in_force().filter(due_on__lt=timezone.localdate())

    def public(self) -> CircularQuerySet:
        """Those with a page for everyone, superseded and withdrawn ones too: an address once given stays."""
        return self.filter(is_public=True, state__in=steps.SENT)


class Circular(models.Model):
    """A letter to many. Until it is dispatched it is a draft; from then on its texts change only as a new version.

    `subject` repeats the subjects of the current version by language, for lists. `asked` is the version from which on
    an acknowledgement counts: a correction that must be read again raises it. `elsewhere`: issued by other means, with
    a number and a date of its own, which nothing here counts. `audience`: whom it goes to beside its lists.
    `reminded_on`: the day on which the clock last looked whether somebody is to be reminded.
    """

    workflow = steps.CIRCULAR

    office = models.ForeignKey(Office, models.PROTECT, related_name="circulars", verbose_name=_("office"))
    number = models.CharField(_("number"), max_length=120, blank=True)
    year = models.PositiveSmallIntegerField(null=True, blank=True, editable=False)
    serial = models.PositiveIntegerField(null=True, blank=True, editable=False)
    elsewhere = models.BooleanField(_("it was issued elsewhere"), default=False)
    dated_on = models.DateField(_("date"), null=True, blank=True)
    source = models.URLField(_("where the original is"), max_length=300, blank=True)
    subject: models.JSONField[dict[str, str], dict[str, str]] = models.JSONField(default=dict, editable=False)
    version = models.PositiveSmallIntegerField(_("version"), default=1, editable=False)
    asked = models.PositiveSmallIntegerField(default=1, editable=False)
    supersedes = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="successors", verbose_name=_("takes the place of")
    )
    is_public = models.BooleanField(_("open to everyone"), default=False)
    slug = models.CharField(max_length=80, unique=True, null=True, blank=True, editable=False)
    asks_people = models.BooleanField(_("every person acknowledges, not only each office"), default=True)
    days = models.PositiveSmallIntegerField(_("working days to acknowledge"), null=True, blank=True)
    due_on = models.DateField(_("to be acknowledged by"), null=True, blank=True, editable=False)
    lists = models.ManyToManyField(DistributionList, blank=True, related_name="+", verbose_name=_("lists"))
    audience: models.JSONField[dict[str, Any], dict[str, Any]] = models.JSONField(default=dict, blank=True)
    author = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("author"))
    made_at: models.DateTimeField[datetime, datetime] = models.DateTimeField(_("begun"), auto_now_add=True)
    dispatched_at = models.DateTimeField(_("dispatched"), null=True, blank=True, editable=False)
    newcomers_on = models.DateField(null=True, blank=True, editable=False)
    reminded_on = models.DateField(null=True, blank=True, editable=False)
    state = models.CharField(_("state"), max_length=12, default="draft", choices=steps.CIRCULAR_STATES, editable=False)

    objects = CircularQuerySet.as_manager()

    class Meta:
        verbose_name = _("circular")
        verbose_name_plural = _("circulars")
        ordering = ["-dated_on", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=[name for name, _label in steps.CIRCULAR_STATES]), name="circular_state_known"
            ),
            models.UniqueConstraint(fields=["office", "year", "serial"], name="circular_serial_once"),
            models.UniqueConstraint(
                fields=["office", "number"], condition=Q(serial__isnull=False), name="circular_number_once"
            ),
            models.CheckConstraint(
                condition=Q(dispatched_at__isnull=True) | Q(dated_on__isnull=False, slug__isnull=False),
                name="circular_dated",
            ),
            models.CheckConstraint(condition=~Q(supersedes=F("id")), name="circular_not_its_own_successor"),
        ]
        indexes = [
            models.Index(fields=["state", "due_on"], name="circular_due"),
            models.Index(fields=["-dated_on", "-id"], name="circular_newest"),
        ]

    def __str__(self) -> str:
        subject = in_words(self.subject, get_language() or "en")[1] or str(_("Circular without a subject"))
        return f"{self.number}: {subject}" if self.number else subject

    def get_absolute_url(self) -> str:
        """Its page."""
        return reverse("circulars:circular", args=[self.pk])

    @property
    def is_late(self) -> bool:
        """Whether its day of acknowledgement is over."""
        return self.state == "dispatched" and self.due_on is not None and self.due_on < timezone.localdate()

    def texts_of(self, version: int | None = None) -> list[Text]:
        """Its texts in one version, the current where none is named."""
        return list(self.texts.filter(version=version or self.version))

    def enclosures_of(self, version: int | None = None) -> list[Enclosure]:
        """What goes with one version, the current where none is named."""
        return list(Enclosure.objects.of_version(version or self.version).filter(circular=self))


class OfCircularQuerySet(models.QuerySet[Any]):
    """Rows that belong to a circular, with the adjectives of this room."""

    def visible_to(self, person: Person) -> OfCircularQuerySet:
        """Those of circulars the person may see."""
        return self.filter(circular__in=Circular.objects.visible_to(person).values("pk"))


class InsideQuerySet(models.QuerySet[Any]):
    """Rows about a circular that are nobody's but its office's: an open circular does not open them."""

    def visible_to(self, person: Person) -> InsideQuerySet:
        """Those of circulars of offices the person may see."""
        return self.filter(person.scope("circular__office", "circular__office__path"))


class AtOfficeQuerySet(models.QuerySet[Any]):
    """Rows about a circular at one office: of that office, and of the one whose circular it is."""

    def visible_to(self, person: Person) -> AtOfficeQuerySet:
        """Those of offices, and of circulars of offices, that the person may see."""
        issued = person.scope("circular__office", "circular__office__path")
        return self.filter(issued | person.scope("office", "office__path"))


class Text(models.Model):
    """Subject and body in one language, of one version. After dispatch no row changes: a correction adds new ones."""

    circular = models.ForeignKey(
        Circular, models.CASCADE, related_name="texts", db_index=False, verbose_name=_("circular")
    )
    version = models.PositiveSmallIntegerField(_("version"), default=1)
    language = models.CharField(_("language"), max_length=2, choices=LANGUAGES)
    subject = models.CharField(_("subject"), max_length=300)
    body = models.TextField(_("text"))
    made_at = models.DateTimeField(_("written"), auto_now_add=True)

    objects = OfCircularQuerySet.as_manager()

    class Meta:
        verbose_name = _("text")
        verbose_name_plural = _("texts")
        ordering = ["version", "language"]
        constraints = [
            models.UniqueConstraint(fields=["circular", "version", "language"], name="circular_text_once"),
            models.CheckConstraint(
                condition=Q(language__in=[code for code, _name in LANGUAGES]), name="circular_text_language"
            ),
            models.CheckConstraint(condition=Q(version__gte=1), name="circular_text_version"),
        ]

    def __str__(self) -> str:
        return self.subject


class EnclosureQuerySet(OfCircularQuerySet):
    """Enclosures, with the adjectives of this room."""

    def visible_to(self, person: Person) -> EnclosureQuerySet:
        """Those of circulars the person may see; what waits for a later version only at the offices one sees."""
        inside = person.scope("circular__office", "circular__office__path")
        circulars = Circular.objects.visible_to(person).values("pk")
        return self.filter(inside | Q(version__lte=F("circular__version")), circular__in=circulars)

    def out(self) -> EnclosureQuerySet:
        """Those that are part of a version that was made, not only prepared for the next."""
        return self.filter(version__lte=F("circular__version"))

    def of_version(self, version: int) -> EnclosureQuerySet:
        """Those that go with one version of a circular."""
        return self.filter(Q(until=None) | Q(until__gte=version), version__lte=version)


class Enclosure(models.Model):
    """A file that goes with a circular, kept under its SHA-256. `language` empty: for readers of every language.

    It is part of every version from `version` to `until`, or to the newest where that is empty. After dispatch a row
    ends but never goes, so that each version keeps what it had. One whose `version` is still to come is prepared for
    the next correction, and only the office sees it.
    """

    workflow = steps.SCAN

    circular = models.ForeignKey(
        Circular, models.CASCADE, related_name="enclosures", db_index=False, verbose_name=_("circular")
    )
    version = models.PositiveSmallIntegerField(_("since version"), default=1)
    until = models.PositiveSmallIntegerField(_("up to version"), null=True, blank=True)
    language = models.CharField(_("language"), max_length=2, choices=[("", _("for all")), *LANGUAGES], blank=True)
    title = models.CharField(_("title"), max_length=150, blank=True)
    sha256 = models.CharField(_("SHA-256"), max_length=64)
    name = models.CharField(_("name of the file"), max_length=150)
    kind = models.CharField(_("type"), max_length=100)
    size = models.PositiveIntegerField(_("bytes"))
    by = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("enclosed by"))
    at = models.DateTimeField(_("enclosed"), auto_now_add=True)
    state = models.CharField(_("state"), max_length=10, choices=steps.SCAN_STATES, default="waiting", editable=False)

    objects = EnclosureQuerySet.as_manager()

    class Meta:
        verbose_name = _("enclosure")
        verbose_name_plural = _("enclosures")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["circular", "sha256", "language"], condition=Q(until=None), name="enclosure_once"
            ),
            models.CheckConstraint(
                condition=Q(until=None) | Q(until__gte=F("version")), name="enclosure_not_backwards"
            ),
            models.CheckConstraint(
                condition=Q(state__in=[name for name, _label in steps.SCAN_STATES]), name="enclosure_state_known"
            ),
        ]
        indexes = [models.Index(fields=["id"], condition=Q(state="waiting"), name="enclosure_waiting")]

    def __str__(self) -> str:
        return self.title or self.name

    @property
    def office(self) -> Office:
        """Where roles are asked for: at the office whose circular it is."""
        return self.circular.office

    @property
    def is_open(self) -> bool:
        """Whether it may be downloaded: found clean, or nothing here looks at files."""
        return self.state in ("clean", "unscanned")
