"""States of a request for permission or advice, of guidance made of an answer, and the steps between them.

Who decides follows from the rules, the office and the days of a delegation, not from a role alone: every step is open
to whoever is signed in, and `permits.authority` says whose it is.
What is refused, returned or revoked needs a reason; it stays with the permit, for the log has more readers than that.
"""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from amanat.desk.audit.door import ROLE_NAMES, Step, Workflow

ANYBODY = frozenset(ROLE_NAMES)
NOBODY: frozenset[str] = frozenset()
DECIDING = ("authority", "head")
"""Roles that may be named to decide, as packs name them."""
MINE = frozenset({"submit", "withdraw"})
"""Steps of whoever asks; all others are of whoever decides."""
ENDING = frozenset({"grant", "refuse", "answer"})
OPEN = ("draft", "submitted", "returned")

PERMIT_STATES = [
    ("draft", _("draft")),
    ("submitted", _("waiting for a decision")),
    ("returned", _("returned for more information")),
    ("granted", _("granted")),
    ("refused", _("refused")),
    ("answered", _("answered")),
    ("withdrawn", _("withdrawn")),
    ("expired", _("expired")),
    ("revoked", _("revoked")),
]
PERMIT = Workflow(
    Step("submit", ("draft", "returned"), "submitted", ANYBODY, _("Send it"), anywhere=True),
    Step("grant", ("submitted",), "granted", ANYBODY, _("Grant"), anywhere=True),
    Step("answer", ("submitted",), "answered", ANYBODY, _("Answer"), anywhere=True),
    Step("refuse", ("submitted",), "refused", ANYBODY, _("Refuse"), anywhere=True),
    Step("give-back", ("submitted",), "returned", ANYBODY, _("Return for more information"), anywhere=True),
    Step("withdraw", OPEN, "withdrawn", ANYBODY, _("Withdraw"), anywhere=True),
    Step("revoke", ("granted",), "revoked", ANYBODY, _("Revoke"), anywhere=True, by_clock=True),
    Step("expire", ("granted",), "expired", NOBODY, _("Expire"), by_clock=True),
    Step("presume", ("submitted",), "granted", NOBODY, _("Count as given"), by_clock=True),
)  # fmt: skip

GUIDANCE_STATES = [
    ("proposed", _("proposed")),
    ("published", _("published")),
    ("dropped", _("dropped")),
    ("undone", _("undone")),
]
GUIDANCE = Workflow(
    Step("publish", ("proposed",), "published", ANYBODY, _("I have read it too: publish it"), anywhere=True),
    Step("drop", ("proposed",), "dropped", ANYBODY, _("Do not publish it"), needs_reason=True, anywhere=True),
    Step("undo", ("published",), "undone", ANYBODY, _("Take it off the page"), needs_reason=True, anywhere=True),
)
