"""Circulars of the demo: the directives its offices work under, sent, passed on, partly acknowledged."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from random import Random
from typing import Any

from django.utils import timezone

from amanat.desk.audit.door import recorded
from amanat.desk.circulars.actions import delivery, dispatches, drafts, quizzes, reminders
from amanat.desk.circulars.audience import Audience
from amanat.desk.circulars.models import Acknowledgement, Addressee, Circular, Copy, Dispatch, Reminder
from amanat.desk.demo import book
from amanat.desk.demo.people import Staff
from amanat.desk.registry.models import Office, Person
from amanat.desk.rules import engine
from amanat.rulebook import Instrument, Pack

_NOON = time(12)


def send(offices: dict[str, Office], staff: Staff, today: date, chance: Random) -> None:
    """Send every circular of the book that belongs to these offices."""
    for plan in book.circulars():
        if plan["office"] in offices:
            _send(plan, offices, staff, today, chance)


def _send(plan: dict[str, Any], offices: dict[str, Office], staff: Staff, today: date, chance: Random) -> None:
    by = staff.holders(plan["office"], plan["by"])[0]
    circular = _draft(plan, offices, by)
    at = datetime.combine(today, _NOON, timezone.get_current_timezone()) - timedelta(days=plan["ago"])
    _deliver(dispatches.dispatch(circular, by=by), at)
    for above, below in plan["onward"].items():
        copy = Copy.objects.select_related("circular", "office").get(circular=circular, office=offices[above])
        head = staff.holders(above, "head")[0]
        onward = dispatches.endorse(
            copy, by=head, offices=[offices[code] for code in below], note=plan["note"],
            dated_on=timezone.localdate(at) + timedelta(days=1),
        )  # fmt: skip
        _deliver(onward, at + timedelta(days=1))
    due_on = today + timedelta(days=plan["due_in"])
    Circular.objects.filter(pk=circular.pk).update(dispatched_at=at, due_on=due_on, reminded_on=today)
    circular.refresh_from_db()
    _acknowledge(circular, plan, at, chance)
    for level, occasion in enumerate(plan["reminded"]):
        reminders.announce(circular, occasion, level=level)
        day = min(today, due_on + timedelta(days=level))
        Reminder.objects.filter(circular=circular, occasion=occasion).update(on=day)


def _deliver(sent: Dispatch, at: datetime) -> None:
    delivery.deliver(sent.pk)
    Dispatch.objects.filter(pk=sent.pk).update(at=at, done_at=at)
    Copy.objects.filter(dispatch=sent).update(received_at=at)


def _draft(plan: dict[str, Any], offices: dict[str, Office], by: Person) -> Circular:
    pack = engine.shipped().pack(plan["pack"])
    instrument = pack.instruments[plan["instrument"]]
    first, *others = plan["lead"]
    circular = drafts.begin(offices[plan["office"]], by=by, language=first, **_text(plan, pack, instrument, first))
    for language in others:
        drafts.write(circular, by=by, language=language, **_text(plan, pack, instrument, language))
    addresses = [pack.sources[source].address for source in instrument.sources]
    drafts.settle(
        circular, by=by, elsewhere=True, number=instrument.number, dated_on=instrument.starts, is_public=True, days=10,
        source=next((one for one in addresses if one.startswith(("http://", "https://"))), ""),
    )  # fmt: skip
    chosen = tuple(offices[code].pk for code in plan["offices"])
    drafts.address(circular, by=by, lists=[], audience=Audience(offices=chosen))
    if quiz := plan.get("quiz"):
        quizzes.ask(circular, by=by, questions=[_question(one, plan, pack) for one in quiz])
    circular.refresh_from_db()
    return circular


def _text(plan: dict[str, Any], pack: Pack, instrument: Instrument, language: str) -> dict[str, str]:
    """The letter in one language: the points of the pack in its own words, and how firmly they are known."""
    points = [f"• {pack.clauses[clause].gist[language]}" for clause in plan["clauses"]]
    note = instrument.note.get(language)
    parts = [plan["lead"][language], "\n".join(points), *([note] if note else [])]
    return {"subject": instrument.title[language], "body": "\n\n".join(parts)}


def _question(one: dict[str, Any], plan: dict[str, Any], pack: Pack) -> dict[str, Any]:
    gist = pack.clauses[one["clause"]].gist
    return {
        "right": one["right"],
        "words": {language: {**one[language], "passage": gist[language]} for language in plan["lead"]},
    }


def _acknowledge(circular: Circular, plan: dict[str, Any], at: datetime, chance: Random) -> None:
    """So many of a hundred have acknowledged, some offices more, some less; and most heads for their office."""
    rows = list(Addressee.objects.filter(circular=circular).order_by("pk").values_list("pk", "office"))
    zeal = {office: chance.randint(-25, 25) for office in dict.fromkeys(office for _pk, office in rows)}
    most = plan["read"]
    done = [pk for pk, office in rows if chance.randint(1, 100) <= most + (zeal[office] if most < 100 else 0)]
    copies = list(Copy.objects.filter(circular=circular).order_by("pk").values_list("pk", flat=True))
    received = [pk for pk in copies if chance.randint(1, 100) <= min(most + 5, 100)]
    languages = list(circular.subject)
    with recorded("import", by=None, office=circular.office, roles=None) as record:
        Acknowledgement.objects.bulk_create(
            Acknowledgement(addressee_id=pk, version=1, language=chance.choice(languages)) for pk in done
        )
        when = at + timedelta(days=2)
        Addressee.objects.filter(pk__in=done).update(seen=1, acknowledged_at=when)
        Copy.objects.filter(pk__in=received).update(seen=1, acknowledged_at=when)
        record.on(circular, people=len(done), offices=len(received))
