"""People and their posts. What a person may do follows from the posts they hold today."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from typing import TYPE_CHECKING, Any, NamedTuple

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import Count, F, Q, Subquery
from django.db.models.functions import Lower
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from amanat.desk.lib.choices import Service
from amanat.desk.lib.commas import listed
from amanat.desk.registry.models.offices import Office, OfficeQuerySet

if TYPE_CHECKING:
    from datetime import date, datetime

OVERSEEING = frozenset({"head", "authority", "steward", "auditor"})
"""Roles that see everything below their office."""
REACHING = frozenset({"authority", "steward", "auditor"})
"""Roles that also act below their office, not only at it."""


class Role(models.TextChoices):
    """What a post allows."""

    OFFICER = "officer", _("officer")
    MODERATOR = "moderator", _("moderator")
    HEAD = "head", _("head of office")
    AUTHORITY = "authority", _("competent authority")
    STEWARD = "steward", _("steward")
    AUDITOR = "auditor", _("auditor")


class Mail(models.TextChoices):
    """How a person wants to hear of their notices by mail."""

    AT_ONCE = "at-once", _("each at once")
    DAILY = "daily", _("together, once a working day")
    NEVER = "never", _("not by mail, only on the page")


class PersonQuerySet(models.QuerySet["Person"]):
    """People, with the adjectives of this room."""

    def visible_to(self, person: Person) -> PersonQuerySet:
        """Oneself, and whoever holds or held a post at an office one may see."""
        posts = Appointment.objects.filter(person.scope("office", "office__path"))
        return self.filter(Q(pk=person.pk) | Q(pk__in=posts.values("person")))

    def serving(self) -> PersonQuerySet:
        """Those who have not left."""
        return self.filter(is_active=True)

    def posted_at(self, office: Office, roles: Iterable[str] = Role.values) -> PersonQuerySet:
        """Those serving who hold a post at the office today, in one of `roles`."""
        posts = Appointment.objects.current().filter(office=office, role__in=roles)
        return self.serving().filter(pk__in=posts.values("person"))


class PersonManager(BaseUserManager["Person"]):
    """How people are made; only `registry.actions` and imports use it."""

    def get_by_natural_key(self, username: str | None) -> Person:
        """By address, in whatever case it is typed."""
        return self.get(email__iexact=username or "")


class Post(NamedTuple):
    """A role a person holds today, and where."""

    role: str
    office: int
    path: str


class Person(AbstractBaseUser):
    """A public servant. May sign in where there is an address and a password; many never will."""

    name = models.CharField(_("name"), max_length=120)
    local_name = models.CharField(_("name in the local language"), max_length=120, blank=True)
    number = models.CharField(_("personnel number"), max_length=40, unique=True, null=True, blank=True)
    email = models.EmailField(_("e-mail"), null=True, blank=True)
    service = models.CharField(_("service"), max_length=30, choices=Service.choices, blank=True)
    cadre = models.CharField(_("cadre"), max_length=60, blank=True)
    language = models.CharField(_("language"), max_length=5, blank=True)
    mail = models.CharField(_("notices by mail"), max_length=8, choices=Mail.choices, default=Mail.DAILY)
    is_active = models.BooleanField(_("serving"), default=True)
    left_on = models.DateField(_("left on"), null=True, blank=True)

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS = ["name"]
    objects = PersonManager.from_queryset(PersonQuerySet)()

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("people")
        ordering = ["name", "pk"]
        constraints = [
            models.UniqueConstraint(Lower("email"), name="person_email_once"),
            models.CheckConstraint(condition=Q(mail__in=Mail.values), name="person_mail_known"),
        ]

    def __str__(self) -> str:
        return self.local_name if self.local_name and get_language() in ("ur", "hi", "bn") else self.name

    def clean(self) -> None:
        """An empty address or number is none, so that many may have none."""
        self.email = (self.email or "").strip().lower() or None
        self.number = (self.number or "").strip() or None

    def get_absolute_url(self) -> str:
        """Their page."""
        return reverse("registry:person", args=[self.pk])

    @cached_property
    def posts(self) -> tuple[Post, ...]:
        """The roles held today, fetched once."""
        return tuple(Post(*row[:3]) for row in self._held)

    @cached_property
    def unread(self) -> int:
        """How many notices wait to be read; told together with the posts, for every page asks for both."""
        return self._held[0][3] or 0 if self._held else self.notices.unread().count()

    @cached_property
    def _held(self) -> list[tuple[str, int, str, int | None]]:
        unread = self.notices.unread().order_by().values("person").annotate(number=Count("pk")).values("number")
        rows = self.appointments.current().annotate(unread=Subquery(unread))
        return list(rows.values_list("role", "office_id", "office__path", "unread"))

    def sees(self, office: Office) -> bool:
        """Whether the page of an office is open to this person: what `Office.visible_to` says, of one at hand."""
        return self.is_active and any(
            post.office == office.pk or (post.role in OVERSEEING and office.path.startswith(post.path))
            for post in self.posts
        )

    def roles_at(self, office: Office | None) -> frozenset[str]:
        """The roles this person may act in at `office`; None asks for the roles held anywhere."""
        if not self.is_active:
            return frozenset()
        path = office.path if office else ""
        return frozenset(
            post.role
            for post in self.posts
            if office is None or post.office == office.pk or (post.role in REACHING and path.startswith(post.path))
        )

    def has_role(self, *roles: str) -> bool:
        """Whether one of `roles` is held anywhere."""
        return not self.roles_at(None).isdisjoint(roles)

    def scope(self, office: str, path: str) -> Q:
        """The rows at offices this person may see, by the names of a row's office and of its path."""
        condition = Q(**{f"{office}__in": [post.office for post in self.posts]})
        for post in self.posts:
            if post.role in OVERSEEING:
                condition |= Q(**{f"{path}__startswith": post.path})
        return condition if self.is_active else Q(pk__in=[])

    def offices_overseen(self) -> OfficeQuerySet:
        """The offices whose log this person may read: those they oversee, and all below."""
        condition = Q(pk__in=[])
        for post in self.posts:
            if post.role in OVERSEEING:
                condition |= Q(path__startswith=post.path)
        return Office.objects.filter(condition)

    # What Django's admin asks; it only ever shows (lib.admin.ReadOnly).
    @property
    def is_staff(self) -> bool:
        """Whether the read-only tables are open: to auditors and stewards of a whole tree."""
        return self.has_role("auditor", "steward")

    @property
    def is_superuser(self) -> bool:
        """Nobody is above the door."""
        return False

    def has_perm(self, perm: str, obj: Any = None) -> bool:  # noqa: ARG002 (Django's signature)
        """Only looking is permitted through the admin."""
        return self.is_active and self.is_staff and perm.partition(".")[2].startswith("view_")

    def has_module_perms(self, app_label: str) -> bool:  # noqa: ARG002
        """Whether the admin shows an app at all."""
        return self.is_active and self.is_staff


