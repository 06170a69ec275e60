"""Publishing in the admin: to look at."""

from django.contrib import admin

from amanat.desk.lib.admin import ReadOnly
from amanat.desk.publishing.models import (
    Ballot,
    Credential,
    Draft,
    Lift,
    Picture,
    Practice,
    Release,
    Round,
    Slot,
    Target,
    Version,
    Watch,
)  # fmt: skip


@admin.register(Draft)
class DraftAdmin(ReadOnly):
    """Drafts."""

    list_display = ["title", "office", "state", "wanted_at", "level"]
    list_select_related = ["office"]


@admin.register(Version, Picture, Target)
class OfDraftAdmin(ReadOnly):
    """What drafts hold."""

    list_display = ["draft", "__str__"]
    list_select_related = ["draft"]


@admin.register(Round)
class RoundAdmin(ReadOnly):
    """Rounds of votes."""

    list_display = ["draft", "number", "kind", "outcome"]
    list_select_related = ["draft"]


@admin.register(Ballot)
class BallotAdmin(ReadOnly):
    """Votes, of rounds that are over."""

    list_display = ["round", "member", "vote"]
    list_select_related = ["round__draft", "member"]


@admin.register(Slot, Lift)
class OfChannelAdmin(ReadOnly):
    """Slots of channels, and gates that were lifted."""

    list_display = ["channel", "__str__"]
    list_select_related = ["channel"]


@admin.register(Practice)
class PracticeAdmin(ReadOnly):
    """What offices hold themselves to."""

    list_display = ["office", "weekly_posts", "inspection_days", "handover_days"]
    list_select_related = ["office"]


@admin.register(Release)
class ReleaseAdmin(ReadOnly):
    """Releases."""

    list_display = ["draft", "channel", "state", "due_at", "released_at", "address"]
    list_select_related = ["draft", "channel"]


@admin.register(Credential)
class CredentialAdmin(ReadOnly):
    """Keys of channels: that there is one, never what it is."""

    list_display = ["channel", "server", "given_by", "given_at", "refused_at"]
    list_select_related = ["channel", "given_by"]
    exclude = ["sealed"]


@admin.register(Watch)
class WatchAdmin(ReadOnly):
    """How channels are known to look."""

    list_display = ["channel", "state", "looked_at", "differs_since"]
    list_select_related = ["channel"]
