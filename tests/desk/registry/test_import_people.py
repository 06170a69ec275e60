"""Importing people and posts: who a row means, what it may change, what is at fault."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.utils import timezone

from amanat.desk.audit.models import Event
from amanat.desk.lib.refusals import Overtaken, Refused
from amanat.desk.registry.actions import imports as actions
from amanat.desk.registry.models import Appointment, Channel, Handover, PanelSeat, Person
from tests.cast import Cast
from tests.desk.registry.sheets import changes_of, faults_of, load, write

HEAD = "personnel number,name,e-mail,office code,role,designation,from,until"


def one(cast: Cast, line: str, head: str = HEAD, who: str = "steward@top") -> list[str]:
    """The faults of a file of one line."""
    return faults_of(load(cast[who], "people", f"{head}\n{line}\n"))


def test_a_new_person_with_a_post(cast: Cast) -> None:
    kept = load(
        cast["steward@top"], "people", f"{HEAD}\nP-1,Asma,Asma@Example.org,ED-LHR-1,officer,Clerk,2024-02-29,\n"
    )
    assert (kept.summary()["counts"], faults_of(kept)) == ({"new": 1, "changed": 0, "same": 0}, [])
    assert not Person.objects.filter(number="P-1").exists()
    write(kept, cast["steward@top"])
    person = Person.objects.get(number="P-1")
    assert (person.name, person.email, person.has_usable_password()) == ("Asma", "asma@example.org", False)
    post = person.appointments.get()
    assert (post.office, post.role, post.title, post.starts_on, post.ends_on) == (
        cast.field, "officer", "Clerk", date(2024, 2, 29), None,
    )  # fmt: skip
    event = Event.objects.get()
    assert (event.verb, event.office, event.actor) == ("import", cast.top.pk, cast["steward@top"])
    assert event.facts == {
        "what": "people", "sha256": kept.sha256, "file": "people.csv", "new": 1, "changed": 0, "same": 0,
    }  # fmt: skip


def test_changes_are_shown_field_by_field(cast: Cast) -> None:
    line = "officer@own,Officer Renamed,officer.own@example.org,ED-LHR,officer,Section Officer,2025-01-01,2025-12-31"
    kept = load(cast["steward@top"], "people", f"{HEAD}\n{line}\n")
    assert changes_of(kept, "changed") == [
        {
            "name": ["Officer At Own", "Officer Renamed"],
            "title": ["", "Section Officer"],
            "ends_on": ["", "2025-12-31"],
        }
    ]
    write(kept, cast["steward@top"])
    person = cast["officer@own"]
    assert person.name == "Officer Renamed"
    assert person.appointments.get().ends_on == date(2025, 12, 31)
    assert person.check_password("correct horse battery")


def test_rows_may_come_in_any_form(cast: Cast) -> None:
    head = "نام,पदनाम,ইমেইল,دفتر کا کوڈ,ROLE,personnel_number,শুরুর তারিখ"
    line = "  آسمہ  ,अनुभाग अधिकारी,a@example.org,ED-LHR,Head of Office,P-۱۲৩,২০২৪-০১-৩১"
    assert one(cast, line, head) == []
    kept = load(cast["steward@top"], "people", f"{head}\n{line}\n")
    write(kept, cast["steward@top"])
    person = Person.objects.get(number="P-123")
    assert (person.name, person.appointments.get().title) == ("آسمہ", "अनुभाग अधिकारी")
    assert (person.appointments.get().role, person.appointments.get().starts_on) == ("head", date(2024, 1, 31))


def test_a_person_with_two_posts_has_two_rows(cast: Cast) -> None:
    text = f"{HEAD}\nP-1,Asma,a@example.org,ED-LHR,officer,,2024-01-01,2024-12-31\nP-1,Asma,,ED-MUX,head,,2025-01-01,\n"
    kept = load(cast["steward@top"], "people", text)
    assert faults_of(kept) == []
    write(kept, cast["steward@top"])
    assert Person.objects.get(number="P-1").appointments.count() == 2


def test_a_new_post_without_a_day_begins_today(cast: Cast) -> None:
    write(load(cast["steward@top"], "people", f"{HEAD}\nP-1,Asma,,ED,officer,,,\n"), cast["steward@top"])
    assert Appointment.objects.get(person__number="P-1").starts_on == timezone.localdate()


def test_a_post_ends_and_the_next_begins_in_one_file(cast: Cast) -> None:
    text = f"{HEAD}\nofficer@own,Officer At Own,officer.own@example.org,ED-LHR,officer,,2025-07-01,\n"
    text += "officer@own,Officer At Own,officer.own@example.org,ED-LHR,officer,,2025-01-01,2025-06-30\n"
    kept = load(cast["steward@top"], "people", text)
    assert faults_of(kept) == []
    write(kept, cast["steward@top"])
    posts = Appointment.objects.filter(person=cast["officer@own"]).order_by("starts_on")
    assert [(post.starts_on.month, post.ends_on) for post in posts] == [(1, date(2025, 6, 30)), (7, None)]


def test_another_first_day_moves_the_post_held(cast: Cast) -> None:
    line = "officer@own,Officer At Own,officer.own@example.org,ED-LHR,officer,,2024-12-01,"
    kept = load(cast["steward@top"], "people", f"{HEAD}\n{line}\n")
    assert changes_of(kept, "changed") == [{"starts_on": ["2025-01-01", "2024-12-01"]}]


@pytest.mark.parametrize(
    ("line", "fault"),
    [
        (",Asma,,ED,officer,,,", "2 personnel number: is empty, and so is the e-mail"),
        ("P-1,,,ED,officer,,,", "2 name: is empty"),
        ("P-1,Asma,,NOPE,officer,,,", "2 office code: is no office at or below yours: NOPE"),
        ("P-1,Asma,,DPE,officer,,,", "2 office code: is no office at or below yours: DPE"),
        ("P-1,Asma,,,,,,", "2 office code: is empty, and the person is new"),
        ("P-1,Asma,,,officer,,,", "2 office code: is empty"),
        ("P-1,Asma,,ED,king,,,", "2 role: is not known: king"),
        ("P-1,Asma,,ED,,,,", "2 role: is empty"),
        ("P-1,Asma,,ED,officer,,31/12/2025,", "2 from: is no day of the calendar: 31/12/2025"),
        ("P-1,Asma,,ED,officer,,2025-02-30,", "2 from: is no day of the calendar: 2025-02-30"),
        ("P-1,Asma,,ED,officer,,45000,", "2 from: is no day of the calendar: 45000"),
        ("P-1,Asma,,ED,officer,,2025-02-02,2025-02-01", "2 until: lies before the first day"),
        (f"P-1,{'x' * 121},,ED,officer,,,", "2 name: is too long: 121 signs"),
        (f"P-1,Asma,,ED,officer,{'x' * 121},,", "2 designation: is too long: 121 signs"),
        ("P-1,Asma,no address,ED,officer,,,", "2 e-mail: is no address: no address"),
        ("P-1,Asma,HEAD.own@example.org,ED,officer,,,", None),
        ("P-1,Asma,head.foreign@example.org,ED,officer,,,", None),
        ("officer@own,Officer At Own,head.own@example.org,ED-LHR,officer,,,", None),
        ('P-1,"As\nma",,ED,officer,,,', "2 name: holds a line break or a sign that cannot be shown"),
        ("1.23E+15,Asma,,ED,officer,,,", "2 personnel number: was shortened by the spreadsheet: 1.23E+15"),
        ("#REF!,Asma,,ED,officer,,,", "2 personnel number: shows a fault of the spreadsheet: #REF!"),
        ("head@own,Head At Own,,ED-LHR,head,,2025-01-01,2024-01-01", "2 until: lies before the first day"),
    ],
)  # fmt: skip
def test_faults_name_row_column_and_what_is_wrong(cast: Cast, line: str, fault: str | None) -> None:
    found = one(cast, line)
    assert found == [fault or "2 e-mail: is already used by another person"]


def test_all_faults_of_a_row_are_told_at_once(cast: Cast) -> None:
    assert one(cast, "P-1,,no,NOPE,king,,31/12/2025,2025-13-01") == [
        "2 e-mail: is no address: no",
        "2 from: is no day of the calendar: 31/12/2025",
        "2 name: is empty",
        "2 office code: is no office at or below yours: NOPE",
        "2 role: is not known: king",
        "2 until: is no day of the calendar: 2025-13-01",
    ]


def test_rows_of_one_person_must_agree(cast: Cast) -> None:
    text = f"{HEAD}\nP-1,Asma,a@example.org,ED,officer,,,\n\nP-1,Asmaa,a@example.org,ED-LHR,officer,,,\n"
    assert faults_of(load(cast["steward@top"], "people", text)) == [
        "4 name: differs from row 2, which is the same person"
    ]
    text = f"{HEAD}\nP-1,Asma,a@example.org,ED,officer,,,\nP-2,Noor,A@example.org,ED-LHR,officer,,,\n"
    assert faults_of(load(cast["steward@top"], "people", text)) == ["3 e-mail: is already used by another person"]
    text = f"{HEAD}\nP-1,Asma,a@example.org,ED,officer,,,\nP-1,Asma,a@example.org,ED,officer,,,\n"
    assert faults_of(load(cast["steward@top"], "people", text)) == ["3 : The row means the same post as row 2."]


def test_one_post_is_not_held_twice_at_once(cast: Cast) -> None:
    line = "officer@own,Officer At Own,officer.own@example.org,ED-LHR,officer,,"
    text = f"{HEAD}\n{line}2025-01-01,\n{line}2025-03-01,\n"
    assert faults_of(load(cast["steward@top"], "people", text)) == [
        "3 until: is empty, but the same post is held since 2025-01-01 already"
    ]


def test_a_steward_reaches_no_further_than_their_offices(cast: Cast) -> None:
    for line in ("P-1,Asma,,ED,officer,,,", "P-1,Asma,,ED-MUX,officer,,,"):
        assert "at or below yours" in one(cast, line, who="steward@own")[0]
    assert one(cast, "P-1,Asma,,ED-LHR-1,officer,,,", who="steward@own") == []


def test_people_who_serve_elsewhere_too_keep_their_details(cast: Cast) -> None:
    """Nobody takes over the sign-in of somebody above them by giving them a post below."""
    line = "authority@top,Authority At Top,taken@example.org,ED-LHR,officer,,2025-01-01,"
    kept = load(cast["steward@own"], "people", f"{HEAD}\n{line}\n")
    assert faults_of(kept) == []
    assert "example.org" not in str(list(kept.lines("new")))
    write(kept, cast["steward@own"])
    assert cast["authority@top"].email == "authority.top@example.org"
    assert one(cast, line.replace("Authority At", "Somebody At"), who="steward@own") == [
        "2 name: is not the name of the person who is meant"
    ]
    line = "authority@top,Authority At Top,again@example.org,,,,,"
    write_nothing = load(cast["steward@own"], "people", f"{HEAD}\n{line}\n")
    assert write_nothing.summary()["counts"]["changed"] == 0


def test_nobody_imports_their_own_posts(cast: Cast) -> None:
    line = "steward@own,Steward At Own,steward.own@example.org,ED-LHR,head,,2025-01-01,"
    assert one(cast, line, who="steward@own") == ["2 : This is you, and the row changes your own posts."]
    line = "steward@own,Somebody,steward.own@example.org,ED-LHR,steward,,2025-01-01,"
    assert one(cast, line, who="steward@own") == ["2 : This is you, and the row changes your own details."]
    line = "steward@own,Steward At Own,steward.own@example.org,ED-LHR,steward,,2025-01-01,"
    assert one(cast, line, who="steward@own") == []


def test_no_post_begins_at_a_closed_office_or_for_who_has_left(cast: Cast) -> None:
    type(cast.field).objects.filter(pk=cast.field.pk).update(state="closed")
    assert one(cast, "P-1,Asma,,ED-LHR-1,officer,,,") == ["2 office code: is a closed office: ED-LHR-1"]
    Person.objects.filter(pk=cast["officer@own"].pk).update(is_active=False)
    line = "officer@own,Officer At Own,officer.own@example.org,ED,officer,,,"
    assert one(cast, line) == ["2 : The person has left the service."]


def test_a_post_does_not_end_before_what_it_holds_is_handed_over(cast: Cast) -> None:
    channel = Channel.objects.create(office=cast.own, platform="x", handle="lahore")
    PanelSeat.objects.create(channel=channel, person=cast["officer@own"])
    line = "officer@own,Officer At Own,officer.own@example.org,ED-LHR,officer,,2025-01-01,2026-01-01"
    fault = ["2 until: would end a post whose channels, panels or groups are not handed over"]
    assert one(cast, line) == fault
    promoted = line.replace(",officer,,2025-01-01,2026-01-01", ",head,,2026-01-02,")
    assert faults_of(load(cast["steward@top"], "people", f"{HEAD}\n{line}\n{promoted}\n")) == []
    PanelSeat.objects.update(ends_on=timezone.localdate())
    assert one(cast, line) == []
    post = cast["officer@own"].appointments.get()
    Handover.objects.create(appointment=post, leaves_on=timezone.localdate() + timedelta(9))
    assert one(cast, line) == fault


@pytest.mark.parametrize("who", ["officer@top", "head@top", "authority@top", "auditor@top", "moderator@own"])
def test_importing_is_for_stewards(cast: Cast, who: str) -> None:
    kept = load(cast["steward@top"], "people", f"{HEAD}\nP-1,Asma,,ED,officer,,,\n")
    with pytest.raises(Refused, match="steward"):
        actions.write(kept, kept.summary()["fingerprint"], by=cast[who])
    assert not Event.objects.exists()


def test_faults_let_nothing_be_written(cast: Cast) -> None:
    kept = load(cast["steward@top"], "people", f"{HEAD}\nP-1,Asma,,ED,officer,,,\nP-2,,,ED,officer,,,\n")
    with pytest.raises(Refused, match="at fault"):
        write(kept, cast["steward@top"])
    assert not Person.objects.filter(number="P-1").exists()
    assert not Event.objects.exists()


def test_what_changed_since_the_dry_run_is_noticed(cast: Cast) -> None:
    kept = load(cast["steward@top"], "people", f"{HEAD}\nofficer@own,New Name,officer.own@example.org,,,,,\n")
    Person.objects.filter(number="officer@own").update(name="Otherwise Now")
    with pytest.raises(Overtaken):
        write(kept, cast["steward@top"])
    assert cast["officer@own"].name == "Otherwise Now"
    assert not Event.objects.exists()


def test_a_file_that_is_not_the_one_loaded_is_noticed(cast: Cast) -> None:
    text = f"{HEAD}\nP-1,Asma,,ED,officer,,,\n"
    kept = load(cast["steward@top"], "people", text)
    (kept.folder / "file").write_text(f"{text}\n", encoding="utf-8")
    with pytest.raises(Overtaken):
        write(kept, cast["steward@top"])
    assert not Person.objects.filter(number="P-1").exists()


def test_a_file_is_written_once(cast: Cast) -> None:
    kept = load(cast["steward@top"], "people", f"{HEAD}\nP-1,Asma,,ED,officer,,,\n")
    fingerprint = kept.summary()["fingerprint"]
    actions.write(kept, fingerprint, by=cast["steward@top"])
    assert not kept.is_there()
    with pytest.raises(Overtaken, match="written already"):
        actions.write(kept, fingerprint, by=cast["steward@top"])
    again = load(cast["steward@top"], "people", f"{HEAD}\nP-1,Asma,,ED,officer,,,\n")
    assert again.summary()["counts"] == {"new": 0, "changed": 0, "same": 1}
    assert Event.objects.count() == 1


def test_many_rows_take_few_queries(cast: Cast, django_assert_max_num_queries: object) -> None:
    text = HEAD + "".join(f"\nP-{i},Person {i},p{i}@example.org,ED-LHR,officer,,2025-01-01," for i in range(300))
    with django_assert_max_num_queries(20):  # type: ignore[operator]
        kept = load(cast["steward@top"], "people", text)
    with django_assert_max_num_queries(30):  # type: ignore[operator]
        write(kept, cast["steward@top"])
    assert Person.objects.filter(number__startswith="P-").count() == 300
