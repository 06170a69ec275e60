"""States of circulars, and of the files that go with them, with the steps between them."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from amanat.desk.audit.door import Step, Workflow

WRITERS = frozenset({"officer", "moderator", "head", "authority", "steward"})
"""Who may write the draft of a circular at their office."""
SENDERS = frozenset({"head", "authority", "steward"})
"""Who may send a circular, endorse one onward, correct, withdraw; and who acknowledges for an office."""

CIRCULAR_STATES = [
    ("draft", pgettext_lazy("circular", "draft")),
    ("dispatched", _("in force")),
    ("superseded", _("superseded")),
    ("withdrawn", pgettext_lazy("circular", "withdrawn")),
    ("dropped", _("dropped")),
]
SENT = ("dispatched", "superseded", "withdrawn")
"""States of what has left its office: it stays readable for whoever got it."""
CIRCULAR = Workflow(
    Step("dispatch", ("draft",), "dispatched", SENDERS, _("Dispatch")),
    Step("supersede", ("dispatched",), "superseded", SENDERS, _("Supersede")),
    Step("withdraw", ("dispatched",), "withdrawn", SENDERS, _("Withdraw"), needs_reason=True),
    Step("drop", ("draft",), "dropped", WRITERS, _("Drop this draft")),
)

SCAN_STATES = [
    ("waiting", _("being looked at")),
    ("clean", _("clean")),
    ("infected", _("refused")),
    ("unscanned", _("not looked at")),
]
SCAN = Workflow(
    Step("pass", ("waiting",), "clean", frozenset(), _("Found clean"), by_clock=True),
    Step("reject", ("waiting",), "infected", frozenset(), _("Refuse"), by_clock=True),
)
