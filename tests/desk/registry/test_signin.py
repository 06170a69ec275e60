"""Signing in: who comes in, who is told whom to ask, and which ways are shut."""

from __future__ import annotations

import re
import time
from collections.abc import Callable

import pytest
from django.conf import LazySettings
from django.contrib import admin
from django.core import mail
from django.test import Client

from amanat.desk.audit.models import Event
from amanat.desk.registry.models import Invitation, Person
from amanat.desk.registry.signin.doors import SECRETS
from tests.cast import Cast

PASSWORD = "correct horse battery"
NEW = "seven calm rivers run"
HOME = "/today/"


def sign_in(client: Client, person: Person, password: str = PASSWORD) -> str:
    """Where signing in leads; "" where the form comes back."""
    answer = client.post("/accounts/login/", {"login": person.email, "password": password})
    return answer.headers.get("Location", "")


def test_address_and_password_lead_in_and_the_session_is_new(cast: Cast) -> None:
    client = Client()
    client.get("/accounts/login/")
    client.post("/language/setlang/", {"language": "en"})
    session = client.session
    session["x"] = 1
    session.save()
    before = client.session.session_key
    assert sign_in(client, cast["officer@own"]) == HOME
    assert client.session.session_key != before
    assert client.get(HOME).status_code == 200


@pytest.mark.parametrize("typed", [" Officer.Own@Example.ORG ", "officer.own@example.org"])
def test_addresses_are_read_in_any_case(cast: Cast, typed: str) -> None:
    answer = Client().post("/accounts/login/", {"login": typed, "password": PASSWORD})
    assert answer.headers["Location"] == HOME


def test_a_wrong_password_and_an_unknown_address_look_the_same(cast: Cast) -> None:
    texts = set()
    for login, password in (("officer.own@example.org", "wrong wrong wrong"), ("nobody@example.org", PASSWORD)):
        page = Client().post("/accounts/login/", {"login": login, "password": password})
        assert page.status_code == 200
        texts.add(re.sub(r'value="[^"]*"', "", page.text))
    assert len(texts) == 1
    assert "not right" in texts.pop()


def test_who_left_is_told_whom_to_ask(cast: Cast) -> None:
    person = cast["officer@own"]
    Person.objects.filter(pk=person.pk).update(is_active=False)
    client = Client()
    assert sign_in(client, person) == "/accounts/inactive/"
    assert "head of your office" in client.get("/accounts/inactive/").text
    assert client.get(HOME).status_code == 302


def test_who_holds_no_post_is_told_whom_to_ask(cast: Cast) -> None:
    person = cast["officer@own"]
    person.appointments.all().delete()
    client = Client()
    assert sign_in(client, person) == "/accounts/inactive/"
    assert client.get(HOME).status_code == 302


def test_a_post_that_ends_ends_what_one_may_do(cast: Cast, signed_in: Callable[[str], Client]) -> None:
    client = signed_in("head@own")
    assert client.get(HOME).status_code == 200
    cast["head@own"].appointments.all().delete()
    page = client.get(HOME)
    assert page.status_code == 403
    assert "head of your office" in page.text
    assert client.post("/accounts/logout/").status_code == 302
    assert client.get("/").status_code == 200


@pytest.mark.parametrize("address", ["/accounts/signup/", "/accounts/signup/?next=/today/"])
def test_nobody_signs_up(cast: Cast, address: str) -> None:
    people = Person.objects.count()
    assert "entered by their office" in Client().get(address).text
    new = {"email": "new@example.org", "password1": NEW, "password2": NEW}
    assert "entered by their office" in Client().post(address, new).text
    assert Person.objects.count() == people


@pytest.mark.parametrize(
    "address",
    [
        "/accounts/email/",
        "/accounts/confirm-email/",
        "/accounts/confirm-email/abc/",
        "/accounts/login/code/confirm/",
        "/accounts/3rdparty/signup/",
        "/accounts/social/signup/",
        "/tables/password_change/",
    ],
)
def test_shut_ways_are_not_there(signed_in: Callable[[str], Client], address: str) -> None:
    for client in (Client(), signed_in("steward@top")):
        assert client.get(address).status_code == 404
        assert client.post(address, {"email": "new@example.org", "action_add": ""}).status_code == 404


