"""Requests of the cast, in whatever state a test wants them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from amanat.desk.permits.actions import asking, deciding
from amanat.desk.permits.models import Permit
from tests.cast import Cast

SignedIn = Callable[[str], Client]
CLAUSE = "pbsm25-approval"


def today() -> date:
    return timezone.localdate()


def in_days(number: int) -> date:
    return today() + timedelta(days=number)


@dataclass(frozen=True)
class Asked:
    """What the officer of `own` asks for: the directorate is no department, so the authority of `top` decides."""

    cast: Cast

    def draft(self, who: str = "officer@own", clauses: tuple[str, ...] = (CLAUSE,), **facts: Any) -> Permit:
        person = self.cast[who]
        office = getattr(self.cast, who.split("@")[1])
        given = {
            "kind": "permission", "act": "media", "asked_from": office, "subject": "A talk on local radio",
            "purpose": "I was invited to explain the helpline.", "wanted_from": today(), "wanted_until": in_days(30),
        }  # fmt: skip
        return asking.draft(by=person, clauses=clauses, **(given | facts))

    def sent(self, who: str = "officer@own", **facts: Any) -> Permit:
        permit = self.draft(who, **facts)
        asking.submit(permit, by=self.cast[who])
        return self.fetch(permit)

    def granted(self, who: str = "officer@own", until: int = 30, **facts: Any) -> Permit:
        permit = self.sent(who, **facts)
        deciding.grant(
            permit, by=self.cast["authority@top"], starts_on=today(), ends_on=in_days(until), conditions="Figures only."
        )
        return self.fetch(permit)

    def refused(self, **facts: Any) -> Permit:
        permit = self.sent(**facts)
        deciding.refuse(permit, by=self.cast["authority@top"], reason="Too early.", ground=CLAUSE)
        return self.fetch(permit)

    def question(self, **facts: Any) -> Permit:
        given = {"kind": "advice", "subject": "May I name the school?", "wanted_from": None, "wanted_until": None}
        return self.sent(**(given | facts))

    def answered(self, **facts: Any) -> Permit:
        permit = self.question(**facts)
        deciding.answer(permit, by=self.cast["authority@top"], text="Yes, it is published already.")
        return self.fetch(permit)

    @staticmethod
    def fetch(permit: Permit) -> Permit:
        return Permit.objects.get(pk=permit.pk)


@pytest.fixture(autouse=True)
def no_letters(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Letters take a while: they are made only in tests marked so, elsewhere the queue is left as it is."""
    if "letters" not in request.fixturenames:
        monkeypatch.setattr("amanat.desk.permits.actions.letters.make", lambda pk: None)


@pytest.fixture
def letters() -> None:
    """Letters are made in this test."""


@pytest.fixture
def asked(cast: Cast) -> Asked:
    """What people of the cast ask for."""
    return Asked(cast)
