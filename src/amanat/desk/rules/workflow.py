"""States of a raised grade."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from amanat.desk.audit.door import Step, Workflow

STEWARD = frozenset({"steward"})

GRADE_STATES = [
    ("proposed", _("proposed")),
    ("agreed", _("agreed")),
    ("refused", _("refused")),
    ("undone", _("undone")),
]
# A wording is seen or it is not, whichever office saw it: so a steward of any office may decide.
GRADE = Workflow(
    Step("agree", ("proposed",), "agreed", STEWARD, _("I have read it too, and agree"), anywhere=True),
    Step("refuse", ("proposed",), "refused", STEWARD, _("Refuse"), needs_reason=True, anywhere=True),
    Step("undo", ("agreed",), "undone", STEWARD, _("Undo this grade"), needs_reason=True, anywhere=True),
)
