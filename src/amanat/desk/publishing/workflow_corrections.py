"""States of corrections and of what is done about them on each channel, and the steps between them."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from amanat.desk.audit.door import Step, Workflow
from amanat.desk.publishing.workflow import RELEASERS, STANDS_IN, WRITERS

CORRECTORS = WRITERS
"""Roles that may find a post wrong; which of these people may is in `corrections.may_correct`."""
LOOKERS = WRITERS | STANDS_IN
"""Roles of those who look at a correction after it: the panel, the head, the authority."""
_CLOCK = frozenset[str]()

KINDS = [("correct", pgettext_lazy("kind", "correction")), ("withdraw", _("withdrawal"))]
WAYS = [
    ("edit", _("change the post in its place")), ("reply", _("answer it with the correction")),
    ("anew", _("delete it and post anew")), ("delete", _("take it down")),
]  # fmt: skip
CORRECTION_STATES = [
    ("held", _("stopped by a rule")), ("open", _("under way")), ("done", _("put right")), ("dropped", _("dropped")),
]  # fmt: skip
CORRECTION = Workflow(
    Step("lift", ("held",), "open", STANDS_IN, _("Let it go out all the same"), needs_reason=True),
    Step("abandon", ("held",), "dropped", LOOKERS, _("Drop it, to write another"), needs_reason=True),
    Step("conclude", ("open",), "done", _CLOCK, _("Close"), by_clock=True),
)

MENDING_STATES = [
    ("pending", _("waits for its time")), ("sending", _("being done")), ("done", _("put right")),
    ("failed", _("not done")), ("unknown", _("may be done")), ("left", _("left as it is")),
]  # fmt: skip
MENDING = Workflow(
    Step("send", ("pending",), "sending", _CLOCK, _("Send"), by_clock=True),
    Step("ask", ("sending",), "sending", _CLOCK, _("Ask the platform"), by_clock=True),
    Step("wait", ("sending",), "pending", _CLOCK, _("Wait"), by_clock=True),
    Step("fail", ("sending",), "failed", _CLOCK, _("Give up"), by_clock=True),
    # also where the desk is given a key to a channel on which people may have done it by hand
    Step("lose", ("pending", "sending"), "unknown", _CLOCK, _("Ask a person"), by_clock=True),
    Step("mend", ("sending",), "done", _CLOCK, _("Put right"), by_clock=True),
    Step("confirm", ("pending", "failed", "unknown"), "done", RELEASERS, _("It is done")),
    Step("retry", ("failed",), "pending", RELEASERS, _("Try again")),
    Step("resend", ("unknown",), "pending", RELEASERS, _("It is not done: try again")),
    Step("waive", ("failed", "unknown"), "left", RELEASERS, _("Leave it as it is"), needs_reason=True),
)  # fmt: skip
