"""Permission and advice in the demo: requests in every state, letters, guidance, a deputy; each through the door."""

from __future__ import annotations

from datetime import date, timedelta

from amanat.desk.demo import book
from amanat.desk.demo.people import Staff
from amanat.desk.permits import authority
from amanat.desk.permits.actions import asking, clock, deciding, deputies, guidance
from amanat.desk.permits.actions.periods import days_of
from amanat.desk.permits.models import Guidance, Permit
from amanat.desk.registry.calendars import workdays
from amanat.desk.registry.models import Office, Person

WEEK = timedelta(days=7)
GRANTED = ("granted", "revoked", "noticed")
"""What the book calls what was granted, whatever came of it."""
GUIDED = ("CSD-HELP", "DRA-KHU", "DCA-DIR")
"""Offices whose answer is proposed as guidance."""


def ask(offices: dict[str, Office], staff: Staff, today: date) -> None:
    """Ask, decide and answer as the book says, as many days ago as it says."""
    for row in book.rows_at("permits", set(offices)):
        person = staff.holders(row["office"], row["role"])[int(row["who"])]
        permit = _draft(row, offices[row["office"]], person, today)
        if row["state"] == "draft":
            continue
        asking.submit(permit, by=person)
        _set_back(permit, today - timedelta(days=int(row["sent"])))
        _decide(permit, row, person, today)
        if row["office"] in GUIDED and row["state"] == "answered":
            by = Person.objects.get(pk=permit.decided_by_id)
            guidance.propose(permit, by=by, question=row["purpose"], answer=row["words"])
    clock.expire(today)


def stand_in(offices: dict[str, Office], staff: Staff, today: date) -> None:
    """Whoever decides at the highest office is on leave; the deputy agrees to what is proposed as guidance there."""
    top = next(iter(offices.values()))
    role = Permit.objects.filter(office=top).values_list("role", flat=True)[0]
    deputy = staff.holders(top.code, "officer")[0]
    giver = Person.objects.get(pk=staff.holders(top.code, role)[0].pk)
    deputies.name(top, by=giver, role=role, person=deputy, starts_on=today, ends_on=today + WEEK)
    for row in Guidance.objects.filter(state="proposed", permit__office=top).exclude(permit__office__code="CSD"):
        if authority.hat_for(row.permit, deputy):
            guidance.publish(row, by=deputy)


def _draft(row: dict[str, str], office: Office, person: Person, today: date) -> Permit:
    is_advice = row["act"] == "advice"
    return asking.draft(
        by=person, clauses=row["clauses"].split(), kind="advice" if is_advice else "permission", act=row["act"],
        asked_from=office, subject=row["subject"], purpose=row["purpose"], place=row["place"],
        wanted_from=None if is_advice else today, wanted_until=None if is_advice else today + 20 * WEEK,
    )  # fmt: skip


def _set_back(permit: Permit, day: date) -> None:
    """As if it had been sent on that day."""
    assert permit.office is not None
    permit.submitted_on, permit.due_on = day, workdays(permit.office).later(day, days_of(permit.office))
    permit.wanted_from = day if permit.wanted_from else None
    permit.save()


def _decide(permit: Permit, row: dict[str, str], person: Person, today: date) -> None:
    state, words = row["state"], row["words"]
    if state == "withdrawn":
        asking.withdraw(permit, by=person)
        return
    by = authority.deciders(permit, today)[0]
    if state in GRANTED:
        end = today + timedelta(days=max(int(row["until"]), 0))
        deciding.grant(permit, by=by, starts_on=today, ends_on=end, conditions=words if state == "granted" else "")
    elif state == "refused":
        deciding.refuse(permit, by=by, reason=words, ground=row["clauses"].split()[0])
    elif state == "returned":
        deciding.give_back(permit, by=by, reason=words)
    elif state == "answered":
        deciding.answer(permit, by=by, text=words)
    if permit.decided_on:
        _set_decision_back(permit, row, today)
    if state in ("revoked", "noticed"):
        deciding.revoke(permit, by=by, reason=words, on=today if state == "revoked" else today + WEEK)


def _set_decision_back(permit: Permit, row: dict[str, str], today: date) -> None:
    """As if it had been decided after so many working days, until the day of the book."""
    assert permit.office is not None
    assert permit.submitted_on is not None
    permit.took = int(row["took"])
    permit.decided_on = min(workdays(permit.office).later(permit.submitted_on, permit.took), today)
    if permit.number:
        permit.starts_on, permit.ends_on = permit.decided_on, today + timedelta(days=int(row["until"]))
    permit.save()