def test_the_tables_have_no_way_in_of_their_own(cast: Cast, signed_in: Callable[[str], Client]) -> None:
    typed = {"username": "steward.top@example.org", "password": PASSWORD}
    answer = Client().post("/tables/login/?next=/tables/", typed)
    assert answer.headers["Location"].startswith("/accounts/login/")
    assert signed_in("officer@own").get("/tables/login/").status_code == 403
    assert signed_in("auditor@top").get("/tables/").status_code == 200


@pytest.mark.parametrize("model", [*SECRETS, Invitation])
def test_the_tables_show_nothing_that_lets_people_in(model: type) -> None:
    assert not admin.site.is_registered(model)


def test_the_language_a_person_chose_waits_for_them(cast: Cast) -> None:
    person = cast["officer@own"]
    client = Client()
    sign_in(client, person)
    assert client.post("/language/setlang/", {"language": "bn", "next": HOME}).headers["Location"] == HOME
    assert client.post("/language/setlang/", {"language": "bn"}).status_code == 302
    assert [event.verb for event in Event.objects.all()] == ["speak"]
    elsewhere = Client()
    sign_in(elsewhere, person)
    assert elsewhere.cookies["language"].value == "bn"
    assert elsewhere.cookies["language"]["httponly"]


def test_rubbish_is_no_language(cast: Cast, signed_in: Callable[[str], Client]) -> None:
    client = signed_in("officer@own")
    client.post("/language/setlang/", {"language": "xx"})
    client.get("/language/setlang/?language=ur")
    assert cast["officer@own"].language == ""
    assert Client().post("/language/setlang/", {"language": "ur"}).status_code == 302
    assert not Event.objects.exists()


def test_a_changed_password_ends_other_sessions_and_is_told(cast: Cast) -> None:
    person = cast["officer@own"]
    here, there = Client(), Client()
    sign_in(here, person)
    sign_in(there, person)
    typed = {"oldpassword": PASSWORD, "password1": NEW, "password2": NEW}
    assert here.post("/accounts/password/change/", typed | {"oldpassword": "no"}).status_code == 200
    assert (
        here.post("/accounts/password/change/", typed | {"password1": "short", "password2": "short"}).status_code == 200
    )
    assert not Event.objects.exists()
    assert here.post("/accounts/password/change/", typed).status_code == 302
    assert here.get(HOME).status_code == 200
    assert there.get(HOME).status_code == 302
    assert [event.verb for event in Event.objects.all()] == ["renew"]
    assert mail.outbox[0].to == [person.email]
    assert sign_in(Client(), person) == ""
    assert sign_in(Client(), person, NEW) == HOME


def test_a_forgotten_password_is_set_by_mail(cast: Cast) -> None:
    person = cast["officer@own"]
    client = Client()
    assert client.post("/accounts/password/reset/", {"email": "OFFICER.own@example.org"}).status_code == 302
    found = re.search(r"/accounts/password/reset/key/\S+", str(mail.outbox[0].body))
    assert found
    form = client.get(found[0]).headers["Location"]
    assert client.get(form).status_code == 200
    assert client.post(form, {"password1": NEW, "password2": NEW}).status_code == 302
    assert sign_in(Client(), person, NEW) == HOME
    assert "does not work" in Client().get(found[0]).text
    assert [event.verb for event in Event.objects.all()] == ["renew"]


