"""Who decides: from the person, the chain of offices, the service, the rules and the day."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import NamedTuple

from amanat.desk.audit.door import Step, open_steps
from amanat.desk.permits import law
from amanat.desk.permits.models import Deputy, Guidance, Hat, Kind, Permit, hats
from amanat.desk.permits.workflow import DECIDING, ENDING, MINE
from amanat.desk.registry.models import Appointment, Office, Person
from amanat.desk.rules import engine
from amanat.rulebook import Decider


class Station(NamedTuple):
    """An office of the chain, under which pack it works, and who holds the deciding roles there."""

    office: Office
    pack: str
    holders: Mapping[str, frozenset[int]]


class Route(NamedTuple):
    """Where a request goes: office and role, the rule, and the offices passed over since nobody could decide there."""

    office: Office
    role: str
    rule: Decider | None
    passed: tuple[Office, ...]


def route(chain: Sequence[Station], asker: int, rule: Decider | None) -> Route | None:
    """The first station, from the nearest that the rule means upward, where somebody else than `asker` may decide.

    `chain` begins with the asker's own office. None where nobody can. Without a rule it begins at the own office.
    """
    within = [one for one in chain if rule is None or not rule.packs or one.pack in rule.packs]
    meant = (n for n, one in enumerate(within) if rule is None or one.office.kind in rule.kinds)
    first = next(meant, len(within) - 1)
    passed: list[Office] = []
    for station in within[max(first, 0) :]:
        for role in rule.roles if rule else DECIDING:
            if station.holders.get(role, frozenset()) - {asker}:
                return Route(station.office, role, rule, tuple(passed))
        passed.append(station.office)
    return None


def chain_of(office: Office, day: date) -> list[Station]:
    """The offices from `office` up to the highest, with who decides there on `day`."""
    above = sorted(Office.objects.filter(pk__in=office.ancestors()), key=lambda one: len(one.path))
    held: dict[int, dict[str, set[int]]] = {}
    posts = Appointment.objects.current(day).filter(office__in=above, role__in=DECIDING, person__is_active=True)
    for place, role, person in posts.values_list("office", "role", "person"):
        held.setdefault(place, {}).setdefault(role, set()).add(person)
    stations, pack = [], ""
    for one in above:
        pack = one.pack or pack
        roles = {role: frozenset(people) for role, people in held.get(one.pk, {}).items()}
        stations.append(Station(one, pack, roles))
    return stations[::-1]


def way(permit: Permit, clauses: list[str], day: date) -> Route | None:
    """Where this request goes if it is sent on `day`."""
    chain = chain_of(permit.asked_from, day)
    service, at = permit.person.service, chain[0].pack
    book = engine.rulebook()
    pack = law.binding(book, at, service, day)
    return route(chain, permit.person_id, law.decider(book, pack, permit.act, clauses, service, at, day))


def hat_for(permit: Permit, person: Person, worn: Sequence[Hat] | None = None) -> Hat | None:
    """By what right a person decides on this permit: None for whoever may not, as whoever asks and their deputy.

    `worn`: their hats, where they are at hand.
    """
    if permit.person_id == person.pk or permit.office is None:
        return None
    known = hats(person) if worn is None else worn
    return next((hat for hat in known if hat.covers(permit.role, permit.office, permit.person_id)), None)


def deciders(permit: Permit, day: date) -> list[Person]:
    """Whoever may decide on it on `day`: the holders of the role at the office, and their deputies."""
    if permit.office is None:
        return []
    own = Appointment.objects.current(day).filter(office=permit.office, role=permit.role).values("person")
    lent = Deputy.objects.current(day).filter(office=permit.office, role=permit.role)
    lent = lent.exclude(giver=permit.person_id)  # nobody decides in the place of whoever asks
    people = Person.objects.serving().exclude(pk=permit.person_id)
    return list((people.filter(pk__in=own) | people.filter(pk__in=lent.values("person"))).distinct())


def steps_of(permit: Permit, person: Person) -> list[Step]:
    """The steps that a person may take with a permit now: what buttons are drawn for."""
    is_mine, decides = permit.person_id == person.pk, hat_for(permit, person) is not None
    fitting = {"answer"} if permit.kind == Kind.ADVICE else {"grant", "refuse"}
    found = []
    for step in open_steps(permit, person):
        if step.verb in MINE:
            is_open = is_mine
        elif step.verb in ENDING:
            is_open = decides and step.verb in fitting
        else:
            is_open = decides and not (step.verb == "revoke" and permit.revoked_from)
        found += [step] if is_open else []
    return found


def guidance_steps(guidance: Guidance, person: Person, worn: Sequence[Hat]) -> list[Step]:
    """The steps of a proposed or published guidance: never for whoever proposed it, but to take it off the page."""
    if hat_for(guidance.permit, person, worn) is None:
        return []
    is_own = guidance.proposed_by_id == person.pk
    return [step for step in open_steps(guidance, person) if step.verb == "undo" or not is_own]
