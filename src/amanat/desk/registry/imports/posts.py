"""Plans the posts of imported people: which post a row means, what it changes, and what must be handed over first."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from amanat.desk.lib.commas import dot
from amanat.desk.registry.imports.cells import Row
from amanat.desk.registry.imports.channels import office_at
from amanat.desk.registry.imports.plan import Plan, Reach, in_batches
from amanat.desk.registry.models import (
    SEATED,
    Administrator,
    Appointment,
    Channel,
    Handover,
    Office,
    PanelSeat,
    Person,
    Role,
)


@dataclass(slots=True, eq=False)
class Entry:
    """A person of the file: found in the registry or new.

    `posts`: those within reach. `is_led`: all they hold is. `said`: what earlier rows gave, with their number.
    """

    person: Person
    is_new: bool = False
    posts: list[Appointment] = field(default_factory=list)
    is_led: bool = False
    said: dict[str, tuple[str, int]] = field(default_factory=dict)
    changed: set[str] = field(default_factory=set)


@dataclass(slots=True, eq=False)
class Wish:
    """What one row wishes: a person with their changes, and a post where it names one."""

    row: Row
    entry: Entry
    fields: dict[str, tuple[str, str]] = field(default_factory=dict)
    is_first: bool = False
    is_new_post: bool = False
    office: Office | None = None
    role: str = ""
    given: dict[str, Any] = field(default_factory=dict)
    post: Appointment | None = None

    def read(self, offices: dict[str, Office]) -> None:
        """Read the cells about the post: `given` has what the columns that are there say."""
        row = self.row
        if not any(row.raw(name) for name in ("office", "role", "title", "starts_on", "ends_on")):
            if self.entry.is_new and not row.has_fault:
                row.fault("office", _("is empty, and the person is new"), _("Write the office at which they serve."))
            return
        self.office = office_at(row, offices)
        self.role = row.choice("role", Role, is_needed=True)
        if first := row.day("starts_on"):
            self.given["starts_on"] = first
        if row.has("title"):
            self.given["title"] = row.text("title", 120)
        if row.has("ends_on"):
            self.given["ends_on"] = last = row.day("ends_on")
            if first and last and last < first:
                self.blame_end()

    def blame_end(self) -> None:
        """The post would end before it starts."""
        self.row.fault("ends_on", _("lies before the first day"), _("Correct one of the two days."))

    def title(self) -> str:
        """How the row is named in the plan."""
        parts = [self.entry.person.name, self.entry.person.number, self.office and self.office.code, self.role]
        return dot().join(part for part in parts if part)


class PostPlanner:
    """Finds the post each wish means, and plans its making or change."""

    def __init__(self, plan: Plan, reach: Reach) -> None:
        self.plan, self.reach = plan, reach
        self.new: list[Appointment] = []
        self.changed: list[Appointment] = []
        self._taken: dict[Any, int] = {}
        self._ending: list[Wish] = []
        self._today = timezone.localdate()

    def place(self, wishes: list[Wish]) -> None:
        """Plan the posts of `wishes`: first those whose first day is known, then those that mean the post held now."""
        asked = [wish for wish in wishes if wish.office and wish.role and not wish.row.has_fault]
        for wish in asked:
            wish.post = self._same_start(wish)
            if wish.post:
                self._take(wish, wish.post.pk)
        for wish in asked:
            if not wish.post:
                wish.post = self._held(wish)
                if wish.post:
                    self._take(wish, wish.post.pk)
        for wish in asked:
            if wish.row.has_fault:
                continue
            if wish.post:
                self._change(wish, wish.post, wish.given)
            else:
                self._make(wish, wish.given)
        for wish in asked:
            self._check_single(wish)
        self._check_duties()

    def _same(self, wish: Wish) -> list[Appointment]:
        place = wish.office.pk if wish.office else None
        return [post for post in wish.entry.posts if post.office_id == place and post.role == wish.role]

    def _same_start(self, wish: Wish) -> Appointment | None:
        return next((post for post in self._same(wish) if post.starts_on == wish.given.get("starts_on")), None)

    def _held(self, wish: Wish) -> Appointment | None:
        """The post without an end that the row must mean, since nobody holds the same post twice at once."""
        if "starts_on" in wish.given and wish.given.get("ends_on"):
            return None
        free = [post for post in self._same(wish) if post.ends_on is None and post.pk not in self._taken]
        return free[0] if free else None

    def _take(self, wish: Wish, key: Any) -> None:
        at = self._taken.setdefault(key, wish.row.number)
        if at != wish.row.number:
            wish.row.fault(
                "", _("The row means the same post as row {row}.").format(row=at), _("Keep one of the rows.")
            )

    def _change(self, wish: Wish, post: Appointment, given: dict[str, Any]) -> None:
        old = {name: getattr(post, name) for name in given}
        changed = {name: value for name, value in given.items() if value != old[name]}
        if not changed:
            return
        if not self._may(wish, post.starts_on, given, post.ends_on):
            return
        if changed.get("ends_on"):
            self._ending.append(wish)
        for name, value in changed.items():
            wish.fields[name] = (_text(old[name]), _text(value))
            setattr(post, name, value)
        self.changed.append(post)

    def _make(self, wish: Wish, given: dict[str, Any]) -> None:
        starts_on = given.setdefault("starts_on", self._today)
        person = wish.entry.person
        place = (id(wish.entry), wish.office.pk if wish.office else 0, wish.role)
        self._take(wish, (*place, starts_on))
        if given.get("ends_on") is None and not wish.row.has_fault:
            self._take(wish, place)
        if wish.office and wish.office.state == "closed":
            wish.row.fault(
                "office", _("is a closed office: {code}").format(code=wish.office.code), _("Choose an open one.")
            )
        if not person.is_active:
            wish.row.fault("", _("The person has left the service."), _("Let them be brought back first."))
        if not self._may(wish, starts_on, given, None) or wish.row.has_fault:
            return
        wish.is_new_post = True
        shown = {"office": wish.office.code if wish.office else "", "role": wish.role, **given}
        wish.fields |= {name: ("", _text(value)) for name, value in shown.items() if value}
        wish.post = Appointment(person=person, office=wish.office, role=wish.role, **given)
        self.new.append(wish.post)

    def _check_single(self, wish: Wish) -> None:
        """Nobody holds the same post twice without an end."""
        if wish.post and wish.post.ends_on is None:
            held = [post for post in self._same(wish) if post.ends_on is None and post is not wish.post]
            if held:
                what = _("is empty, but the same post is held since {day} already").format(day=held[0].starts_on)
                wish.row.fault("ends_on", what, _("End one of the two posts."))

    def _may(self, wish: Wish, starts_on: date, given: dict[str, Any], ends_on: date | None) -> bool:
        """Whether the post is one that this steward may set, and ends after it starts."""
        if wish.entry.person.pk is not None and wish.entry.person.pk == self.reach.by.pk:
            what = _("This is you, and the row changes your own posts.")
            wish.row.fault("", what, _("Ask another steward, or leave the row out."))
            return False
        last = given.get("ends_on", ends_on)
        if last and last < given.get("starts_on", starts_on):
            wish.blame_end()
            return False
        return True

    def _check_duties(self) -> None:
        """A post ends only once what was held by it is handed over."""
        busy: set[tuple[int, int]] = set()
        for batch in in_batches(wish.entry.person.pk for wish in self._ending):
            seats = PanelSeat.objects.filter(person__in=batch, ends_on=None)
            busy.update(seats.values_list("person", "channel__office"))
            recovers = Channel.objects.in_use().filter(recovery_person__in=batch)
            busy.update(recovers.values_list("recovery_person", "office"))
            leads = Administrator.objects.filter(person__in=batch, ends_on=None)
            busy.update(leads.values_list("person", "group__office"))
            handovers = Handover.objects.under_way().filter(appointment__person__in=batch)
            busy.update(handovers.values_list("appointment__person", "appointment__office"))
        for wish in self._ending:
            if wish.post and (wish.entry.person.pk, wish.post.office_id) in busy and not self._stays(wish, wish.post):
                what = _("would end a post whose channels, panels or groups are not handed over")
                wish.row.fault("ends_on", what, _("Finish the handover on the person's page first."))

    def _stays(self, wish: Wish, ending: Appointment) -> bool:
        """Whether the person keeps another post there from which what they hold may be held."""
        posts = [*wish.entry.posts, *(post for post in self.new if post.person is wish.entry.person)]
        return any(
            post is not ending and post.office_id == ending.office_id and post.role in SEATED
            and (post.ends_on is None or post.ends_on > self._today)
            for post in posts
        )  # fmt: skip


def _text(value: Any) -> str:
    return "" if value is None else str(value)
