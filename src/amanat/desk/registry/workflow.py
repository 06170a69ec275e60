"""States of offices, channels, groups and handovers, and the steps between them."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from amanat.desk.audit.door import Step, Workflow

STEWARD = frozenset({"steward"})
LEADERS = frozenset({"head", "authority", "steward"})
"""Who may change what an office has: its head, the authority above it, the steward."""
STAFF = LEADERS | {"moderator"}
"""Those who work on channels."""

OVERSEERS = LEADERS | {"auditor"}
"""Those who see how somebody is reached and numbered, not only what post they hold."""
_GIVES = {
    "head": frozenset({"officer", "moderator"}),
    "authority": frozenset({"officer", "moderator", "head"}),
    "steward": frozenset({"officer", "moderator", "head", "authority", "steward", "auditor"}),
}


def given_by(held: frozenset[str]) -> frozenset[str]:
    """The roles that somebody who holds `held` at an office may give and take there."""
    return frozenset[str]().union(*(_GIVES.get(role, frozenset()) for role in held))


OFFICE_STATES = [("open", _("open")), ("closed", _("closed"))]
OFFICE = Workflow(
    Step("close", ("open",), "closed", STEWARD, _("Close this office"), needs_reason=True),
    Step("reopen", ("closed",), "open", STEWARD, _("Open it again"), needs_reason=True),
)

CHANNEL_STATES = [("claimed", _("not yet proved")), ("verified", _("proved official")), ("closed", _("closed"))]
CHANNEL = Workflow(
    Step("verify", ("claimed",), "verified", STAFF, _("Prove it official")),
    Step("doubt", ("verified",), "claimed", LEADERS, _("Withdraw the proof"), needs_reason=True),
    Step("close", ("claimed", "verified"), "closed", LEADERS, _("Close this channel"), needs_reason=True),
)

GROUP_STATES = [("open", _("open")), ("closed", _("closed"))]
GROUP = Workflow(Step("close", ("open",), "closed", LEADERS, _("Close this group"), needs_reason=True))

HANDOVER_STATES = [("open", _("under way")), ("done", _("done")), ("dropped", _("dropped"))]
HANDOVER = Workflow(
    Step("finish", ("open",), "done", LEADERS, _("Finish the handover")),
    Step("drop", ("open",), "dropped", LEADERS, _("Drop the handover"), needs_reason=True),
)
