"""Whom a letter goes to: a description that is kept as data, and the offices and people it means today."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, fields
from functools import cached_property, reduce
from operator import or_
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from amanat.desk.registry.models import Appointment, Office, Person


@dataclass(frozen=True)
class Audience:
    """Offices by tree or one by one, narrowed to kinds; people at them, narrowed to roles and services; others by name.

    `trees` and `offices`, `people`: numbers. Empty `kinds`, `roles`, `services` narrow nothing. `addresses`: e-mail of
    people in the registry, or of somebody outside.
    """

    trees: tuple[int, ...] = ()
    offices: tuple[int, ...] = ()
    kinds: tuple[str, ...] = ()
    roles: tuple[str, ...] = ()
    services: tuple[str, ...] = ()
    people: tuple[int, ...] = ()
    addresses: tuple[str, ...] = ()

    @classmethod
    def of(cls, kept: dict[str, Any]) -> Audience:
        """Read what `as_data` wrote."""
        return cls(**{field.name: tuple(kept.get(field.name, ())) for field in fields(cls)})

    def as_data(self) -> dict[str, Any]:
        """Plain JSON, without what is empty."""
        return {name: list(value) for name, value in asdict(self).items() if value}

    def __bool__(self) -> bool:
        return bool(self.trees or self.offices or self.people or self.addresses)


@dataclass(frozen=True)
class Reach:
    """Several audiences together, as one sending means them. `to_people` False: only offices and those named.

    `top` is the path of the sender's government: whoever holds no post in it is nobody known here, even to those who
    know their address or number.
    """

    audiences: tuple[Audience, ...]
    top: str
    to_people: bool = True

    @classmethod
    def of(cls, kept: Iterable[dict[str, Any]], sender: Office, *, to_people: bool) -> Reach:
        """Of what a `Dispatch` keeps, sent by an office."""
        return cls(tuple(Audience.of(one) for one in kept), top_of(sender), to_people)

    def offices(self) -> QuerySet[Office]:
        """The open offices reached, highest first."""
        return Office.objects.open().filter(_any(self._offices(one) for one in self.audiences)).order_by("path")

    def posts(self) -> QuerySet[Appointment]:
        """The posts through which people are reached: of those serving, held today."""
        wanted = _any(self._posts(one) for one in self.audiences) if self.to_people else Q(pk__in=[])
        return Appointment.objects.current().filter(wanted, person__is_active=True, office__state="open")

    def named(self) -> QuerySet[Person]:
        """Those serving in the sender's government who are named, or whose address was pasted."""
        numbers = {pk for one in self.audiences for pk in one.people}
        posts = Appointment.objects.current().filter(person=OuterRef("pk"), office__path__startswith=self.top)
        wanted = Q(pk__in=numbers) | Q(email__in=self.addresses())
        return Person.objects.serving().filter(wanted, Exists(posts))

    def addresses(self) -> list[str]:
        """Every pasted address, once."""
        return sorted({address.lower() for one in self.audiences for address in one.addresses})

    def strangers(self) -> list[str]:
        """Pasted addresses of nobody who serves in the sender's government."""
        known = {address for address, _through in self._known}
        return [address for address in self.addresses() if address not in known]

    def people(self, having: QuerySet[Any]) -> Iterator[tuple[int, int | None]]:
        """Everyone reached but the people of the rows `having`: the person, and the office through which.

        None for those only named. Doubles may come.
        """
        posts = self.posts().filter(~Exists(having.filter(person=OuterRef("person"))))
        yield from posts.order_by("office__path", "person__name", "pk").values_list("person", "office")
        if self._names:
            named = self.named().filter(~Exists(having.filter(person=OuterRef("pk"))))
            for pk in named.order_by("pk").values_list("pk", flat=True):
                yield pk, None

    def count(self) -> tuple[int, int]:
        """How many offices and how many people, those outside included."""
        through = self.posts().order_by().values("person").distinct()
        named = sum(not is_through for _address, is_through in self._known)
        return self.offices().count(), through.count() + named + len(self.strangers())

    @property
    def _names(self) -> bool:
        return any(one.people or one.addresses for one in self.audiences)

    @cached_property
    def _known(self) -> list[tuple[str | None, bool]]:
        """Of those named who serve: the address, and whether a post reaches them too. Asked once."""
        if not self._names:
            return []
        through = Exists(self.posts().filter(person=OuterRef("pk")))
        return list(self.named().annotate(through=through).values_list("email", "through"))

    @cached_property
    def _paths(self) -> dict[int, str]:
        """Where the chosen trees stand, asked once."""
        trees = {pk for one in self.audiences for pk in one.trees}
        return dict(Office.objects.filter(pk__in=trees).values_list("pk", "path")) if trees else {}

    def _offices(self, one: Audience, prefix: str = "") -> Q:
        """The offices of one audience; `prefix` names the way to them from other rows."""
        paths = [self._paths[pk] for pk in one.trees if pk in self._paths]
        below = _any(Q(**{f"{prefix}path__startswith": path}) for path in paths)
        chosen = below | Q(**{f"{prefix}pk__in": one.offices})
        return chosen & Q(**{f"{prefix}kind__in": one.kinds}) if one.kinds else chosen

    def _posts(self, one: Audience) -> Q:
        wanted = self._offices(one, "office__")
        if one.roles:
            wanted &= Q(role__in=one.roles)
        return wanted & Q(person__service__in=one.services) if one.services else wanted


def within(by: Person, office: Office) -> QuerySet[Office]:
    """The open offices to which `by` may send what `office` issues: a head to those below it, others to the whole tree.

    The whole tree is everything under the highest office above: one government.
    """
    widely = by.roles_at(office) & {"authority", "steward"}
    return Office.objects.open().filter(path__startswith=top_of(office) if widely else office.path)


def top_of(office: Office) -> str:
    """The path of the highest office above: that of its government."""
    return office.path[: office.path.index("/", 1) + 1]


def _any(conditions: Iterable[Q]) -> Q:
    return reduce(or_, conditions, Q(pk__in=[]))
