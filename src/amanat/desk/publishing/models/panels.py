"""How a panel decides: rounds of votes on what a draft says, each bound to its hash. Rounds and votes are kept."""

from __future__ import annotations

from datetime import datetime

from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from amanat.desk.lib.commas import dot
from amanat.desk.publishing import workflow as steps
from amanat.desk.publishing.models.drafts import Draft, OfDraftQuerySet
from amanat.desk.registry.models import SEATED, Appointment, PanelSeat, Person

_TURNS = 60
"""Minutes in which every open round is looked at once, whatever the database knows of it."""


class RoundQuerySet(OfDraftQuerySet):
    """Rounds, with the adjectives of this room."""

    def to_recount(self, now: datetime) -> RoundQuerySet:
        """Open ones of which somebody left a panel whose vote is awaited; beside these a sixtieth of all, in turn."""
        posts = Appointment.objects.current(timezone.localdate(now)).filter(person=OuterRef("member"))
        seats = PanelSeat.objects.current().filter(
            person=OuterRef("member"), channel__targets__draft=OuterRef("round__draft")
        )
        works = Exists(posts.filter(role__in=SEATED, office=OuterRef("round__draft__office")))
        stands_in = ~Q(added_to=[]) & (works | Exists(posts.filter(role__in=steps.STANDS_IN)))
        here = Q(member__is_active=True) & ((works & Exists(seats)) | stands_in)
        left = PanelSeat.objects.filter(  # one of several panels: which, `panels` says
            person=OuterRef("member"), channel__targets__draft=OuterRef("round__draft"),
            ends_on__gte=OuterRef("round__opened_at__date"),
        )  # fmt: skip
        awaited = Ballot.objects.filter(round=OuterRef("pk"), vote="", is_lapsed=False)
        gone = awaited.filter(~here | Exists(left))
        rows: RoundQuerySet = self.filter(outcome="").annotate(turn=F("pk") % _TURNS)
        return rows.filter(Exists(gone) | Q(turn=now.minute))


class Round(models.Model):
    """One time that a draft was put to the vote, as it stood then (`hash`).

    A `review` looks back at what two members approved in an emergency; its outcome changes no state of the draft.
    `due_on`: by when it is to be decided, where a rule of this room says so.
    """

    draft = models.ForeignKey(Draft, models.CASCADE, related_name="rounds", verbose_name=_("draft"))
    number = models.PositiveSmallIntegerField(_("round"))
    kind = models.CharField(_("kind"), max_length=10, choices=steps.KINDS, default="ordinary")
    hash = models.CharField(_("content, by its hash"), max_length=64)
    reason = models.TextField(_("why it cannot wait"), blank=True)
    opened_by = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("handed in by"))
    opened_at = models.DateTimeField(_("opened"), auto_now_add=True)
    due_on = models.DateField(_("due"), null=True, blank=True)
    closed_at = models.DateTimeField(_("closed"), null=True, blank=True)
    outcome = models.CharField(_("outcome"), max_length=10, choices=steps.OUTCOMES, blank=True)

    objects = RoundQuerySet.as_manager()

    class Meta:
        verbose_name = _("round")
        verbose_name_plural = _("rounds")
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["draft", "number"], name="round_number_once"),
            models.UniqueConstraint(fields=["draft"], condition=Q(outcome=""), name="round_open_once"),
            models.CheckConstraint(
                condition=Q(outcome="", closed_at__isnull=True) | (~Q(outcome="") & Q(closed_at__isnull=False)),
                name="round_closed_with_outcome",
            ),
        ]
        indexes = [models.Index(fields=["due_on"], condition=Q(outcome="", kind="review"), name="round_review_due")]

    def __str__(self) -> str:
        return f"{self.draft} ({self.number})"

    @property
    def is_open(self) -> bool:
        """Whether it is not decided."""
        return not self.outcome


class BallotQuerySet(models.QuerySet["Ballot"]):
    """Ballots, with the adjectives of this room."""

    def visible_to(self, person: Person) -> BallotQuerySet:
        """Those of drafts of offices the person may see, once they may know the vote: cast their own, or it is over."""
        mine = Ballot._base_manager.filter(member=person).exclude(vote="").values("round")
        known = ~Q(round__outcome="") | Q(member=person) | Q(round__in=mine)
        return self.filter(known & person.scope("round__draft__office", "round__draft__office__path"))


class Ballot(models.Model):
    """A member's place in a round. `panels` are the numbers of the channels on whose panels they decide.

    `added_to`: those among them where they do not sit, but stand in because too few were left. `left`: those that the
    member left before voting: the vote does not count there. `is_lapsed`: all of them.
    """

    round = models.ForeignKey(Round, models.CASCADE, related_name="ballots", verbose_name=_("round"))
    member = models.ForeignKey(Person, models.PROTECT, related_name="ballots", verbose_name=_("member"))
    panels: models.JSONField[list[int], list[int]] = models.JSONField(default=list)
    added_to: models.JSONField[list[int], list[int]] = models.JSONField(default=list, blank=True)
    left: models.JSONField[list[int], list[int]] = models.JSONField(default=list, blank=True)
    vote = models.CharField(_("vote"), max_length=8, choices=steps.VOTES, blank=True)
    reason = models.TextField(_("reason"), blank=True)
    cast_at = models.DateTimeField(_("cast"), null=True, blank=True)
    is_lapsed = models.BooleanField(_("left the panel"), default=False)

    objects = BallotQuerySet.as_manager()

    class Meta:
        verbose_name = _("ballot")
        verbose_name_plural = _("ballots")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["round", "member"], name="ballot_once"),
            models.CheckConstraint(condition=Q(vote__in=[v for v, _label in steps.VOTES]), name="ballot_vote_known"),
            models.CheckConstraint(
                condition=~Q(vote__in=["against", "recused"]) | ~Q(reason=""), name="ballot_reason_given"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.member}{dot()}{self.round}"

    @property
    def counts(self) -> bool:
        """Whether it counts on any panel."""
        return self.vote != "recused" and not self.is_lapsed

    def decides_for(self, panel: int) -> bool:
        """Whether it counts among all members of that panel."""
        return self.counts and panel in self.panels and panel not in self.left
