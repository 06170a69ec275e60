"""Plans an import of people: who a row means, and what it changes of them. Their posts: `imports.posts`."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db.models import F
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext as _

from amanat.desk.lib.choices import Service
from amanat.desk.lib.numerals import in_ascii
from amanat.desk.registry.imports.cells import Row
from amanat.desk.registry.imports.channels import offices_of
from amanat.desk.registry.imports.plan import Plan, Reach, in_batches
from amanat.desk.registry.imports.posts import Entry, PostPlanner, Wish
from amanat.desk.registry.models import Appointment, Person

FIELDS = ("number", "name", "local_name", "email", "service", "cadre", "language")


@dataclass(slots=True)
class PeopleWork:
    """What is written: people to make and to change, and posts to change and to make, in that order of need."""

    new: list[Person] = field(default_factory=list)
    changed: list[Person] = field(default_factory=list)
    new_posts: list[Appointment] = field(default_factory=list)
    changed_posts: list[Appointment] = field(default_factory=list)
    fields: set[str] = field(default_factory=set)


def plan_people(rows: list[Row], plan: Plan, reach: Reach) -> None:
    """Fill `plan` with what `rows` do to people and their posts within `reach`."""
    planner = _Planner(rows, plan, reach)
    wishes = [wish for row in rows if (wish := planner.take(row))]
    work = PeopleWork(
        new=[entry.person for entry in planner.entries if entry.is_new],
        changed=[entry.person for entry in planner.entries if entry.changed and not entry.is_new],
        fields={name for entry in planner.entries for name in entry.changed},
    )
    posts = PostPlanner(plan, reach)
    posts.place(wishes)
    work.new_posts, work.changed_posts = posts.new, posts.changed
    for wish in wishes:
        if not wish.row.has_fault:
            is_new = wish.is_new_post or (wish.is_first and wish.entry.is_new)
            plan.note(wish.row.number, wish.title(), wish.fields, is_new=is_new)
    plan.work = work


class _Planner:
    def __init__(self, rows: list[Row], plan: Plan, reach: Reach) -> None:
        self.plan, self.reach = plan, reach
        self.by_number: dict[str, Entry] = {}
        self.by_email: dict[str, Entry] = {}
        self.entries: list[Entry] = []
        self.offices = offices_of({str(row.raw("office")) for row in rows}, reach)
        self._find(str(row.raw("number")) for row in rows)
        self._find_addresses(str(row.raw("email")).lower() for row in rows)
        self._find_posts()

    def _find(self, numbers: Iterable[str]) -> None:
        found = {number for number in numbers if number}
        for batch in in_batches(found | set(map(in_ascii, found))):
            for person in Person.objects.filter(number__in=batch):
                self._enter(Entry(person))

    def _find_addresses(self, emails: Iterable[str]) -> None:
        for batch in in_batches({email for email in emails if email} - self.by_email.keys()):
            people = Person.objects.alias(folded_email=Lower("email")).filter(folded_email__in=batch)
            for person in people:
                self._enter(Entry(person))

    def _find_posts(self) -> None:
        """The posts of all who were found; whether this steward leads them: at every post held, else at the last."""
        known = {entry.person.pk: entry for entry in self.entries}
        leading: dict[int, list[bool]] = {}
        today = timezone.localdate()
        for batch in in_batches(known):
            last_first = F("ends_on").desc(nulls_first=True)
            posts = Appointment.objects.filter(person__in=batch).select_related("office").order_by(last_first, "-pk")
            for post in posts:
                is_mine = self.reach.covers(post.office.path)
                if is_mine:
                    known[post.person_id].posts.append(post)
                leads = leading.setdefault(post.person_id, [])
                if not leads or post.ends_on is None or post.ends_on >= today:
                    leads.append(is_mine)
        for number, entry in known.items():
            entry.is_led = all(leading.get(number, [False]))

    def _enter(self, entry: Entry) -> None:
        self.entries.append(entry)
        self._index(entry)

    def _index(self, entry: Entry) -> None:
        if entry.person.number:
            self.by_number[entry.person.number] = entry
        if entry.person.email:
            self.by_email[entry.person.email.lower()] = entry

    def take(self, row: Row) -> Wish | None:
        """What the row wishes, once the person is known."""
        given = self._given(row)
        entry = self._meant(row, given.get("number", ""), given.get("email", ""))
        wish = Wish(row, entry or Entry(Person(), is_new=True))
        wish.read(self.offices)
        if row.has_fault:
            return None
        if entry is None:
            self._make(wish, given)
        else:
            self._change(wish, given)
        return wish

    def _given(self, row: Row) -> dict[str, str]:
        """What the columns that are there say of the person."""
        number = row.key("number", 40)
        given = {"number": number if number in self.by_number else in_ascii(number)}
        given["name"] = row.text("name", 120, is_needed=True)
        if row.has("email"):
            given["email"] = row.email("email")
        if row.has("local_name"):
            given["local_name"] = row.text("local_name", 120)
        if row.has("service"):
            given["service"] = row.choice("service", Service)
        if row.has("cadre"):
            given["cadre"] = row.text("cadre", 60)
        if row.has("language"):
            given["language"] = row.languages("language", 5, most=1)
        return given

    def _meant(self, row: Row, number: str, email: str) -> Entry | None:
        """Whom the row means: by the number, else by the e-mail; None for somebody new."""
        if not number and not email and not row.has_fault:
            row.fault("number", _("is empty, and so is the e-mail"), _("Write one of them: rows are matched by it."))
        numbered = self.by_number.get(number)
        addressed = self.by_email.get(email)
        if addressed and numbered is not addressed and (numbered or (number and addressed.person.number)):
            row.fault("email", _("is already used by another person"), _("Correct the e-mail or the personnel number."))
        return numbered or addressed

    def _make(self, wish: Wish, given: dict[str, str]) -> None:
        person = wish.entry.person
        for name, value in given.items():
            setattr(person, name, value or (None if name in _NULL else ""))
            if value:
                wish.fields[name] = ("", value)
        wish.is_first = True
        wish.entry.said |= {name: (value, wish.row.number) for name, value in given.items()}
        self._enter(wish.entry)

    def _change(self, wish: Wish, given: dict[str, str]) -> None:
        entry, row = wish.entry, wish.row
        old = {name: getattr(entry.person, name) or "" for name in given}
        given["number"] = given["number"] or old["number"]
        for name, value in given.items():
            said, at = entry.said.setdefault(name, (value, row.number))
            if not value:
                given[name] = said
            elif said != value:
                what = _("differs from row {row}, which is the same person").format(row=at)
                row.fault(name, what, _("Write the same in both rows."))
        changed = {name: value for name, value in given.items() if value != old[name]}
        if not changed or row.has_fault or entry.is_new:
            return
        if not entry.is_led:
            # what is known of people elsewhere is not told here, nor changed: only the name must fit the number
            if "name" in changed and changed["name"].casefold() != old["name"].casefold():
                row.fault("name", _("is not the name of the person who is meant"), _("Correct the key or the name."))
            for name in changed:
                entry.said.pop(name)
            return
        if entry.person.pk == self.reach.by.pk:
            row.fault(
                "",
                _("This is you, and the row changes your own details."),
                _("Ask another steward, or leave the row out."),
            )
            return
        for name, value in changed.items():
            wish.fields[name] = (old[name], value)
            setattr(entry.person, name, value or (None if name in _NULL else ""))
            entry.changed.add(name)
        self._index(entry)


_NULL = ("number", "email")
