"""Invitations: who may send one, what the link does, and that a dead link tells nothing."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.core import mail
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone

from amanat.desk.audit.models import Event
from amanat.desk.lib.refusals import Overtaken, Refused
from amanat.desk.registry.actions import invitations
from amanat.desk.registry.models import Appointment, Invitation, Person
from amanat.desk.registry.views.invitations import invite_context
from tests.cast import Cast

GOOD = "seven calm rivers run"
LINK = re.compile(r"/invitation/[\w-]+/")


@pytest.fixture
def newcomer(cast: Cast) -> Person:
    """Somebody who serves at `own` and has never had a password."""
    person = Person.objects.create(name="Newcomer", email="newcomer@example.org")
    Appointment.objects.create(person=person, office=cast.own, starts_on=date(2025, 1, 1))
    return person


@pytest.fixture
def link(cast: Cast, newcomer: Person) -> str:
    """The address by which the newcomer sets a password."""
    return f"/invitation/{invitations.invite(newcomer, by=cast['head@own'])[1]}/"


def send(client: Client, person: Person) -> str:
    page = client.post(f"/people/{person.pk}/invite/")
    assert page.status_code == 200
    found = LINK.search(page.text)
    return found[0] if found else ""


def set_password(client: Client, link: str, password: str = GOOD) -> int:
    return client.post(link, {"new_password1": password, "new_password2": password}).status_code


@pytest.mark.parametrize("who", ["head@own", "authority@top", "steward@top"])
def test_leaders_invite(cast: Cast, signed_in: Callable[[str], Client], newcomer: Person, who: str) -> None:
    link = send(signed_in(who), newcomer)
    invitation = Invitation.objects.get()
    assert invitation.digest == invitations.digest(link.split("/")[2])
    assert link.split("/")[2] not in "".join(str(value) for value in Invitation.objects.values_list().get())
    assert mail.outbox[0].to == ["newcomer@example.org"]
    assert link in str(mail.outbox[0].body)
    event = Event.objects.get()
    assert (event.verb, event.thing, event.actor, event.office) == ("invite", newcomer.pk, cast[who], cast.own.pk)
    assert link.split("/")[2] not in str(event.facts)


@pytest.mark.parametrize("who", ["officer@own", "moderator@own", "auditor@own", "auditor@top"])
def test_others_are_refused(signed_in: Callable[[str], Client], newcomer: Person, who: str) -> None:
    assert signed_in(who).post(f"/people/{newcomer.pk}/invite/").status_code == 403
    assert not Invitation.objects.exists()
    assert not Event.objects.exists()
    assert not mail.outbox


@pytest.mark.parametrize("who", ["head@sister", "steward@foreign", "officer@field"])
def test_strangers_get_404(signed_in: Callable[[str], Client], newcomer: Person, who: str) -> None:
    assert signed_in(who).post(f"/people/{newcomer.pk}/invite/").status_code == 404
    assert signed_in(who).post("/people/999999/invite/").status_code == 404


def test_signed_out_are_led_to_the_sign_in_page(newcomer: Person) -> None:
    assert Client().post(f"/people/{newcomer.pk}/invite/").headers["Location"].startswith("/accounts/login/")


@pytest.mark.parametrize(
    ("whom", "why"),
    [
        ({"role": "authority"}, "as high as theirs"),
        ({"role": "auditor", "place": "top"}, "leads every office"),
        ({"email": None}, "no e-mail"),
        ({"left": True}, "no post"),
    ],
)
def test_a_head_invites_only_those_they_lead(cast: Cast, newcomer: Person, whom: dict[str, object], why: str) -> None:
    if "role" in whom:
        office = cast.top if whom.get("place") == "top" else cast.own
        Appointment.objects.create(person=newcomer, office=office, role=str(whom["role"]), starts_on=date(2025, 1, 1))
    elif "left" in whom:
        newcomer.appointments.update(ends_on=date(2025, 2, 1))
    else:
        newcomer.email = None
        newcomer.save()
    newcomer = Person.objects.get(pk=newcomer.pk)
    with pytest.raises(Refused, match=why):
        invitations.invite(newcomer, by=cast["head@own"])
    assert not invite_context(newcomer, cast["head@own"])["may_invite"]
    assert not Invitation.objects.exists()
    assert not Event.objects.exists()


def test_one_does_not_invite_oneself(cast: Cast) -> None:
    with pytest.raises(Refused, match="your own password"):
        invitations.invite(cast["head@own"], by=cast["head@own"])


def test_the_link_leads_in(cast: Cast, newcomer: Person, link: str) -> None:
    client = Client()
    page = client.get(link)
    assert "Newcomer" in page.text
    assert "Directorate Lahore" in page.text
    assert page.headers["Referrer-Policy"] == "strict-origin"
    assert "no-store" in page.headers["Cache-Control"]
    client.get("/accounts/login/")
    before = client.session.session_key
    assert set_password(client, link) == 302
    assert client.session.session_key != before
    newcomer.refresh_from_db()
    assert newcomer.check_password(GOOD)
    assert client.get("/today/").status_code == 200
    assert list(Event.objects.filter(verb="accept").values_list("actor", "office")) == [(newcomer.pk, cast.own.pk)]


def test_every_dead_link_looks_the_same(cast: Cast, newcomer: Person, link: str) -> None:
    pages = [Client().get("/invitation/never-was/")]
    newer = f"/invitation/{invitations.invite(newcomer, by=cast['head@own'])[1]}/"
    pages.append(Client().get(link))
    Invitation.objects.update(made_at=timezone.now() - timedelta(days=7, seconds=1))
    pages.append(Client().get(newer))
    Invitation.objects.update(made_at=timezone.now())
    assert Client().get(newer).status_code == 200
    assert set_password(Client(), newer) == 302
    pages.append(Client().get(newer))
    pages.append(Client().post(newer, {"new_password1": "another fine word", "new_password2": "another fine word"}))
    last = f"/invitation/{invitations.invite(newcomer, by=cast['head@own'])[1]}/"
    Person.objects.filter(pk=newcomer.pk).update(is_active=False)
    pages.append(Client().get(last))
    assert {page.status_code for page in pages} == {404}
    texts = {re.sub(r'value="[^"]*"', "", page.text) for page in pages}
    assert len(texts) == 1
    assert all(page.headers["Referrer-Policy"] == "strict-origin" for page in pages)
    newcomer.refresh_from_db()
    assert newcomer.check_password(GOOD)


def test_of_two_who_open_it_at_once_one_wins(cast: Cast, newcomer: Person) -> None:
    invitation, _token = invitations.invite(newcomer, by=cast["head@own"])
    invitations.accept(invitation, GOOD)
    with pytest.raises(Overtaken):
        invitations.accept(invitation, "another fine word")
    assert Event.objects.filter(verb="accept").count() == 1


def test_the_database_holds_one_unused_link_for_a_person(cast: Cast, newcomer: Person, link: str) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Invitation.objects.create(person=newcomer, made_by=cast["head@own"], digest="0" * 64)


@pytest.mark.parametrize("bad", ["short", "password1234", "192837465564738", "newcomer@example.org", ""])
def test_weak_passwords_are_refused_beside_the_field(newcomer: Person, link: str, bad: str) -> None:
    client = Client()
    page = client.post(link, {"new_password1": bad, "new_password2": bad})
    assert page.status_code == 200
    assert "errorlist" in page.text
    newcomer.refresh_from_db()
    assert not newcomer.password
    assert set_password(client, link) == 302


def test_pressed_twice_the_newer_link_counts(signed_in: Callable[[str], Client], newcomer: Person) -> None:
    client = signed_in("head@own")
    older, newer = send(client, newcomer), send(client, newcomer)
    assert Client().get(older).status_code == 404
    assert Client().get(newer).status_code == 200
    assert Event.objects.filter(verb="invite").count() == 2


def test_a_link_for_a_new_password_is_seen_by_its_owner_alone(cast: Cast, signed_in: Callable[[str], Client]) -> None:
    officer = cast["officer@own"]
    elsewhere = signed_in("officer@own")
    assert send(signed_in("head@own"), officer) == ""
    assert Event.objects.get().facts == {"is_reset": True}
    assert Invitation.objects.get().is_reset
    found = LINK.search(str(mail.outbox[0].body))
    assert found
    assert set_password(Client(), found[0]) == 302
    assert "invitation" in str(mail.outbox[1].body)
    assert elsewhere.get("/today/").status_code == 302
    assert [event.verb for event in Event.objects.all()] == ["accept", "invite"]


def test_whoever_was_signed_in_before_is_signed_out(
    signed_in: Callable[[str], Client], newcomer: Person, link: str
) -> None:
    client = signed_in("officer@sister")
    assert set_password(client, link) == 302
    assert int(client.session["_auth_user_id"]) == newcomer.pk


def test_a_mail_server_that_is_down_loses_nothing(
    settings: pytest.FixtureRequest,
    signed_in: Callable[[str], Client],
    newcomer: Person,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def down(*_args: object, **_more: object) -> int:
        raise ConnectionRefusedError

    monkeypatch.setattr(invitations, "send_mail", down)
    page = signed_in("head@own").post(f"/people/{newcomer.pk}/invite/")
    assert "could not be sent" in page.text
    found = LINK.search(page.text)
    assert found
    assert Client().get(found[0]).status_code == 200


def test_the_mail_is_in_the_language_of_whoever_gets_it(cast: Cast, newcomer: Person) -> None:
    newcomer.language = "ur"
    newcomer.save()
    invitation, token = invitations.invite(newcomer, by=cast["head@own"])
    assert invitations.mail(invitation, f"https://desk.example/{token}")
    assert token in str(mail.outbox[0].body)


def test_the_button_is_drawn_where_it_would_work(cast: Cast, newcomer: Person) -> None:
    newcomer = Person.objects.get(pk=newcomer.pk)
    context = invite_context(newcomer, cast["head@own"])
    assert context["may_invite"]
    assert not context["has_password"]
    assert context["last_invitation"] is None
    assert not invite_context(newcomer, cast["officer@own"])["may_invite"]
    invitation, _token = invitations.invite(newcomer, by=cast["head@own"])
    assert invite_context(newcomer, cast["head@own"])["last_invitation"] == invitation
    assert invite_context(cast["officer@own"], cast["head@own"])["has_password"]


def test_pages_ask_the_database_little(
    signed_in: Callable[[str], Client],
    newcomer: Person,
    link: str,
    django_assert_max_num_queries: Callable[..., object],
) -> None:
    client = Client()
    with django_assert_max_num_queries(12):  # type: ignore[attr-defined]
        client.get(link)
