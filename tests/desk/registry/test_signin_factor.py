"""The second step: apps, recovery codes, keys, and those who cannot do without."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest
from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import SECRET_SESSION_KEY, format_hotp_value, hotp_value
from django.conf import LazySettings
from django.core import mail
from django.test import Client

from amanat.desk.audit.models import Event
from amanat.desk.registry.models import Person
from tests.cast import Cast
from tests.desk.registry.test_signin import HOME, sign_in

SECOND = "/accounts/2fa/authenticate/"
INDEX = "/accounts/2fa/"
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


def code(secret: str = SECRET, steps: int = 0) -> str:
    return str(format_hotp_value(hotp_value(secret, int(time.time()) // 30 + steps)))


def give_app(person: Person) -> None:
    data = {"secret": get_adapter().encrypt(SECRET)}
    Authenticator.objects.create(user=person, type=Authenticator.Type.TOTP, data=data)


def give_codes(person: Person) -> list[str]:
    data = {"seed": get_adapter().encrypt("f" * 80), "used_mask": 0}
    codes = Authenticator.objects.create(user=person, type=Authenticator.Type.RECOVERY_CODES, data=data)
    return list(codes.wrap().generate_codes())


@pytest.fixture(autouse=True)
def steady(monkeypatch: pytest.MonkeyPatch) -> None:
    """A clock in the middle of half a minute, so that no code runs out under a test."""
    middle = int(time.time()) // 30 * 30 + 15.0
    monkeypatch.setattr(time, "time", lambda: middle)


def test_an_app_is_set_up_and_asked_for(cast: Cast) -> None:
    client = Client()
    sign_in(client, cast["officer@own"])
    page = client.get("/accounts/2fa/totp/activate/")
    secret = client.session[SECRET_SESSION_KEY]
    assert secret in page.text
    assert "data:image/svg+xml;base64," in page.text
    assert client.post("/accounts/2fa/totp/activate/", {"code": "000000"}).status_code == 200
    assert not Authenticator.objects.exists()
    answer = client.post("/accounts/2fa/totp/activate/", {"code": code(secret)})
    assert answer.headers["Location"] == "/accounts/2fa/recovery-codes/"
    shown = client.get("/accounts/2fa/recovery-codes/").text
    codes = Authenticator.objects.get(type="recovery_codes").wrap().generate_codes()
    assert all(one in shown for one in codes)
    assert client.get("/accounts/2fa/recovery-codes/download/").text.split() == codes
    assert "1" in client.get(INDEX).text

    other = Client()
    assert sign_in(other, cast["officer@own"]) == SECOND
    assert other.get(HOME).status_code == 302
    assert other.post(SECOND, {"code": "000000"}).status_code == 200
    assert other.get(HOME).status_code == 302
    assert other.post(SECOND, {"code": code(secret)}).headers["Location"] == HOME
    assert other.get(HOME).status_code == 200


def test_secrets_are_not_readable_in_the_database(cast: Cast) -> None:
    client = Client()
    sign_in(client, cast["officer@own"])
    client.get("/accounts/2fa/totp/activate/")
    secret = client.session[SECRET_SESSION_KEY]
    client.post("/accounts/2fa/totp/activate/", {"code": code(secret)})
    stored = str(list(Authenticator.objects.values_list("data")))
    assert secret not in stored
    assert get_adapter().decrypt(Authenticator.objects.get(type="totp").data["secret"]) == secret


def test_an_older_key_of_the_desk_still_opens_them(cast: Cast, settings: LazySettings) -> None:
    give_app(cast["officer@own"])
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "another key" * 6
    client = Client()
    sign_in(client, cast["officer@own"])
    assert client.post(SECOND, {"code": code()}).headers["Location"] == HOME


def test_a_code_works_once(cast: Cast) -> None:
    give_app(cast["officer@own"])
    first, second = Client(), Client()
    sign_in(first, cast["officer@own"])
    sign_in(second, cast["officer@own"])
    assert first.post(SECOND, {"code": code()}).status_code == 302
    assert "used before" in second.post(SECOND, {"code": code()}).text
    assert second.get(HOME).status_code == 302


@pytest.mark.parametrize("steps", [-2, -1, 1, 2])
def test_codes_of_other_moments_do_not_work(cast: Cast, steps: int) -> None:
    give_app(cast["officer@own"])
    client = Client()
    sign_in(client, cast["officer@own"])
    assert client.post(SECOND, {"code": code(steps=steps)}).status_code == 200


@pytest.mark.parametrize("rubbish", ["", "12345", "abcdef", "۱۲۳۴۵۶", "0" * 5000, "-00001"])
def test_rubbish_is_no_code(cast: Cast, rubbish: str) -> None:
    give_app(cast["officer@own"])
    client = Client()
    sign_in(client, cast["officer@own"])
    assert client.post(SECOND, {"code": rubbish}).status_code == 200


def test_a_recovery_code_works_once(cast: Cast) -> None:
    give_app(cast["officer@own"])
    codes = give_codes(cast["officer@own"])
    first, second = Client(), Client()
    sign_in(first, cast["officer@own"])
    sign_in(second, cast["officer@own"])
    assert first.post(SECOND, {"code": codes[0]}).headers["Location"] == HOME
    assert second.post(SECOND, {"code": codes[0]}).status_code == 200
    assert second.post(SECOND, {"code": codes[1]}).headers["Location"] == HOME


def test_a_code_alone_is_nothing(cast: Cast) -> None:
    give_app(cast["officer@own"])
    assert Client().post(SECOND, {"code": code()}).headers["Location"] == "/accounts/login/"
    client = Client()
    assert sign_in(client, cast["officer@own"], "wrong wrong wrong") == ""
    assert client.post(SECOND, {"code": code()}).headers["Location"] == "/accounts/login/"


@pytest.mark.parametrize("who", ["head@own", "authority@own", "steward@top"])
def test_those_who_decide_set_one_up_first(cast: Cast, settings: LazySettings, who: str) -> None:
    settings.AMANAT_SECOND_FACTOR = "deciders"
    client = Client()
    sign_in(client, cast[who])
    for address in (HOME, "/rules/grades/", "/offices/", "/log/", "/search/", "/accounts/password/change/"):
        assert client.get(address).headers["Location"] == INDEX
    assert client.post(f"/people/{cast['officer@own'].pk}/invite/").headers["Location"] == INDEX
    assert not Event.objects.exists()
    assert "second step" in client.get(INDEX).text
    for address in (
        "/",
        "/rules/",
        "/-/health",
        "/-/ready",
        "/accounts/2fa/totp/activate/",
        "/accounts/2fa/webauthn/add/",
    ):
        assert client.get(address).status_code == 200
    assert client.post("/language/setlang/", {"language": "ur"}).headers["Location"] == "/"
    secret = client.session[SECRET_SESSION_KEY]
    client.post("/accounts/2fa/totp/activate/", {"code": code(secret)})
    assert client.get(HOME).status_code == 200
    assert client.post("/accounts/2fa/totp/deactivate/").status_code == 302
    assert client.get(HOME).headers["Location"] == INDEX
    assert client.post("/accounts/logout/").status_code == 302


def test_recovery_codes_alone_are_no_second_step(cast: Cast, settings: LazySettings) -> None:
    settings.AMANAT_SECOND_FACTOR = "deciders"
    give_codes(cast["head@own"])
    client = Client()
    assert sign_in(client, cast["head@own"]) == HOME
    assert client.get(HOME).headers["Location"] == INDEX


@pytest.mark.parametrize(
    ("who", "setting", "is_led"),
    [
        ("officer@own", "deciders", False),
        ("moderator@own", "deciders", False),
        ("auditor@top", "deciders", False),
        ("officer@own", "all", True),
        ("steward@top", "none", False),
    ],
)
def test_others_are_led_there_where_the_desk_says_so(
    cast: Cast, settings: LazySettings, who: str, setting: str, is_led: bool
) -> None:
    settings.AMANAT_SECOND_FACTOR = setting
    client = Client()
    sign_in(client, cast[who])
    assert (client.get(HOME).status_code == 302) is is_led


def test_changes_are_logged_and_told(racing: None, cast: Cast) -> None:
    client = Client()
    sign_in(client, cast["officer@own"])
    client.get("/accounts/2fa/totp/activate/")
    client.post("/accounts/2fa/totp/activate/", {"code": code(client.session[SECRET_SESSION_KEY])})
    client.post("/accounts/2fa/recovery-codes/generate/")
    client.post("/accounts/2fa/totp/deactivate/")
    assert sorted(event.verb for event in Event.objects.all()) == ["recover", "secure", "unsecure"]
    assert {event.office for event in Event.objects.all()} == {cast.own.pk}
    assert len(mail.outbox) == 3
    assert not Authenticator.objects.exists()


@pytest.mark.parametrize(
    "address",
    ["totp/activate/", "totp/deactivate/", "recovery-codes/", "recovery-codes/generate/", "webauthn/add/"],
)
def test_changes_ask_again_who_it_is(cast: Cast, monkeypatch: pytest.MonkeyPatch, address: str) -> None:
    client = Client()
    if "activate" not in address or "deactivate" in address:
        give_app(cast["officer@own"])
        give_codes(cast["officer@own"])
        sign_in(client, cast["officer@own"])
        client.post(SECOND, {"code": code()})
    else:
        sign_in(client, cast["officer@own"])
    now = time.time()
    monkeypatch.setattr(time, "time", lambda: now + 901)
    asked = client.get(f"/accounts/2fa/{address}")
    assert asked.headers["Location"].startswith("/accounts/reauthenticate/")


def test_a_code_proves_again_who_it_is(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    give_app(cast["officer@own"])
    client = Client()
    sign_in(client, cast["officer@own"])
    client.post(SECOND, {"code": code()})
    now = time.time()
    monkeypatch.setattr(time, "time", lambda: now + 1800)
    assert "/accounts/2fa/reauthenticate/" in client.get("/accounts/reauthenticate/").text
    assert client.get("/accounts/2fa/webauthn/add/").status_code == 302
    assert client.post("/accounts/2fa/reauthenticate/", {"code": code()}).status_code == 302
    assert client.get("/accounts/2fa/webauthn/add/").status_code == 200


RUBBISH_KEYS = [
    "",
    "{}",
    "[]",
    "[1]",
    "7",
    '"x"',
    "null",
    "not json",
    '{"id": "x", "rawId": "x", "type": "public-key"}',
    '{"id": "AA", "rawId": "AA", "type": "public-key", "response": 7}',
    '{"id": "AA", "rawId": "AA", "type": "public-key", "response": {"userHandle": "MQ"}}',
    '{"id": "AA", "rawId": "AA", "type": "public-key","response":{"clientDataJSON": "e30", "attestationObject": "o"}}',
    '{"id": "AA", "rawId": "AA", "type": "public-key","response":{"clientDataJSON": "e30", "authenticatorData": "A"}}',
]


@pytest.mark.parametrize("rubbish", RUBBISH_KEYS)
def test_rubbish_is_no_key(cast: Cast, signed_in: Callable[[str], Client], rubbish: str) -> None:
    client = signed_in("officer@own")
    client.get("/accounts/2fa/webauthn/add/")
    assert client.post("/accounts/2fa/webauthn/add/", {"name": "k", "credential": rubbish}).status_code == 200
    assert not Authenticator.objects.exists()
    guest = Client()
    guest.get("/accounts/2fa/webauthn/login/", headers={"Accept": "application/json"})
    answer = guest.post("/accounts/2fa/webauthn/login/", {"credential": rubbish})
    assert answer.headers["Location"] == "/accounts/login/"
    give_app(cast["officer@own"])
    halfway = Client()
    assert sign_in(halfway, cast["officer@own"]) == SECOND
    halfway.get(SECOND)
    assert halfway.post(SECOND, {"credential": rubbish}).status_code == 200
    assert halfway.get(HOME).status_code == 302


def test_a_new_password_does_not_go_round_the_second_step(cast: Cast, signed_in: Callable[[str], Client]) -> None:
    from amanat.desk.registry.actions import invitations

    give_app(cast["officer@own"])
    _invitation, token = invitations.invite(cast["officer@own"], by=cast["head@own"])
    client = signed_in("officer@sister")  # who is signed out even before the second step is done
    typed = {"new_password1": "seven calm rivers run", "new_password2": "seven calm rivers run"}
    assert client.post(f"/invitation/{token}/", typed).headers["Location"] == SECOND
    assert client.get(HOME).status_code == 302
    assert client.post(SECOND, {"code": code()}).headers["Location"] == HOME
