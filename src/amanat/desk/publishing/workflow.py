"""States of drafts and the steps between them."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from amanat.desk.audit.door import Step, Workflow

WRITERS = frozenset({"officer", "moderator", "head"})
"""Those who write for an office."""
STANDS_IN = frozenset({"head", "authority"})
"""Those who decide where too few of a panel are left, lift a stop, and lift a gate: never on what they wrote."""
DECIDERS = WRITERS | STANDS_IN
"""Those who may be asked to decide. Who decides on a draft is on its list of ballots."""
PLANNERS = frozenset({"moderator", "head"})
"""Those who set the slots of a channel."""
_CLOCK = frozenset[str]()

DRAFT_STATES = [
    ("draft", _("being written")), ("in-review", _("with the panel")), ("returned", _("returned by the panel")),
    ("approved", _("approved")), ("scheduled", _("scheduled")), ("released", _("released")),
    ("corrected", _("corrected")), ("withdrawn", _("withdrawn")), ("expired", _("expired")), ("dropped", _("dropped")),
]  # fmt: skip
PLANNED = ("draft", "in-review", "returned", "approved", "scheduled")
"""States of a draft that is still to be released."""
OUT = ("released", "corrected")
"""States of a draft that stands in public."""
DRAFT = Workflow(
    Step("submit", ("draft", "returned"), "in-review", WRITERS, _("Hand it to the panel")),
    # people decide; by the clock votes are only counted anew, where somebody has left a panel
    Step("approve", ("in-review",), "approved", DECIDERS, _("Approve"), by_clock=True),
    Step("return", ("in-review",), "returned", DECIDERS, _("Return it"), by_clock=True),
    Step("schedule", ("approved",), "scheduled", _CLOCK, _("Schedule"), by_clock=True),
    Step("release", ("scheduled",), "released", _CLOCK, _("Release"), by_clock=True),
    # it may be out on one channel, and still to come on another, or be found there once it was taken down elsewhere
    Step("correct", ("scheduled", *OUT, "withdrawn"), "corrected", _CLOCK, _("Correct"), by_clock=True),
    Step("withdraw", ("scheduled", *OUT, "withdrawn"), "withdrawn", _CLOCK, _("Withdraw"), by_clock=True),
    Step("expire", PLANNED, "expired", _CLOCK, _("Expire"), by_clock=True),
    Step("recall", ("in-review", "returned", "approved", "scheduled"), "draft", WRITERS, _("Take it back")),
    Step("discard", ("draft", "returned", "expired"), "dropped", WRITERS, _("Drop this draft"), needs_reason=True),
)  # fmt: skip

RELEASERS = frozenset({"moderator", "head", "authority", "steward"})
"""Those who see to it that what was approved is out: by hand, after a fault, where a platform cannot be asked."""
LEADERS = frozenset({"head", "authority", "steward"})
"""Those who give the desk the key to a channel, and say whether a change of its face was the office's own."""

RELEASE_STATES = [
    ("pending", _("waits for its time")), ("sending", _("being sent")), ("released", _("released")),
    ("failed", _("not released")), ("unknown", _("may be out")),
]  # fmt: skip
RELEASE = Workflow(
    Step("send", ("pending",), "sending", _CLOCK, _("Send"), by_clock=True),
    Step("ask", ("sending",), "sending", _CLOCK, _("Ask the platform"), by_clock=True),
    Step("wait", ("sending",), "pending", _CLOCK, _("Wait"), by_clock=True),
    Step("fail", ("sending",), "failed", _CLOCK, _("Give up"), by_clock=True),
    # also where the desk is given a key to a channel on which people may have done it by hand
    Step("lose", ("pending", "sending"), "unknown", _CLOCK, _("Ask a person"), by_clock=True),
    Step("appear", ("sending", "unknown"), "released", _CLOCK, _("Release"), by_clock=True),
    Step("post", ("pending",), "released", RELEASERS, _("It is posted")),
    Step("skip", ("pending",), "failed", RELEASERS, _("It was not posted")),
    Step("retry", ("failed",), "pending", RELEASERS, _("Try again")),
    Step("find", ("unknown",), "released", RELEASERS, _("It is out")),
    Step("resend", ("unknown",), "pending", RELEASERS, _("It is not out: send it")),
)  # fmt: skip

WATCH_STATES = [("calm", _("as known")), ("differs", _("looks different")), ("foreign", _("changed by a stranger"))]
WATCH = Workflow(
    Step("notice", ("calm",), "differs", _CLOCK, _("Notice"), by_clock=True),
    Step("calm", ("differs", "foreign"), "calm", _CLOCK, _("As before"), by_clock=True),
    Step("own", ("differs", "foreign"), "calm", LEADERS, _("It was us")),
    Step("disown", ("differs",), "foreign", LEADERS, _("It was not us")),
)

KINDS = [("ordinary", _("ordinary")), ("emergency", _("emergency")), ("review", _("review after an emergency"))]
OUTCOMES = [
    ("", _("open")), ("approved", _("approved")), ("returned", _("returned")), ("expired", _("expired")),
    ("void", _("void, the draft was changed")),
]  # fmt: skip
VOTES = [("", _("not yet")), ("for", _("for")), ("against", _("against")), ("recused", _("stood aside"))]
