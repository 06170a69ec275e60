"""Probes and log lines, seen from inside."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from unittest import mock

import pytest
from django.core.exceptions import DisallowedHost
from django.db import DatabaseError, connection
from django.test import Client, RequestFactory

from amanat.desk.lib import health
from amanat.desk.lib.logs import NO_PAGE, Discreet, route_of


@pytest.fixture(autouse=True)
def forgotten() -> Iterator[None]:
    """As in a process that has just begun."""
    health._seen_migrated = False
    yield
    health._seen_migrated = False


def test_it_is_alive_without_a_database() -> None:
    answer = Client(headers={"host": "203.0.113.9"}).get("/-/health")
    assert (answer.status_code, answer.content) == (200, b"ok\n")
    assert Client().post("/-/health").status_code == 405


def test_it_is_ready_and_asks_for_migrations_once(db: None) -> None:
    assert Client().get("/-/ready").content == b"ready\n"
    with mock.patch.object(health, "MigrationExecutor", side_effect=AssertionError):
        assert Client().get("/-/ready").status_code == 200


def test_it_is_not_ready_while_migrations_are_missing(db: None) -> None:
    with mock.patch(f"{health.__name__}.MigrationExecutor.migration_plan", return_value=[("one", False)]):
        answer = Client().get("/-/ready")
    assert (answer.status_code, b"amanat serve" in answer.content) == (503, True)


def test_it_is_not_ready_without_its_database(db: None) -> None:
    with mock.patch.object(connection, "cursor", side_effect=DatabaseError("gone")):
        answer = Client().get("/-/ready")
    assert (answer.status_code, answer.content) == (503, b"the database does not answer\n")


def test_a_route_says_where_and_not_what() -> None:
    assert route_of("/people/17/") == "/people/<int:pk>/"
    assert route_of("/static/desk/amanat.css") == "/static/"
    assert route_of("/nothing\nlike it") == NO_PAGE


def test_log_lines_about_a_request_hold_its_route() -> None:
    request = RequestFactory().get("/people/17/", {"words": "typed"})
    record = logging.LogRecord("django.request", logging.WARNING, "", 0, "%s: %s", ("Not Found", "/people/17/"), None)
    record.request = request
    assert Discreet().filter(record)
    assert record.getMessage() == "Not Found: /people/<int:pk>/"


def test_a_wrong_host_is_one_line() -> None:
    fault = DisallowedHost("evil")
    record = logging.LogRecord(
        "django.security.DisallowedHost", logging.ERROR, "", 0, "evil", None, (DisallowedHost, fault, None)
    )
    assert Discreet().filter(record)
    assert record.exc_info is None
