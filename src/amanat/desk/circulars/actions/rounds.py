"""Telling many people of a circular, round by round: chunk by chunk, each its own transaction.

Safe to run twice, by two workers at once, and to be killed half-way: nobody is told twice of one occasion, and a round
goes on after the last row that was told.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from amanat.desk.circulars.models import Addressee, Copy, Reminder
from amanat.desk.circulars.spread import chains, grown
from amanat.desk.circulars.tally import Sum, Tally, tally_of
from amanat.desk.circulars.workflow import SENDERS
from amanat.desk.lib.numerals import local
from amanat.desk.lib.refusals import Overtaken
from amanat.desk.registry.actions import notices
from amanat.desk.registry.models import Appointment, Person

CHUNK = 2000
HEADS = 100
"""How many offices' leaders are told in one transaction."""
FOR_ALL = ("withdrawn", "superseded")
"""Occasions of which everybody hears who got the circular, whether they acknowledged it or not."""


def go_on(pk: int) -> None:
    """Tell whoever is still to be told in a round. Done already, or under way elsewhere: nothing happens."""
    rounds = Reminder.objects.under_way().select_related("circular__office")
    with suppress(Overtaken):
        if row := rounds.filter(pk=pk).first():
            (_tell_leaders if row.level else _tell_people)(row)


def _tell_people(row: Reminder) -> None:
    circular, for_all = row.circular, row.occasion.startswith(FOR_ALL)
    asked = Addressee.objects.filter(circular=circular) if for_all else Addressee.objects.missing(circular)
    words, key = _words(row), f"circular:{circular.pk}:{row.occasion}"
    url = circular.get_absolute_url()
    while True:
        found = list(asked.filter(pk__gt=row.upto).order_by("pk").values_list("pk", "person")[:CHUNK])
        if not found:
            break
        told = [person for _pk, person in found if person is not None]
        outside = [pk for pk, person in found if person is None]
        with transaction.atomic():
            mailed = _mail_soon(row, outside) if outside else 0
            _advance(row, found[-1][0], people=len(told) + mailed)
            notices.tell(Person.objects.serving().filter(pk__in=told).only("pk", "language"), key, words, url)
    with transaction.atomic():
        offices = 0 if for_all else _tell_silent_offices(row, key)
        _finish(row, offices)


def _mail_soon(row: Reminder, outside: list[int]) -> int:
    """Let addresses outside that have the letter be mailed of this round (timed); how many they are.

    Of a round before that is still to be mailed they hear nothing more: this one says it all.
    """
    waiting = {"occasion": row.occasion, "mailed_at": None, "held_until": None, "tries": 0}
    return Addressee.objects.lettered().filter(pk__in=outside).update(**waiting)


def _tell_silent_offices(row: Reminder, key: str) -> int:
    """Tell whoever leads an office that has not acknowledged; how many offices they are."""
    circular, corrected = row.circular, row.occasion.startswith("corrected")
    silent = Copy.objects.missing(circular)
    posts = Appointment.objects.current().filter(role__in=SENDERS, office__in=silent.values("office"))
    leaders = Person.objects.serving().filter(pk__in=posts.values("person")).only("pk", "language")

    def words() -> tuple[str, str]:
        if corrected:
            return str(circular), _("This circular was corrected: acknowledge the new version for your office.")
        return str(circular), _("Your office has not acknowledged yet that it got this circular.")

    notices.tell(leaders, f"{key}:office", words, circular.get_absolute_url())
    return silent.count()


def _tell_leaders(row: Reminder) -> None:
    """Tell those `level` steps up how many are missing at their office and those it sent the circular on to."""
    tally = tally_of(row.circular)
    targets = targets_of(tally, row.level)
    counts = _counts(tally)
    waiting = sorted(pk for pk in targets if pk > row.upto)
    while waiting:
        some, waiting = waiting[:HEADS], waiting[HEADS:]
        posts = Appointment.objects.current().filter(office__in=some, role__in=SENDERS, person__is_active=True)
        with transaction.atomic():
            _advance(row, some[-1], offices=len(some))
            told = 0
            for office in {post.office_id: None for post in posts.only("office")}:
                leaders = Person.objects.serving().filter(
                    appointments__in=posts.filter(office=office)
                ).distinct().only("pk", "language")  # fmt: skip
                _tell_office(row, office, counts[office], leaders)
                told += len(leaders)
            Reminder.objects.filter(pk=row.pk).update(people=F("people") + told)
    _finish(row, 0)


def targets_of(tally: Tally, level: int) -> set[int]:
    """The offices `level` steps up from where somebody is missing: 1 that office itself, then whom it had it from."""
    return {way[level - 1] for way in chains(tally).values() if len(way) >= level}


def _counts(tally: Tally) -> dict[int, Sum]:
    found, waiting = {}, grown(tally)
    while waiting:
        node = waiting.pop()
        found[node.pk] = node.sum
        waiting += node.below
    return found


def _tell_office(row: Reminder, office: int, missing: Sum, leaders: object) -> None:
    def words() -> tuple[str, str]:
        people = ngettext(
            "{number} person has not acknowledged it at your office and the offices below.",
            "{number} people have not acknowledged it at your office and the offices below.",
            missing.missing,
        ).format(number=local(missing.missing))
        return str(row.circular), people if missing.missing else _("An office of yours has not acknowledged it.")

    url = f"{row.circular.get_absolute_url()}missing/"
    notices.tell(leaders, f"circular:{row.circular.pk}:{row.occasion}:{office}", words, url)  # type: ignore[arg-type]


def _words(row: Reminder) -> Callable[[], tuple[str, str]]:
    return lambda: (str(row.circular), word_of(row.occasion))


def word_of(occasion: str) -> str:
    """What a round tells people, in the language of the moment."""
    said = {
        "before": _("A reminder: acknowledge this circular soon."),
        "due": _("This circular is to be acknowledged today."),
        "after": _("This circular should have been acknowledged. Read it, and say that you have."),
        "hand": _("A reminder from the office that sent it: read this circular, and acknowledge that you have."),
        "corrected": _("This circular was corrected: read the new version, and acknowledge it."),
        "withdrawn": _("This circular was withdrawn. It asks nothing of you any more; its page says why."),
        "superseded": _("A newer circular took the place of this one. Its page says which."),
    }
    return said[occasion.partition("-")[0]]


def _advance(row: Reminder, upto: int, *, people: int = 0, offices: int = 0) -> None:
    """Note how far the round has got, unless another worker did. Raises Overtaken."""
    rows = Reminder.objects.under_way().filter(pk=row.pk, upto=row.upto)
    if not rows.update(upto=upto, people=F("people") + people, offices=F("offices") + offices):
        raise Overtaken(_("Another worker goes on with it."))
    row.upto = upto


def _finish(row: Reminder, offices: int) -> None:
    rows = Reminder.objects.under_way().filter(pk=row.pk, upto=row.upto)
    if not rows.update(done_at=timezone.now(), offices=F("offices") + offices):
        raise Overtaken(_("Another worker goes on with it."))
