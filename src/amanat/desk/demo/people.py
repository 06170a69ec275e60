"""People of the demo and their posts."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random
from typing import Any

from django.contrib.auth.hashers import make_password

from amanat.desk.demo import book
from amanat.desk.registry.models import Appointment, Office, Person

SIGNS_IN = frozenset({"head", "moderator", "authority", "steward", "auditor"})
"""Roles whose holders have an address; the others are only known to the registry."""


@dataclass
class Staff:
    """Who holds which role at which office, in the order of entry, and who signs in."""

    posts: dict[tuple[str, str], list[Appointment]] = field(default_factory=lambda: defaultdict(list))
    cast: list[Appointment] = field(default_factory=list)

    def holders(self, office: str, role: str) -> list[Person]:
        """The people who hold `role` at the office with that code."""
        return [post.person for post in self.posts[office, role]]


def enter(government: dict[str, Any], offices: dict[str, Office], password: str, today: date, chance: Random) -> Staff:
    """Enter everybody: the cast with the password, all others without any."""
    staff = Staff()
    secret = make_password(password)
    fresh = iter(book.names(government["key"], {one["name"] for one in government["cast"]}, chance))
    number = iter(range(1, 10_000))
    for plan in government["offices"]:
        office = offices[plan["code"]]
        here = [one for one in government["cast"] if one["office"] == office.code]
        for one in here:
            post = _post(government, office, one["role"], (one["name"], one["local"]), today, chance)
            post.person.email, post.person.password = f"{one['mail']}@{government['mail']}", secret
            post.person.language = one["language"]
            staff.cast.append(post)
            staff.posts[office.code, one["role"]].append(post)
        for role in _roles(plan, [one["role"] for one in here]):
            post = _post(government, office, role, next(fresh), today, chance)
            staff.posts[office.code, role].append(post)
    posts = [post for held in staff.posts.values() for post in held]
    for post in posts:
        post.person.number = f"{government['offices'][0]['code']}-{next(number):05}"
    Person.objects.bulk_create(post.person for post in posts)
    Appointment.objects.bulk_create([*posts, *_former(posts, offices, chance)])
    return staff


def _roles(plan: dict[str, Any], taken: list[str]) -> Iterator[str]:
    """The roles still to be given at an office, the highest first, until nobody is left."""
    panels = [int(row["panel"]) for row in book.rows_at("channels", {plan["code"]}) if row["panel"]]
    wanted = ["head"] + ([] if "above" in plan else ["authority", "steward", "steward", "auditor"])
    wanted += ["moderator"] * (max(panels) + 1 if panels else 0)
    for role in taken:
        if role in wanted:
            wanted.remove(role)
    free = plan["people"] - len(taken)
    wanted = wanted[:free]
    yield from wanted
    yield from ["officer"] * (free - len(wanted))


def _post(
    government: dict[str, Any], office: Office, role: str, name: tuple[str, str], today: date, chance: Random
) -> Appointment:
    english, local = name
    address = f"{english.lower().replace(' ', '.')}@{government['mail']}" if role in SIGNS_IN else None
    person = Person(
        name=english, local_name=local, email=address, service=chance.choice(government["services"]),
        password=make_password(None),
    )  # fmt: skip
    begun = today - timedelta(days=chance.randint(60, 1500))
    return Appointment(person=person, office=office, role=role, title=government["titles"][role], starts_on=begun)


def _former(posts: list[Appointment], offices: dict[str, Office], chance: Random) -> Iterator[Appointment]:
    """Every tenth served elsewhere before."""
    for post in posts[::10]:
        left = post.starts_on - timedelta(days=1)
        where = chance.choice([office for office in offices.values() if office != post.office])
        yield Appointment(
            person=post.person, office=where, role="officer", title=post.title,
            starts_on=left - timedelta(days=chance.randint(300, 900)), ends_on=left,
        )  # fmt: skip