class AppointmentQuerySet(models.QuerySet["Appointment"]):
    """Posts, with the adjectives of this room."""

    def current(self, day: date | None = None) -> AppointmentQuerySet:
        """Those held on `day`, today where none is given; both ends included."""
        day = day or timezone.localdate()
        return self.filter(Q(starts_on__lte=day), Q(ends_on__isnull=True) | Q(ends_on__gte=day))

    def visible_to(self, person: Person) -> AppointmentQuerySet:
        """At offices the person may see, and their own."""
        return self.filter(Q(person=person) | person.scope("office", "office__path"))


class Appointment(models.Model):
    """A person's post at an office, from one day to another. The role decides what it allows."""

    person = models.ForeignKey(Person, models.PROTECT, related_name="appointments", verbose_name=_("person"))
    office = models.ForeignKey(Office, models.PROTECT, related_name="appointments", verbose_name=_("office"))
    role = models.CharField(_("role"), max_length=12, choices=Role.choices, default=Role.OFFICER)
    title = models.CharField(_("designation"), max_length=120, blank=True)
    starts_on = models.DateField(_("from"), default=timezone.localdate)
    ends_on = models.DateField(_("until"), null=True, blank=True)

    objects = AppointmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("post")
        verbose_name_plural = _("posts")
        ordering = ["-starts_on", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(role__in=Role.values), name="appointment_role_known"),
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")), name="appointment_ends_after_start"
            ),
            models.UniqueConstraint(
                fields=["person", "office", "role"], condition=Q(ends_on__isnull=True), name="appointment_open_once"
            ),
        ]
        indexes = [models.Index(fields=["office", "role", "ends_on"], name="appointment_office")]

    def __str__(self) -> str:
        return listed([self.person, self.title or self.get_role_display(), self.office])


class InvitationQuerySet(models.QuerySet["Invitation"]):
    """Invitations, with the adjectives of this room."""

    def unused(self) -> InvitationQuerySet:
        """Neither used nor replaced by a newer one; their days may be over all the same."""
        return self.filter(used_at__isnull=True, replaced_at__isnull=True)

    def open(self) -> InvitationQuerySet:
        """Those whose link works."""
        return self.unused().filter(made_at__gt=timezone.now() - timedelta(days=Invitation.DAYS))


class Invitation(models.Model):
    """A link by which a person sets a password: once, for seven days, until a newer one replaces it.

    The link itself is kept nowhere: `digest` is the SHA-256 of its token. `is_reset`: there was a password already.
    """

    person = models.ForeignKey(Person, models.CASCADE, related_name="invitations", verbose_name=_("person"))
    digest = models.CharField(max_length=64, unique=True, editable=False)
    is_reset = models.BooleanField(_("for a new password"), default=False)
    made_by = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("invited by"))
    made_at = models.DateTimeField(auto_now_add=True)
    used_at = models.DateTimeField(null=True, blank=True)
    replaced_at = models.DateTimeField(null=True, blank=True)

    DAYS = 7
    objects = InvitationQuerySet.as_manager()

    class Meta:
        verbose_name = _("invitation")
        verbose_name_plural = _("invitations")
        ordering = ["-made_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["person"],
                condition=Q(used_at__isnull=True, replaced_at__isnull=True),
                name="invitation_unused_once",
            )
        ]

    def __str__(self) -> str:
        return str(self.person)

    @property
    def ends_at(self) -> datetime:
        """When the link stops working, used or not."""
        return self.made_at + timedelta(days=self.DAYS)

    def is_open(self) -> bool:
        """Whether its link still works."""
        return self.used_at is None and self.replaced_at is None and timezone.now() < self.ends_at
