"""Building the demo: the same people and channels every time; only days and the password differ."""

from __future__ import annotations

from datetime import date
from random import Random
from typing import Any

from django.db import transaction

from amanat.desk.audit.door import recorded
from amanat.desk.demo import book, channels, circulars, people, permits, publishing, releases, work
from amanat.desk.registry.models import Office

SEED = 1947


def build(password: str, today: date) -> list[dict[str, str]]:
    """Fill an empty desk; those who sign in, each as `name`, `role`, `office`, `government` and `mail`."""
    chance = Random(SEED)  # noqa: S311 (made-up people, not secrets)
    with transaction.atomic():
        return [one for government in book.governments() for one in _govern(government, password, today, chance)]


def _govern(government: dict[str, Any], password: str, today: date, chance: Random) -> list[dict[str, str]]:
    plans = government["offices"]
    top = _office(plans[0], None)
    with recorded("import", by=None, office=top, roles=None) as record:
        top.save()
        offices = {top.code: top}
        for plan in plans[1:]:
            offices[plan["code"]] = _office(plan, offices[plan["above"]])
            offices[plan["code"]].save()
        staff = people.enter(government, offices, password, today, chance)
        entered = channels.enter(offices, staff, today)
        groups = channels.enter_groups(offices, staff, today)
        number = sum(len(held) for held in staff.posts.values())
        record.on(top, offices=len(offices), people=number, channels=len(entered), groups=groups)
    channels.prove(entered, staff, today)
    work.begin_handovers(offices, staff, today)
    work.propose_grades(offices, staff)
    permits.ask(offices, staff, today)
    permits.stand_in(offices, staff, today)
    circulars.send(offices, staff, today, Random(SEED))  # noqa: S311
    releases.enter(offices, staff)
    publishing.write(offices, entered, staff, today)
    return [
        {
            "name": post.person.name,
            "role": str(post.get_role_display()),
            "office": post.office.name,
            "government": government["name"],
            "mail": post.person.email or "",
        }
        for post in staff.cast
    ]


def _office(plan: dict[str, Any], above: Office | None) -> Office:
    website = f"https://{plan['code'].lower()}.example/"
    return Office(
        code=plan["code"], name=plan["name"], local_name=plan["local"], kind=plan["kind"], parent=above,
        pack=plan.get("pack", ""), website=website,
    )  # fmt: skip
