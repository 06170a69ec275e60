"""What is done with releases."""

from __future__ import annotations

from amanat.desk.audit.door import step
from amanat.desk.publishing.models import Draft


def schedule(draft: Draft) -> None:
    """Plan the release of an approved draft on each of its targets, at the moment it is wanted.

    A draft may come here again, changed and approved anew: what was planned before is planned afresh.
    """
    with step(draft, "schedule", by=None):
        pass


def cancel(draft: Draft) -> None:
    """Take back what is planned and not begun: the draft was changed, or its time is over.

    Called inside the transaction that moves the draft. Raises Refused where a release has begun or is done.
    """
