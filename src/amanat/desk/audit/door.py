"""The one door: every change is allowed by a role, happens once, and leaves one line in the log.

`step` moves a thing from one state to another; of many who press at once exactly one wins, for the move is a
conditional UPDATE. `recorded` serves writes that change no state. Both refuse with a clause or a reason, in one
transaction with what they guard.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol

from django.db import models, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from amanat.desk.lib.commas import listed
from amanat.desk.lib.refusals import Overtaken, Refused

if TYPE_CHECKING:
    from amanat.desk.registry.models import Office, Person


class Governed(Protocol):
    """A thing with states: it belongs to an office and knows its workflow."""

    pk: Any
    state: str
    workflow: Workflow

    @property
    def office(self) -> Office:
        """Where roles are asked for."""


@dataclass(frozen=True, slots=True)
class Step:
    """One arrow of a workflow: the verb, the states it leaves from, the one it leads to, and the roles that may.

    `label` is the text of its button. `needs_reason`: it is refused without one. `clause`: what it rests on.
    `anywhere`: the role may be held at any office, for the thing concerns them all. `by_clock`: the machine takes it
    too, with `by=None`, when its time has come; without roles nobody else does.
    """

    verb: str
    before: tuple[str, ...]
    after: str
    roles: frozenset[str]
    label: Any
    needs_reason: bool = False
    clause: str = ""
    anywhere: bool = False
    by_clock: bool = False


class Workflow(Mapping[str, Step]):
    """The steps of one kind of thing by verb, in the order in which buttons stand."""

    def __init__(self, *steps: Step) -> None:
        self._steps = {step.verb: step for step in steps}

    def __getitem__(self, verb: str) -> Step:
        return self._steps[verb]

    def __iter__(self) -> Iterator[str]:
        return iter(self._steps)

    def __len__(self) -> int:
        return len(self._steps)


NOT_YOURS = gettext_lazy("Your posts do not allow this. It is done by: {roles}.")
ROLE_NAMES = {
    "officer": gettext_lazy("officer"),
    "moderator": gettext_lazy("moderator"),
    "head": gettext_lazy("head of office"),
    "authority": gettext_lazy("competent authority"),
    "steward": gettext_lazy("steward"),
    "auditor": gettext_lazy("auditor"),
}


@dataclass(slots=True)
class Recorder:
    """What a `recorded` body tells of itself: the thing it wrote, and facts worth keeping."""

    thing: models.Model | None = None
    facts: dict[str, Any] = field(default_factory=dict)

    def on(self, thing: models.Model, **facts: Any) -> None:
        """Name what was written, with facts (plain JSON)."""
        self.thing = thing
        self.facts |= facts


@contextmanager
def step(
    thing: Any, verb: str, *, by: Person | None, reason: str = "", clause: str = "", facts: dict[str, Any] | None = None
) -> Iterator[Any]:
    """Move `thing` (Governed) by `verb`; the body may change it further, and it is saved after.

    `by` None is the clock, which takes only steps marked for it. Raises Refused, or Overtaken where somebody else was
    faster.
    """
    arrow: Step = thing.workflow[verb]
    before = thing.state
    with transaction.atomic():
        if by is not None:
            allow(arrow.roles, by, None if arrow.anywhere else thing.office)
        elif not arrow.by_clock:
            raise Refused(_("A person does this, not the clock."))
        if arrow.needs_reason and not reason.strip():
            raise Refused(_("Give a reason: it is kept with the decision and shown to those it concerns."))
        moved = type(thing)._base_manager.filter(pk=thing.pk, state__in=arrow.before).update(state=arrow.after)
        if not moved:
            raise Overtaken(_("Somebody else was faster, or this is no longer possible. Look at it again."))
        thing.state = arrow.after
        yield thing
        thing.save()
        _write(
            verb, by, thing.office, thing, facts or {},
            before=before, after=arrow.after, reason=reason, clause=clause or arrow.clause,
        )  # fmt: skip


@contextmanager
def recorded(
    verb: str, *, by: Person | None, office: Office | None, roles: frozenset[str] | None, reason: str = "",
    clause: str = "",
) -> Iterator[Recorder]:  # fmt: skip
    """Guard a write that changes no state; the body names what it wrote. `roles` None: open to whoever is signed in.

    `by` None is the machine itself (a demo, a timer). Raises Refused.
    """
    with transaction.atomic():
        if by is not None and roles is not None:
            allow(roles, by, office)
        recorder = Recorder()
        yield recorder
        _write(verb, by, office, recorder.thing, recorder.facts, reason=reason, clause=clause)


def open_steps(thing: Any, by: Person) -> list[Step]:
    """The steps that `by` may take with `thing` now: what buttons are drawn for."""
    here, anywhere = by.roles_at(thing.office), by.roles_at(None)
    return [
        one
        for one in thing.workflow.values()
        if thing.state in one.before and one.roles & (anywhere if one.anywhere else here)
    ]


def allow(roles: frozenset[str], by: Person, office: Office | None) -> None:
    """Raise Refused where `by` holds none of `roles` at `office`: the door asks, and so do pages that hold a form."""
    if not roles & by.roles_at(office):
        names = listed(ROLE_NAMES[role] for role in ROLE_NAMES if role in roles)
        raise Refused(str(NOT_YOURS).format(roles=names))


def _write(
    verb: str, by: Person | None, office: Office | None, thing: models.Model | None, facts: dict[str, Any], **more: str
) -> None:
    from amanat.desk.audit.models import Event

    Event.objects.create(
        actor=by,
        office=office.pk if office else None,
        verb=verb,
        kind=thing._meta.label_lower if thing else "",
        thing=thing.pk if thing else None,
        title=str(thing)[:200] if thing else "",
        facts=facts,
        **more,
    )
