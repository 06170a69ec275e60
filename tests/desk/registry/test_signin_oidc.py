"""Signing in with the government's OpenID Connect, against a small provider of our own on this machine."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

import jwt
import pytest
from allauth.socialaccount.models import SocialAccount, SocialToken
from django.conf import LazySettings
from django.test import Client

from amanat.desk.audit.models import Event
from amanat.desk.registry.models import Person
from tests.cast import Cast
from tests.desk.registry.test_signin import HOME, PASSWORD, sign_in

BEGIN = "/accounts/oidc/government/login/"


class Provider:
    """What the provider says of whoever signs in there, and what it was asked."""

    address = ""
    claims: dict[str, Any]
    asked: dict[str, list[str]]

    def __init__(self) -> None:
        self.claims = {}
        self.asked = {}

    def answer(self, path: str) -> dict[str, Any]:
        """The JSON for one address of the provider."""
        now = int(time.time())
        token = {"iss": self.address, "aud": "amanat", "iat": now, "exp": now + 60, **self.claims}
        return {
            "/.well-known/openid-configuration": {
                "issuer": self.address,
                "authorization_endpoint": f"{self.address}/authorize",
                "token_endpoint": f"{self.address}/token",
                "userinfo_endpoint": f"{self.address}/userinfo",
                "jwks_uri": f"{self.address}/jwks",
            },
            "/token": {
                "access_token": "opaque",
                "token_type": "Bearer",
                "id_token": jwt.encode(token, "k" * 32, algorithm="HS256"),
            },
            "/userinfo": self.claims,
        }[path]


@pytest.fixture
def provider(settings: LazySettings) -> Iterator[Provider]:
    """The provider, running, and the desk set up for it."""
    state = Provider()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = json.dumps(state.answer(self.path)).encode()
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def do_POST(self) -> None:
            state.asked = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
            self.do_GET()

        def log_message(self, *args: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    state.address = f"http://127.0.0.1:{server.server_port}"
    app = {
        "provider_id": "government",
        "name": "Government ID",
        "client_id": "amanat",
        "secret": "s",
        "settings": {"server_url": state.address},
    }
    settings.SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"OAUTH_PKCE_ENABLED": True, "APPS": [app]}}
    yield state
    server.shutdown()
    server.server_close()
    thread.join()


def come_back(client: Client, begin: str = BEGIN, **change: str) -> Any:
    """Begin at the desk, and come back from the provider with a code."""
    sent = urlsplit(client.post(begin).headers["Location"])
    query = {name: values[0] for name, values in parse_qs(sent.query).items()}
    assert sent.path == "/authorize"
    assert query["code_challenge_method"] == "S256"
    return client.get(f"{BEGIN}callback/", {"code": "abc", "state": query["state"], **change})


def claim(email: str, verified: object = True, sub: str = "1") -> dict[str, Any]:
    return {"sub": sub, "email": email, "email_verified": verified, "name": "Whatever"}


def test_a_serving_person_comes_in_and_stays_connected(cast: Cast, provider: Provider) -> None:
    provider.claims = claim("Officer.Own@example.org")
    client = Client()
    client.get("/accounts/login/")
    assert come_back(client).headers["Location"] == HOME
    assert provider.asked["code_verifier"]
    assert int(client.session["_auth_user_id"]) == cast["officer@own"].pk
    assert client.get(HOME).status_code == 200
    assert SocialAccount.objects.get().user == cast["officer@own"]
    assert not SocialToken.objects.exists()
    event = Event.objects.get()
    assert (event.verb, event.actor, event.office) == ("connect", cast["officer@own"], cast.own.pk)
    assert cast["officer@own"].check_password(PASSWORD)

    provider.claims = claim("new.address@example.org")
    again = Client()
    assert come_back(again).headers["Location"] == HOME
    assert int(again.session["_auth_user_id"]) == cast["officer@own"].pk
    assert Event.objects.count() == 1


@pytest.mark.parametrize(
    "claims",
    [
        claim("nobody@example.org"),
        claim("officer.own@example.org", False),
        claim("officer.own@example.org", "false"),
        claim("officer.own@example.org", None),
        claim("officer.own@example.org", 1),
        {"sub": "1", "email": "officer.own@example.org"},
        {"sub": "1"},
        claim("not an address"),
        claim("off\u0131cer.own@example.org"),
        claim("head.foreign@example.org"),
        claim("head.sister@example.org"),
    ],
)
def test_others_are_refused_plainly(cast: Cast, provider: Provider, claims: dict[str, Any]) -> None:
    Person.objects.filter(pk=cast["head@foreign"].pk).update(is_active=False)
    cast["head@sister"].appointments.all().delete()
    people = Person.objects.count()
    provider.claims = claims
    client = Client()
    page = come_back(client)
    assert page.status_code == 403
    assert "not known here" in page.text
    assert client.get(HOME).status_code == 302
    assert Person.objects.count() == people
    assert not SocialAccount.objects.exists()
    assert not Event.objects.exists()


def test_who_left_does_not_come_back(cast: Cast, provider: Provider) -> None:
    provider.claims = claim("officer.own@example.org")
    come_back(Client())
    Person.objects.filter(pk=cast["officer@own"].pk).update(is_active=False)
    client = Client()
    assert come_back(client).headers["Location"] == "/accounts/inactive/"
    assert client.get(HOME).status_code == 302


def test_a_second_step_is_still_asked_for(cast: Cast, provider: Provider, settings: LazySettings) -> None:
    from tests.desk.registry.test_signin_factor import SECOND, give_app

    settings.AMANAT_SECOND_FACTOR = "deciders"
    provider.claims = claim("head.own@example.org")
    client = Client()
    come_back(client)
    assert client.get(HOME).headers["Location"] == "/accounts/2fa/"
    give_app(cast["head@own"])
    assert come_back(Client()).headers["Location"] == SECOND


def test_who_never_had_a_password_can_set_one_later(cast: Cast, provider: Provider) -> None:
    Person.objects.filter(pk=cast["officer@own"].pk).update(password="")
    provider.claims = claim("officer.own@example.org")
    client = Client()
    come_back(client)
    assert not cast["officer@own"].has_usable_password()
    assert client.get("/accounts/password/change/").headers["Location"] == "/accounts/password/set/"
    assert client.get("/accounts/password/set/").text.count("<h1") == 1
    typed = {"password1": "seven calm rivers run", "password2": "seven calm rivers run"}
    assert client.post("/accounts/password/set/", typed).status_code == 302
    assert sign_in(Client(), cast["officer@own"], "seven calm rivers run") == HOME


def test_nobody_connects_an_account_of_another(cast: Cast, provider: Provider) -> None:
    provider.claims = claim("nobody@example.org", sub="attacker")
    client = Client()
    sign_in(client, cast["officer@own"])
    assert come_back(client, f"{BEGIN}?process=connect").status_code == 403
    provider.claims = claim("head.own@example.org", sub="head")
    assert come_back(client, f"{BEGIN}?process=connect").status_code == 403
    assert not SocialAccount.objects.exists()
    provider.claims = claim("officer.own@example.org", sub="own")
    assert come_back(client, f"{BEGIN}?process=connect").status_code == 302
    assert SocialAccount.objects.get().user == cast["officer@own"]


def test_a_connection_is_taken_away(cast: Cast, provider: Provider) -> None:
    provider.claims = claim("officer.own@example.org")
    client = Client()
    come_back(client)
    account = SocialAccount.objects.get()
    assert "Government ID" in client.get("/accounts/3rdparty/").text
    assert client.post("/accounts/3rdparty/", {"account": account.pk + 1}).status_code == 200
    assert client.post("/accounts/3rdparty/", {"account": account.pk}).status_code == 302
    assert not SocialAccount.objects.exists()
    assert [event.verb for event in Event.objects.all()] == ["disconnect", "connect"]


def test_answers_that_were_not_asked_for_are_refused(cast: Cast, provider: Provider) -> None:
    provider.claims = claim("officer.own@example.org")
    assert come_back(Client(), state="forged").status_code == 401
    assert Client().get(f"{BEGIN}callback/", {"code": "abc", "state": "x"}).status_code == 401
    assert come_back(Client(), error="access_denied").headers["Location"] == "/accounts/3rdparty/login/cancelled/"
    assert not SocialAccount.objects.exists()


def test_the_way_there_begins_with_a_form(cast: Cast, provider: Provider) -> None:
    assert "Sign in with Government ID" in Client().get("/accounts/login/").text
    page = Client().get(BEGIN)
    assert page.status_code == 200
    assert page.text.count("<h1") == 1
    assert 'class="masthead"' in page.text


def test_without_a_provider_there_is_no_way(cast: Cast) -> None:
    assert Client().get(BEGIN).status_code == 404
    assert "Sign in with Government" not in Client().get("/accounts/login/").text
