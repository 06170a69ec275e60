"""Guessing is limited, for an address and for a place, over all processes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import LazySettings
from django.core import mail
from django.core.cache import cache
from django.test import Client

from amanat.desk import settings as desk
from tests.cast import Cast
from tests.desk.registry.test_signin import HOME, PASSWORD, sign_in
from tests.desk.registry.test_signin_factor import SECOND, code, give_app


@pytest.fixture(autouse=True)
def limits(db: None, settings: LazySettings) -> Iterator[None]:
    """The limits as the desk has them."""
    settings.ACCOUNT_RATE_LIMITS = desk.ACCOUNT_RATE_LIMITS
    yield
    cache.clear()


def guess(address: str, number: int, place: str) -> str:
    typed = {"login": address, "password": f"guess number {number}"}
    return Client(REMOTE_ADDR=place).post("/accounts/login/", typed).text


def test_an_address_is_guessed_five_times(cast: Cast) -> None:
    person = cast["officer@own"]
    for number in range(5):
        assert "not right" in guess("officer.own@example.org", number, f"192.0.2.{number}")
    assert "too many attempts" in guess("Officer.Own@example.org", 5, "192.0.2.99")
    assert sign_in(Client(), person) == ""
    assert sign_in(Client(), cast["head@own"]) == HOME


def test_a_place_guesses_ten_times(cast: Cast) -> None:
    for number in range(10):
        assert "not right" in guess(f"nobody{number}@example.org", number, "192.0.2.1")
    assert "too many attempts" in guess("nobody@example.org", 10, "192.0.2.1")
    assert "not right" in guess("nobody@example.org", 10, "192.0.2.2")


def test_signing_in_rightly_costs_nothing(cast: Cast) -> None:
    for _time in range(8):
        assert sign_in(Client(), cast["officer@own"]) == HOME


def test_codes_are_guessed_five_times(cast: Cast) -> None:
    give_app(cast["officer@own"])
    for _time in range(5):
        client = Client()
        assert sign_in(client, cast["officer@own"]) == SECOND
        assert "not right" in client.post(SECOND, {"code": "000000"}).text
    assert "too many attempts" in client.post(SECOND, {"code": code()}).text


def test_letters_are_sent_three_times_an_hour(cast: Cast) -> None:
    for number in range(4):
        typed = {"email": "officer.own@example.org"}
        answer = Client(REMOTE_ADDR=f"192.0.2.{number}").post("/accounts/password/reset/", typed)
        assert answer.status_code == (302 if number < 3 else 429)
    assert "Too many attempts" in answer.text
    assert 'class="masthead"' in answer.text
    assert len(mail.outbox) == 3


def test_proving_again_is_limited(cast: Cast) -> None:
    client = Client()
    sign_in(client, cast["officer@own"])
    answers = [client.post("/accounts/reauthenticate/", {"password": f"guess {number}"}) for number in range(5)]
    assert all("not your password" in answer.text for answer in answers)
    for _time in range(5):
        assert "too many attempts" in client.post("/accounts/reauthenticate/", {"password": PASSWORD}).text
    assert client.post("/accounts/reauthenticate/", {"password": PASSWORD}).status_code == 429


def test_limits_are_counted_where_all_processes_see_them() -> None:
    caches: Any = desk.CACHES
    assert caches["default"]["BACKEND"] == "django.core.cache.backends.db.DatabaseCache"
    cache.set("x", 1)
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT COUNT(*) FROM amanat_cache")
        assert cursor.fetchone() == (1,)


def test_the_place_is_what_the_trusted_proxy_says(cast: Cast, settings: LazySettings) -> None:
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    for number in range(11):
        client = Client(headers={"X-Forwarded-For": f"198.51.100.{number}, 192.0.2.7"})
        page = client.post("/accounts/login/", {"login": f"n{number}@example.org", "password": "wrong wrong"}).text
    assert "too many attempts" in page
    assert "not right" in guess("nobody@example.org", 1, "192.0.2.8")
