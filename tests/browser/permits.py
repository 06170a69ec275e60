"""Permits for the browser: requests in every state that has a page of its own, a deputy, guidance; every address."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.utils import timezone

from amanat.desk.permits.actions import asking, deciding, deputies, guidance
from amanat.desk.permits.models import Permit
from tests.cast import Cast

ASKER, DECIDER = "moderator@own", "authority@top"
PAGES = {
    "": "/permits/verify/ /permits/verify/{code}/ /permits/verify/{refused_code}/ /permits/verify/000000000000/",
    ASKER: (
        "/permits/ /permits/new/?clause=pbsm25-approval /permits/new/?kind=advice /permits/{draft}/"
        " /permits/{draft}/change/ /permits/{sent}/ /permits/{sent}/withdraw/ /permits/{granted}/"
        " /permits/{granted}/letters/{permit_letter}/ /permits/{answered}/ /permits/{refused}/ /permits/{revoked}/"
        " /permits/{returned}/"
    ),
    DECIDER: (
        "/permits/?state=submitted /permits/statistics/ /permits/deputies/ /permits/deputies/name/ /permits/guidance/"
        " /permits/{sent}/ /permits/{sent}/grant/ /permits/{sent}/refuse/ /permits/{sent}/give-back/"
        " /permits/{question}/answer/ /permits/{granted}/revoke/ /permits/{answered}/propose/ /permits/offices/{top}/"
    ),
}
OTHERS = {
    DECIDER: (
        "/permits/{sent}/submit/ /permits/export.csv /permits/deputies/{deputy}/end/"
        " /permits/guidance/{guidance}/publish/ /permits/{granted}/letters/{permit_letter}/letter.pdf"
    )
}


def fill(cast: Cast) -> dict[str, Any]:
    """Put them in; the numbers by which the addresses name them."""
    day, asker, decider = timezone.localdate(), cast[ASKER], cast[DECIDER]
    facts: dict[str, Any] = {
        "asked_from": cast.own,
        "subject": "A talk on radio",
        "purpose": "To explain the helpline.",
    }
    days = {"wanted_from": day, "wanted_until": day + timedelta(days=30)}

    def asked(**more: Any) -> Permit:
        permit = asking.draft(by=asker, clauses=["pbcr66-gifts", "pbsm25-approval"], **facts, **more)
        asking.submit(permit, by=asker)
        return permit

    draft, sent = asking.draft(by=asker, **(facts | days)), asked(**days, text="My draft.")
    granted, question, answered = asked(**days), asked(kind="advice"), asked(kind="advice")
    deciding.grant(granted, by=decider, starts_on=day, ends_on=day + timedelta(days=30), conditions="Figures only.")
    deciding.answer(answered, by=decider, text="Yes, once it is published.")
    row = guidance.propose(answered, by=decider, question="May it be said?", answer="Once it is published.")
    refused, revoked, returned = asked(**days), asked(**days), asked(**days)
    deciding.refuse(refused, by=decider, reason="The helpline has its own page.", ground="pbsm25-approval")
    deciding.grant(revoked, by=decider, starts_on=day, ends_on=day + timedelta(days=30), conditions="")
    deciding.revoke(revoked, by=decider, on=day, reason="The talk was cancelled.")
    deciding.give_back(returned, by=decider, reason="Who speaks?")
    deputy = deputies.name(
        cast.top, by=decider, role="authority", person=cast["officer@top"], starts_on=day, ends_on=day
    )
    return {
        "draft": draft.pk, "sent": sent.pk, "granted": granted.pk, "question": question.pk, "answered": answered.pk,
        "refused": refused.pk, "revoked": revoked.pk, "returned": returned.pk, "refused_code": refused.code,
        "code": granted.code, "permit_letter": granted.letters.filter(language="ur")[0].pk, "guidance": row.pk,
        "deputy": deputy.pk, "top": cast.top.pk,
    }  # fmt: skip