def test_asking_for_a_new_password_tells_nobody_who_is_here(cast: Cast) -> None:
    Person.objects.filter(pk=cast["head@own"].pk).update(is_active=False)
    cast["moderator@own"].appointments.all().delete()
    Person.objects.create(name="Never invited", email="never@example.org")
    answers = set()
    addresses = ["officer.own", "nobody", "head.own", "moderator.own", "never"]
    for name in addresses:
        answer = Client().post("/accounts/password/reset/", {"email": f"{name}@example.org"})
        answers.add((answer.status_code, answer.headers["Location"]))
    assert answers == {(302, "/accounts/password/reset/done/")}
    assert ["reset/key" in str(letter.body) for letter in mail.outbox] == [True, False, False, False, False]


def test_a_dangerous_act_asks_again_after_fifteen_minutes(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    client = Client()
    sign_in(client, cast["head@own"])
    invite = f"/people/{cast['officer@own'].pk}/invite/"
    assert client.post(invite).status_code == 200
    now = time.time()
    monkeypatch.setattr(time, "time", lambda: now + 899)
    assert client.post(invite).status_code == 200
    monkeypatch.setattr(time, "time", lambda: now + 901)
    asked = client.post(invite)
    assert asked.headers["Location"].startswith("/accounts/reauthenticate/?next=")
    assert Invitation.objects.count() == 2
    assert client.post(asked.headers["Location"], {"password": "wrong"}).status_code == 200
    assert Invitation.objects.count() == 2
    page = client.post(asked.headers["Location"], {"password": PASSWORD, "next": invite})
    assert page.status_code == 200
    assert Invitation.objects.count() == 3
    assert client.get(HOME).status_code == 200


def test_looking_does_not_ask_again(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    client = Client()
    sign_in(client, cast["head@own"])
    now = time.time()
    monkeypatch.setattr(time, "time", lambda: now + 3600)
    assert client.get(HOME).status_code == 200


def test_a_session_lasts_half_a_day_and_no_script_reads_it(cast: Cast, settings: LazySettings) -> None:
    client = Client()
    sign_in(client, cast["officer@own"])
    assert client.session.get_expiry_age() == 12 * 3600
    cookie = client.cookies["sessionid"]
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"
    assert cookie["max-age"] == ""


def test_a_sign_in_leads_nowhere_else(cast: Cast) -> None:
    typed = {"login": "officer.own@example.org", "password": PASSWORD, "next": "https://evil.example/"}
    assert Client().post("/accounts/login/", typed).headers["Location"] == HOME


PAGES = [
    "/accounts/login/",
    "/accounts/signup/",
    "/accounts/inactive/",
    "/accounts/password/reset/",
    "/accounts/password/reset/done/",
    "/accounts/password/reset/key/done/",
    "/accounts/password/reset/key/1-wrong/",
    "/accounts/3rdparty/login/cancelled/",
    "/accounts/3rdparty/login/error/",
    "/invitation/never-was/",
]
INNER = [
    "/accounts/logout/",
    "/accounts/reauthenticate/",
    "/accounts/password/change/",
    "/accounts/2fa/",
    "/accounts/2fa/totp/activate/",
    "/accounts/2fa/webauthn/",
    "/accounts/2fa/webauthn/add/",
    "/accounts/3rdparty/",
]


@pytest.mark.parametrize("address", PAGES + INNER)
@pytest.mark.parametrize("language", ["en", "ur"])
def test_every_page_is_one_of_ours(
    cast: Cast,
    signed_in: Callable[[str], Client],
    django_assert_max_num_queries: Callable[..., pytest.MonkeyPatch],
    address: str,
    language: str,
) -> None:
    client = signed_in("head@own") if address in INNER else Client()
    client.cookies["language"] = language
    with django_assert_max_num_queries(12):  # type: ignore[attr-defined]
        page = client.get(address)
    assert page.text.count("<h1") == 1
    assert 'class="masthead"' in page.text
    assert " style=" not in page.text
    assert " onclick=" not in page.text
    assert not re.search(r"<script(?![^>]*(src=|application/json))", page.text)
    for name in re.findall(r'<(?:input|select|textarea)[^>]* id="([^"]+)"', page.text):
        assert f'for="{name}"' in page.text or re.search(f'type="hidden"[^>]* id="{name}"', page.text), name
