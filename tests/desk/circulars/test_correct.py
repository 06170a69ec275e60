from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, time, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from amanat.desk.audit.models import Event
from amanat.desk.circulars import timed
from amanat.desk.circulars.actions import acknowledgements, corrections, reminders
from amanat.desk.circulars.models import Addressee, Circular, Reminder, Text
from amanat.desk.lib.refusals import Overtaken, Refused
from amanat.desk.registry.calendars import workdays
from amanat.desk.registry.models import Notice
from tests.desk.circulars.conftest import Letters

FIXED = {"language": "ur", "subject": "سوشل میڈیا", "body": "پہلے تحریری اجازت لیں۔", "reason": "written"}


def correct(letters: Letters, circular: Circular, who: str = "head@top", **more: Any) -> None:
    corrections.correct(circular, by=letters.cast[who], **{"version": 1, **FIXED, **more})
    circular.refresh_from_db()


def test_a_corrected_text_is_a_new_version_beside_the_old(letters: Letters) -> None:
    circular = letters.sent()
    before = list(circular.texts_of(1))
    correct(letters, circular)
    assert [(one.subject, one.body) for one in circular.texts_of(1)] == [(one.subject, one.body) for one in before]
    now = {one.language: one.body for one in circular.texts_of()}
    assert now == {"en": "Ask first.", "ur": FIXED["body"]}
    assert (circular.version, circular.asked, circular.subject["ur"]) == (2, 1, FIXED["subject"])
    assert Event.objects.filter(verb="correct", reason="written").count() == 1


def test_where_it_is_to_be_read_again_everyone_is_asked_and_told_once(
    letters: Letters, django_capture_on_commit_callbacks: Any
) -> None:
    circular = letters.sent()
    acknowledgements.acknowledge(circular, by=letters.cast["officer@own"], version=1, language="en")
    with django_capture_on_commit_callbacks(execute=True):
        correct(letters, circular, again=True)
    assert Addressee.objects.missing(circular).count() == 12
    timed.run(timezone.now())
    assert Notice.objects.filter(key=f"circular:{circular.pk}:corrected-2").count() == 12
    offices = Notice.objects.filter(key=f"circular:{circular.pk}:corrected-2:office")
    assert set(offices.values_list("why", flat=True)) == {
        "This circular was corrected: acknowledge the new version for your office."
    }
    assert Event.objects.filter(verb="correct").count() == 1
    assert acknowledgements.acknowledge(circular, by=letters.cast["officer@own"], version=2, language="en")
    row = Addressee.objects.get(person=letters.cast["officer@own"])
    assert sorted(row.acknowledgements.values_list("version", flat=True)) == [1, 2]


def test_telling_cut_off_by_a_kill_is_resumed_by_the_clock(letters: Letters) -> None:
    circular = letters.sent()
    correct(letters, circular, again=True)  # what follows the transaction never comes
    timed.run(timezone.now())
    row = Reminder.objects.get(circular=circular)
    assert (row.occasion, row.people, row.offices) == ("corrected-2", 12, 2)
    assert row.done_at is not None


def test_what_is_to_be_read_again_has_a_new_day_and_is_reminded_of_anew(letters: Letters) -> None:
    circular = letters.sent(days=5)
    today, calendar = timezone.localdate(), workdays(circular.office)
    Circular.objects.update(due_on=today - timedelta(days=30), dispatched_at=timezone.now() - timedelta(days=50))
    reminders.begin(circular, "before", day=today - timedelta(days=33))
    reminders.begin(circular, "after-3", day=today - timedelta(days=3))  # under way, of the version before
    correct(letters, circular, again=True)
    assert circular.due_on == calendar.later(today, 5)
    timed.run(timezone.now())
    had = {"before", "after-3", "corrected-2"}
    assert set(Reminder.objects.values_list("occasion", flat=True)) == had
    assert Reminder.objects.get(occasion="after-3").people == 0
    day = timezone.make_aware(datetime.combine(circular.due_on, time(9)))
    timed.run(day)
    assert set(Reminder.objects.values_list("occasion", flat=True)) == had | {"due-v2"}
    assert Reminder.objects.get(occasion="due-v2").label == "a reminder on the day"


def test_what_is_not_read_again_keeps_its_day(letters: Letters) -> None:
    circular = letters.sent(days=5)
    day = circular.due_on - timedelta(days=3) if circular.due_on else None
    Circular.objects.update(due_on=day)
    correct(letters, circular)
    assert circular.due_on == day
    assert not Reminder.objects.exists()


def test_a_slip_of_the_pen_asks_nobody_again(letters: Letters) -> None:
    circular = letters.sent()
    acknowledgements.acknowledge(circular, by=letters.cast["officer@own"], version=1, language="en")
    correct(letters, circular)
    assert Addressee.objects.missing(circular).count() == 11


@pytest.mark.parametrize("who", ["officer@top", "auditor@top", "head@own", "steward@foreign"])
def test_others_do_not_correct(letters: Letters, who: str) -> None:
    circular = letters.sent()
    with pytest.raises(Refused):
        correct(letters, circular, who)
    assert Text.objects.filter(version=2).count() == 0


SAME = {"language": "en", "subject": "Use of social media", "body": "Ask first."}


@pytest.mark.parametrize(("more", "why"), [({"reason": " "}, "what was wrong"), (SAME, "Nothing is different")])
def test_not_without_a_reason_and_not_without_a_change(letters: Letters, more: dict[str, str], why: str) -> None:
    circular = letters.sent()
    with pytest.raises(Refused, match=why):
        correct(letters, circular, **more)


def test_of_two_who_correct_one_version_the_second_is_told(letters: Letters) -> None:
    circular = letters.sent()
    correct(letters, circular)
    with pytest.raises(Overtaken):
        correct(letters, circular, language="en", subject="Other", body="Other")
    assert circular.version == 2


def test_not_a_draft_nor_what_is_out_of_force(letters: Letters) -> None:
    with pytest.raises(Refused, match="not in force"):
        correct(letters, letters.draft())


def test_the_page_shows_old_versions_as_they_were(letters: Letters, signed_in: Callable[[str], Client]) -> None:
    circular, client = letters.sent(), signed_in("head@top")
    typed = {"subject": "Use", "body": "Ask in writing.", "reason": "was unclear", "again": "on", "version": "1"}
    client.post(reverse("circulars:correct", args=[circular.pk, "en"]), typed)
    reader = signed_in("officer@own")
    address = circular.get_absolute_url()
    shown, old = reader.get(address).content.decode(), reader.get(f"{address}?version=1").content.decode()
    assert "Ask in writing." in shown
    assert "Ask first." in old
    assert "kept as it was" in old
    assert "was unclear" in shown
    assert "I have read it" in shown
    assert "I have read it" not in old
